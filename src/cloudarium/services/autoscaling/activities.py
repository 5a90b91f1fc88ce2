"""Scaling activities: rows of `activities`, kept for six weeks."""

from __future__ import annotations

from typing import Any

import orjson

from cloudarium.core.context import Context
from cloudarium.services.autoscaling import limits
from cloudarium.services.autoscaling.targets import Key

Activity = dict[str, Any]
"""An activity as DescribeScalingActivities shows it."""


def put(ctx: Context, identifier: str, key: Key, body: Activity) -> None:
    """Record an activity that begins now; one with the same id is replaced."""
    ctx.db.execute(
        "DELETE FROM activities WHERE started_at < ?", (ctx.now - limits.ACTIVITY_SECONDS,)
    )
    ctx.db.execute(
        "INSERT OR REPLACE INTO activities VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (identifier, ctx.account, ctx.region, *key, orjson.dumps(body).decode(), ctx.now),
    )


def finish(ctx: Context, identifier: str, status: str, message: str) -> None:
    """Record how an activity ended, now."""
    end = orjson.dumps({"StatusCode": status, "StatusMessage": message, "EndTime": ctx.now})
    ctx.db.execute(
        "UPDATE activities SET body = json_patch(body, ?) WHERE id = ?", (end.decode(), identifier)
    )


def listed(ctx: Context, namespace: str) -> list[Activity]:
    """Return the activities of a service namespace, the latest first."""
    rows = ctx.db.execute(
        "SELECT * FROM activities WHERE account = ? AND region = ? AND namespace = ?"
        " AND started_at >= ? ORDER BY started_at DESC, rowid DESC",
        (ctx.account, ctx.region, namespace, ctx.now - limits.ACTIVITY_SECONDS),
    )
    return [
        {
            "ActivityId": row["id"],
            **Key(row["namespace"], row["resource"], row["dimension"]).shown,
            "StartTime": row["started_at"],
            **orjson.loads(row["body"]),
        }
        for row in rows
    ]
