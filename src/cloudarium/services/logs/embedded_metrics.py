"""Embedded Metric Format: log events that carry metrics.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

from __future__ import annotations

from typing import Any

from cloudarium.core.context import Context
from cloudarium.services.logs.patterns.json_pattern import embedded_object

_MAX_DIMENSIONS = 30


def publish(ctx: Context, message: str) -> None:
    """Publish the metrics a message carries; what is not valid EMF is only a log event."""
    document = embedded_object(message) if '"_aws"' in message else None
    header = document.get("_aws") if document else None
    if document is None or not isinstance(header, dict):
        return
    for directive in _objects(header.get("CloudWatchMetrics")):
        _publish(ctx, document, directive, _time(header))


def _objects(found: Any) -> list[dict[str, Any]]:
    return [each for each in _list(found) if isinstance(each, dict)]


def _list(found: Any) -> list[Any]:
    return found if isinstance(found, list) else []


def _time(header: dict[str, Any]) -> float | None:
    """Return when the metrics were taken (epoch seconds), if the event says so."""
    timestamp = header.get("Timestamp")
    return timestamp / 1000 if isinstance(timestamp, int) else None


def _publish(
    ctx: Context, document: dict[str, Any], directive: dict[str, Any], at: float | None
) -> None:
    namespace = directive.get("Namespace")
    if not isinstance(namespace, str) or not namespace:
        return
    sets = [_dimensions(document, names) for names in _list(directive.get("Dimensions", [[]]))]
    for definition in _objects(directive.get("Metrics")):
        name, unit = definition.get("Name"), definition.get("Unit", "None")
        if not isinstance(name, str) or not isinstance(unit, str):
            continue
        for value in _values(document.get(name)):
            for dimensions in sets:
                if dimensions is not None:
                    ctx.telemetry.metric(namespace, name, value, unit, dimensions, at)


def _dimensions(document: dict[str, Any], names: Any) -> dict[str, str] | None:
    """Return a dimension set's values; None if the event lacks one of them."""
    if not isinstance(names, list) or len(names) > _MAX_DIMENSIONS:
        return None
    if any(not isinstance(name, str) for name in names):
        return None
    if any(not isinstance(document.get(name), str) for name in names):
        return None
    return {name: document[name] for name in names}


def _values(found: Any) -> list[float]:
    every = found if isinstance(found, list) else [found]
    return [
        float(each)
        for each in every
        if isinstance(each, int | float) and not isinstance(each, bool)
    ]
