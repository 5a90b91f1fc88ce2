"""Schedule expressions: `rate(5 minutes)` and `cron(0 10 ? * MON-FRI *)`, in UTC.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from cloudarium.services.events.errors import InvalidSchedule

_RATE = re.compile(r"rate\(([0-9]{1,9}) (minute|minutes|hour|hours|day|days)\)")
_CRON = re.compile(r"cron\(([^()]*)\)")
_SECONDS = {"minute": 60, "hour": 3600, "day": 86_400}
_MONTH_NAMES = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, 1)}
_DAY_NAMES = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_DAYS = {name: number for number, name in enumerate(_DAY_NAMES, 1)}
_LAST_YEAR = 2199
_NUMBER = re.compile(r"[0-9]{1,4}")
_NEAREST = re.compile(r"(0?[1-9]|[12][0-9]|3[01])W")
_NTH = re.compile(r"([1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)#([1-5])")
_LAST = re.compile(r"([1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)L")


@dataclass(frozen=True)
class Cron:
    """A parsed cron expression; `day` and `weekday` are text: they depend on the month."""

    minutes: list[int]
    hours: list[int]
    day: str
    months: list[int]
    weekday: str
    years: list[int]

    def days(self, year: int, month: int) -> list[int]:
        """Return the days of a month on which it fires."""
        last = calendar.monthrange(year, month)[1]
        if self.day != "?":
            return _days_of_month(self.day, year, month, last)
        return _days_of_week(self.weekday, year, month, last)


def next_after(expression: str, moment: float, start: float) -> float | None:
    """Return when `expression` is next due after `moment` (epoch seconds), None if never again.

    A rate counts from `start`. Raises ValidationException for an expression that is none.
    """
    found = _RATE.fullmatch(expression)
    if found:
        count, unit = int(found[1]), found[2]
        if count < 1 or (count == 1) == unit.endswith("s"):
            raise InvalidSchedule()
        period = count * _SECONDS[unit.rstrip("s")]
        return start + (int((moment - start) // period) + 1) * period
    return _next_cron(parse_cron(expression), moment)


def parse_cron(expression: str) -> Cron:
    """Return a cron expression's parts. Raises ValidationException."""
    found = _CRON.fullmatch(expression)
    fields = found[1].split() if found else []
    if len(fields) != 6 or (fields[2] == "?") == (fields[4] == "?"):
        raise InvalidSchedule()
    minute, hour, day, month, weekday, year = (field.upper() for field in fields)
    cron = Cron(
        _values(minute, 0, 59, {}),
        _values(hour, 0, 23, {}),
        day,
        _values(month, 1, 12, _MONTHS),
        weekday,
        _values(year, 1970, _LAST_YEAR, {}),
    )
    cron.days(2024, 1)
    return cron


def _values(field: str, least: int, most: int, names: dict[str, int]) -> list[int]:
    found: set[int] = set()
    for part in field.split(","):
        span, _, step_text = part.partition("/")
        step = _number(step_text, {}) if step_text else 1
        if span in ("*", "?"):
            first, last = least, most
        else:
            low, _, high = span.partition("-")
            first = _number(low, names)
            last = _number(high, names) if high else (most if step_text else first)
        if not (least <= first <= last <= most) or step < 1:
            raise InvalidSchedule()
        found.update(range(first, last + 1, step))
    return sorted(found)


def _number(text: str, names: dict[str, int]) -> int:
    if text in names:
        return names[text]
    if not _NUMBER.fullmatch(text):
        raise InvalidSchedule()
    return int(text)


def _days_of_month(field: str, year: int, month: int, last: int) -> list[int]:
    if field == "L":
        return [last]
    if nearest := _NEAREST.fullmatch(field):
        return [_nearest_weekday(year, month, min(int(nearest[1]), last), last)]
    return [day for day in _values(field, 1, 31, {}) if day <= last]


def _nearest_weekday(year: int, month: int, day: int, last: int) -> int:
    weekday = date(year, month, day).weekday()
    if weekday == 5:
        return day - 1 if day > 1 else day + 2
    if weekday == 6:
        return day + 1 if day < last else day - 2
    return day


def _days_of_week(field: str, year: int, month: int, last: int) -> list[int]:
    weekdays = {day: (date(year, month, day).weekday() + 1) % 7 + 1 for day in range(1, last + 1)}
    if nth := _NTH.fullmatch(field):
        wanted, count = _number(nth[1], _DAYS), int(nth[2])
        days = [day for day, weekday in weekdays.items() if weekday == wanted]
        return days[count - 1 : count]
    if final := _LAST.fullmatch("7L" if field == "L" else field):
        wanted = _number(final[1], _DAYS)
        return [max(day for day, weekday in weekdays.items() if weekday == wanted)]
    chosen = _values(field, 1, 7, _DAYS)
    return [day for day, weekday in weekdays.items() if weekday in chosen]


def _next_cron(cron: Cron, moment: float) -> float | None:
    after = datetime.fromtimestamp(moment, UTC).replace(second=0, microsecond=0)
    after += timedelta(minutes=1)
    for year in (year for year in cron.years if year >= after.year):
        for month in cron.months:
            if (year, month) < (after.year, after.month):
                continue
            for day in cron.days(year, month):
                if (year, month, day) < (after.year, after.month, after.day):
                    continue
                found = _first_time(cron, datetime(year, month, day, tzinfo=UTC), after)
                if found is not None:
                    return found.timestamp()
    return None


def _first_time(cron: Cron, day: datetime, after: datetime) -> datetime | None:
    for hour in cron.hours:
        for minute in cron.minutes:
            moment = day.replace(hour=hour, minute=minute)
            if moment >= after:
                return moment
    return None
