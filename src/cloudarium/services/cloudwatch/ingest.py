"""How samples come in: from PutMetricData and from the cloud's own telemetry."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cloudarium.core.context import Context
from cloudarium.core.telemetry import MetricSample
from cloudarium.services.cloudwatch import aggregates, evaluating, points, retention, series
from cloudarium.services.cloudwatch.aggregates import Aggregate
from cloudarium.services.cloudwatch.series import Metric


@dataclass(frozen=True)
class Datum:
    """Samples of a metric at one second (epoch seconds); `fine` keeps them by the second."""

    metric: Metric
    unit: str
    at: int
    aggregate: Aggregate
    fine: bool = False


def metrics(ctx: Context, samples: list[MetricSample]) -> None:
    """Take the telemetry's samples."""
    store(
        ctx,
        [
            Datum(
                Metric(sample.namespace, sample.name, sample.dimensions),
                sample.unit,
                sample.timestamp,
                aggregates.of_counts(sample.values),
            )
            for sample in samples
        ],
    )


def store(ctx: Context, data: Iterable[Datum]) -> None:
    """Write samples, and have the alarms that watch their metrics look at them."""
    found: set[Metric] = set()
    for datum in data:
        identifier = series.noted(ctx, datum.metric, datum.at)
        points.add(ctx, identifier, datum.unit, datum.at, datum.aggregate, fine=datum.fine)
        found.add(datum.metric)
    evaluating.data_came(ctx, found)
    retention.plan(ctx)
