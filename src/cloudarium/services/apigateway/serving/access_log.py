"""Access logs: one line per request, in the stage's own format.

Source: Developer Guide, "Set up CloudWatch logging for REST APIs".
"""

from __future__ import annotations

from typing import Any

from cloudarium.core.telemetry import Telemetry
from cloudarium.services.apigateway.serving.exchange import Exchange
from cloudarium.services.apigateway.serving.templates import RenderError, Template, Unsupported
from cloudarium.wire.http import HttpResponse

_GROUP = ":log-group:"


def record(
    telemetry: Telemetry, exchange: Exchange, response: HttpResponse, seconds: float
) -> None:
    """Write the request's line to the stage's log group, if it has one."""
    settings = exchange.stage.document.get("accessLogSettings") or {}
    destination, template = settings.get("destinationArn", ""), settings.get("format", "")
    if _GROUP not in destination or not template:
        return
    group = destination.split(_GROUP, 1)[1].removesuffix(":*")
    stream = f"{exchange.stage.api_id}/{exchange.stage.name}"
    telemetry.log(group, stream, _line(template, exchange, response, seconds))


def _line(template: str, exchange: Exchange, response: HttpResponse, seconds: float) -> str:
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
    try:
        return Template(template).render({"context": _Dashed(context)})
    except (Unsupported, RenderError):
        return template


class _Dashed(dict[str, Any]):
    """A map whose absent and null values print as `-`, as in access logs."""

    def get(self, key: str, default: Any = None) -> Any:
        """Return the value, a nested map of this kind, or a dash."""
        value = super().get(key, default)
        if isinstance(value, dict):
            return _Dashed(value)
        return "-" if value is None else value
