"""Whether a client may connect to a WebSocket API.

Source: Developer Guide, "Control and manage access to WebSocket APIs in API Gateway".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.core.identity import Access
from cloudarium.services.apigatewayv2.serving import functions, verdicts
from cloudarium.services.apigatewayv2.serving.failures import forbidden, unauthorized
from cloudarium.services.apigatewayv2.serving.websocket.passage import Passage
from cloudarium.wire.http import HttpRequest

SIGNING_NAME = "execute-api"


async def authorize(ctx: Context, event: Passage) -> None:
    """Raise Failure unless the client may connect; what is said of it stays with the connection."""
    if event.route.kind == "AWS_IAM":
        request = event.session.request
        event.principal = check_signed(ctx, request, "execute-api:Invoke", event.arn)
    elif event.route.kind == "CUSTOM":
        await _by_function(ctx, event)


def check_signed(ctx: Context, request: HttpRequest, action: str, arn: str) -> Any:
    """Return who signed a request, if that one may do `action` on `arn`. Raises Failure."""
    if "authorization" not in request.headers and "X-Amz-Signature" not in request.query:
        raise forbidden("Missing Authentication Token")
    try:
        caller = ctx.runtime.authenticate(request)
        if caller.service != SIGNING_NAME:
            raise forbidden(f"Credential should be scoped to correct service: '{SIGNING_NAME}'.")
        conditions: dict[str, str | list[str]] = {"aws:SourceIp": request.client}
        ctx.runtime.kernel.authorize(caller.principal, Access(action, arn), conditions)
    except AwsError as error:
        raise forbidden(error.message) from error
    return caller.principal


async def _by_function(ctx: Context, event: Passage) -> None:
    authorizer, stage = event.route.authorizer, event.stage
    assert authorizer is not None
    if not all(_identity(event, one) for one in authorizer.get("IdentitySource", [])):
        raise unauthorized("An identity source is missing")
    asked = {**event.event(), "type": "REQUEST", "methodArn": event.arn}
    del asked["isBase64Encoded"]
    payload, error = await functions.authorizer(
        ctx, stage, authorizer, json.dumps(asked), event.trace_id
    )
    verdict = verdicts.read(payload, error, simple=False)
    verdicts.check(ctx, verdict, event.arn, event.session.request.client, simple=False)
    told = {"principalId": verdict.get("principalId"), **(verdict.get("context") or {})}
    event.session.authorizer = told
    event.session.usage_key = str(verdict.get("usageIdentifierKey") or "")
    event.__dict__.pop("context", None)


def _identity(event: Passage, source: str) -> str:
    """Return what an identity source stands for (`route.request.header.Auth`)."""
    root, _, rest = source.partition(".")
    if root == "stageVariables":
        return event.variables.get(rest, "")
    if root == "context":
        value: Any = event.context
        for name in rest.split("."):
            value = value.get(name) if isinstance(value, Mapping) else None
        return str(value or "")
    place, _, name = rest.removeprefix("request.").partition(".")
    key = name.lower() if place == "header" else name
    return event.parameters.get(place, {}).get(key, "")
