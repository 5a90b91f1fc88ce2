"""Access logs: one line per request, in the stage's own format.

Source: Developer Guide, "Set up CloudWatch logging for REST APIs" and "Configure logging for HTTP
APIs in API Gateway".
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from cloudarium.core.telemetry import Telemetry
from cloudarium.gateway.vtl.template import Template
from cloudarium.gateway.vtl.values import RenderError, Unsupported

_GROUP = ":log-group:"
_REQUEST_IDS = ("$context.requestId", "$context.extendedRequestId")
_compiled = lru_cache(128)(Template)


def group_of(destination: str) -> str | None:
    """Return the log group an ARN names, or None if it names none."""
    if _GROUP not in destination:
        return None
    return destination.split(_GROUP, 1)[1].removesuffix(":*")


def has_request_id(template: str) -> bool:
    """Tell whether a format has a request's id, without which AWS takes none."""
    return any(name in template for name in _REQUEST_IDS)


def write(
    telemetry: Telemetry, settings: dict[str, str], stream: str, context: dict[str, Any]
) -> None:
    """Write a request's line; `settings` are `destinationArn` and `format`, if there are any."""
    group, template = group_of(settings.get("destinationArn", "")), settings.get("format", "")
    if group and template:
        telemetry.log(group, stream, line(template, context))


def line(template: str, context: dict[str, Any]) -> str:
    """Return the line a format makes of `$context`; a format that fails stands for itself."""
    try:
        return _compiled(template).render({"context": _Dashed(context)})
    except (Unsupported, RenderError):
        return template


class _Dashed(dict[str, Any]):
    """A map whose absent and null values print as `-`, as in access logs."""

    def get(self, key: str, default: Any = None) -> Any:
        """Return the value, a nested map of this kind, or a dash."""
        value = super().get(key, default)
        if isinstance(value, dict):
            return _Dashed(value)
        return "-" if value is None else value
