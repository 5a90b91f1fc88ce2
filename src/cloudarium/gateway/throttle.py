"""Throttling: token buckets.

Source: Developer Guide, "Throttle requests to your REST APIs for better throughput in API Gateway":
a bucket holds `burst` tokens and gains `rate` a second.
"""

from __future__ import annotations

from cloudarium.core.runtime import ServiceRuntime


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


class Buckets:
    """All buckets of one cloud, in memory: a restart fills them."""

    def __init__(self, runtime: ServiceRuntime) -> None:
        self._clock = runtime.kernel.clock
        self._kept: dict[tuple[str, ...], Bucket] = {}

    def take(self, key: tuple[str, ...], rate: float, burst: float) -> bool:
        """Take a token from the bucket `key`; tell whether there was one."""
        now = self._clock.now()
        bucket = self._kept.get(key)
        if bucket is None:
            bucket = self._kept[key] = Bucket(burst, now)
        return bucket.take(rate, burst, now)
