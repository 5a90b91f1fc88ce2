"""The verdict on an alarm's data points: pure logic.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html and
alarms-and-missing-data.html. Data points are given newest first; None is a missing one.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

OK, ALARM, INSUFFICIENT = "OK", "ALARM", "INSUFFICIENT_DATA"

# Beyond its evaluation periods an alarm looks at this many more for data that came late; AWS's own
# examples retrieve 5 for 3 evaluation periods.
_FURTHER_PERIODS = 2
_COMPARISONS = {
    "GreaterThanOrEqualToThreshold": (operator.ge, "greater than or equal to"),
    "GreaterThanThreshold": (operator.gt, "greater than"),
    "LessThanThreshold": (operator.lt, "less than"),
    "LessThanOrEqualToThreshold": (operator.le, "less than or equal to"),
}
_TREATED = {"breaching": "Breaching", "notBreaching": "NonBreaching"}


@dataclass(frozen=True)
class Rule:
    """When an alarm is in ALARM: `needed` of `periods` data points beyond the threshold."""

    periods: int
    needed: int
    threshold: float
    comparison: str
    treat: str
    says_needed: bool

    @property
    def range(self) -> int:
        """How many data points to look at."""
        return self.periods + _FURTHER_PERIODS

    def breaches(self, value: float) -> bool:
        """Tell whether a value is beyond the threshold."""
        return bool(_COMPARISONS[self.comparison][0](value, self.threshold))


@dataclass(frozen=True)
class Point:
    """A data point: the start of its period (epoch seconds) and its value."""

    at: int
    value: float


@dataclass(frozen=True)
class Verdict:
    """The state the data points mean, why, and the points that count, newest first."""

    state: str
    reason: str
    points: Sequence[Point]


def rule(configuration: dict[str, Any]) -> Rule:
    """Return an alarm's rule."""
    periods = configuration["EvaluationPeriods"]
    return Rule(
        periods,
        configuration.get("DatapointsToAlarm", periods),
        configuration["Threshold"],
        configuration["ComparisonOperator"],
        configuration.get("TreatMissingData", "missing"),
        "DatapointsToAlarm" in configuration,
    )


def judge(rule: Rule, found: Sequence[Point | None], current: str) -> Verdict:
    """Return the verdict on the newest `rule.range` data points."""
    real = [point for point in found[: rule.range] if point is not None][: rule.periods]
    breaching = [point for point in real if rule.breaches(point.value)]
    missing = rule.periods - len(real)
    state = _state(rule, found, len(real), len(breaching), current)
    if state == INSUFFICIENT:
        return Verdict(state, _unknown(rule.periods), real)
    counted = breaching if state == ALARM else [p for p in real if p not in breaching]
    return Verdict(state, _reason(rule, state, counted, missing), real)


def _state(
    rule: Rule, found: Sequence[Point | None], real: int, breaching: int, current: str
) -> str:
    missing = rule.periods - real
    if real == 0 and rule.treat in ("missing", "ignore"):
        return INSUFFICIENT if rule.treat == "missing" else current
    filled = breaching + (missing if rule.treat == "breaching" else 0)
    if filled >= rule.needed:
        return ALARM
    if rule.treat in ("breaching", "notBreaching") or breaching < real or missing == 0:
        return OK
    # All there is breaches, but it is too little to be sure.
    if rule.treat == "missing" and _oldest(rule, found) >= rule.needed:
        return ALARM
    return current


def _oldest(rule: Rule, found: Sequence[Point | None]) -> int:
    """Return how many periods ago the oldest data point is, 1 being the newest period."""
    return max(place for place, point in enumerate(found[: rule.range], 1) if point is not None)


def _unknown(count: int) -> str:
    words = "datapoint was" if count == 1 else "datapoints were"
    return f"Insufficient Data: {count} {words} unknown."


def _reason(rule: Rule, state: str, counted: Sequence[Point], missing: int) -> str:
    if not counted:
        return _missing_reason(rule, missing)
    count = len(counted)
    listed = ", ".join(f"{_number(point.value)} ({_when(point.at)})" for point in counted)
    verb = ("was" if count == 1 else "were") + ("" if state == ALARM else " not")
    amount = f"{count} datapoint" + ("" if count == 1 else "s")
    ending = ""
    if rule.says_needed:
        amount = f"{count} out of the last {rule.periods} datapoints"
        change = "OK -> ALARM" if state == ALARM else "ALARM -> OK"
        least = rule.needed if state == ALARM else rule.periods - rule.needed + 1
        ending = f" (minimum {least} datapoint{'' if least == 1 else 's'} for {change} transition)"
    how = _COMPARISONS[rule.comparison][1]
    return (
        f"Threshold Crossed: {amount} [{listed}] {verb} {how} the threshold "
        f"({_number(rule.threshold)}){ending}."
    )


def _missing_reason(rule: Rule, missing: int) -> str:
    periods = f"{rule.periods} period" + ("" if rule.periods == 1 else "s")
    words = "datapoint was" if missing == 1 else "datapoints were"
    return (
        f"Threshold Crossed: no datapoints were received for {periods} and {missing} missing "
        f"{words} treated as [{_TREATED.get(rule.treat, rule.treat)}]."
    )


def _number(value: float) -> str:
    return str(float(value))


def _when(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%d/%m/%y %H:%M:%S")
