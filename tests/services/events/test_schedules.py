"""Schedule expressions."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cloudarium.core.errors import AwsError
from cloudarium.services.events.schedules import next_after

START = datetime(2026, 11, 24, 10, 15, tzinfo=UTC).timestamp()  # a Tuesday


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("rate(5 minutes)", "2026-11-24 10:20"),
        ("rate(1 day)", "2026-11-25 10:15"),
        ("cron(0 12 * * ? *)", "2026-11-24 12:00"),
        ("cron(0/15 * * * ? *)", "2026-11-24 10:30"),
        ("cron(0 10 ? * MON-FRI *)", "2026-11-25 10:00"),
        ("cron(0 8 1 * ? *)", "2026-12-01 08:00"),
        ("cron(0 8 L * ? *)", "2026-11-30 08:00"),
        ("cron(0 8 ? * 6L *)", "2026-11-27 08:00"),
        ("cron(0 8 ? * TUE#1 *)", "2026-12-01 08:00"),
        ("cron(0 8 1W 8 ? 2027)", "2027-08-02 08:00"),
    ],
)
def test_the_next_moment(expression: str, expected: str) -> None:
    found = next_after(expression, START, START)
    assert found is not None
    assert datetime.fromtimestamp(found, UTC).strftime("%Y-%m-%d %H:%M") == expected


def test_a_past_year_never_comes() -> None:
    assert next_after("cron(0 8 1 1 ? 2020)", START, START) is None


@pytest.mark.parametrize(
    "expression",
    [
        "rate(1 minutes)",
        "rate(0 minutes)",
        "rate(99999999999 days)",
        "cron(* * * * * *)",
        "cron(60 * * * ? *)",
        "cron(0 8 0W * ? *)",
        "cron(0 8 32W * ? *)",
        "every day",
    ],
)
def test_a_malformed_expression_is_refused(expression: str) -> None:
    with pytest.raises(AwsError, match="ScheduleExpression is not valid"):
        next_after(expression, START, START)
