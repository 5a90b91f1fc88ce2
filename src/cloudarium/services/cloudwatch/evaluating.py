"""Alarms on the clock: a job per alarm that looks at its data points.

An alarm is looked at every minute (every 10 seconds with a high-resolution period) as long as its
evaluation range holds data, and a second after data came for its metric. Without data nothing can
change, so nothing is scheduled.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson

from cloudarium.core.context import Context
from cloudarium.services.cloudwatch import alarms, evaluation, limits, queries, times, transitions
from cloudarium.services.cloudwatch.alarms import Alarm
from cloudarium.services.cloudwatch.evaluation import Point, Rule, Verdict
from cloudarium.services.cloudwatch.points import Range
from cloudarium.services.cloudwatch.series import Metric

# The telemetry of a second comes at most a second later.
_GRACE_SECONDS = 2
_SOON_SECONDS = 1
_RISING = ("GreaterThanThreshold", "GreaterThanOrEqualToThreshold")
_FALLING = ("LessThanThreshold", "LessThanOrEqualToThreshold")
# Statistics that only move one way while a period fills: what they breach now they will have
# breached at its end. (A sum may still fall if values are negative; counts and times are not.)
_CERTAIN = {"Sum": _RISING, "SampleCount": _RISING, "Maximum": _RISING, "Minimum": _FALLING}


def plan(ctx: Context, alarm: Alarm, at: float) -> None:
    """Have the alarm looked at by `at` (epoch seconds) at the latest."""
    if alarm.evaluate_at is None or at < alarm.evaluate_at:
        alarms.set_evaluation(ctx, alarm, at)
        ctx.schedule("evaluate", {"alarm": alarm.name}, at, key=str(alarm.id))


def forget(ctx: Context, alarm: Alarm) -> None:
    """Look at the alarm no more."""
    ctx.cancel("evaluate", str(alarm.id))


def data_came(ctx: Context, found: Iterable[Metric]) -> None:
    """Have the alarms that watch these metrics looked at soon."""
    for alarm in alarms.watching(ctx, found):
        soon_after_data(ctx, alarm)


def soon_after_data(ctx: Context, alarm: Alarm) -> None:
    """Have the alarm looked at in a second."""
    plan(ctx, alarm, ctx.now + _SOON_SECONDS)


def soon(ctx: Context, alarm: Alarm) -> None:
    """Have the alarm looked at when the present minute (10 seconds) is over."""
    step = _step(alarm)
    plan(ctx, alarm, (ctx.now // step + 1) * step + _GRACE_SECONDS)


def evaluate(ctx: Context, payload: dict[str, Any]) -> None:
    """Job: look at an alarm, change its state if its data say so, plan the next look."""
    alarm = alarms.named(ctx, payload["alarm"])
    if alarm is None or alarm.type != alarms.METRIC:
        return
    alarms.set_evaluation(ctx, alarm, None)
    rule = evaluation.rule(alarm.configuration)
    end = int(ctx.now // _step(alarm)) * _step(alarm)
    verdict, data = _verdict(ctx, alarm, rule, end)
    if verdict.state != alarm.state:
        reason_data = _reason_data(ctx, alarm, rule, verdict)
        transitions.change(ctx, alarm, verdict.state, verdict.reason, reason_data)
    if data:
        present = alarms.named(ctx, alarm.name)
        soon(ctx, present or alarm)


def _step(alarm: Alarm) -> int:
    return 10 if alarm.period < limits.MINUTE else limits.MINUTE


def _verdict(ctx: Context, alarm: Alarm, rule: Rule, end: int) -> tuple[Verdict, bool]:
    """Return the verdict and whether there is data that a later look may judge otherwise.

    The period under way counts when it already breaches and cannot but stay so.
    """
    if _is_certain(alarm, rule):
        under_way = _points(ctx, alarm, rule, end + _step(alarm))
        verdict = evaluation.judge(rule, under_way, alarm.state)
        newest = under_way[0]
        if newest is not None:
            if verdict.state == evaluation.ALARM and rule.breaches(newest.value):
                return verdict, True
            return evaluation.judge(rule, _points(ctx, alarm, rule, end), alarm.state), True
    found = _points(ctx, alarm, rule, end)
    data = any(point is not None for point in found) or _has_newer(ctx, alarm, end)
    return evaluation.judge(rule, found, alarm.state), data


def _is_certain(alarm: Alarm, rule: Rule) -> bool:
    statistic = alarm.configuration.get("Statistic", "")
    return rule.comparison in _CERTAIN.get(statistic, ())


def _has_newer(ctx: Context, alarm: Alarm, end: int) -> bool:
    return any(_values(ctx, alarm, Range(end, int(ctx.now) + limits.FUTURE_SECONDS, alarm.period)))


def _points(ctx: Context, alarm: Alarm, rule: Rule, end: int) -> list[Point | None]:
    """Return the evaluation range before `end`, newest first."""
    period = alarm.period
    starts = [end - period * (back + 1) for back in range(rule.range)]
    values = _values(ctx, alarm, Range(starts[-1], end, period))
    return [Point(at, values[at]) if at in values else None for at in starts]


def _values(ctx: Context, alarm: Alarm, wanted: Range) -> dict[int, float]:
    return queries.of_alarm(ctx, alarm.queries, wanted)


def _reason_data(ctx: Context, alarm: Alarm, rule: Rule, verdict: Verdict) -> str:
    configuration = alarm.configuration
    points = verdict.points
    data: dict[str, Any] = {"version": "1.0", "queryDate": times.iso(ctx.now)}
    if points:
        data["startDate"] = times.iso(points[-1].at)
    for name, shown in (
        ("Unit", "unit"),
        ("Statistic", "statistic"),
        ("ExtendedStatistic", "extendedStatistic"),
    ):
        if name in configuration:
            data[shown] = configuration[name]
    data["period"] = alarm.period
    data["recentDatapoints"] = [point.value for point in reversed(points)]
    data["threshold"] = rule.threshold
    if points:
        data["evaluatedDatapoints"] = [
            {"timestamp": times.iso(point.at), "value": point.value} for point in points
        ]
    return orjson.dumps(data).decode()
