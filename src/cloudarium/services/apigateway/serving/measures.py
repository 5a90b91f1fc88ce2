"""What API Gateway measures: the `AWS/ApiGateway` namespace.

Source: Developer Guide, "Amazon API Gateway dimensions and metrics". An API's and a stage's figures
are always there; those of a method need detailed metrics (`metrics/enabled`) on it.
"""

from __future__ import annotations

from collections.abc import Iterator

from cloudarium.core.telemetry import Telemetry
from cloudarium.services.apigateway.serving.exchange import Exchange
from cloudarium.services.apigateway.serving.settings import method_settings

NAMESPACE = "AWS/ApiGateway"


def record(telemetry: Telemetry, exchange: Exchange, status: int, seconds: float) -> None:
    """Count one answered request; `seconds` is how long the gateway had it."""
    integration = exchange.integration_seconds
    for dimensions in _dimensions(exchange):
        telemetry.metric(NAMESPACE, "Count", 1, "Count", dimensions)
        telemetry.metric(NAMESPACE, "4XXError", int(400 <= status < 500), "Count", dimensions)
        telemetry.metric(NAMESPACE, "5XXError", int(500 <= status < 600), "Count", dimensions)
        telemetry.metric(NAMESPACE, "Latency", _milliseconds(seconds), "Milliseconds", dimensions)
        if exchange.cache_hit is not None:
            name = "CacheHitCount" if exchange.cache_hit else "CacheMissCount"
            telemetry.metric(NAMESPACE, name, 1, "Count", dimensions)
        if integration is not None:
            telemetry.metric(
                NAMESPACE,
                "IntegrationLatency",
                _milliseconds(integration),
                "Milliseconds",
                dimensions,
            )


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)


def _dimensions(exchange: Exchange) -> Iterator[dict[str, str]]:
    api, stage = exchange.api.name, exchange.stage.name
    yield {"ApiName": api}
    yield {"ApiName": api, "Stage": stage}
    method = exchange.method
    if method is None:
        return
    settings = method_settings(exchange.stage.document, method.resource_path, exchange.http_method)
    if settings.get("metricsEnabled"):
        yield {
            "ApiName": api,
            "Stage": stage,
            "Resource": method.resource_path,
            "Method": exchange.http_method,
        }
