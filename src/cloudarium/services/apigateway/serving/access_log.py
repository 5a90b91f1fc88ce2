"""Access logs of REST APIs: one line per request, in the stage's own format.

Source: Developer Guide, "Set up CloudWatch logging for REST APIs" and "Variables for access logging
for API Gateway".
"""

from __future__ import annotations

from typing import Any

from cloudarium.core.context import Context
from cloudarium.gateway import access_log
from cloudarium.services.apigateway.serving.exchange import Exchange
from cloudarium.services.apigateway.serving.failures import Failure, error_of
from cloudarium.wire.http import HttpResponse

_AUTHORIZED = "200"
# What failed where, by the type of the gateway response.
_PHASES = {
    "INVALID_SIGNATURE": "authenticate",
    "MISSING_AUTHENTICATION_TOKEN": "authenticate",
    "EXPIRED_TOKEN": "authenticate",
    "UNAUTHORIZED": "authorizer",
    "AUTHORIZER_FAILURE": "authorizer",
    "AUTHORIZER_CONFIGURATION_ERROR": "authorizer",
    "ACCESS_DENIED": "authorize",
}


def record(
    ctx: Context,
    exchange: Exchange,
    response: HttpResponse,
    seconds: float,
    failure: Failure | None,
) -> None:
    """Write the request's line to the stage's log group."""
    length = len(response.body) if isinstance(response.body, bytes) else 0
    context: dict[str, Any] = {
        **exchange.context,
        "status": response.status,
        "responseLength": length,
        "responseLatency": round(seconds * 1000),
        "xrayTraceId": exchange.trace_id,
        "error": {},
        "customDomain": {
            "basePathMatched": exchange.address.base_path or None,
            "routingRuleIdMatched": exchange.address.rule_id or None,
        },
        **_integration(exchange, response),
        **_phases(exchange, response, failure),
    }
    if failure is not None:
        error = error_of(failure)
        context["error"] = error | {"validationErrorString": failure.validation or None}
        if failure.response_type.startswith("INTEGRATION_"):
            context["integrationErrorMessage"] = failure.reason
            context["integration"]["error"] = failure.reason
    stream = f"{exchange.stage.api_id}/{exchange.stage.name}"
    settings = exchange.stage.document["accessLogSettings"]
    access_log.write(ctx.telemetry, settings, stream, context)


def _integration(exchange: Exchange, response: HttpResponse) -> dict[str, Any]:
    """Return what is told of the integration, if one was asked.

    `integration.status` is the status that a proxied function itself gave.
    """
    if exchange.integration_seconds is None:
        return {"integration": {}}
    latency, status = round(exchange.integration_seconds * 1000), exchange.integration_status
    method = exchange.method
    found = {name.lower(): one for name, one in exchange.integration_headers}
    request_id = found.get("x-amzn-requestid") or found.get("x-amz-request-id")
    is_proxied = method is not None and method.integration["type"] == "AWS_PROXY"
    return {
        "awsEndpointRequestId": request_id,
        "awsEndpointRequestId2": found.get("x-amz-id-2"),
        "integrationLatency": latency,
        "integrationStatus": status,
        "integration": {
            "latency": latency,
            "requestId": request_id,
            "status": response.status if is_proxied else status,
            "integrationStatus": status,
        },
    }


def _authorizer(exchange: Exchange) -> dict[str, Any]:
    """Return what is told of an authorizer, and of its function if that was asked."""
    found: dict[str, Any] = {"status": _AUTHORIZED}
    if exchange.authorizer_seconds is not None:
        found["latency"] = round(exchange.authorizer_seconds * 1000)
    if exchange.verdict_seconds is not None:
        found["integrationLatency"] = round(exchange.verdict_seconds * 1000)
        found["requestId"] = exchange.verdict_request_id
        found["integrationStatus"] = _AUTHORIZED
    return found


def _phases(
    exchange: Exchange, response: HttpResponse, failure: Failure | None
) -> dict[str, dict[str, Any]]:
    """Return how authentication, authorizer and authorization ended, where they took part."""
    method = exchange.method
    found: dict[str, dict[str, Any]] = {
        "authenticate": {},
        "authorize": {},
        "authorizer": dict(exchange.context.get("authorizer", {})),
    }
    if method is not None and method.is_signed:
        found["authenticate"] = {"status": _AUTHORIZED}
    if method is not None and "authorizerId" in method.document:
        found["authorizer"].update(_authorizer(exchange))
    if method is not None and (method.is_signed or exchange.api.policy is not None):
        found["authorize"] = {"status": _AUTHORIZED}
    phase = _PHASES.get(failure.response_type) if failure else None
    if failure is not None and phase is not None:
        found[phase].update(status=response.status, error=failure.message)
    return found
