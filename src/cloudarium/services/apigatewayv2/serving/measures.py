"""What HTTP APIs measure, in the `AWS/ApiGateway` namespace.

Source: Developer Guide, "Monitor CloudWatch metrics for HTTP APIs in API Gateway". Figures of a
route need detailed metrics on it.
"""

from __future__ import annotations

from cloudarium.core.context import Context
from cloudarium.core.runtime import ServiceRuntime
from cloudarium.core.tally import Tally
from cloudarium.core.telemetry import Telemetry
from cloudarium.services.apigatewayv2 import routes
from cloudarium.services.apigatewayv2.serving import settings
from cloudarium.services.apigatewayv2.serving.exchange import Exchange

NAMESPACE = "AWS/ApiGateway"
_KEPT = 10_000
_REQUESTS = (
    ("Count", "Count"),
    ("4xx", "Count"),
    ("5xx", "Count"),
    ("Latency", "Milliseconds"),
    ("DataProcessed", "Bytes"),
)
_INTEGRATIONS = (("IntegrationLatency", "Milliseconds"),)


class Meter:
    """Counts the requests to a stage, or to one of its routes."""

    def __init__(self, telemetry: Telemetry, dimensions: list[dict[str, str]]) -> None:
        self._requests = Tally(telemetry, NAMESPACE, _REQUESTS, dimensions)
        self._integrations = Tally(telemetry, NAMESPACE, _INTEGRATIONS, dimensions)

    def count(self, exchange: Exchange, status: int, seconds: float, sent: int) -> None:
        """Count one answered request; see `record`."""
        at, kind = exchange.received, status // 100
        size = exchange.request.body.size + sent
        self._requests.add(at, (1, int(kind == 4), int(kind == 5), round(seconds * 1000), size))
        if exchange.integration_seconds is not None:
            self._integrations.add(at, (round(exchange.integration_seconds * 1000),))


class Meters:
    """The meters of one cloud's stages and routes."""

    def __init__(self, runtime: ServiceRuntime) -> None:
        self._kept: dict[tuple[str, ...], Meter] = {}

    def of(self, ctx: Context, exchange: Exchange) -> Meter:
        """Return what counts a request like this one."""
        stage, detail = exchange.stage, _detail(exchange)
        key = (stage.account, stage.region, stage.api_id, stage.name, *detail)
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            found = self._kept[key] = Meter(ctx.telemetry, _dimensions(exchange, detail))
        return found


def record(ctx: Context, exchange: Exchange, status: int, seconds: float, sent: int) -> None:
    """Count one answered request; `seconds` is how long the gateway had it, `sent` is in bytes."""
    ctx.state(Meters).of(ctx, exchange).count(exchange, status, seconds, sent)


def _detail(exchange: Exchange) -> tuple[str, ...]:
    """Return method and resource of a route that has metrics of its own."""
    key = exchange.route_key
    if not key:
        return ()
    if not settings.of_route(exchange.stage.document, key).get("DetailedMetricsEnabled"):
        return ()
    return (exchange.method, key) if key.startswith("$") else routes.split(key)


def _dimensions(exchange: Exchange, detail: tuple[str, ...]) -> list[dict[str, str]]:
    api = {"ApiId": exchange.stage.api_id}
    stage = {**api, "Stage": exchange.stage.name}
    route = [{**stage, "Method": detail[0], "Resource": detail[1]}] if detail else []
    return [api, stage, *route]
