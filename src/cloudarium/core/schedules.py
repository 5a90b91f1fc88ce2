"""Schedule expressions: `rate(5 minutes)`, `cron(0 10 ? * MON-FRI *)`, `at(2026-12-24T18:00:00)`.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html and
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from cloudarium.core.cron import Cron, MalformedSchedule, instant, parse_cron

_RATE = re.compile(r"rate\(([0-9]{1,9}) (minute|hour|day)(s?)\)")
_CRON = re.compile(r"cron\(([^()]*)\)")
_AT = re.compile(r"at\(([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})\)")
_INSTANT = 0.001
_SECONDS = {"minute": 60, "hour": 3600, "day": 86_400}


@dataclass(frozen=True)
class Rate:
    """Every `period` seconds; `agrees` says that one has a unit in the singular, others not.

    A day is 24 hours, whatever the clocks in a time zone do.
    """

    period: int
    agrees: bool

    def next_after(self, moment: float, start: float) -> float:
        """Return the first time after `moment`, counted in whole periods from `start`."""
        return start + (int((moment - start) // self.period) + 1) * self.period


@dataclass(frozen=True)
class At:
    """Once, at a wall time."""

    wall: datetime

    def moment(self, zone: tzinfo = UTC) -> float | None:
        """Return when it is that time in `zone`; None if the clocks leap over it."""
        return instant(self.wall, zone)


Expression = Rate | Cron | At


def next_after(
    expression: Expression, moment: float, zone: tzinfo, start: float, end: float | None = None
) -> float | None:
    """Return when an expression is due next after `moment` (epoch seconds), None if never again.

    What recurs does so from `start` to `end`, both included.
    """
    if isinstance(expression, At):
        once = expression.moment(zone)
        return once if once is not None and once > moment else None
    after = max(moment, start - _INSTANT)
    if isinstance(expression, Rate):
        at: float | None = expression.next_after(after, start)
    else:
        at = expression.next_after(after, zone)
    return None if at is None or (end is not None and at > end) else at


def parse(text: str) -> Expression:
    """Return what an expression says. Raises MalformedSchedule."""
    if found := _RATE.fullmatch(text):
        count, unit, plural = int(found[1]), found[2], bool(found[3])
        if count < 1:
            raise MalformedSchedule(text)
        return Rate(count * _SECONDS[unit], plural == (count != 1))
    if found := _CRON.fullmatch(text):
        return parse_cron(found[1])
    if found := _AT.fullmatch(text):
        try:
            return At(datetime.fromisoformat(found[1]))
        except ValueError:
            raise MalformedSchedule(text) from None
    raise MalformedSchedule(text)
