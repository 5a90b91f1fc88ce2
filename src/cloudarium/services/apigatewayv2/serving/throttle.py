"""Throttling: token buckets for the account, and for routes with limits of their own.

Source: Developer Guide, "Throttle requests to your HTTP APIs for better throughput in API Gateway".
"""

from __future__ import annotations

from cloudarium.gateway.throttle import ApiThrottle
from cloudarium.services.apigatewayv2 import limits
from cloudarium.services.apigatewayv2.serving import settings
from cloudarium.services.apigatewayv2.serving.failures import throttled
from cloudarium.services.apigatewayv2.serving.served import ServedStage


class Throttle(ApiThrottle):
    """All buckets of one cloud's HTTP and WebSocket APIs."""

    def admit_connection(self, stage: ServedStage) -> None:
        """Count a new WebSocket connection, or raise the Failure for one too many."""
        most = float(limits.NEW_CONNECTIONS)
        if not self.take(("connections", stage.account, stage.region), most, most):
            raise throttled()

    def admit_command(self, stage: ServedStage) -> None:
        """Count a request of the account, or raise the Failure for one too many."""
        if not self.take_of_account(stage.account, stage.region):
            raise throttled()

    def admit(self, stage: ServedStage, route_key: str) -> None:
        """Count a request to a route, or raise the Failure for one too many."""
        self.admit_command(stage)
        found = settings.of_route(stage.document, route_key)
        rate, burst = found.get("ThrottlingRateLimit"), found.get("ThrottlingBurstLimit")
        if rate is None and burst is None:
            return
        key = (stage.api_id, stage.name, route_key)
        account_rate, account_burst = self.account_limits(stage.account, stage.region)
        rate = account_rate if rate is None else rate
        burst = account_burst if burst is None else burst
        if not self.take(key, rate, burst):
            raise throttled()
