"""How missing data are treated.

The cases are those of
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html: the
oldest data point first, `X` breaching, `0` not, `-` missing.
"""

from __future__ import annotations

import pytest

from cloudarium.services.cloudwatch.evaluation import Point, Rule, judge

TREATMENTS = ("missing", "ignore", "breaching", "notBreaching")
RETAINED = "the state before"


@pytest.mark.parametrize(
    ("needed", "points", "states"),
    [
        (3, "0-X-X", ("OK", "OK", "OK", "OK")),
        (3, "0----", ("OK", "OK", "OK", "OK")),
        (3, "-----", ("INSUFFICIENT_DATA", RETAINED, "ALARM", "OK")),
        (3, "0XX-X", ("ALARM", "ALARM", "ALARM", "ALARM")),
        (3, "--X--", ("ALARM", RETAINED, "ALARM", "OK")),
        (2, "0-X-X", ("ALARM", "ALARM", "ALARM", "ALARM")),
        (2, "00X0X", ("ALARM", "ALARM", "ALARM", "ALARM")),
        (2, "0-X--", ("OK", "OK", "ALARM", "OK")),
        (2, "----0", ("OK", "OK", "ALARM", "OK")),
        (2, "---X-", ("ALARM", RETAINED, "ALARM", "OK")),
    ],
)
def test_missing_data(needed: int, points: str, states: tuple[str, ...]) -> None:
    found = [
        None if mark == "-" else Point(60 * place, 1.0 if mark == "X" else 0.0)
        for place, mark in enumerate(points)
    ][::-1]
    for treatment, state in zip(TREATMENTS, states, strict=True):
        rule = Rule(3, needed, 1.0, "GreaterThanOrEqualToThreshold", treatment, True)
        assert judge(rule, found, RETAINED).state == state, treatment
