"""Throttling: token buckets for the account, and for routes with limits of their own.

Source: Developer Guide, "Throttle requests to your HTTP APIs for better throughput in API Gateway".
"""

from __future__ import annotations

from cloudarium.gateway import limits
from cloudarium.gateway.throttle import Buckets
from cloudarium.services.apigatewayv2 import limits as own_limits
from cloudarium.services.apigatewayv2.serving import settings
from cloudarium.services.apigatewayv2.serving.failures import throttled
from cloudarium.services.apigatewayv2.serving.served import ServedStage


class Throttle(Buckets):
    """All buckets of one cloud's HTTP and WebSocket APIs."""

    def admit_connection(self, stage: ServedStage) -> None:
        """Count a new WebSocket connection, or raise the Failure for one too many."""
        most = float(own_limits.NEW_CONNECTIONS)
        if not self.take(("connections", stage.account, stage.region), most, most):
            raise throttled()

    def admit(self, stage: ServedStage, route_key: str) -> None:
        """Count a request to a route, or raise the Failure for one too many."""
        account = (stage.account, stage.region)
        if not self.take(account, limits.THROTTLE_RATE, limits.THROTTLE_BURST):
            raise throttled()
        found = settings.of_route(stage.document, route_key)
        rate, burst = found.get("ThrottlingRateLimit"), found.get("ThrottlingBurstLimit")
        if rate is None and burst is None:
            return
        key = (stage.api_id, stage.name, route_key)
        rate = limits.THROTTLE_RATE if rate is None else rate
        burst = limits.THROTTLE_BURST if burst is None else burst
        if not self.take(key, rate, burst):
            raise throttled()
