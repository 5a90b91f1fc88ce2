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
    if changed.acts:
        for action in changed.actions(state):
            _schedule(ctx, alarm, changed, action)


def _schedule(ctx: Context, before: Alarm, alarm: Alarm, action: str) -> None:
    payload = {
        "id": ctx.ids.uuid(),
        "alarm": alarm.name,
        "arn": alarm.arn,
        "action": action,
        "notice": notices.notice(before, alarm, action),
    }
    ctx.schedule("act", payload)


def _history_state(alarm: Alarm) -> dict[str, Any]:
    state: dict[str, Any] = {"stateValue": alarm.state, "stateReason": alarm.reason}
    if alarm.reason_data is not None:
        state["stateReasonData"] = orjson.loads(alarm.reason_data)
    return state


def _event(before: Alarm, alarm: Alarm) -> AwsEvent:
    detail = {
        "alarmName": alarm.name,
        "state": _event_state(alarm),
        "previousState": _event_state(before),
        "configuration": notices.event_configuration(alarm),
    }
    return AwsEvent("aws.cloudwatch", "CloudWatch Alarm State Change", detail, [alarm.arn])


def _event_state(alarm: Alarm) -> dict[str, Any]:
    state = {
        "value": alarm.state,
        "reason": alarm.reason,
        "timestamp": times.iso(alarm.state_updated_at),
    }
    if alarm.reason_data is not None:
        state["reasonData"] = alarm.reason_data
    return state
