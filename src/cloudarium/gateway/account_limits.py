"""An account's throttle in a region, as Service Quotas has changed it.

A service that throttles keeps the table `throttle_limits` (account, region, quota, value) in its
own schema and subscribes to QuotaChanged with `on_quota`.
"""

from __future__ import annotations

from cloudarium.contracts.quotas import QuotaChanged
from cloudarium.core.context import Context
from cloudarium.core.runtime import ServiceRuntime
from cloudarium.gateway import limits

_SERVICE = "apigateway"
# Service Quotas: "Throttle rate" and "Throttle burst rate".
_RATE, _BURST = "L-8A5B8E43", "L-CDF5615A"


class AccountLimits:
    """The throttles of accounts, each read once and forgotten when it changes."""

    def __init__(self, runtime: ServiceRuntime) -> None:
        self._runtime = runtime
        self._kept: dict[tuple[str, str], tuple[float, int]] = {}

    def get(self, account: str, region: str) -> tuple[float, int]:
        """Return requests a second and the burst; call outside a transaction."""
        key = (account, region)
        found = self._kept.get(key)
        if found is None:
            with self._runtime.store.transaction() as db:
                rows = db.execute(
                    "SELECT quota, value FROM throttle_limits WHERE account = ? AND region = ?", key
                ).fetchall()
            found = self._kept[key] = of_rows({row["quota"]: row["value"] for row in rows})
        return found

    def forget(self, account: str, region: str) -> None:
        """Read an account's throttle anew."""
        self._kept.pop((account, region), None)


def of_rows(values: dict[str, float]) -> tuple[float, int]:
    """Return requests a second and the burst, of changed values by quota code."""
    rate = values.get(_RATE, limits.THROTTLE_RATE)
    return rate, int(values.get(_BURST, limits.THROTTLE_BURST))


def read(ctx: Context) -> tuple[float, int]:
    """Return the caller's requests a second and burst; call inside a transaction."""
    rows = ctx.db.execute(
        "SELECT quota, value FROM throttle_limits WHERE account = ? AND region = ?",
        (ctx.account, ctx.region),
    )
    return of_rows({row["quota"]: row["value"] for row in rows})


def on_quota(ctx: Context, fact: QuotaChanged) -> None:
    """Take note of a changed throttle."""
    if fact.service_code != _SERVICE or fact.quota_code not in (_RATE, _BURST):
        return
    ctx.db.execute(
        "INSERT OR REPLACE INTO throttle_limits VALUES (?, ?, ?, ?)",
        (ctx.account, ctx.region, fact.quota_code, fact.value),
    )
    account_limits = ctx.state(AccountLimits)
    account, region = ctx.account, ctx.region
    ctx.runtime.store.after_commit(lambda: account_limits.forget(account, region))
