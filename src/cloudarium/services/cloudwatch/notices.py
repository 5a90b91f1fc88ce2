"""What alarms tell: the message to SNS, its e-mail text, the event's configuration.

Form of the e-mail and the JSON:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html;
of the event: cloudwatch-and-eventbridge.html
"""

from __future__ import annotations

from typing import Any

import orjson
from botocore.loaders import create_loader

from cloudarium.services.cloudwatch import times
from cloudarium.services.cloudwatch.alarms import METRIC, Alarm

_SYMBOLS = {
    "GreaterThanOrEqualToThreshold": "greater than or equal to",
    "GreaterThanThreshold": "greater than",
    "LessThanThreshold": "less than",
    "LessThanOrEqualToThreshold": "less than or equal to",
}
_SUBJECT_LENGTH = 100


def notice(before: Alarm, alarm: Alarm) -> dict[str, str]:
    """Return the `Subject`, JSON message and e-mail text of a state change."""
    region = region_name(alarm.region)
    subject = f'{alarm.state}: "{alarm.name}" in {region}'
    return {
        "Subject": subject[:_SUBJECT_LENGTH],
        "Message": orjson.dumps(_message(before, alarm, region)).decode(),
        "Email": _email(before, alarm, region),
    }


def region_name(region: str) -> str:
    """Return a region's name, like `US East (N. Virginia)`."""
    partitions = create_loader().load_data("endpoints")["partitions"]
    for partition in partitions:
        if region in partition["regions"]:
            return str(partition["regions"][region]["description"])
    return region


def _message(before: Alarm, alarm: Alarm, region: str) -> dict[str, Any]:
    configuration = alarm.configuration
    return {
        "AlarmName": alarm.name,
        "AlarmDescription": configuration.get("AlarmDescription"),
        "AWSAccountId": alarm.account,
        "AlarmConfigurationUpdatedTimestamp": times.iso(alarm.configured_at),
        "NewStateValue": alarm.state,
        "NewStateReason": alarm.reason,
        "StateChangeTime": times.iso(alarm.state_updated_at),
        "Region": region,
        "AlarmArn": alarm.arn,
        "OldStateValue": before.state,
        "OKActions": configuration.get("OKActions", []),
        "AlarmActions": configuration.get("AlarmActions", []),
        "InsufficientDataActions": configuration.get("InsufficientDataActions", []),
        **({"Trigger": _trigger(alarm)} if alarm.type == METRIC else _rule(alarm)),
    }


def _rule(alarm: Alarm) -> dict[str, Any]:
    return {"AlarmRule": alarm.configuration["AlarmRule"]}


def _trigger(alarm: Alarm) -> dict[str, Any]:
    configuration = alarm.configuration
    trigger: dict[str, Any] = {
        "Period": alarm.period,
        "EvaluationPeriods": configuration["EvaluationPeriods"],
    }
    if "DatapointsToAlarm" in configuration:
        trigger["DatapointsToAlarm"] = configuration["DatapointsToAlarm"]
    trigger |= {
        "ComparisonOperator": configuration["ComparisonOperator"],
        "Threshold": configuration["Threshold"],
        "TreatMissingData": configuration.get("TreatMissingData", "missing"),
        "EvaluateLowSampleCountPercentile": configuration.get(
            "EvaluateLowSampleCountPercentile", ""
        ),
    }
    if "Metrics" in configuration:
        return {**trigger, "Metrics": configuration["Metrics"]}
    extended = "ExtendedStatistic" in configuration
    return {
        "MetricName": configuration["MetricName"],
        "Namespace": configuration["Namespace"],
        "StatisticType": "ExtendedStatistic" if extended else "Statistic",
        "Statistic": configuration["ExtendedStatistic"]
        if extended
        else configuration["Statistic"].upper(),
        "Unit": configuration.get("Unit"),
        "Dimensions": [
            {"value": each["Value"], "name": each["Name"]}
            for each in configuration.get("Dimensions", [])
        ],
        **trigger,
    }


def _email(before: Alarm, alarm: Alarm, region: str) -> str:
    configuration = alarm.configuration
    lines = [
        f'You are receiving this email because your Amazon CloudWatch Alarm "{alarm.name}" in the '
        f"{region} region has entered the {alarm.state} state, because "
        f'"{alarm.reason}" at "{times.spoken(alarm.state_updated_at)}".',
        "",
        "Alarm Details:",
        f"- Name:                       {alarm.name}",
        f"- Description:                {configuration.get('AlarmDescription', '')}",
        f"- State Change:               {before.state} -> {alarm.state}",
        f"- Reason for State Change:    {alarm.reason}",
        f"- Timestamp:                  {times.spoken(alarm.state_updated_at)}",
        f"- AWS Account:                {alarm.account}",
        f"- Alarm Arn:                  {alarm.arn}",
        *_email_threshold(alarm),
        "",
        "State Change Actions:",
    ]
    for state in ("OK", "ALARM", "INSUFFICIENT_DATA"):
        arns = ", ".join(f"[{arn}]" for arn in alarm.actions(state))
        lines.append(f"- {state + ':':27} {arns}".rstrip())
    return "\n".join(lines) + "\n"


def _email_threshold(alarm: Alarm) -> list[str]:
    configuration = alarm.configuration
    if alarm.type != METRIC:
        return []
    periods = configuration["EvaluationPeriods"]
    needed = configuration.get("DatapointsToAlarm", periods)
    how = _SYMBOLS[configuration["ComparisonOperator"]]
    lines = [
        "",
        "Threshold:",
        f"- The alarm is in the ALARM state when the metric is {how} "
        f"{float(configuration['Threshold'])} for at least {needed} of the last {periods} "
        f"period(s) of {alarm.period} seconds.",
        "",
    ]
    if "Metrics" in configuration:
        return lines
    dimensions = ", ".join(
        f"[{each['Name']} = {each['Value']}]" for each in configuration.get("Dimensions", [])
    )
    statistic = configuration.get("Statistic") or configuration["ExtendedStatistic"]
    missing = configuration.get("TreatMissingData", "missing")
    return [
        *lines,
        "Monitored Metric:",
        f"- MetricNamespace:                     {configuration['Namespace']}",
        f"- MetricName:                          {configuration['MetricName']}",
        f"- Dimensions:                          {dimensions}",
        f"- Period:                              {alarm.period} seconds",
        f"- Statistic:                           {statistic}",
        f"- Unit:                                {configuration.get('Unit', 'not specified')}",
        f"- TreatMissingData:                    {missing}",
    ]


def event_configuration(alarm: Alarm) -> dict[str, Any]:
    """Return the `configuration` of the alarm's state change event."""
    configuration = alarm.configuration
    if alarm.type != METRIC:
        return {"alarmRule": configuration["AlarmRule"]}
    found: dict[str, Any] = {"metrics": [_event_query(query) for query in alarm.queries]}
    if "AlarmDescription" in configuration:
        found["description"] = configuration["AlarmDescription"]
    return found


def _event_query(query: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"id": query["Id"], "returnData": query.get("ReturnData", True)}
    if "Expression" in query:
        return {**found, "expression": query["Expression"]}
    stat = query["MetricStat"]
    metric = stat["Metric"]
    dimensions = {each["Name"]: each["Value"] for each in metric.get("Dimensions", [])}
    return {
        **found,
        "metricStat": {
            "metric": {
                "namespace": metric["Namespace"],
                "name": metric["MetricName"],
                "dimensions": dimensions,
            },
            "period": stat["Period"],
            "stat": stat["Stat"],
        },
    }
