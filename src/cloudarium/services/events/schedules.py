"""When scheduled rules are due: `rate(5 minutes)` and `cron(0 10 ? * MON-FRI *)`, in UTC.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
"""

from __future__ import annotations

from cloudarium.core.cron import Cron, MalformedSchedule
from cloudarium.core.schedules import Rate, parse
from cloudarium.services.events.errors import InvalidSchedule


def next_after(expression: str, moment: float, start: float) -> float | None:
    """Return when `expression` is next due after `moment` (epoch seconds), None if never again.

    A rate counts from `start`. Raises ValidationException for an expression that is none; rules
    have no `at`, and want their rates' units in the right number.
    """
    try:
        found = parse(expression)
    except MalformedSchedule:
        raise InvalidSchedule() from None
    if isinstance(found, Cron):
        return found.next_after(moment)
    if isinstance(found, Rate) and found.agrees:
        return found.next_after(moment, start)
    raise InvalidSchedule()
