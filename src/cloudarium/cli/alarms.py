"""`cloudarium alarms`: alarms, their states, and what happened to them."""

from __future__ import annotations

import argparse
from typing import Any

from cloudarium.cli import place
from cloudarium.cli.settings import SettingsError


def run(options: argparse.Namespace) -> int:
    """List the alarms, or print one alarm's history."""
    cloudwatch = place.client(place.required(options.dir), "cloudwatch")
    if options.name:
        _check(cloudwatch, options.name)
        pages = cloudwatch.get_paginator("describe_alarm_history").paginate(AlarmName=options.name)
        for item in (item for page in pages for item in page["AlarmHistoryItems"]):
            print(f"{item['Timestamp']:%Y-%m-%d %H:%M:%S} {item['HistorySummary']}")
        return 0
    pages = cloudwatch.get_paginator("describe_alarms").paginate()
    for alarm in (alarm for page in pages for alarm in page["MetricAlarms"]):
        print(f"{alarm['StateValue']:<17} {alarm['AlarmName']}  {alarm.get('StateReason', '')}")
    return 0


def _check(cloudwatch: Any, name: str) -> None:
    """Raise SettingsError if there is no such alarm, nor a history of one that was."""
    kinds = ["MetricAlarm", "CompositeAlarm"]
    found = cloudwatch.describe_alarms(AlarmNames=[name], AlarmTypes=kinds)
    if found["MetricAlarms"] or found["CompositeAlarms"]:
        return
    if not cloudwatch.describe_alarm_history(AlarmName=name, MaxRecords=1)["AlarmHistoryItems"]:
        raise SettingsError(f"there is no alarm {name}")
