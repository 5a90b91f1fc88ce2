"""Metric filters: put, describe, delete, test."""

from __future__ import annotations

from typing import Any

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.logs import errors, limits, log_groups, metric_filters, patterns
from cloudarium.services.logs.patterns.grammar import number
from cloudarium.services.logs.patterns.json_pattern import steps

_UNSUPPORTED = ("applyOnTransformedLogs", "fieldSelectionCriteria", "emitSystemFieldDimensions")


def put_metric_filter(ctx: Context, request: Request) -> Response:
    """Make a metric of the events that match a pattern."""
    for parameter in _UNSUPPORTED:
        if request.get(parameter):
            raise errors.NotSupported(parameter=parameter)
    patterns.compile_pattern(request["filterPattern"])
    group = log_groups.find_standard(ctx, request["logGroupName"])
    for transformation in request["metricTransformations"]:
        _check(transformation)
    present = {each.name for each in metric_filters.of_group(ctx, group)} | {request["filterName"]}
    if len(present) > limits.MAX_METRIC_FILTERS:
        raise errors.LimitExceeded()
    metric_filters.put(
        ctx,
        group,
        request["filterName"],
        request["filterPattern"],
        request["metricTransformations"],
    )
    return {}


def _check(transformation: dict[str, Any]) -> None:
    value = transformation["metricValue"]
    if value.startswith("$."):
        steps(value)
    elif not value.startswith("$") and number(value) is None:
        raise errors.InvalidTransformation(reason=f"metricValue {value} is not a number")
    if "dimensions" in transformation and "defaultValue" in transformation:
        raise errors.InvalidTransformation(
            reason="dimensions and default value are mutually exclusive properties."
        )
    if not all(value.startswith("$") for value in transformation.get("dimensions", {}).values()):
        raise errors.InvalidTransformation(reason="dimension value must be valid selector")
    if transformation["metricNamespace"].startswith("AWS/"):
        raise errors.ReservedNamespace()


def describe_metric_filters(ctx: Context, request: Request) -> Response:
    """List metric filters of a group, or of all groups, or of a metric."""
    if "logGroupName" in request:
        groups = [log_groups.find(ctx, request["logGroupName"])]
    else:
        groups = log_groups.listed(ctx)
    prefix = request.get("filterNamePrefix", "")
    found = [
        {
            "filterName": each.name,
            "filterPattern": each.pattern,
            "metricTransformations": each.transformations,
            "creationTime": each.created_at,
            "logGroupName": group.name,
        }
        for group in groups
        for each in metric_filters.of_group(ctx, group)
        if each.name.startswith(prefix) and _feeds(each, request)
    ]
    token = request.get("nextToken", "0")
    if not token.isdecimal():
        raise errors.InvalidToken()
    start = int(token)
    end = start + request.get("limit", limits.MAX_DESCRIBED)
    return {
        "metricFilters": found[start:end],
        "nextToken": str(end) if end < len(found) else None,
    }


def _feeds(found: metric_filters.MetricFilter, request: Request) -> bool:
    return any(
        request.get("metricName") in (None, each["metricName"])
        and request.get("metricNamespace") in (None, each["metricNamespace"])
        for each in found.transformations
    )


def delete_metric_filter(ctx: Context, request: Request) -> Response:
    """Remove a metric filter."""
    group = log_groups.find(ctx, request["logGroupName"])
    if not metric_filters.delete(ctx, group, request["filterName"]):
        raise errors.MetricFilterNotFound()
    return {}


def test_metric_filter(ctx: Context, request: Request) -> Response:
    """Tell which messages a pattern matches, and the values it finds in them."""
    matches = patterns.compile_pattern(request["filterPattern"])
    found = [
        {"eventNumber": place, "eventMessage": message, "extractedValues": _texts(values)}
        for place, message in enumerate(request["logEventMessages"], 1)
        if (values := matches(message)) is not None
    ]
    return {"matches": found}


def _texts(values: dict[str, Any]) -> dict[str, str]:
    return {
        name: value if isinstance(value, str) else _text(value) for name, value in values.items()
    }


def _text(value: Any) -> str:
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else str(value)
