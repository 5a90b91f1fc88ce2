"""Throttling: token buckets for the account, and for methods with limits of their own.

Source: Developer Guide, "Throttle requests to your REST APIs for better throughput in API Gateway":
account limits hold over method limits.
"""

from __future__ import annotations

from cloudarium.gateway.throttle import ApiThrottle
from cloudarium.services.apigateway.serving.exchange import Exchange
from cloudarium.services.apigateway.serving.failures import throttled


class Throttle(ApiThrottle):
    """All buckets of one cloud's REST APIs."""

    def admit(self, exchange: Exchange) -> None:
        """Count a request, or raise the Failure for one too many."""
        stage, method = exchange.stage, exchange.method
        if not self.take_of_account(stage.account, stage.region):
            raise throttled()
        settings = exchange.settings
        if method is None or not settings:
            return
        rate = settings.get("throttlingRateLimit", -1)
        burst = settings.get("throttlingBurstLimit", -1)
        if rate < 0 or burst < 0:
            return
        key = (stage.api_id, stage.name, method.resource_path, exchange.http_method)
        if not self.take(key, rate, burst):
            raise throttled()
