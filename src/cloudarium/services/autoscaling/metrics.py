"""What a policy tracks: the metric, its alarms' thresholds, and the capacity that meets the target.

DynamoDB's alarms: more than the target for two minutes, 20 percentage points less for fifteen
(https://repost.aws/knowledge-center/dynamodb-auto-scaling); Lambda's: three minutes, and 90 % of
the target for fifteen
(https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html).
"""

from __future__ import annotations

from math import ceil
from typing import Any

from cloudarium.services.autoscaling.policies import Policy

Params = dict[str, Any]
HIGH, LOW = "AlarmHigh", "AlarmLow"
PROVISIONED_HIGH, PROVISIONED_LOW = "ProvisionedCapacityHigh", "ProvisionedCapacityLow"
_MINUTE = 60
_MARGIN = 20
_EPSILON = 1e-9


def watched(policy_configuration: dict[str, Any]) -> tuple[str, ...]:
    """Return what a policy has alarms for."""
    low = () if policy_configuration.get("DisableScaleIn") else (LOW,)
    if _of_table(policy_configuration):
        return (HIGH, *low, PROVISIONED_HIGH, PROVISIONED_LOW)
    return (HIGH, *low)


def desired(policy: Policy, capacity: int, value: float) -> int:
    """Return the capacity at which the metric's `value` would be the target."""
    target: float = policy.configuration["TargetValue"]
    if _of_table(policy.configuration):
        return ceil(value / _MINUTE / (target / 100) - _EPSILON)
    return ceil(capacity * value / target - _EPSILON)


def alarm(policy: Policy, what: str, capacity: int) -> Params:
    """Return the metric, threshold and periods of an alarm."""
    if what in (PROVISIONED_HIGH, PROVISIONED_LOW):
        way = _way(policy)
        return {
            **_table_metric(policy, f"Provisioned{way}CapacityUnits", "Average", 300),
            **_compared(what == PROVISIONED_HIGH, capacity, 3),
        }
    target: float = policy.configuration["TargetValue"]
    if _of_table(policy.configuration):
        share = target if what == HIGH else max(target - _MARGIN, 0)
        return {
            **_table_metric(policy, f"Consumed{_way(policy)}CapacityUnits", "Sum", _MINUTE),
            **_compared(what == HIGH, capacity * _MINUTE * share / 100, 2 if what == HIGH else 15),
        }
    threshold = target if what == HIGH else target * 0.9
    compared = _compared(what == HIGH, threshold, 3 if what == HIGH else 15)
    return {**_other_metric(policy), **compared, "Period": _MINUTE}


def _of_table(configuration: dict[str, Any]) -> bool:
    predefined = configuration.get("PredefinedMetricSpecification", {})
    return str(predefined.get("PredefinedMetricType", "")).startswith("DynamoDB")


def _way(policy: Policy) -> str:
    return "Read" if "Read" in policy.key.dimension else "Write"


def _compared(high: bool, threshold: float, periods: int) -> Params:
    return {
        "ComparisonOperator": "GreaterThanThreshold" if high else "LessThanThreshold",
        "Threshold": threshold,
        "EvaluationPeriods": periods,
    }


def _table_metric(policy: Policy, name: str, statistic: str, period: int) -> Params:
    _, table, *index = policy.key.resource.split("/")
    dimensions = [{"Name": "TableName", "Value": table}]
    if index:
        dimensions.append({"Name": "GlobalSecondaryIndexName", "Value": index[1]})
    return {
        "Namespace": "AWS/DynamoDB",
        "MetricName": name,
        "Dimensions": dimensions,
        "Statistic": statistic,
        "Period": period,
    }


def _other_metric(policy: Policy) -> Params:
    custom = policy.configuration.get("CustomizedMetricSpecification")
    if custom is not None:
        return dict(custom)
    _, function, qualifier = policy.key.resource.split(":")
    return {
        "Namespace": "AWS/Lambda",
        "MetricName": "ProvisionedConcurrencyUtilization",
        "Dimensions": [
            {"Name": "FunctionName", "Value": function},
            {"Name": "Resource", "Value": f"{function}:{qualifier}"},
        ],
        "Statistic": "Average",
    }
