"""What API Gateway measures: the `AWS/ApiGateway` namespace.

Source: Developer Guide, "Amazon API Gateway dimensions and metrics". An API's and a stage's figures
are always there; those of a method need detailed metrics (`metrics/enabled`) on it.
"""

from __future__ import annotations

from cloudarium.core.context import Context
from cloudarium.core.runtime import ServiceRuntime
from cloudarium.core.tally import Tally
from cloudarium.core.telemetry import Telemetry
from cloudarium.services.apigateway.serving.exchange import Exchange

NAMESPACE = "AWS/ApiGateway"
_KEPT = 10_000


class Meter:
    """Counts the requests to a stage, or to one of its methods."""

    def __init__(self, telemetry: Telemetry, dimensions: list[dict[str, str]]) -> None:
        self._telemetry = telemetry
        self._dimensions = dimensions
        counts = ("Count", "4XXError", "5XXError")
        self._requests = self._tally(*counts, Latency="Milliseconds")
        self._integrations = self._tally(IntegrationLatency="Milliseconds")

    def _tally(self, *counts: str, **others: str) -> Tally:
        metrics = [*((name, "Count") for name in counts), *others.items()]
        return Tally(self._telemetry, NAMESPACE, metrics, self._dimensions)

    def count(self, exchange: Exchange, status: int, seconds: float) -> None:
        """Count one answered request; `seconds` is how long the gateway had it."""
        at, kind = exchange.received, status // 100
        self._requests.add(at, (1, int(kind == 4), int(kind == 5), round(seconds * 1000)))
        if exchange.integration_seconds is not None:
            self._integrations.add(at, (round(exchange.integration_seconds * 1000),))
        if exchange.cache_hit is not None:
            name = "CacheHitCount" if exchange.cache_hit else "CacheMissCount"
            self._tally(name).add(at, (1,))


class Meters:
    """The meters of one cloud's stages and methods."""

    def __init__(self, runtime: ServiceRuntime) -> None:
        self._kept: dict[tuple[str, ...], Meter] = {}

    def of(self, ctx: Context, exchange: Exchange) -> Meter:
        """What counts a request like this one."""
        stage = exchange.stage
        key: tuple[str, ...] = (stage.account, stage.region, exchange.api.name, stage.name)
        if exchange.settings:
            key += _detail(exchange)
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            found = self._kept[key] = Meter(ctx.telemetry, _dimensions(exchange))
        return found


def record(ctx: Context, exchange: Exchange, status: int, seconds: float) -> None:
    """Count one answered request; `seconds` is how long the gateway had it."""
    ctx.state(Meters).of(ctx, exchange).count(exchange, status, seconds)


def _detail(exchange: Exchange) -> tuple[str, ...]:
    """Return what further tells a request's figures: the method, if it has metrics of its own."""
    method = exchange.method
    if method is None or not exchange.settings.get("metricsEnabled"):
        return ()
    return (exchange.http_method, method.resource_path)


def _dimensions(exchange: Exchange) -> list[dict[str, str]]:
    stage = {"ApiName": exchange.api.name, "Stage": exchange.stage.name}
    found = [{"ApiName": exchange.api.name}, stage]
    if detail := _detail(exchange):
        found.append({**stage, "Method": detail[0], "Resource": detail[1]})
    return found
