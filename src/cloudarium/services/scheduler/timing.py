"""When a schedule is due: its expression in its time zone, between its dates.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
"""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cloudarium.core import schedules
from cloudarium.core.cron import MalformedSchedule
from cloudarium.core.schedules import Expression, parse
from cloudarium.services.scheduler import errors
from cloudarium.services.scheduler.schedules import Schedule

_INSTANT = 0.001
_FIELDS = 6  # of a cron expression
_UNSPACED = re.compile(r"^(\d+)([a-z]+)$")
_MINUTES = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}")


def expression(text: str) -> Expression:
    """Return what a schedule's expression says. Raises ValidationException.

    Schedules take more than rules, as badmintoncryer/cdk-preflight saw: `RATE(2 minute)`,
    `rate(1minute)`, `cron(0 12 * * ?)`, `at(2030-01-01T00:00)`.
    """
    try:
        return parse(_as_of_rules(text))
    except MalformedSchedule:
        raise errors.InvalidExpression(expression=text) from None


def _as_of_rules(text: str) -> str:
    """An expression as rules would want it."""
    kind, bracket, rest = text.partition("(")
    inner, end, after = rest.rpartition(")")
    kind = kind.lower()
    if kind == "rate":
        inner = _UNSPACED.sub(r"\1 \2", inner)
    elif kind == "cron" and len(inner.split()) == _FIELDS - 1:
        inner = f"{inner} *"
    elif kind == "at" and _MINUTES.fullmatch(inner):
        inner = f"{inner}:00"
    return f"{kind}{bracket}{inner}{end}{after}"


def zone(name: str) -> ZoneInfo:
    """Return a time zone of the IANA's database. Raises ValidationException."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise errors.InvalidTimezone(timezone=name) from None


def first(schedule: Schedule, now: float) -> float | None:
    """Return when a new schedule is due first; one with a rate and no start is due at once."""
    return next_after(schedule, now - _INSTANT)


def next_after(schedule: Schedule, moment: float) -> float | None:
    """Return when the schedule is due next after `moment` (epoch seconds), None if never again."""
    settings = schedule.settings
    return schedules.next_after(
        expression(settings["ScheduleExpression"]),
        moment,
        zone(settings["ScheduleExpressionTimezone"]),
        settings.get("StartDate", schedule.created_at),
        settings.get("EndDate"),
    )
