"""Composite alarms: looked at whenever an alarm that their rule names changes its state."""

from __future__ import annotations

from typing import Any

import orjson

from cloudarium.core.context import Context
from cloudarium.services.cloudwatch import (
    alarm_expressions,
    alarms,
    errors,
    evaluation,
    times,
    transitions,
)
from cloudarium.services.cloudwatch.alarm_expressions import Rule
from cloudarium.services.cloudwatch.alarms import Alarm


def checked(ctx: Context, name: str, text: str) -> Rule:
    """Return the rule of the alarm `name`, whose alarms must exist. Raises ValidationError."""
    rule = alarm_expressions.parse(text)
    if name in rule.alarms:
        raise errors.OwnChild()
    missing = [each for each in rule.alarms if alarms.named(ctx, each) is None]
    if missing:
        raise errors.UnknownAlarms(names=", ".join(missing))
    return rule


def evaluate(ctx: Context, payload: dict[str, Any]) -> None:
    """Job: look at a composite alarm; `because` is the alarm that changed, if one did."""
    alarm = alarms.named(ctx, payload["alarm"])
    if alarm is None or alarm.type != alarms.COMPOSITE:
        return
    rule = alarm_expressions.parse(alarm.configuration["AlarmRule"])
    children = {name: alarms.named(ctx, name) for name in rule.alarms}
    holds = rule.holds(lambda name: _state(children[name]))
    state = evaluation.ALARM if holds else evaluation.OK
    if state != alarm.state:
        present = [child for child in children.values() if child]
        because = [child for child in present if child.name == payload["because"]] or present
        transitions.change(ctx, alarm, state, _reason(alarm, because), _data(because))


def _state(alarm: Alarm | None) -> str:
    return alarm.state if alarm else evaluation.INSUFFICIENT


def _reason(alarm: Alarm, because: list[Alarm]) -> str:
    if not because:
        return f"{alarm.arn} was created and its alarm rule evaluates to a constant"
    child = because[0]
    when = times.spoken(child.state_updated_at)
    return f"{child.arn} transitioned to {child.state} at {when}"


def _data(because: list[Alarm]) -> str:
    triggering = [
        {
            "arn": child.arn,
            "state": {"value": child.state, "timestamp": times.iso(child.state_updated_at)},
        }
        for child in because
    ]
    return orjson.dumps({"triggeringAlarms": triggering}).decode()
