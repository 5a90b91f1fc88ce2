"""The schedules rules may have."""

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
    ],
)
def test_the_next_moment(expression: str, expected: str) -> None:
    found = next_after(expression, START, START)
    assert found is not None
    assert datetime.fromtimestamp(found, UTC).strftime("%Y-%m-%d %H:%M") == expected


@pytest.mark.parametrize(
    "expression",
    ["rate(1 minutes)", "rate(5 minute)", "cron(* * * * * *)", "at(2026-12-24T18:00:00)", "daily"],
)
def test_what_rules_do_not_have_is_refused(expression: str) -> None:
    with pytest.raises(AwsError, match="ScheduleExpression is not valid"):
        next_after(expression, START, START)
