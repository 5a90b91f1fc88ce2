"""Throttling: token buckets for the account, and for methods with limits of their own.

Source: Developer Guide, "Throttle requests to your REST APIs for better throughput in API Gateway":
a bucket holds `burst` tokens and gains `rate` a second; account limits hold over method limits.
"""

from __future__ import annotations

from cloudarium.core.runtime import ServiceRuntime
from cloudarium.services.apigateway import limits
from cloudarium.services.apigateway.serving.exchange import Exchange
from cloudarium.services.apigateway.serving.failures import throttled
from cloudarium.services.apigateway.serving.settings import method_settings


class Bucket:
    """Tokens that come back with time. `rate` is tokens a second."""

    __slots__ = ("_at", "_tokens")

    def __init__(self, burst: float, now: float) -> None:
        self._tokens = burst
        self._at = now

    def take(self, rate: float, burst: float, now: float) -> bool:
        """Take one token; tell whether there was one."""
        self._tokens = min(burst, self._tokens + (now - self._at) * rate)
        self._at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


class Throttle:
    """All buckets of one cloud, in memory: a restart fills them."""

    def __init__(self, runtime: ServiceRuntime) -> None:
        self._clock = runtime.kernel.clock
        self._buckets: dict[tuple[str, ...], Bucket] = {}

    def admit(self, exchange: Exchange) -> None:
        """Count a request, or raise the Failure for one too many."""
        stage, method = exchange.stage, exchange.method
        account = (stage.account, stage.region)
        if not self.take(account, limits.THROTTLE_RATE, limits.THROTTLE_BURST):
            raise throttled()
        if method is None:
            return
        path, name = method.resource_path, exchange.http_method
        settings = method_settings(stage.document, path, name)
        rate = settings.get("throttlingRateLimit", -1)
        burst = settings.get("throttlingBurstLimit", -1)
        if rate < 0 or burst < 0:
            return
        if not self.take((stage.api_id, stage.name, path, name), rate, burst):
            raise throttled()

    def take(self, key: tuple[str, ...], rate: float, burst: float) -> bool:
        """Take a token from the bucket `key`; tell whether there was one."""
        now = self._clock.now()
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = Bucket(burst, now)
        return bucket.take(rate, burst, now)
