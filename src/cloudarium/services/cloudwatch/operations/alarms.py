"""Alarms: put, describe, set, enable, disable, delete."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.cloudwatch import (
    alarm_rules,
    alarms,
    changes,
    errors,
    evaluating,
    limits,
    series,
    shown,
    transitions,
)
from cloudarium.services.cloudwatch.alarms import Alarm


def put_metric_alarm(ctx: Context, request: Request) -> Response:
    """Make an alarm on a metric or a metric math expression, or change one; its state stays."""
    alarm_rules.check(request)
    alarm = changes.put(ctx, alarms.METRIC, request)
    evaluating.soon_after_data(ctx, alarm)
    return {}


def describe_alarms(ctx: Context, request: Request) -> Response:
    """Describe alarms by names, prefix, state or action; metric alarms unless asked otherwise."""
    names, prefix = request.get("AlarmNames"), request.get("AlarmNamePrefix", "")
    if names and prefix:
        raise errors.MutuallyExclusive(one="AlarmNames", other="AlarmNamePrefix")
    types = request.get("AlarmTypes") or [alarms.METRIC]
    action = request.get("ActionPrefix", "")
    found = [
        alarm
        for alarm in alarms.listed(ctx, request.get("NextToken", ""))
        if (not names or alarm.name in names)
        and alarm.name.startswith(prefix)
        and alarm.type in types
        and request.get("StateValue") in (None, alarm.state)
        and (not action or _acts_on(alarm, action))
    ]
    limit = request.get("MaxRecords", limits.DESCRIBED_ALARMS)
    page = found[:limit]
    return {
        "MetricAlarms": [shown.alarm(each) for each in page if each.type == alarms.METRIC],
        "CompositeAlarms": [shown.alarm(each) for each in page if each.type == alarms.COMPOSITE],
        "NextToken": page[-1].name if len(found) > limit else None,
    }


def _acts_on(alarm: Alarm, prefix: str) -> bool:
    arns = [arn for name in alarm_rules.ACTIONS for arn in alarm.configuration.get(name, [])]
    return any(arn.startswith(prefix) for arn in arns)


def describe_alarms_for_metric(ctx: Context, request: Request) -> Response:
    """Describe the alarms that watch exactly this metric."""
    metric = series.of_request(request)
    found = [
        alarm
        for alarm in alarms.watching(ctx, [metric])
        if all(
            request.get(name) in (None, alarm.configuration.get(name))
            for name in ("Statistic", "ExtendedStatistic", "Period", "Unit")
        )
    ]
    return {"MetricAlarms": [shown.alarm(alarm) for alarm in found]}


def set_alarm_state(ctx: Context, request: Request) -> Response:
    """Put an alarm into a state by hand; its next evaluation decides again."""
    if "StateReasonData" in request:
        alarm_rules.check_state_data(request["StateReasonData"])
    alarm = alarms.named(ctx, request["AlarmName"])
    if alarm is None:
        raise errors.AlarmNotFound(name=request["AlarmName"])
    reason, data = request["StateReason"], request.get("StateReasonData")
    transitions.change(ctx, alarm, request["StateValue"], reason, data)
    if alarm.type == alarms.METRIC:
        evaluating.soon(ctx, alarm)
    return {}


def enable_alarm_actions(ctx: Context, request: Request) -> Response:
    """Let alarms act."""
    _enable(ctx, request["AlarmNames"], on=True)
    return {}


def disable_alarm_actions(ctx: Context, request: Request) -> Response:
    """Keep alarms from acting."""
    _enable(ctx, request["AlarmNames"], on=False)
    return {}


def _enable(ctx: Context, names: list[str], *, on: bool) -> None:
    for name in names:
        alarm = alarms.named(ctx, name)
        if alarm is not None and alarm.acts != on:
            changes.enable(ctx, alarm, on=on)


def delete_alarms(ctx: Context, request: Request) -> Response:
    """Remove alarms; names without an alarm are passed over."""
    names = request["AlarmNames"]
    for name in names:
        if [each for each in alarms.depending_on(ctx, name) if each.name not in names]:
            raise errors.AlarmInUse(names=name)
    for name in names:
        alarm = alarms.named(ctx, name)
        if alarm is not None:
            changes.delete(ctx, alarm)
    return {}
