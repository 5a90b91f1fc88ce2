"""What HTTP APIs measure, in the `AWS/ApiGateway` namespace.

Source: Developer Guide, "Monitor CloudWatch metrics for HTTP APIs in API Gateway". Figures of a
route need detailed metrics on it.
"""

from __future__ import annotations

from collections.abc import Iterator

from cloudarium.core.telemetry import Telemetry
from cloudarium.services.apigatewayv2 import routes
from cloudarium.services.apigatewayv2.serving import settings
from cloudarium.services.apigatewayv2.serving.exchange import Exchange

NAMESPACE = "AWS/ApiGateway"


def record(
    telemetry: Telemetry, exchange: Exchange, status: int, seconds: float, sent: int
) -> None:
    """Count one answered request; `seconds` is how long the gateway had it, `sent` is in bytes."""
    samples: list[tuple[str, float, str]] = [
        ("Count", 1, "Count"),
        ("4xx", int(400 <= status < 500), "Count"),
        ("5xx", int(500 <= status < 600), "Count"),
        ("Latency", round(seconds * 1000), "Milliseconds"),
        ("DataProcessed", exchange.request.body.size + sent, "Bytes"),
    ]
    if exchange.integration_seconds is not None:
        milliseconds = round(exchange.integration_seconds * 1000)
        samples.append(("IntegrationLatency", milliseconds, "Milliseconds"))
    for dimensions in _dimensions(exchange):
        for name, value, unit in samples:
            telemetry.metric(NAMESPACE, name, value, unit, dimensions, exchange.received)


def _dimensions(exchange: Exchange) -> Iterator[dict[str, str]]:
    api = {"ApiId": exchange.stage.api_id}
    stage = {**api, "Stage": exchange.stage.name}
    yield api
    yield stage
    key = exchange.route_key
    if key and settings.of_route(exchange.stage.document, key).get("DetailedMetricsEnabled"):
        method, path = (exchange.method, key) if key.startswith("$") else routes.split(key)
        yield {**stage, "Method": method, "Resource": path}
