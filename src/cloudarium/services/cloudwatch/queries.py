"""Metric data queries, as GetMetricData and alarms have them: metrics and expressions over them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cloudarium.core.context import Context
from cloudarium.services.cloudwatch import errors, limits, points, ranges, series, statistics
from cloudarium.services.cloudwatch.points import Range

Query = Mapping[str, Any]


@dataclass(frozen=True)
class Result:
    """A query's answer: values by epoch seconds."""

    id: str
    label: str
    values: Mapping[int, float]


def checked(queries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the queries if they can be run. Raises what is wrong with them."""
    if len(queries) > limits.MAX_QUERIES:
        raise errors.TooLarge(name="MetricDataQueries", limit=limits.MAX_QUERIES)
    for number, query in enumerate(queries, 1):
        place = f"MetricDataQueries.member.{number}"
        if ("MetricStat" in query) == ("Expression" in query):
            reason = f"The parameter {place} must have exactly one of MetricStat and Expression."
            raise errors.Invalid(reason=reason)
        if "MetricStat" in query:
            _check_stat(place, query["MetricStat"])
    return queries


def _check_stat(place: str, stat: Mapping[str, Any]) -> None:
    if statistics.parse(stat["Stat"]) is None:
        raise errors.Invalid(
            reason=f"The value {stat['Stat']} for parameter {place}.MetricStat.Stat is invalid."
        )
    period = stat["Period"]
    if period not in limits.HIGH_RESOLUTION_PERIODS and period % limits.MINUTE:
        raise errors.InvalidPeriod()


def run(ctx: Context, queries: list[dict[str, Any]], start: float, end: float) -> list[Result]:
    """Return the results of those queries that return data."""
    return [
        Result(query["Id"], label(query), _metric(ctx, query, start, end))
        for query in queries
        if query.get("ReturnData", True)
    ]


def label(query: Query) -> str:
    """Return a query's label: its own, or its metric's name."""
    own = query.get("Label")
    return str(own or query["MetricStat"]["Metric"]["MetricName"])


def _metric(ctx: Context, query: Query, start: float, end: float) -> dict[int, float]:
    stat = query["MetricStat"]
    wanted = ranges.of_times(ctx, start, end, stat["Period"])
    return stat_values(ctx, stat, wanted)


def stat_values(ctx: Context, stat: Mapping[str, Any], wanted: Range) -> dict[int, float]:
    """Return the values of a `MetricStat` by the start of their bucket."""
    statistic = statistics.parse(stat["Stat"])
    identifier = series.find(ctx, series.of_request(stat["Metric"]))
    if identifier is None or statistic is None:
        return {}
    found = points.read(ctx, identifier, wanted, stat.get("Unit"))
    values: dict[int, float] = {}
    for buckets in found.values():
        for at, aggregate in buckets.items():
            value = statistic(aggregate)
            if value is not None:
                values[at] = value
    return values


def of_alarm(ctx: Context, queries: list[dict[str, Any]], wanted: Range) -> dict[int, float]:
    """Return the values of the one query that returns data, in the buckets of `wanted`."""
    for query in queries:
        if query.get("ReturnData", True):
            return stat_values(ctx, query["MetricStat"], wanted)
    return {}
