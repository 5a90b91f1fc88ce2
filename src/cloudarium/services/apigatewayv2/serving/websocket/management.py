"""`@connections`: what a backend may do with an open connection.

Source: the model `apigatewaymanagementapi`; Developer Guide, "Use @connections commands in your
backend service".
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from urllib.parse import unquote

from cloudarium.core.context import Context
from cloudarium.core.identity import service_principal
from cloudarium.core.runtime import ServiceRuntime
from cloudarium.gateway.websocket import NORMAL
from cloudarium.services.apigatewayv2 import limits
from cloudarium.services.apigatewayv2.serving.addresses import Address
from cloudarium.services.apigatewayv2.serving.failures import Failure
from cloudarium.services.apigatewayv2.serving.throttle import Throttle
from cloudarium.services.apigatewayv2.serving.websocket import authorizing, measures, messages
from cloudarium.services.apigatewayv2.serving.websocket.sessions import Session, Sessions
from cloudarium.wire.http import HttpRequest, HttpResponse

PREFIX = "/@connections/"
_ENCODED = "/%40connections/"
_FORBIDDEN, _GONE, _LARGE = "ForbiddenException", "GoneException", "PayloadTooLargeException"
_LIMIT = "LimitExceededException"


def is_command(address: Address) -> bool:
    """Tell whether a path is one of a connection."""
    return address.path.startswith((PREFIX, _ENCODED))


def handle(runtime: ServiceRuntime, request: HttpRequest, address: Address) -> HttpResponse:
    """Answer PostToConnection, GetConnection and DeleteConnection."""
    stage, method = address.stage, request.method.upper()
    session_id = unquote(address.path.removeprefix(PREFIX).removeprefix(_ENCODED))
    caller = service_principal(messages.SERVICE, stage.account)
    ctx = runtime.context(stage.account, stage.region, caller)
    arn = (
        f"arn:aws:execute-api:{stage.region}:{stage.account}:{stage.api_id}/{stage.name}/"
        f"{method}/@connections/{session_id}"
    )
    try:
        authorizing.check_signed(ctx, request, "execute-api:ManageConnections", arn)
    except Failure as failure:
        return _refused(403, _FORBIDDEN, failure.reason)
    try:
        ctx.state(Throttle).admit_command(stage)
    except Failure as failure:
        return _refused(failure.status, _LIMIT, failure.message)
    session = ctx.state(Sessions).find(stage.api_id, stage.name, session_id)
    if session is None:
        return _refused(410, _GONE)
    if method == "POST":
        return _post(ctx, session, request)
    if method == "DELETE":
        if session.socket is not None:
            session.socket.close(NORMAL, "Connection Closed Normally")
        return HttpResponse(204)
    return _shown(session) if method == "GET" else _refused(403, _FORBIDDEN, "Forbidden")


def _post(ctx: Context, session: Session, request: HttpRequest) -> HttpResponse:
    if request.body.size > limits.MESSAGE_BYTES:
        return _refused(413, _LARGE, "Payload Too Large")
    data = request.body.read()
    try:
        session.send(data.decode())
    except UnicodeDecodeError:
        session.send(data)
    session.last_active = ctx.now
    measures.posted(ctx.telemetry, session.address.stage, ctx.now)
    return HttpResponse(200)


def _shown(session: Session) -> HttpResponse:
    document = {
        "connectedAt": _moment(session.connected_at),
        "identity": {
            "sourceIp": session.request.client,
            "userAgent": session.request.headers.get("user-agent", ""),
        },
        "lastActiveAt": _moment(session.last_active),
    }
    headers = [("content-type", "application/json")]
    return HttpResponse(200, headers, json.dumps(document).encode())


def _moment(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")[:-6] + "Z"


def _refused(status: int, code: str, message: str = "") -> HttpResponse:
    body = json.dumps({"message": message}).encode() if message else b""
    headers = [("content-type", "application/json"), ("x-amzn-ErrorType", code)]
    return HttpResponse(status, headers, body)
