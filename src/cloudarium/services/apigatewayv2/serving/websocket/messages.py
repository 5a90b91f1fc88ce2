"""A connection's messages and its end: the route each means, and what comes back.

Source: Developer Guide, "Create routes for WebSocket APIs in API Gateway".
"""

from __future__ import annotations

import json
from typing import Any

from cloudarium.core.context import Context
from cloudarium.core.identity import service_principal
from cloudarium.core.runtime import ServiceRuntime
from cloudarium.gateway.websocket import GOING_AWAY
from cloudarium.services.apigatewayv2 import routes
from cloudarium.services.apigatewayv2.serving.compiled import Route
from cloudarium.services.apigatewayv2.serving.failures import Failure
from cloudarium.services.apigatewayv2.serving.served import Served, ServedStage
from cloudarium.services.apigatewayv2.serving.throttle import Throttle
from cloudarium.services.apigatewayv2.serving.websocket import (
    api_keys,
    execution_log,
    integrating,
    measures,
    models,
    passage,
    selection,
)
from cloudarium.services.apigatewayv2.serving.websocket.passage import Passage
from cloudarium.services.apigatewayv2.serving.websocket.sessions import Session, Sessions

SERVICE = "apigateway.amazonaws.com"
_MOST_UNDER_WAY = 16
_NO_ROUTE = "Forbidden"


class Conversation:
    """What a connection's protocol calls."""

    def __init__(self, runtime: ServiceRuntime, session: Session) -> None:
        self._runtime, self._session = runtime, session
        self._sessions = runtime.state(Sessions)

    def frame(self) -> None:
        """The client is there."""
        self._session.last_active = self._runtime.kernel.clock.now()

    def message(self, data: str | bytes) -> None:
        """The client has sent a message."""
        session = self._session
        session.under_way += 1
        if session.under_way >= _MOST_UNDER_WAY and session.socket is not None:
            session.socket.pause()
        self._sessions.spawn(self._pass(data))

    async def _pass(self, data: str | bytes) -> None:
        session = self._session
        try:
            await receive(self._runtime, session, data)
        finally:
            session.under_way -= 1
            if session.under_way == _MOST_UNDER_WAY - 1 and session.socket is not None:
                session.socket.resume()

    def closed(self, code: int, reason: str) -> None:
        """The connection is at its end."""
        if self._sessions.remove(self._session) and not self._sessions.is_closing:
            self._sessions.spawn(disconnect(self._runtime, self._session, code, reason))


def context(runtime: ServiceRuntime, event: Passage) -> Context:
    """Return the context that an event is handled in."""
    stage = event.stage
    caller = service_principal(SERVICE, stage.account)
    return runtime.context(stage.account, stage.region, caller, event.request_id)


def current(runtime: ServiceRuntime, session: Session) -> ServedStage | None:
    """Return a connection's stage as it now is."""
    served = session.address.stage
    return runtime.state(Served).stage(served.api_id, served.name)


async def receive(runtime: ServiceRuntime, session: Session, data: str | bytes) -> None:
    """Have a message answered by the route it means."""
    stage = current(runtime, session)
    if stage is None:
        if session.socket is not None:
            session.socket.close(GOING_AWAY, "Going away")
        return
    route = _route(stage, data)
    nobody = Route("", {"RouteKey": routes.DEFAULT, "AuthorizationType": "NONE"})
    event = passage.new(runtime, session, stage, passage.MESSAGE, route or nobody, body=data)
    ctx = context(runtime, event)
    problem, reason = "", ""
    try:
        if route is None:
            raise Failure(403, _NO_ROUTE)
        api_keys.admit(ctx, event)
        ctx.state(Throttle).admit(stage, route.key)
        models.check(stage.api, route, event.text)
        outcome = await integrating.run(ctx, event)
        problem = "IntegrationError" if outcome.status >= 400 else ""
        if route.answers and outcome.body:
            session.send(outcome.body)
            session.last_active = ctx.now
    except Failure as failure:
        event.failure = failure
        problem, reason = measures.problem_of(failure), failure.reason
        session.send(_problem(event, failure))
    measures.record(ctx.telemetry, event, "MessageCount", problem)
    execution_log.record(ctx.telemetry, event, problem, reason)


def _route(stage: ServedStage, data: str | bytes) -> Route | None:
    expression = stage.api.document["RouteSelectionExpression"]
    key = ""
    if isinstance(data, str):
        scope = {"stageVariables": stage.document["StageVariables"]}
        key = selection.value(expression, data, scope)
    found = stage.api.routes.get(key) if key and not key.startswith("$") else None
    return found or stage.api.routes.get(routes.DEFAULT)


def _problem(event: Passage, failure: Failure) -> str:
    """Return what a client is told of a message that failed."""
    told: dict[str, Any] = {
        "message": measures.message_of(failure),
        "connectionId": event.session.id,
        "requestId": event.extended_id,
    }
    return json.dumps(told)


async def disconnect(runtime: ServiceRuntime, session: Session, code: int, reason: str) -> None:
    """Tell the backend of a connection's end, if there is a route for it."""
    stage = current(runtime, session)
    route = stage.api.routes.get(routes.DISCONNECT) if stage else None
    if stage is None or route is None:
        return
    ending = (code, reason or _REASONS.get(code, ""))
    event = passage.new(runtime, session, stage, passage.DISCONNECT, route, ending=ending)
    ctx = context(runtime, event)
    problem, reason = "", ""
    try:
        await integrating.run(ctx, event)
    except Failure as failure:
        event.failure = failure
        problem, reason = measures.problem_of(failure), failure.reason
    measures.record(ctx.telemetry, event, "MessageCount", problem)
    execution_log.record(ctx.telemetry, event, problem, reason)


_REASONS = {
    1000: "Connection Closed Normally",
    1001: "Going away",
    1005: "Client-side close frame status not set",
    1006: "Connection Closed Abnormally",
}
