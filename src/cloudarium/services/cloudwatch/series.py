"""Metrics: rows of `series`, each a namespace, a name and a set of dimensions."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from cloudarium.core.context import Context

Dimensions = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Metric:
    """What identifies a metric; dimensions are sorted."""

    namespace: str
    name: str
    dimensions: Dimensions = ()

    @property
    def key(self) -> str:
        """The metric as text, for `watches`."""
        return orjson.dumps([self.namespace, self.name, self.dimensions]).decode()

    @property
    def shown(self) -> dict[str, Any]:
        """The metric as the API shows it."""
        return {
            "Namespace": self.namespace,
            "MetricName": self.name,
            "Dimensions": [{"Name": name, "Value": value} for name, value in self.dimensions],
        }


def of_request(request: Mapping[str, Any]) -> Metric:
    """Return the metric of `Namespace`, `MetricName` and `Dimensions`."""
    pairs = {(each["Name"], each["Value"]) for each in request.get("Dimensions", [])}
    return Metric(request.get("Namespace", ""), request["MetricName"], tuple(sorted(pairs)))


def noted(ctx: Context, metric: Metric, at: int) -> int:
    """Return a metric's id, made now if it is new, and note data for `at` (epoch seconds)."""
    row = ctx.db.execute(
        "INSERT INTO series (account, region, namespace, name, dimensions, last_at)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE"
        " SET last_at = max(last_at, excluded.last_at) RETURNING id",
        (ctx.account, ctx.region, metric.namespace, metric.name, _json(metric.dimensions), at),
    ).fetchone()
    return int(row["id"])


def find(ctx: Context, metric: Metric) -> int | None:
    """Return a metric's id, if it has ever had data."""
    row = ctx.db.execute(
        "SELECT id FROM series WHERE account = ? AND region = ? AND namespace = ? AND name = ?"
        " AND dimensions = ?",
        (ctx.account, ctx.region, metric.namespace, metric.name, _json(metric.dimensions)),
    ).fetchone()
    return int(row["id"]) if row else None


def listed(
    ctx: Context, since: float, namespace: str | None = None, name: str | None = None
) -> Iterable[tuple[int, Metric]]:
    """Yield the id and metric of those with data at or after `since` (epoch seconds)."""
    rows = ctx.db.execute(
        "SELECT * FROM series WHERE account = ? AND region = ? AND last_at >= ?"
        " AND (?4 IS NULL OR namespace = ?4) AND (?5 IS NULL OR name = ?5) ORDER BY id",
        (ctx.account, ctx.region, since, namespace, name),
    )
    return ((row["id"], _metric(row)) for row in rows)


def _metric(row: sqlite3.Row) -> Metric:
    pairs = orjson.loads(row["dimensions"])
    return Metric(row["namespace"], row["name"], tuple((name, value) for name, value in pairs))


def _json(dimensions: Dimensions) -> str:
    return orjson.dumps(dimensions).decode()
