"""Access logs of HTTP APIs: one line per request, in the stage's own format.

Source: Developer Guide, "Customize HTTP API access logs".
"""

from __future__ import annotations

from typing import Any

from cloudarium.core.telemetry import Telemetry
from cloudarium.gateway import access_log
from cloudarium.services.apigatewayv2.serving.exchange import Exchange
from cloudarium.services.apigatewayv2.serving.failures import Failure


def record(
    telemetry: Telemetry,
    exchange: Exchange,
    status: int,
    seconds: float,
    sent: int,
    failure: Failure | None,
) -> None:
    """Write the request's line to the stage's log group, if it has one.

    `seconds` is how long the gateway had the request, `sent` the answer's length in bytes.
    """
    log = exchange.stage.document.get("AccessLogSettings")
    if not log:
        return
    context = {
        **exchange.context,
        "awsEndpointRequestId": exchange.integration_request_id,
        **_said(exchange, failure),
        "customDomain": {"basePathMatched": exchange.address.base_path or None},
        "integrationStatus": exchange.integration_status,
        "responseLatency": round(seconds * 1000),
        "responseLength": sent,
        "routeKey": exchange.route_key or None,
        "status": status,
    }
    settings = {"destinationArn": log.get("DestinationArn", ""), "format": log.get("Format", "")}
    stream = f"{exchange.stage.api_id}/{exchange.stage.name}"
    access_log.write(telemetry, settings, stream, context)


def _said(exchange: Exchange, failure: Failure | None) -> dict[str, Any]:
    """Return what is told of the authorizer, of the integration, and of a failure of either."""
    integration = exchange.integration_seconds
    latency = None if integration is None else round(integration * 1000)
    reason = failure.reason or None if failure else None
    problem = None if latency is None else reason
    return {
        "authorizer": {
            **exchange.context["authorizer"],
            "error": reason if latency is None else None,
        },
        "error": {
            "message": failure.message if failure else None,
            "messageString": f'"{failure.message}"' if failure else None,
        },
        "integration": {
            "error": problem,
            "integrationStatus": exchange.integration_status,
            "latency": latency,
            "requestId": exchange.integration_request_id,
            "status": exchange.integration_status,
        },
        "integrationErrorMessage": problem,
        "integrationLatency": latency,
    }
