"""Throttling: token buckets.

Source: Developer Guide, "Throttle requests to your REST APIs for better throughput in API Gateway":
a bucket holds `burst` tokens and gains `rate` a second.
"""

from __future__ import annotations

from cloudarium.core.clock import Clock
from cloudarium.core.kernel import Kernel
from cloudarium.core.runtime import ServiceRuntime
from cloudarium.gateway.account_limits import AccountLimits


class Bucket:
    """Tokens that come back with time. `rate` is tokens a second."""

    __slots__ = ("_at", "_tokens")

    def __init__(self, burst: float, now: float) -> None:
        self._tokens = burst
        self._at = now

    def take(self, rate: float, burst: float, now: float) -> bool:
        """Take one token; tell whether there was one."""
        tokens = self._tokens + (now - self._at) * rate
        tokens = tokens if tokens < burst else burst
        self._at = now
        self._tokens = tokens - 1 if tokens >= 1 else tokens
        return tokens >= 1


class Buckets:
    """Buckets by key, in memory: a restart fills them."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: dict[tuple[str, ...], Bucket] = {}

    def take(self, key: tuple[str, ...], rate: float, burst: float) -> bool:
        """Take a token from the bucket `key`; tell whether there was one."""
        now = self._clock.now()
        bucket = self._kept.get(key)
        if bucket is None:
            bucket = self._kept[key] = Bucket(burst, now)
        return bucket.take(rate, burst, now)


class AccountBuckets(Buckets):
    """One bucket per account and region, for every kind of API.

    Source: "Amazon API Gateway quotas" (Developer Guide): the throttle quota is one "across HTTP
    APIs, REST APIs, WebSocket APIs, and WebSocket callback APIs".
    """

    def __init__(self, kernel: Kernel) -> None:
        super().__init__(kernel.clock)


class ApiThrottle(Buckets):
    """The buckets of one service's APIs, beside those of the accounts."""

    def __init__(self, runtime: ServiceRuntime) -> None:
        super().__init__(runtime.kernel.clock)
        self._limits = runtime.state(AccountLimits)
        self._accounts = runtime.kernel.state(AccountBuckets)

    def account_limits(self, account: str, region: str) -> tuple[float, int]:
        """Return an account's requests a second and burst; call outside a transaction."""
        return self._limits.get(account, region)

    def take_of_account(self, account: str, region: str) -> bool:
        """Count a request of an account; tell whether it may be. Call outside a transaction."""
        return self._accounts.take((account, region), *self._limits.get(account, region))
