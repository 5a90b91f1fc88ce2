"""What a rule whose target is a log group writes to it.

The event as it is, at its time; or what the target's template makes, which has to be of the form
`{"timestamp": <time>, "message": <text>}` (API_PutTargets; aws/aws-cdk pull request 20748).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cloudarium.core import arn as arns
from cloudarium.core.documents import json_object
from cloudarium.services.events import errors
from cloudarium.services.events.rules import Target

_KIND = "log-group:"


def check(target: Target) -> None:
    """Raise ValidationException for a target that no log group can be."""
    if "RoleArn" in target:
        raise errors.RoleNotSupported(arn=target["Arn"])
    if "Input" in target or "InputPath" in target:
        raise errors.NoInputOfLogGroup(id=target["Id"])
    if not group_of(target["Arn"]):
        raise errors.InvalidTarget(arn=target["Arn"])


def group_of(arn: str) -> str:
    """Return the name of the log group that an ARN is of; empty if it is of none."""
    parts = arns.parse(arn)
    if parts is None or not parts.resource.startswith(_KIND):
        return ""
    return parts.resource.removeprefix(_KIND).removesuffix(":*")


def entry(target: Target, event: dict[str, Any], text: str) -> dict[str, Any]:
    """Return the log event. Raises ValidationException for what is no log event."""
    made = {"timestamp": event["time"], "message": text}
    if "InputTransformer" in target:
        made = json_object(text) or {}
    times, message = made.get("timestamp"), made.get("message")
    if not isinstance(times, str) or not isinstance(message, str):
        raise errors.NotALogEvent(id=target["Id"])
    return {"timestamp": _milliseconds(target, times), "message": message}


def _milliseconds(target: Target, text: str) -> int:
    if text.isdecimal():
        return int(text)
    try:
        return int(datetime.fromisoformat(text).timestamp() * 1000)
    except ValueError:
        raise errors.NotALogEvent(id=target["Id"]) from None
