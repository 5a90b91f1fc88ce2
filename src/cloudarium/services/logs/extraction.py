"""Metric filters at work: matching events become metric values.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_MetricTransformation.html
"""

from __future__ import annotations

from typing import Any

from cloudarium.core.context import Context
from cloudarium.services.logs import metric_filters, patterns
from cloudarium.services.logs.log_groups import LogGroup
from cloudarium.services.logs.metric_filters import MetricFilter
from cloudarium.services.logs.patterns import json_pattern
from cloudarium.services.logs.patterns.grammar import MISSING, number


def extract(ctx: Context, group: LogGroup, messages: list[str]) -> None:
    """Publish what the group's metric filters find in new events.

    A filter's default value stands for batches without a match, as AWS publishes it for minutes in
    which events came but none matched.
    """
    for metric_filter in metric_filters.of_group(ctx, group):
        matches = patterns.compile_pattern(metric_filter.pattern)
        found = [(each, values) for each in messages if (values := matches(each)) is not None]
        for message, values in found:
            _publish(ctx, metric_filter, message, values)
        if not found:
            _publish_defaults(ctx, metric_filter)


def _publish(ctx: Context, found: MetricFilter, message: str, values: dict[str, Any]) -> None:
    document = json_pattern.parse_object(message)
    for transformation in found.transformations:
        value = number(_resolved(transformation["metricValue"], document, values))
        wanted = transformation.get("dimensions", {})
        dimensions = {name: _resolved(source, document, values) for name, source in wanted.items()}
        if value is None or MISSING in dimensions.values():
            continue
        _metric(ctx, transformation, value, {k: str(each) for k, each in dimensions.items()})


def _publish_defaults(ctx: Context, found: MetricFilter) -> None:
    for transformation in found.transformations:
        if "defaultValue" in transformation:
            _metric(ctx, transformation, transformation["defaultValue"], {})


def _resolved(source: str, document: dict[str, Any] | None, values: dict[str, Any]) -> Any:
    """Return what a `metricValue` or dimension means: a number, `$.path` or `$field`."""
    if not source.startswith("$"):
        return source
    if source in values:
        return values[source]
    if document is None or not source.startswith(("$.", "$[")):
        return MISSING
    return json_pattern.value_at(document, json_pattern.steps(source))


def _metric(
    ctx: Context, transformation: dict[str, Any], value: float, dimensions: dict[str, str]
) -> None:
    ctx.telemetry.metric(
        transformation["metricNamespace"],
        transformation["metricName"],
        value,
        transformation.get("unit", "None"),
        dimensions,
    )
