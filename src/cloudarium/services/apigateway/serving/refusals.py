"""The response to a request that failed on its way."""

from __future__ import annotations

from typing import Any

from cloudarium.services.apigateway.serving.exchange import Exchange
from cloudarium.services.apigateway.serving.failures import Failure
from cloudarium.wire.http import HttpResponse


def refusal(exchange: Exchange, failure: Failure) -> HttpResponse:
    """Return the API's gateway response for the failure."""
    scope: dict[str, Any] = {
        "context": exchange.context,
        "stageVariables": exchange.variables,
        "method": exchange.parameters,
    }
    accept = exchange.request.headers.get("accept", "")
    rendered = exchange.api.gateway_responses.render(failure, scope, accept)
    headers = [*rendered.headers.items(), ("x-amzn-ErrorType", rendered.error_type)]
    return HttpResponse(rendered.status, headers, rendered.body)
