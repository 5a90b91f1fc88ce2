"""How many executions an account may run at a time in a region, and what of it is given away."""

from __future__ import annotations

from dataclasses import dataclass

from cloudarium.contracts.quotas import QuotaChanged
from cloudarium.core.context import Context
from cloudarium.services.lambda_ import errors, limits

_QUOTA = ("lambda", "L-B99A9384")


@dataclass(frozen=True)
class Share:
    """limit: the account's. reserved: the sum of what functions have reserved.

    provisioned: the sum of what is provisioned for functions without a reservation.
    has_provisioned: whether any function has something provisioned.
    """

    limit: int
    reserved: int
    provisioned: int
    has_provisioned: bool

    @property
    def unreserved(self) -> int:
        """What is left to all functions without a reservation."""
        return self.limit - self.reserved

    @property
    def on_demand(self) -> int:
        """What is left to their invocations that find no provisioned environment."""
        return self.unreserved - self.provisioned

    def check(self, more: int, refusal: str) -> None:
        """Refuse to give away `more` if too little were left: InvalidParameterValueException.

        "The minimum unreserved concurrency is 100"; an account that has less keeps all of it.
        """
        minimum = min(limits.MINIMUM_UNRESERVED, self.limit)
        if self.on_demand - more < minimum:
            raise errors.over_limit(refusal.format(minimum=minimum))


def share(ctx: Context, account: str, region: str) -> Share:
    """How an account's concurrency is shared out now."""
    row = ctx.db.execute(
        "SELECT (SELECT executions FROM concurrency_limits WHERE account = ?1 AND region = ?2),"
        " (SELECT coalesce(sum(reserved_concurrency), 0) FROM functions"
        "   WHERE account = ?1 AND region = ?2 AND reserved_concurrency IS NOT NULL),"
        " (SELECT coalesce(sum(requested), 0) FROM provisioned NATURAL JOIN functions"
        "   WHERE account = ?1 AND region = ?2 AND reserved_concurrency IS NULL),"
        " EXISTS (SELECT 1 FROM provisioned WHERE account = ?1 AND region = ?2)",
        (account, region),
    ).fetchone()
    limit = limits.CONCURRENT_EXECUTIONS if row[0] is None else row[0]
    return Share(limit, row[1], row[2], bool(row[3]))


def on_quota(ctx: Context, fact: QuotaChanged) -> None:
    """The quota of concurrent executions was changed."""
    if (fact.service_code, fact.quota_code) == _QUOTA:
        ctx.db.execute(
            "INSERT OR REPLACE INTO concurrency_limits VALUES (?, ?, ?)",
            (ctx.account, ctx.region, int(fact.value)),
        )
