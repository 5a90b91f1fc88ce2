"""An account's sending: whether it may, and how much it has."""

from __future__ import annotations

from typing import Any

from cloudarium.core.context import Context
from cloudarium.services.ses import limits

_KINDS = ("attempts", "bounces", "complaints", "rejects")
_DAY = 86_400


def sending_enabled(ctx: Context) -> bool:
    """Tell whether the account may send in this region."""
    row = ctx.db.execute(
        "SELECT sending_enabled FROM accounts WHERE account = ? AND region = ?",
        (ctx.account, ctx.region),
    ).fetchone()
    return row is None or bool(row["sending_enabled"])


def set_sending_enabled(ctx: Context, enabled: bool) -> None:
    """Let the account send in this region, or stop it."""
    ctx.db.execute(
        "INSERT OR REPLACE INTO accounts VALUES (?, ?, ?)", (ctx.account, ctx.region, enabled)
    )


def count(ctx: Context, kind: str, number: int = 1) -> None:
    """Count something that happened now: attempts, bounces, complaints or rejects."""
    at = int(ctx.now) // limits.STATISTICS_SECONDS * limits.STATISTICS_SECONDS
    amounts = [number if each == kind else 0 for each in _KINDS]
    sums = ", ".join(f"{each} = {each} + excluded.{each}" for each in _KINDS)
    ctx.db.execute(
        "INSERT INTO statistics VALUES (?, ?, ?, ?, ?, ?, ?)"
        f" ON CONFLICT (account, region, at) DO UPDATE SET {sums}",
        (ctx.account, ctx.region, at, *amounts),
    )
    ctx.db.execute(
        "DELETE FROM statistics WHERE account = ? AND region = ? AND at < ?",
        (ctx.account, ctx.region, ctx.now - limits.STATISTICS_KEPT_SECONDS),
    )


def statistics(ctx: Context) -> list[dict[str, Any]]:
    """Return the API's SendDataPoints of the last two weeks."""
    rows = ctx.db.execute(
        "SELECT * FROM statistics WHERE account = ? AND region = ? AND at >= ? ORDER BY at",
        (ctx.account, ctx.region, ctx.now - limits.STATISTICS_KEPT_SECONDS),
    )
    return [
        {
            "Timestamp": float(row["at"]),
            "DeliveryAttempts": row["attempts"],
            "Bounces": row["bounces"],
            "Complaints": row["complaints"],
            "Rejects": row["rejects"],
        }
        for row in rows
    ]


def sent_lately(ctx: Context) -> float:
    """Return how many messages were sent in the last 24 hours, to a quarter of an hour."""
    row = ctx.db.execute(
        "SELECT total(attempts) FROM statistics WHERE account = ? AND region = ? AND at > ?",
        (ctx.account, ctx.region, ctx.now - _DAY),
    ).fetchone()
    return float(row[0])
