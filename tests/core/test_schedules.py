"""Schedule expressions: what they mean, in UTC and where clocks are moved."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloudarium.core.cron import Cron, MalformedSchedule
from cloudarium.core.schedules import At, Rate, parse

START = datetime(2026, 11, 24, 10, 15, tzinfo=UTC).timestamp()  # a Tuesday
NEW_YORK = ZoneInfo("America/New_York")


def cron(fields: str) -> Cron:
    """The cron expression with these fields."""
    found = parse(f"cron({fields})")
    assert isinstance(found, Cron)
    return found


def shown(moment: float | None, zone: ZoneInfo | None = None) -> str:
    """A moment as people write it."""
    assert moment is not None
    return datetime.fromtimestamp(moment, zone or UTC).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("0 12 * * ? *", "2026-11-24 12:00"),
        ("15 10 * * ? *", "2026-11-25 10:15"),
        ("0/15 * * * ? *", "2026-11-24 10:30"),
        ("*/20 * * * ? *", "2026-11-24 10:20"),
        ("5-50/15 * * * ? *", "2026-11-24 10:20"),
        ("1,2,40 * * * ? *", "2026-11-24 10:40"),
        ("0 10 ? * MON-FRI *", "2026-11-25 10:00"),
        ("0 10 ? * 2-6 *", "2026-11-25 10:00"),
        ("0 18 ? * mon,wed *", "2026-11-25 18:00"),
        ("0 8 1 * ? *", "2026-12-01 08:00"),
        ("0 8 31 * ? *", "2026-12-31 08:00"),
        ("0 8 L * ? *", "2026-11-30 08:00"),
        ("0 8 L-2 * ? *", "2026-11-28 08:00"),
        ("0 8 L-30 FEB,MAR ? *", "2027-03-01 08:00"),
        ("0 8 L FEB ? 2028", "2028-02-29 08:00"),
        ("0 8 29 2 ? *", "2028-02-29 08:00"),
        ("0 8 ? * 6L *", "2026-11-27 08:00"),
        ("0 8 ? * L *", "2026-11-28 08:00"),
        ("0 8 ? * TUE#1 *", "2026-12-01 08:00"),
        ("0 8 ? * 1#5 *", "2026-11-29 08:00"),
        ("0 8 28W * ? *", "2026-11-27 08:00"),
        ("0 8 29W * ? *", "2026-11-30 08:00"),
        ("0 8 1W 8 ? 2027", "2027-08-02 08:00"),
        ("0 8 31W JAN-MAR/2 ? *", "2027-01-29 08:00"),
        ("0 0 1 1 ? 2030-2040/5", "2030-01-01 00:00"),
    ],
)
def test_the_next_moment(fields: str, expected: str) -> None:
    assert shown(cron(fields).next_after(START)) == expected


def test_some_moments_never_come() -> None:
    assert cron("0 8 1 1 ? 2020").next_after(START) is None
    assert cron("0 8 30 2 ? *").next_after(START) is None


@pytest.mark.parametrize(
    "expression",
    [
        "rate(0 minutes)",
        "rate(10 seconds)",
        "rate(10 minutess)",
        "rate( 10 minutes )",
        " rate(10 minutes)",
        "rate(-1 minutes)",
        "rate(99999999999 days)",
        "cron(* * * * * *)",
        "cron(* * ? * ? *)",
        "cron(? * * * ? *)",
        "cron(* * * ? ? *)",
        "cron(60 * * * ? *)",
        "cron(0 24 * * ? *)",
        "cron(0 8 * 13 ? *)",
        "cron(0 8 * * ? 1969)",
        "cron(0 8 0W * ? *)",
        "cron(0 8 32W * ? *)",
        "cron(0 8 L-31 * ? *)",
        "cron(0 8 ? * 8 *)",
        "cron(0 8 ? * 2#6 *)",
        "cron(0 8 ? * 2#1,3#1 *)",
        "cron(0 8 ? * NOT *)",
        "cron(0/0 * * * ? *)",
        "cron(30-10 * * * ? *)",
        "cron(0 8 * * ?)",
        "cron()",
        "at(2026-12-24)",
        "at(2026-12-24T18:00:00Z)",
        "at(2026-02-30T18:00:00)",
        "every day",
    ],
)
def test_a_malformed_expression_is_refused(expression: str) -> None:
    with pytest.raises(MalformedSchedule):
        parse(expression)


def test_a_rate_counts_whole_periods_from_its_start() -> None:
    rate = parse("rate(5 minutes)")
    assert isinstance(rate, Rate)
    assert rate.next_after(START - 0.001, START) == START
    assert rate.next_after(START, START) == START + 300
    assert rate.next_after(START + 1499, START) == START + 1500
    numbers = ("rate(1 day)", "rate(1 days)", "rate(2 day)", "rate(2 days)")
    agreement = [found.agrees for text in numbers if isinstance(found := parse(text), Rate)]
    assert agreement == [True, False, False, True]


def test_a_wall_time_is_one_of_a_place() -> None:
    once = parse("at(2026-12-24T18:00:00)")
    assert isinstance(once, At)
    assert shown(once.moment()) == "2026-12-24 18:00"
    assert shown(once.moment(NEW_YORK)) == "2026-12-24 23:00"
    assert At(datetime(2027, 3, 14, 2, 30)).moment(NEW_YORK) is None


def test_times_beyond_all_calendars_never_come() -> None:
    ends = (datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59))
    zones = (NEW_YORK, ZoneInfo("Asia/Tokyo"), UTC)
    assert [At(wall).moment(zone) for wall in ends for zone in zones].count(None) == 2
    for moment in (1e18, -1e18):
        assert cron("* * * * ? *").next_after(moment, NEW_YORK) is None


def test_a_time_that_clocks_leap_over_is_left_out() -> None:
    eve = datetime(2027, 3, 13, 12, tzinfo=NEW_YORK).timestamp()
    half_past_two = cron("30 2 * * ? *")
    assert shown(half_past_two.next_after(eve, NEW_YORK), NEW_YORK) == "2027-03-15 02:30"


def test_a_time_that_clocks_show_twice_counts_once() -> None:
    half_past_one = cron("30 1 * * ? *")
    first = half_past_one.next_after(
        datetime(2027, 11, 6, 12, tzinfo=NEW_YORK).timestamp(), NEW_YORK
    )
    assert shown(first) == "2027-11-07 05:30"
    assert first is not None
    assert shown(half_past_one.next_after(first, NEW_YORK), NEW_YORK) == "2027-11-08 01:30"
    within_the_second = first + 1800 + 600
    quarterly = cron("0/15 * * * ? *")
    assert shown(quarterly.next_after(within_the_second, NEW_YORK), NEW_YORK) == "2027-11-07 02:00"


@given(st.integers(0, 2**31), st.sampled_from(["UTC", "Europe/Berlin", "Australia/Lord_Howe"]))
def test_moments_come_in_order(moment: int, name: str) -> None:
    zone, expression = ZoneInfo(name), cron("7/11 */3 ? * MON,SAT *")
    found = [float(moment)]
    for _ in range(5):
        following = expression.next_after(found[-1], zone)
        assert following is not None
        found.append(following)
    assert all(earlier < later for earlier, later in pairwise(found))
    walls = [datetime.fromtimestamp(at, zone) for at in found[1:]]
    assert all(wall.isoweekday() in (1, 6) and wall.minute % 11 == 7 for wall in walls)
