"""Target tracking policies: put, described, deleted; and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from tests.services.autoscaling.stage import HALF, WRITES, Stage, refusal


def test_a_policy_is_described(stage: Stage) -> None:
    stage.register()
    answer = stage.put_policy(ScaleInCooldown=60)
    pattern = "arn:aws:autoscaling:us-east-1:000000000000:scalingPolicy:"
    assert answer["PolicyARN"].startswith(pattern)
    assert answer["PolicyARN"].endswith(":resource/dynamodb/table/orders:policyName/half")
    (policy,) = stage.client.describe_scaling_policies(
        ServiceNamespace="dynamodb", PolicyNames=["half"], ResourceId="table/orders"
    )["ScalingPolicies"]
    assert policy.pop("CreationTime").timestamp() == stage.cloud.now
    assert policy == {
        **WRITES,
        "PolicyName": "half",
        "PolicyARN": answer["PolicyARN"],
        "PolicyType": "TargetTrackingScaling",
        "TargetTrackingScalingPolicyConfiguration": {**HALF, "ScaleInCooldown": 60},
        "Alarms": answer["Alarms"],
    }
    assert stage.put_policy()["Alarms"] == answer["Alarms"]


def test_a_missing_policy_is_told(stage: Stage) -> None:
    no_target = refusal(stage.put_policy)
    assert no_target[0] == "ObjectNotFoundException"
    stage.register()
    code, message = refusal(stage.client.delete_scaling_policy, **WRITES, PolicyName="half")
    assert code == "ObjectNotFoundException"
    assert message.startswith("No scaling policy found for service namespace: dynamodb")


def test_a_metric_of_ones_own_can_be_tracked(stage: Stage) -> None:
    stage.register()
    queue = [{"Name": "QueueName", "Value": "jobs"}]
    custom = {
        "Namespace": "Mine",
        "MetricName": "Backlog",
        "Dimensions": queue,
        "Statistic": "Average",
    }
    stage.client.put_scaling_policy(
        **WRITES,
        PolicyName="backlog",
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration={
            "TargetValue": 100.0,
            "CustomizedMetricSpecification": custom,
        },
    )
    stage.cloud.settle()
    assert stage.alarms["AlarmHigh"]["Threshold"] == 100.0
    assert stage.alarms["AlarmLow"]["Threshold"] == 90.0
    cloudwatch = stage.cloud.client("cloudwatch")
    for _ in range(3):
        data = [{"MetricName": "Backlog", "Dimensions": queue, "Value": 250.0}]
        cloudwatch.put_metric_data(Namespace="Mine", MetricData=data)
        stage.cloud.advance(60)
    stage.cloud.advance(180)
    assert stage.units == 13  # 5 units at 250 are as good as 12.5 at 100


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"PolicyType": "StepScaling"}, "The policy type StepScaling is not supported"),
        ({"TargetTrackingScalingPolicyConfiguration": None}, "is required for the policy type"),
        ({"TargetTrackingScalingPolicyConfiguration": {"TargetValue": 50.0}}, "Exactly one of"),
        (
            {"TargetTrackingScalingPolicyConfiguration": {**HALF, "TargetValue": 95.0}},
            "between 20.0 and 90.0",
        ),
        (
            {
                "TargetTrackingScalingPolicyConfiguration": {
                    "TargetValue": 50.0,
                    "PredefinedMetricSpecification": {
                        "PredefinedMetricType": "DynamoDBReadCapacityUtilization"
                    },
                }
            },
            "DynamoDBReadCapacityUtilization is not supported",
        ),
        (
            {
                "TargetTrackingScalingPolicyConfiguration": {
                    "TargetValue": 50.0,
                    "CustomizedMetricSpecification": {"Metrics": [{"Id": "m"}]},
                }
            },
            "This customized metric is not supported",
        ),
        (
            {
                "TargetTrackingScalingPolicyConfiguration": {
                    "TargetValue": 0.0,
                    "CustomizedMetricSpecification": {
                        "MetricName": "M",
                        "Namespace": "N",
                        "Statistic": "Sum",
                    },
                }
            },
            "must be more than 0",
        ),
    ],
)
def test_what_is_wrong_is_refused(stage: Stage, change: dict[str, Any], message: str) -> None:
    stage.register()
    params = {
        **WRITES,
        "PolicyName": "half",
        "PolicyType": "TargetTrackingScaling",
        "TargetTrackingScalingPolicyConfiguration": HALF,
        **change,
    }
    given = {name: value for name, value in params.items() if value is not None}
    code, text = refusal(stage.client.put_scaling_policy, **given)
    assert (code, message in text) == ("ValidationException", True)
