"""What clients report of their sampling, and the quotas they get: rows of `sampling_statistics`.

https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sampling.html
"""

from __future__ import annotations

from typing import Any

from cloudarium.core.context import Context
from cloudarium.services.xray import limits
from cloudarium.services.xray.rules import Rule

_ACTIVE_SECONDS = 2 * limits.TARGET_INTERVAL_SECONDS


def report(ctx: Context, document: dict[str, Any]) -> None:
    """Add what a client reports (a SamplingStatisticsDocument) to the figures of its minute."""
    size = limits.STATISTICS_WINDOW_SECONDS
    ctx.db.execute(
        "INSERT INTO sampling_statistics VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE"
        " SET reported = excluded.reported, requests = requests + excluded.requests,"
        " sampled = sampled + excluded.sampled, borrowed = borrowed + excluded.borrowed",
        (
            ctx.account,
            ctx.region,
            document["RuleName"],
            document["ClientID"],
            int(ctx.now // size * size),
            ctx.now,
            document["RequestCount"],
            document["SampledCount"],
            document.get("BorrowCount", 0),
        ),
    )
    ctx.db.execute(
        "DELETE FROM sampling_statistics WHERE account = ? AND region = ? AND window < ?",
        (ctx.account, ctx.region, ctx.now - limits.STATISTICS_SECONDS),
    )


def target(ctx: Context, rule: Rule, client: str) -> dict[str, Any]:
    """Return a client's SamplingTargetDocument: its share of the rule's reservoir.

    The reservoir is divided among the clients that report; what is left goes to the first ones.
    """
    rows = ctx.db.execute(
        "SELECT DISTINCT client FROM sampling_statistics WHERE account = ? AND region = ?"
        " AND rule = ? AND reported > ? ORDER BY client",
        (ctx.account, ctx.region, rule.name, ctx.now - _ACTIVE_SECONDS),
    )
    clients = [row["client"] for row in rows]
    share, left = divmod(rule.document["ReservoirSize"], len(clients))
    return {
        "RuleName": rule.name,
        "FixedRate": rule.document["FixedRate"],
        "ReservoirQuota": share + (clients.index(client) < left),
        "ReservoirQuotaTTL": ctx.now + limits.QUOTA_SECONDS,
        "Interval": limits.TARGET_INTERVAL_SECONDS,
    }


def summaries(ctx: Context) -> list[dict[str, Any]]:
    """Return what was reported lately: SamplingStatisticSummary, by rule and minute."""
    rows = ctx.db.execute(
        "SELECT rule, window, sum(requests) AS requests, sum(sampled) AS sampled,"
        " sum(borrowed) AS borrowed FROM sampling_statistics WHERE account = ? AND region = ?"
        " AND window >= ? GROUP BY rule, window ORDER BY window DESC, rule",
        (ctx.account, ctx.region, ctx.now - limits.STATISTICS_SECONDS),
    )
    return [
        {
            "RuleName": row["rule"],
            "Timestamp": row["window"],
            "RequestCount": row["requests"],
            "BorrowCount": row["borrowed"],
            "SampledCount": row["sampled"],
        }
        for row in rows
    ]
