"""PutMetricData."""

from __future__ import annotations

import math
from typing import Any

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.cloudwatch import aggregates, errors, ingest, limits, series
from cloudarium.services.cloudwatch.aggregates import Aggregate
from cloudarium.services.cloudwatch.ingest import Datum

# "Values must be in the range of -2^360 to 2^360" (API_MetricDatum).
_LARGEST = 2.0**360


def put_metric_data(ctx: Context, request: Request) -> Response:
    """Add values, counted values and statistic sets to metrics."""
    namespace = request["Namespace"]
    if namespace.startswith("AWS/"):
        raise errors.InvalidValue(value=namespace, name="Namespace")
    data = request.get("MetricData")
    if not data:
        raise errors.MissingParameter(name="MetricData")
    if len(data) > limits.MAX_DATUMS:
        raise errors.TooLarge(name="MetricData", limit=limits.MAX_DATUMS)
    ingest.store(
        ctx,
        [
            _datum(ctx, f"MetricData.member.{number}.", {**datum, "Namespace": namespace})
            for number, datum in enumerate(data, 1)
        ],
    )
    return {}


def _datum(ctx: Context, place: str, datum: dict[str, Any]) -> Datum:
    at = datum.get("Timestamp", ctx.now)
    if at < ctx.now - limits.PAST_SECONDS:
        raise errors.TooFarPast(name=f"{place}Timestamp")
    if at > ctx.now + limits.FUTURE_SECONDS:
        raise errors.TooFarFuture(name=f"{place}Timestamp")
    resolution = datum.get("StorageResolution", limits.MINUTE)
    if resolution not in (1, limits.MINUTE):
        raise errors.InvalidValue(value=resolution, name=f"{place}StorageResolution")
    return Datum(
        series.of_request(datum),
        datum.get("Unit", "None"),
        int(at),
        _aggregate(place, datum),
        fine=resolution == 1,
    )


def _aggregate(place: str, datum: dict[str, Any]) -> Aggregate:
    given = [name for name in ("Value", "StatisticValues", "Values") if name in datum]
    if len(given) > 1:
        raise errors.MutuallyExclusive(one=place + given[0], other=place + given[1])
    if not given:
        raise errors.MissingParameter(name=f"{place}Value")
    if given == ["Value"]:
        return aggregates.of_counts({_finite(f"{place}Value", datum["Value"]): 1.0})
    if given == ["Values"]:
        return _counted(place, datum)
    found = datum["StatisticValues"]
    for name, value in found.items():
        _finite(f"{place}StatisticValues.{name}", value)
    if found["SampleCount"] <= 0:
        name = f"{place}StatisticValues.SampleCount"
        raise errors.InvalidValue(value=found["SampleCount"], name=name)
    if found["Minimum"] > found["Maximum"]:
        name = f"{place}StatisticValues.Minimum"
        raise errors.InvalidValue(value=found["Minimum"], name=name)
    return aggregates.of_statistics(
        found["SampleCount"], found["Sum"], found["Minimum"], found["Maximum"]
    )


def _counted(place: str, datum: dict[str, Any]) -> Aggregate:
    values = datum["Values"]
    times = datum.get("Counts", [1.0] * len(values))
    if len(values) != len(times):
        raise errors.DifferentSizes(one=f"{place}Values", other=f"{place}Counts")
    if len(values) > limits.MAX_VALUES:
        raise errors.TooLarge(name=f"{place}Values", limit=limits.MAX_VALUES)
    counts: dict[float, float] = {}
    for number, (value, count) in enumerate(zip(values, times, strict=True), 1):
        _finite(f"{place}Values.member.{number}", value)
        if _finite(f"{place}Counts.member.{number}", count) <= 0:
            raise errors.InvalidValue(value=count, name=f"{place}Counts.member.{number}")
        counts[value] = counts.get(value, 0.0) + count
    if not counts:
        raise errors.MissingParameter(name=f"{place}Values")
    return aggregates.of_counts(counts)


def _finite(name: str, value: float) -> float:
    if not math.isfinite(value) or abs(value) > _LARGEST:
        raise errors.InvalidValue(value=value, name=name)
    return value
