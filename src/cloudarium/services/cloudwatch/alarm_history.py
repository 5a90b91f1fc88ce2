"""What happened to alarms: rows of `history`, kept for 30 days."""

from __future__ import annotations

import sqlite3
from typing import Any

import orjson

from cloudarium.core.context import Context
from cloudarium.services.cloudwatch import limits
from cloudarium.services.cloudwatch.alarms import Alarm


def add(ctx: Context, alarm: Alarm, kind: str, summary: str, data: dict[str, Any]) -> None:
    """Note something about an alarm: a ConfigurationUpdate, StateUpdate or Action."""
    ctx.db.execute(
        "INSERT INTO history (account, region, alarm, alarm_type, at, type, summary, data)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(ctx.account, ctx.region, alarm.name, alarm.type, ctx.now, kind, summary),
            orjson.dumps(data).decode(),
        ),
    )


def read(ctx: Context, alarm: str | None = None) -> list[sqlite3.Row]:
    """Return what happened (to one alarm), oldest first."""
    return ctx.db.execute(
        "SELECT * FROM history WHERE account = ? AND region = ? AND (?3 IS NULL OR alarm = ?3)"
        " AND at >= ? ORDER BY at, id",
        (ctx.account, ctx.region, alarm, ctx.now - limits.HISTORY_SECONDS),
    ).fetchall()


def drop_old(ctx: Context) -> None:
    """Remove what is no longer kept."""
    ctx.db.execute("DELETE FROM history WHERE at < ?", (ctx.now - limits.HISTORY_SECONDS,))
