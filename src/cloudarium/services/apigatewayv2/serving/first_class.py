"""First-class integrations at work: an action of an AWS service for a request.

Source: Developer Guide, "Create AWS service integrations for HTTP APIs in API Gateway".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cloudarium.core import arn
from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.gateway.invocations import with_variables
from cloudarium.services.apigatewayv2.serving import functions
from cloudarium.services.apigatewayv2.serving.exchange import Exchange
from cloudarium.services.apigatewayv2.serving.failures import Failure, failed
from cloudarium.services.apigatewayv2.serving.mapping import evaluated, request_source
from cloudarium.services.apigatewayv2.subtypes import SUBTYPES
from cloudarium.wire.http import HttpResponse

Document = dict[str, Any]

_NUMBERS = frozenset(
    {"DelaySeconds", "MaxNumberOfMessages", "VisibilityTimeout", "WaitTimeSeconds"}
)
_LISTS = frozenset({"AttributeNames", "MessageAttributeNames", "Resources"})
_OBJECTS = frozenset({"MessageAttributes", "MessageSystemAttributes"})


async def call(ctx: Context, exchange: Exchange, integration: Mapping[str, Any]) -> HttpResponse:
    """Return the service's answer, as JSON; an error of the service is one of the caller's."""
    subtype = SUBTYPES[integration["IntegrationSubtype"]]
    source = request_source(exchange)
    given = {
        name: value
        for name, expression in integration.get("RequestParameters", {}).items()
        if (value := evaluated(expression, source))
    }
    region = given.pop("Region", None) or exchange.stage.region
    try:
        params = _params(subtype.model, given)
    except ValueError as error:
        raise Failure(400, "Bad Request", reason=str(error)) from None
    role = with_variables(integration["CredentialsArn"], exchange.variables)
    who = await functions.principal(ctx, role, exchange.principal)
    place = arn.parse(role)
    exchange.integration_request_id = ctx.ids.uuid()
    try:
        answer = await ctx.call(
            subtype.model,
            subtype.operation,
            params,
            principal=who,
            account=place.account if place else exchange.stage.account,
            region=region,
            request_id=exchange.integration_request_id,
        )
    except AwsError as error:
        if error.code.startswith("AccessDenied"):
            raise failed(error.message) from error
        return _answer(error.status, {"message": error.message, "__type": error.code})
    return _answer(200, answer)


def _answer(status: int, document: Document) -> HttpResponse:
    body = json.dumps(document, default=_plain).encode()
    return HttpResponse(status, [("content-type", "application/json")], body)


def _plain(value: Any) -> Any:
    """Return what JSON has no type for: times as epoch seconds, bytes as text."""
    if isinstance(value, datetime):
        return value.timestamp()
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _params(model: str, given: Mapping[str, str]) -> Document:
    """Return an action's parameters for the mapped texts. Raises ValueError."""
    typed = {name: _typed(name, value) for name, value in given.items()}
    if model != "events":
        return typed
    if "Time" in typed:
        typed["Time"] = datetime.fromisoformat(given["Time"]).timestamp()
    return {"Entries": [typed]}


def _typed(name: str, value: str) -> Any:
    if name in _NUMBERS:
        return int(value)
    if name in _LISTS and not value.startswith("["):
        return value.split(",")
    return json.loads(value) if name in _LISTS | _OBJECTS else value
