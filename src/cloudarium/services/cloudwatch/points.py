"""Data points: rows of `points`, one per metric, unit and second or minute."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from dataclasses import dataclass

import orjson

from cloudarium.core.context import Context
from cloudarium.services.cloudwatch import limits
from cloudarium.services.cloudwatch.aggregates import Aggregate, merged


@dataclass(frozen=True)
class Range:
    """Buckets of `period` seconds from `start` on, up to, not including, `end` (epoch seconds)."""

    start: int
    end: int
    period: int


def add(ctx: Context, series: int, unit: str, at: int, aggregate: Aggregate, *, fine: bool) -> None:
    """Add samples taken at `at` to their minute, and to their second if `fine`."""
    for period in (1, limits.MINUTE) if fine else (limits.MINUTE,):
        _fold(ctx, (series, period, at - at % period, unit), aggregate)


def _fold(ctx: Context, key: tuple[int, int, int, str], aggregate: Aggregate) -> None:
    row = ctx.db.execute(
        "SELECT * FROM points WHERE series = ? AND period = ? AND at = ? AND unit = ?", key
    ).fetchone()
    if row is not None:
        aggregate = merged((_aggregate(row), aggregate))
    counts = aggregate.counts
    text = None if counts is None else orjson.dumps(list(counts.items())).decode()
    ctx.db.execute(
        "INSERT OR REPLACE INTO points VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*key, aggregate.samples, aggregate.total, aggregate.minimum, aggregate.maximum, text),
    )


def read(
    ctx: Context, series: int, wanted: Range, unit: str | None = None
) -> dict[str, dict[int, Aggregate]]:
    """Return a metric's aggregates by unit and by the start of their bucket."""
    fine = wanted.period < limits.MINUTE
    kept, _ = limits.RETENTION[1 if fine else 3600]
    rows = ctx.db.execute(
        "SELECT * FROM points WHERE series = ? AND period IN (?, ?, ?) AND at >= ? AND at < ?"
        " AND (?7 IS NULL OR unit = ?7) ORDER BY at",
        (
            series,
            *((1, 1, 1) if fine else (60, 300, 3600)),
            max(wanted.start, int(ctx.now - kept)),
            wanted.end,
            unit,
        ),
    )
    buckets: dict[str, dict[int, list[Aggregate]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        bucket = wanted.start + (row["at"] - wanted.start) // wanted.period * wanted.period
        buckets[row["unit"]][bucket].append(_aggregate(row))
    return {
        unit: {at: merged(parts) for at, parts in found.items()} for unit, found in buckets.items()
    }


def fold_old(ctx: Context, period: int) -> None:
    """Fold points of `period` that are past their time into coarser ones, or drop them."""
    kept, coarser = limits.RETENTION[period]
    before = int(ctx.now - kept)
    if coarser:
        rows = ctx.db.execute(
            "SELECT * FROM points WHERE period = ? AND at < ?", (period, before)
        ).fetchall()
        for row in rows:
            at = row["at"] - row["at"] % coarser
            _fold(ctx, (row["series"], coarser, at, row["unit"]), _aggregate(row))
    ctx.db.execute("DELETE FROM points WHERE period = ? AND at < ?", (period, before))


def any_left(ctx: Context) -> bool:
    """Tell whether there is any point at all."""
    return ctx.db.execute("SELECT 1 FROM points LIMIT 1").fetchone() is not None


def _aggregate(row: sqlite3.Row) -> Aggregate:
    counts = None if row["counts"] is None else dict(orjson.loads(row["counts"]))
    return Aggregate(row["samples"], row["total"], row["minimum"], row["maximum"], counts)
