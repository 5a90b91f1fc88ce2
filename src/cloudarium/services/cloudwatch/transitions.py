"""A change of an alarm's state: its history, its event, its actions."""

from __future__ import annotations

from typing import Any

import orjson

from cloudarium.contracts.events import AwsEvent
from cloudarium.core.context import Context
from cloudarium.services.cloudwatch import alarm_history, alarms, notices, times
from cloudarium.services.cloudwatch.alarms import Alarm


def change(ctx: Context, alarm: Alarm, state: str, reason: str, data: str | None) -> None:
    """Put an alarm into a state; if that is another one, act on it."""
    alarms.set_state(ctx, alarm, state, reason, data)
    if state == alarm.state:
        return
    changed = alarms.named(ctx, alarm.name)
    if changed is None:
        return
    alarm_history.add(
        ctx,
        changed,
        "StateUpdate",
        f"Alarm updated from {alarm.state} to {state}",
        {"version": "1.0", "oldState": _history_state(alarm), "newState": _history_state(changed)},
    )
    ctx.emit(_event(alarm, changed))
    for composite in alarms.depending_on(ctx, alarm.name):
        payload = {"alarm": composite.name, "because": alarm.name}
        ctx.schedule("compose", payload, key=str(composite.id))
    if changed.acts:
        for action in changed.actions(state):
            _schedule(ctx, alarm, changed, action)


def _schedule(ctx: Context, before: Alarm, alarm: Alarm, action: str) -> None:
    payload = {
        "id": ctx.ids.uuid(),
        "alarm": alarm.name,
        "arn": alarm.arn,
        "state": alarm.state,
        "action": action,
        "notice": notices.notice(before, alarm),
        "event": _function_event(before, alarm),
    }
    ctx.schedule("act", payload)


def _function_event(before: Alarm, alarm: Alarm) -> dict[str, Any]:
    """Return what a Lambda function is invoked with."""
    return {
        "source": "aws.cloudwatch",
        "alarmArn": alarm.arn,
        "accountId": alarm.account,
        "time": times.iso(alarm.state_updated_at),
        "region": alarm.region,
        "alarmData": _detail(before, alarm),
    }


def _history_state(alarm: Alarm) -> dict[str, Any]:
    state: dict[str, Any] = {"stateValue": alarm.state, "stateReason": alarm.reason}
    if alarm.reason_data is not None:
        state["stateReasonData"] = orjson.loads(alarm.reason_data)
    return state


def _event(before: Alarm, alarm: Alarm) -> AwsEvent:
    kind = "CloudWatch Alarm State Change"
    return AwsEvent("aws.cloudwatch", kind, _detail(before, alarm), [alarm.arn])


def _detail(before: Alarm, alarm: Alarm) -> dict[str, Any]:
    return {
        "alarmName": alarm.name,
        "state": _event_state(alarm),
        "previousState": _event_state(before),
        "configuration": notices.event_configuration(alarm),
    }


def _event_state(alarm: Alarm) -> dict[str, Any]:
    state = {
        "value": alarm.state,
        "reason": alarm.reason,
        "timestamp": times.iso(alarm.state_updated_at),
    }
    if alarm.reason_data is not None:
        state["reasonData"] = alarm.reason_data
    return state
