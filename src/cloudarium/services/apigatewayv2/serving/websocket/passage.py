"""One event of a connection on its way to a backend: a connect, a message, a disconnect.

Source: Developer Guide, "WebSocket API mapping template reference" and "Set up a WebSocket API
integration request in API Gateway".
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from cloudarium.core.identity import Principal
from cloudarium.core.runtime import ServiceRuntime
from cloudarium.gateway import requests
from cloudarium.gateway.templates import Input, Util
from cloudarium.services.apigatewayv2.serving.compiled import Route
from cloudarium.services.apigatewayv2.serving.failures import Failure
from cloudarium.services.apigatewayv2.serving.served import ServedStage
from cloudarium.services.apigatewayv2.serving.websocket.sessions import Session

Document = dict[str, Any]

CONNECT, MESSAGE, DISCONNECT = "CONNECT", "MESSAGE", "DISCONNECT"


@dataclass
class Passage:
    """One event under way; `received` is epoch seconds, `body` a message's payload.

    `ending` is a disconnect's code and reason. `stage` is as it now is.
    """

    session: Session
    stage: ServedStage
    kind: str
    route: Route
    request_id: str
    extended_id: str
    trace_id: str
    received: float
    body: str | bytes = ""
    ending: tuple[int, str] | None = None
    principal: Principal | None = None
    integration_seconds: float | None = None
    integration_status: int | None = None
    integration_request_id: str | None = None
    failure: Failure | None = None

    @property
    def variables(self) -> Mapping[str, str]:
        """The stage's variables."""
        found: Mapping[str, str] = self.stage.document["StageVariables"]
        return found

    @property
    def arn(self) -> str:
        """The ARN that policies name for this event's route."""
        stage = self.stage
        prefix = f"arn:aws:execute-api:{stage.region}:{stage.account}:{stage.api_id}"
        return f"{prefix}/{stage.name}/{self.route.key}"

    @cached_property
    def text(self) -> str:
        """The payload as text, a binary one in base64."""
        if isinstance(self.body, bytes):
            return base64.b64encode(self.body).decode()
        return self.body

    @cached_property
    def context(self) -> Document:
        """What `$context` holds, and a function's `requestContext`."""
        session, stage, request = self.session, self.stage, self.session.request
        code, reason = self.ending or (None, None)
        moment = datetime.fromtimestamp(self.received, UTC)
        context: Document = {
            "routeKey": self.route.key,
            "disconnectStatusCode": code,
            "messageId": self.extended_id if self.kind == MESSAGE else None,
            "eventType": self.kind,
            "extendedRequestId": self.extended_id,
            "requestTime": moment.strftime("%d/%b/%Y:%H:%M:%S +0000"),
            "messageDirection": "IN",
            "disconnectReason": reason,
            "stage": stage.name,
            "connectedAt": int(session.connected_at * 1000),
            "requestTimeEpoch": int(self.received * 1000),
            "identity": {
                "sourceIp": request.client,
                "userAgent": request.headers.get("user-agent"),
            },
            "requestId": self.extended_id,
            "domainName": session.address.domain or request.host,
            "connectionId": session.id,
            "apiId": stage.api_id,
        }
        if session.authorizer:
            context["authorizer"] = session.authorizer
        return context

    @cached_property
    def headers(self) -> list[tuple[str, str]]:
        """The headers of the handshake as an integration sees them."""
        signed = self.route.kind == "AWS_IAM"
        return requests.passed(self.session.request, self.trace_id, signed=signed)

    @cached_property
    def parameters(self) -> dict[str, Mapping[str, str]]:
        """The handshake's parameters by place; header names are lower-case."""
        return {
            "path": {},
            "querystring": self.session.request.query,
            "header": {name.lower(): value for name, value in self.headers},
        }

    def scope(self, body: str | None = None) -> Document:
        """Return the variables of a template over `body` (the message's if None)."""
        return {
            "input": Input(self.text if body is None else body, self.parameters),
            "context": self.context,
            "stageVariables": dict(self.variables),
            "util": Util(),
        }

    def event(self) -> Document:
        """Return a function's event."""
        made: Document = {"requestContext": self.context, "isBase64Encoded": False}
        if self.kind == MESSAGE:
            made |= {"body": self.text, "isBase64Encoded": isinstance(self.body, bytes)}
        elif self.kind == DISCONNECT:
            host = self.session.request.headers.get("host", "")
            pairs = [("Host", host), ("x-api-key", ""), ("X-Forwarded-For", ""), ("x-restapi", "")]
            made["headers"], made["multiValueHeaders"] = _grouped(pairs)
        else:
            made["headers"], made["multiValueHeaders"] = _grouped(self.headers)
            if self.session.request.query_pairs:
                query, many = _grouped(self.session.request.query_pairs)
                made["queryStringParameters"] = query
                made["multiValueQueryStringParameters"] = many
        if self.variables:
            made["stageVariables"] = dict(self.variables)
        return made


def new(
    runtime: ServiceRuntime,
    session: Session,
    stage: ServedStage,
    kind: str,
    route: Route,
    **more: Any,
) -> Passage:
    """Return an event that begins now."""
    kernel = runtime.kernel
    now, chance = kernel.clock.now(), kernel.ids.bytes(23)
    return Passage(
        session,
        stage,
        kind,
        route,
        kernel.ids.uuid(),
        base64.b64encode(chance[:11]).decode(),
        f"Root=1-{int(now):08x}-{chance[11:].hex()}",
        now,
        **more,
    )


def _grouped(pairs: Iterable[tuple[str, str]]) -> tuple[dict[str, str], dict[str, list[str]]]:
    many: dict[str, list[str]] = {}
    for name, value in pairs:
        many.setdefault(name, []).append(value)
    return {name: values[-1] for name, values in many.items()}, many
