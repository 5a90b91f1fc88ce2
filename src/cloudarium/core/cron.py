"""AWS's cron expressions: minutes, hours, day of month, month, day of week, year.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from itertools import product

Days = Callable[[int, int], list[int]]
"""The days of a month (year, month) on which something happens."""

_MONTH_NAMES = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, 1)}
_DAY_NAMES = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_DAYS = {name: number for number, name in enumerate(_DAY_NAMES, 1)}
_FIRST_YEAR, _LAST_YEAR = 1970, 2199
# What Python's calendar says to times it does not reach.
_BEYOND = (OverflowError, ValueError, OSError)
_NUMBER = re.compile(r"[0-9]{1,4}")
_NEAREST = re.compile(r"(0?[1-9]|[12][0-9]|3[01])W")
# Not in the guide, but confirmed by AWS: https://zenn.dev/kz23szk/articles/d52df8b1614fb6
_BEFORE_LAST = re.compile(r"L-([0-9]|[12][0-9]|30)")
_NTH = re.compile(r"([1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)#([1-5])")
_LAST = re.compile(r"([1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)L")


class MalformedSchedule(ValueError):
    """A schedule expression that is none."""


@dataclass(frozen=True)
class Cron:
    """A parsed cron expression."""

    minutes: list[int]
    hours: list[int]
    months: list[int]
    years: list[int]
    days: Days

    def next_after(self, moment: float, zone: tzinfo = UTC) -> float | None:
        """Return when it is next due after `moment` (epoch seconds), None if never again.

        Wall times are those of `zone`. One that the clocks leap over is left out, one that they
        show twice counts the first time.
        """
        try:
            local = datetime.fromtimestamp(moment, zone)
        except _BEYOND:
            return None
        for wall in self._walls(local.replace(second=0, microsecond=0, tzinfo=None)):
            at = instant(wall, zone)
            if at is not None and at > moment:
                return at
        return None

    def _walls(self, first: datetime) -> Iterator[datetime]:
        """Yield the wall times from `first` on, in order."""
        for year, month in product(self.years, self.months):
            if (year, month) < (first.year, first.month):
                continue
            for day in self.days(year, month):
                if (year, month, day) < (first.year, first.month, first.day):
                    continue
                for hour, minute in product(self.hours, self.minutes):
                    wall = datetime(year, month, day, hour, minute)
                    if wall >= first:
                        yield wall


def instant(wall: datetime, zone: tzinfo) -> float | None:
    """Return when it is first `wall` (naive) in `zone`, epoch seconds; None if it never is.

    It never is, either, where that would be before the year 1 or after 9999 in UTC.
    """
    try:
        at = wall.replace(tzinfo=zone).timestamp()
        shown = datetime.fromtimestamp(at, zone).replace(tzinfo=None)
    except _BEYOND:
        return None
    return at if shown == wall else None


def parse_cron(text: str) -> Cron:
    """Return the meaning of six fields. Raises MalformedSchedule."""
    fields = text.upper().split()
    if len(fields) != 6 or (fields[2] == "?") == (fields[4] == "?"):
        raise MalformedSchedule(text)
    minute, hour, day, month, weekday, year = fields
    return Cron(
        _values(minute, 0, 59),
        _values(hour, 0, 23),
        _values(month, 1, 12, _MONTHS),
        _values(year, _FIRST_YEAR, _LAST_YEAR),
        _days_of_week(weekday) if day == "?" else _days_of_month(day),
    )


def _values(field: str, least: int, most: int, names: dict[str, int] | None = None) -> list[int]:
    """Return what a field of numbers, names, ranges and steps stands for, in order."""
    found: set[int] = set()
    for part in field.split(","):
        span, _, step_text = part.partition("/")
        step = _number(step_text) if step_text else 1
        if span == "*":
            first, last = least, most
        else:
            low, _, high = span.partition("-")
            first = _number(low, names)
            last = _number(high, names) if high else (most if step_text else first)
        if not (least <= first <= last <= most) or step < 1:
            raise MalformedSchedule(field)
        found.update(range(first, last + 1, step))
    return sorted(found)


def _number(text: str, names: dict[str, int] | None = None) -> int:
    if names and text in names:
        return names[text]
    if not _NUMBER.fullmatch(text):
        raise MalformedSchedule(text)
    return int(text)


def _days_of_month(field: str) -> Days:
    if field == "L":
        return lambda year, month: [_length(year, month)]
    if before := _BEFORE_LAST.fullmatch(field):
        back = int(before[1])
        return lambda year, month: [day for day in (_length(year, month) - back,) if day > 0]
    if nearest := _NEAREST.fullmatch(field):
        wanted = int(nearest[1])
        return lambda year, month: [_nearest_weekday(year, month, wanted)]
    days = _values(field, 1, 31)
    return lambda year, month: [day for day in days if day <= _length(year, month)]


def _length(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


def _nearest_weekday(year: int, month: int, wanted: int) -> int:
    """Return the weekday nearest to a day, in the same month."""
    last = _length(year, month)
    day = min(wanted, last)
    weekday = date(year, month, day).weekday()
    if weekday == 5:
        return day - 1 if day > 1 else day + 2
    if weekday == 6:
        return day + 1 if day < last else day - 2
    return day


def _days_of_week(field: str) -> Days:
    if nth := _NTH.fullmatch(field):
        weekday, count = _number(nth[1], _DAYS), int(nth[2])
        return lambda year, month: _dates(year, month, [weekday])[count - 1 : count]
    if final := _LAST.fullmatch(field):
        last = _number(final[1], _DAYS)
        return lambda year, month: _dates(year, month, [last])[-1:]
    # "The L wildcard [...] specifies the last day of the month or week": Saturday.
    weekdays = [7] if field == "L" else _values(field, 1, 7, _DAYS)
    return lambda year, month: _dates(year, month, weekdays)


def _dates(year: int, month: int, weekdays: list[int]) -> list[int]:
    """Return the days of a month that fall on some weekdays (1 is Sunday)."""
    first = (date(year, month, 1).weekday() + 1) % 7
    days = range(1, _length(year, month) + 1)
    return [day for day in days if (first + day - 1) % 7 + 1 in weekdays]
