"""Metric filters: rows of `metric_filters`."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

import orjson

from cloudarium.core.context import Context
from cloudarium.services.logs.log_groups import LogGroup


@dataclass(frozen=True)
class MetricFilter:
    """A metric filter; `created_at` is epoch milliseconds."""

    name: str
    pattern: str
    transformations: list[dict[str, Any]]
    created_at: int


def put(ctx: Context, group: LogGroup, name: str, pattern: str, transformations: Any) -> None:
    """Make or replace a filter."""
    ctx.db.execute(
        "INSERT OR REPLACE INTO metric_filters VALUES (?, ?, ?, ?, ?)",
        (group.id, name, pattern, orjson.dumps(transformations).decode(), int(ctx.now * 1000)),
    )


def of_group(ctx: Context, group: LogGroup) -> list[MetricFilter]:
    """Return a group's filters by name."""
    rows = ctx.db.execute(
        "SELECT * FROM metric_filters WHERE log_group = ? ORDER BY name", (group.id,)
    )
    return [_filter(row) for row in rows]


def delete(ctx: Context, group: LogGroup, name: str) -> bool:
    """Remove a filter; tell whether there was one."""
    cursor = ctx.db.execute(
        "DELETE FROM metric_filters WHERE log_group = ? AND name = ?", (group.id, name)
    )
    return cursor.rowcount > 0


def _filter(row: sqlite3.Row) -> MetricFilter:
    return MetricFilter(
        row["name"], row["pattern"], orjson.loads(row["transformations"]), row["created_at"]
    )
