"""Reading metrics: ListMetrics, GetMetricStatistics, GetMetricData."""

from __future__ import annotations

from typing import Any

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.cloudwatch import (
    errors,
    limits,
    points,
    queries,
    ranges,
    series,
    statistics,
)
from cloudarium.services.cloudwatch.aggregates import Aggregate


def list_metrics(ctx: Context, request: Request) -> Response:
    """List the metrics that had data in the last two weeks (three hours if asked)."""
    recent = request.get("RecentlyActive") == "PT3H"
    since = ctx.now - (3 * limits.HOUR if recent else limits.LISTED_FOR_SECONDS)
    after = _offset(request)
    wanted = [(each["Name"], each.get("Value")) for each in request.get("Dimensions", [])]
    found = [
        (identifier, metric)
        for identifier, metric in series.listed(
            ctx, since, request.get("Namespace"), request.get("MetricName")
        )
        if identifier > after and all(_has(metric, *each) for each in wanted)
    ]
    page = found[: limits.LISTED_METRICS]
    more = len(found) > len(page)
    return {
        "Metrics": [metric.shown for _, metric in page],
        "NextToken": str(page[-1][0]) if more else None,
    }


def _has(metric: series.Metric, name: str, value: str | None) -> bool:
    return any(key == name and value in (None, found) for key, found in metric.dimensions)


def _offset(request: Request) -> int:
    token = request.get("NextToken", "0")
    if not token.isdecimal():
        raise errors.InvalidNextToken()
    return int(token)


def get_metric_statistics(ctx: Context, request: Request) -> Response:
    """Return one metric's statistics; the points come in no promised order."""
    basic, extended = request.get("Statistics", []), request.get("ExtendedStatistics", [])
    if not basic and not extended:
        raise errors.MissingParameter(name="Statistics")
    if request["StartTime"] >= request["EndTime"]:
        raise errors.StartNotBeforeEnd()
    period = request["Period"]
    if period not in limits.HIGH_RESOLUTION_PERIODS and period % limits.MINUTE:
        raise errors.InvalidPeriod()
    wanted = ranges.of_times(ctx, request["StartTime"], request["EndTime"], period)
    count = -(-(wanted.end - wanted.start) // period)
    if count > limits.MAX_STATISTICS_DATAPOINTS:
        raise errors.TooManyDatapoints(count=f"{count:,}")
    for name in extended:
        if statistics.parse(name) is None or name in statistics.BASIC:
            raise errors.InvalidValue(value=name, name="ExtendedStatistics")
    identifier = series.find(ctx, series.of_request(request))
    found = points.read(ctx, identifier, wanted, request.get("Unit")) if identifier else {}
    return {
        "Label": request["MetricName"],
        "Datapoints": [
            _datapoint(at, unit, aggregate, basic, extended)
            for unit, buckets in found.items()
            for at, aggregate in buckets.items()
        ],
    }


def _datapoint(
    at: int, unit: str, aggregate: Aggregate, basic: list[str], extended: list[str]
) -> dict[str, Any]:
    def value(name: str) -> float | None:
        statistic = statistics.parse(name)
        return statistic(aggregate) if statistic else None

    further = {name: found for name in extended if (found := value(name)) is not None}
    return {
        "Timestamp": at,
        "Unit": unit,
        **{name: value(name) for name in basic},
        "ExtendedStatistics": further or None,
    }


def get_metric_data(ctx: Context, request: Request) -> Response:
    """Return the values of metrics and of expressions over them, newest first by default."""
    if request["StartTime"] >= request["EndTime"]:
        raise errors.StartAfterEnd()
    asked = queries.checked(request["MetricDataQueries"])
    results = queries.run(ctx, asked, request["StartTime"], request["EndTime"])
    limit = request.get("MaxDatapoints", limits.MAX_DATAPOINTS)
    share = max(1, limit // max(1, len(results)))
    start = _offset(request)
    descending = request.get("ScanBy", "TimestampDescending") == "TimestampDescending"
    more = any(len(result.values) > start + share for result in results)
    return {
        "MetricDataResults": [
            _result(result, start, start + share, descending=descending) for result in results
        ],
        "Messages": [],
        "NextToken": str(start + share) if more else None,
    }


def _result(result: queries.Result, start: int, end: int, *, descending: bool) -> Response:
    every = sorted(result.values.items(), reverse=descending)
    page = every[start:end]
    return {
        "Id": result.id,
        "Label": result.label,
        "Timestamps": [at for at, _ in page],
        "Values": [value for _, value in page],
        "StatusCode": "PartialData" if end < len(every) else "Complete",
    }
