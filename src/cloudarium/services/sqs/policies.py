"""Policies of dead letters: which queue takes them, and from which queues it does.

What AWS refuses of them, and how, was measured by badmintoncryer/cdk-preflight.
"""

from __future__ import annotations

import re
from typing import Any

from cloudarium.core import arn as arns
from cloudarium.core.context import Context
from cloudarium.core.documents import json_object
from cloudarium.services.sqs import errors, limits, queues

_NUMBER = re.compile(r"[0-9]{1,9}")
_PERMISSIONS = ("allowAll", "denyAll", "byQueue")


def check(ctx: Context, attributes: dict[str, str], *, fifo: bool) -> None:
    """Raise InvalidParameterValue for a RedrivePolicy or a RedriveAllowPolicy that cannot be."""
    redrive = attributes.get("RedrivePolicy")
    if redrive and (reason := _problem(ctx, json_object(redrive) or {}, fifo=fifo)):
        raise errors.InvalidPolicy(value=redrive, name="RedrivePolicy", reason=f" Reason: {reason}")
    allow = attributes.get("RedriveAllowPolicy")
    if allow and not _is_allowing(json_object(allow) or {}):
        raise errors.InvalidPolicy(value=allow, name="RedriveAllowPolicy", reason="")


def _problem(ctx: Context, policy: dict[str, Any], *, fifo: bool) -> str:
    """Why a RedrivePolicy cannot be, \"\" if it can."""
    count = str(policy.get("maxReceiveCount", ""))
    if not _NUMBER.fullmatch(count) or not 1 <= int(count) <= limits.MAX_RECEIVE_COUNT:
        return "Invalid value for maxReceiveCount."
    arn = str(policy.get("deadLetterTargetArn") or "")
    target = arns.parse(arn)
    if target is not None and target.region != ctx.region:
        return "Dead-letter target must be in same region as the source."
    if target is None or queues.by_arn(ctx, arn) is None:
        return "Dead letter target does not exist."
    if arn.endswith(".fifo") != fifo:
        return "Dead-letter queue must be same type of queue as the source.."
    return ""


def _is_allowing(policy: dict[str, Any]) -> bool:
    permission, sources = policy.get("redrivePermission"), policy.get("sourceQueueArns")
    if permission == "byQueue":
        return isinstance(sources, list) and 1 <= len(sources) <= limits.REDRIVE_SOURCES
    return permission in _PERMISSIONS and not sources
