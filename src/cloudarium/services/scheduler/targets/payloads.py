"""What a target is sent: the schedule's Input, its keywords filled in, or a default notification.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

import orjson

from cloudarium.core.context import Context
from cloudarium.services.scheduler.schedules import Schedule

_KEYWORD = re.compile(
    r"<aws\.scheduler\.(schedule-arn|scheduled-time|execution-id|attempt-number)>"
)


@dataclass(frozen=True)
class Attempt:
    """The `number`th (from 1) try of an invocation that was due `at` (epoch seconds)."""

    schedule: Schedule
    at: float
    execution: str
    number: int

    @property
    def scheduled_time(self) -> str:
        """When it was due, as `2026-12-24T18:00:00Z`."""
        return datetime.fromtimestamp(self.at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    @property
    def key(self) -> str:
        """What tells this attempt from all others."""
        return f"{self.execution}/{self.number}"


def text(ctx: Context, attempt: Attempt) -> str:
    """Return the text that is sent."""
    given = attempt.schedule.target.get("Input")
    if given is None:
        return _notification(ctx, attempt)
    values = {
        "schedule-arn": attempt.schedule.arn,
        "scheduled-time": attempt.scheduled_time,
        "execution-id": attempt.execution,
        "attempt-number": str(attempt.number),
    }
    return _KEYWORD.sub(lambda found: values[found[1]], given)


def _notification(ctx: Context, attempt: Attempt) -> str:
    """Return the default notification; its detail is a text, as functions on AWS have logged it."""
    event = {
        "version": "0",
        "id": ctx.ids.uuid(),
        "detail-type": "Scheduled Event",
        "source": "aws.scheduler",
        "account": ctx.account,
        "time": attempt.scheduled_time,
        "region": ctx.region,
        "resources": [attempt.schedule.arn],
        "detail": "{}",
    }
    return orjson.dumps(event).decode()
