"""Metric data queries, as GetMetricData and alarms have them: metrics and expressions over them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cloudarium.core.context import Context
from cloudarium.services.cloudwatch import (
    errors,
    limits,
    mathematics,
    points,
    ranges,
    series,
    statistics,
)
from cloudarium.services.cloudwatch.mathematics import MathError, Scope, Series, Value
from cloudarium.services.cloudwatch.points import Range

Query = Mapping[str, Any]
_ID = re.compile(r"[a-z]\w*")


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
    ids = [query["Id"] for query in queries]
    for number, query in enumerate(queries, 1):
        place = f"MetricDataQueries.member.{number}"
        if not _ID.fullmatch(query["Id"]) or ids.index(query["Id"]) != number - 1:
            reason = f"The value {query['Id']} for parameter {place}.Id is invalid or not unique."
            raise errors.Invalid(reason=reason)
        if ("MetricStat" in query) == ("Expression" in query):
            reason = f"The parameter {place} must have exactly one of MetricStat and Expression."
            raise errors.Invalid(reason=reason)
        if "MetricStat" in query:
            _check_stat(place, query["MetricStat"])
        else:
            _check_expression(query, ids)
    return queries


def _check_stat(place: str, stat: Mapping[str, Any]) -> None:
    if statistics.parse(stat["Stat"]) is None:
        raise errors.Invalid(
            reason=f"The value {stat['Stat']} for parameter {place}.MetricStat.Stat is invalid."
        )
    period = stat["Period"]
    if period not in limits.HIGH_RESOLUTION_PERIODS and period % limits.MINUTE:
        raise errors.InvalidPeriod()


def _check_expression(query: Query, ids: list[str]) -> None:
    try:
        names = mathematics.parse(query["Expression"]).names
    except MathError as error:
        raise errors.InvalidExpression(id=query["Id"], reason=error) from None
    if unknown := sorted(names - set(ids)):
        reason = f"Expression contains unknown id '{unknown[0]}'"
        raise errors.InvalidExpression(id=query["Id"], reason=reason)


def run(ctx: Context, queries: list[dict[str, Any]], start: float, end: float) -> list[Result]:
    """Return the results of those queries that return data; an array gives several."""
    return _Run(ctx, queries, lambda period: ranges.of_times(ctx, start, end, period)).results()


def of_alarm(ctx: Context, queries: list[dict[str, Any]], wanted: Range) -> dict[int, float]:
    """Return the values of the one query that returns data, in the buckets of `wanted`."""
    found = _Run(ctx, queries, lambda period: Range(wanted.start, wanted.end, period)).results()
    return dict(found[0].values) if found else {}


class _Run:
    """One evaluation of queries that may refer to each other."""

    def __init__(
        self, ctx: Context, queries: list[dict[str, Any]], range_of: Callable[[int], Range]
    ) -> None:
        self._ctx = ctx
        self._queries = {query["Id"]: query for query in queries}
        self._range_of = range_of
        self._known: dict[str, Value] = {}
        self._under_way: set[str] = set()

    def results(self) -> list[Result]:
        found: list[Result] = []
        for identifier, query in self._queries.items():
            if query.get("ReturnData", True):
                found += self._results(identifier, query)
        return found

    def _results(self, identifier: str, query: Query) -> list[Result]:
        value = self._value(identifier)
        if isinstance(value, float | int):
            reason = "The result must be a time series or an array of time series"
            raise errors.InvalidExpression(id=identifier, reason=reason)
        array = value if isinstance(value, list) else [value]
        label = query.get("Label")
        own = identifier if "Expression" in query and not isinstance(value, list) else None
        return [
            Result(identifier, label or own or each.label or identifier, each.values)
            for each in array
        ]

    def _value(self, identifier: str) -> Value:
        if identifier not in self._known:
            if identifier in self._under_way:
                raise errors.InvalidExpression(id=identifier, reason="Circular reference")
            self._under_way.add(identifier)
            self._known[identifier] = self._compute(identifier)
        return self._known[identifier]

    def _compute(self, identifier: str) -> Value:
        query = self._queries[identifier]
        if "MetricStat" in query:
            return self._metric(query)
        expression = mathematics.parse(query["Expression"])
        period = query.get("Period") or max(self._periods(), default=limits.MINUTE)
        wanted = self._range_of(period)
        metrics = {
            name: self._metric(each) for name, each in self._queries.items() if "MetricStat" in each
        }
        times = range(wanted.start, wanted.end, period)[-limits.MAX_DATAPOINTS :]
        try:
            return expression.compute(Scope(self._value, metrics, times, period))
        except MathError as error:
            raise errors.InvalidExpression(id=identifier, reason=error) from None

    def _periods(self) -> list[int]:
        stats = [each["MetricStat"] for each in self._queries.values() if "MetricStat" in each]
        return [stat["Period"] for stat in stats]

    def _metric(self, query: Query) -> Series:
        stat = query["MetricStat"]
        label = query.get("Label") or stat["Metric"]["MetricName"]
        values = _stat_values(self._ctx, stat, self._range_of(stat["Period"]))
        return Series(label, values, stat["Period"])


def _stat_values(ctx: Context, stat: Mapping[str, Any], wanted: Range) -> dict[int, float]:
    """Return the values of a `MetricStat` by the start of their bucket, in order."""
    statistic = statistics.parse(stat["Stat"])
    identifier = series.find(ctx, series.of_request(stat["Metric"]))
    if identifier is None or statistic is None:
        return {}
    values: dict[int, float] = {}
    for buckets in points.read(ctx, identifier, wanted, stat.get("Unit")).values():
        for at, aggregate in buckets.items():
            value = statistic(aggregate)
            if value is not None:
                values[at] = value
    return dict(sorted(values.items()))
