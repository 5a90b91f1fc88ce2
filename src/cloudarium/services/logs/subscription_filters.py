"""Subscription filters: rows of `subscription_filters`, and the events they forward."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from cloudarium.core.context import Context
from cloudarium.services.logs import patterns
from cloudarium.services.logs.log_groups import LogGroup


@dataclass(frozen=True)
class SubscriptionFilter:
    """A subscription filter; `created_at` is epoch milliseconds."""

    name: str
    pattern: str
    destination: str
    created_at: int


def put(ctx: Context, group: LogGroup, name: str, pattern: str, destination: str) -> None:
    """Make or replace a filter."""
    ctx.db.execute(
        "INSERT OR REPLACE INTO subscription_filters VALUES (?, ?, ?, ?, ?)",
        (group.id, name, pattern, destination, int(ctx.now * 1000)),
    )


def of_group(ctx: Context, group: LogGroup) -> list[SubscriptionFilter]:
    """Return a group's filters by name."""
    rows = ctx.db.execute(
        "SELECT * FROM subscription_filters WHERE log_group = ? ORDER BY name", (group.id,)
    )
    return [_filter(row) for row in rows]


def delete(ctx: Context, group: LogGroup, name: str) -> bool:
    """Remove a filter; tell whether there was one."""
    cursor = ctx.db.execute(
        "DELETE FROM subscription_filters WHERE log_group = ? AND name = ?", (group.id, name)
    )
    return cursor.rowcount > 0


def forward(ctx: Context, group: LogGroup, stream: str, batch: Sequence[tuple[int, str]]) -> None:
    """Schedule the delivery of those new events (time in ms, message) that filters select."""
    for each in of_group(ctx, group):
        matches = patterns.compile_pattern(each.pattern)
        selected = [(at, message) for at, message in batch if matches(message) is not None]
        if selected:
            payload = {
                "id": ctx.ids.uuid(),
                "logGroup": group.name,
                "logStream": stream,
                "filter": each.name,
                "destination": each.destination,
                "events": selected,
            }
            ctx.schedule("forward", payload)


def _filter(row: sqlite3.Row) -> SubscriptionFilter:
    return SubscriptionFilter(row["name"], row["pattern"], row["destination"], row["created_at"])
