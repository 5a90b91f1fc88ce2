"""What API Gateway measures: the `AWS/ApiGateway` namespace.

Source: Developer Guide, "Amazon API Gateway dimensions and metrics". An API's and a stage's figures
are always there; those of a method need detailed metrics (`metrics/enabled`) on it.
"""

from __future__ import annotations

from collections.abc import Iterator

from cloudarium.core.telemetry import Dimensions, Telemetry
from cloudarium.services.apigateway.serving.exchange import Exchange
from cloudarium.services.apigateway.serving.settings import method_settings

NAMESPACE = "AWS/ApiGateway"


def record(telemetry: Telemetry, exchange: Exchange, status: int, seconds: float) -> None:
    """Count one answered request; `seconds` is how long the gateway had it."""
    samples: list[tuple[str, float, str]] = [
        ("Count", 1, "Count"),
        ("4XXError", int(400 <= status < 500), "Count"),
        ("5XXError", int(500 <= status < 600), "Count"),
        ("Latency", _milliseconds(seconds), "Milliseconds"),
    ]
    if exchange.cache_hit is not None:
        samples.append(("CacheHitCount" if exchange.cache_hit else "CacheMissCount", 1, "Count"))
    if exchange.integration_seconds is not None:
        milliseconds = _milliseconds(exchange.integration_seconds)
        samples.append(("IntegrationLatency", milliseconds, "Milliseconds"))
    for dimensions in _dimensions(exchange):
        for name, value, unit in samples:
            at = exchange.received
            telemetry.metric(NAMESPACE, name, value, unit, dict(dimensions), at)


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)


def _dimensions(exchange: Exchange) -> Iterator[Dimensions]:
    """Yield what the figures are told by; the names are in alphabetical order."""
    name, stage = ("ApiName", exchange.api.name), ("Stage", exchange.stage.name)
    yield (name,)
    yield (name, stage)
    method = exchange.method
    if method is None:
        return
    settings = method_settings(exchange.stage.document, method.resource_path, exchange.http_method)
    if settings.get("metricsEnabled"):
        resource = ("Resource", method.resource_path)
        yield (name, ("Method", exchange.http_method), resource, stage)
