"""Access logs of REST APIs: one line per request, in the stage's own format.

Source: Developer Guide, "Set up CloudWatch logging for REST APIs".
"""

from __future__ import annotations

from typing import Any

from cloudarium.core.telemetry import Telemetry
from cloudarium.gateway import access_log
from cloudarium.services.apigateway.serving.exchange import Exchange
from cloudarium.wire.http import HttpResponse


def record(
    telemetry: Telemetry, exchange: Exchange, response: HttpResponse, seconds: float
) -> None:
    """Write the request's line to the stage's log group, if it has one."""
    settings = exchange.stage.document.get("accessLogSettings")
    if not settings:
        return
    length = len(response.body) if isinstance(response.body, bytes) else 0
    integration = exchange.integration_seconds
    latency = "-" if integration is None else str(round(integration * 1000))
    context: dict[str, Any] = {
        **exchange.context,
        "status": response.status,
        "responseLength": length,
        "responseLatency": round(seconds * 1000),
        "integrationLatency": latency,
        "xrayTraceId": exchange.trace_id,
        "integration": {"latency": latency},
        "error": {"message": "-", "messageString": '"-"', "responseType": "-"},
    }
    stream = f"{exchange.stage.api_id}/{exchange.stage.name}"
    access_log.write(telemetry, settings, stream, context)
