"""When a schedule is due: its expression in its time zone, between its dates.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
"""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cloudarium.core import schedules
from cloudarium.core.cron import MalformedSchedule
from cloudarium.core.schedules import Expression, parse
from cloudarium.services.scheduler import errors
from cloudarium.services.scheduler.schedules import Schedule

_INSTANT = 0.001


def expression(text: str) -> Expression:
    """Return what a schedule's expression says. Raises ValidationException.

    Unlike rules, schedules take `rate(2 minute)`, as seen in AWS's answers.
    """
    try:
        return parse(text)
    except MalformedSchedule:
        raise errors.InvalidExpression(expression=text) from None


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
