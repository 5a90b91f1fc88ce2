"""Alarms as the API and their history show them."""

from __future__ import annotations

from typing import Any

from cloudarium.services.cloudwatch.alarm_rules import ACTIONS
from cloudarium.services.cloudwatch.alarms import Alarm


def alarm(alarm: Alarm) -> dict[str, Any]:
    """Return a `MetricAlarm` or `CompositeAlarm`.

    A `MetricAlarm` has `Dimensions` even if it has `Metrics`: Ansible's module relies on that.
    """
    return {
        "AlarmName": alarm.name,
        "AlarmArn": alarm.arn,
        "AlarmConfigurationUpdatedTimestamp": alarm.configured_at,
        **{name: [] for name in ACTIONS},
        **({} if "AlarmRule" in alarm.configuration else {"Dimensions": []}),
        **alarm.configuration,
        "StateValue": alarm.state,
        "StateReason": alarm.reason,
        "StateReasonData": alarm.reason_data,
        "StateUpdatedTimestamp": alarm.state_updated_at,
        "StateTransitionedTimestamp": alarm.state_transitioned_at,
    }


def configuration(alarm: Alarm) -> dict[str, Any]:
    """Return an alarm's configuration as its history has it, names in lower camel case."""
    found: dict[str, Any] = _lower({**{name: [] for name in ACTIONS}, **alarm.configuration})
    return {"alarmName": alarm.name, "alarmArn": alarm.arn, **found}


def _lower(value: Any) -> Any:
    if isinstance(value, dict):
        return {_lower_first(key): _lower(each) for key, each in value.items()}
    return [_lower(each) for each in value] if isinstance(value, list) else value


def _lower_first(name: str) -> str:
    return "okActions" if name == "OKActions" else name[:1].lower() + name[1:]
