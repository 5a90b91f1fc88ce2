"""The handshake: `$connect`, who may, and the connection that comes of it.

Source: Developer Guide, "Manage connected users and client apps: $connect and $disconnect routes".
"""

from __future__ import annotations

import base64
from collections.abc import Callable

from cloudarium.core.context import Context
from cloudarium.core.runtime import ServiceRuntime
from cloudarium.gateway import websocket
from cloudarium.gateway.websocket import WebSocket
from cloudarium.services.apigatewayv2 import limits, routes
from cloudarium.services.apigatewayv2.serving.addresses import Address
from cloudarium.services.apigatewayv2.serving.compiled import Route
from cloudarium.services.apigatewayv2.serving.failures import Failure, forbidden
from cloudarium.services.apigatewayv2.serving.throttle import Throttle
from cloudarium.services.apigatewayv2.serving.websocket import (
    api_keys,
    authorizing,
    execution_log,
    integrating,
    measures,
    messages,
    passage,
)
from cloudarium.services.apigatewayv2.serving.websocket.integrating import Outcome
from cloudarium.services.apigatewayv2.serving.websocket.passage import Passage
from cloudarium.services.apigatewayv2.serving.websocket.sessions import Session, Sessions
from cloudarium.wire.http import HttpRequest, HttpResponse

_PROTOCOL = "sec-websocket-protocol"


async def connect(runtime: ServiceRuntime, request: HttpRequest, address: Address) -> HttpResponse:
    """Answer a handshake; the connection is open once the answer, a 101, has left."""
    if not websocket.is_offered(request) or address.path.strip("/"):
        return forbidden().response()
    kernel = runtime.kernel
    now = kernel.clock.now()
    session_id = base64.b64encode(kernel.ids.bytes(11)).decode()
    session = Session(session_id, address, request, now, now)
    nobody = Route("", {"RouteKey": routes.CONNECT, "AuthorizationType": "NONE"})
    route = address.stage.api.routes.get(routes.CONNECT)
    event = passage.new(runtime, session, address.stage, passage.CONNECT, route or nobody)
    ctx = messages.context(runtime, event)
    try:
        ctx.state(Throttle).admit_connection(address.stage)
        outcome = await _admit(ctx, event) if route is not None else Outcome(200, "")
    except Failure as failure:
        event.failure = failure
        problem = measures.problem_of(failure)
        measures.record(ctx.telemetry, event, "ConnectCount", problem, failure.status)
        execution_log.record(ctx.telemetry, event, problem, failure.reason)
        return failure.response()
    problem = "IntegrationError" if outcome.status >= 400 else ""
    measures.record(ctx.telemetry, event, "ConnectCount", problem, outcome.status)
    execution_log.record(ctx.telemetry, event, problem, "")
    if not 200 <= outcome.status < 300:
        return _answered(outcome)
    headers = {name.lower(): value for name, value in outcome.headers}
    accepted = websocket.acceptance(request, headers.get(_PROTOCOL, ""))
    return HttpResponse(101, accepted, upgrade=_opened(runtime, session))


async def _admit(ctx: Context, event: Passage) -> Outcome:
    await authorizing.authorize(ctx, event)
    api_keys.admit(ctx, event)
    _check_parameters(event)
    ctx.state(Throttle).admit(event.stage, event.route.key)
    if event.route.integration is None:
        return Outcome(200, "")
    try:
        return await integrating.run(ctx, event)
    except Failure as failure:
        # What goes wrong behind the gateway is a bad gateway to who connects.
        raise Failure(502, "Internal server error", reason=failure.reason) from failure


def _check_parameters(event: Passage) -> None:
    missing = []
    for key, told in event.route.document.get("RequestParameters", {}).items():
        place, _, name = key.removeprefix("route.request.").partition(".")
        shown = name.lower() if place == "header" else name
        if told.get("Required") and not event.parameters.get(place, {}).get(shown):
            missing.append(name)
    if missing:
        raise Failure(400, f"Missing required request parameters: [{', '.join(missing)}]")


def _opened(runtime: ServiceRuntime, session: Session) -> Callable[[], WebSocket]:
    """Return what makes the connection's protocol once the handshake is over."""

    def make() -> WebSocket:
        talk = messages.Conversation(runtime, session)
        session.socket = WebSocket(
            talk.message,
            talk.frame,
            talk.closed,
            most_frame=limits.FRAME_BYTES,
            most_message=limits.MESSAGE_BYTES,
        )
        runtime.state(Sessions).open(session)
        return session.socket

    return make


def _answered(outcome: Outcome) -> HttpResponse:
    """Return a backend's refusal."""
    headers = [("content-type", "application/json")]
    return HttpResponse(outcome.status, headers, outcome.body.encode())
