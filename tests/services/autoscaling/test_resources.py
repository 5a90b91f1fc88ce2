"""Application Auto Scaling's CloudFormation resource types, in real stacks."""

from __future__ import annotations

import json
from typing import Any

from tests.services.autoscaling.stage import Stage


def template(least: int, actions: list[dict[str, Any]], **policy: Any) -> str:
    """A table's writes as a target, and a policy."""
    key = {
        "ServiceNamespace": "dynamodb",
        "ResourceId": "table/orders",
        "ScalableDimension": "dynamodb:table:WriteCapacityUnits",
    }
    target = {**key, "MinCapacity": str(least), "MaxCapacity": 40, "ScheduledActions": actions}
    tracking = {
        "TargetValue": "50",
        "ScaleInCooldown": "60",
        "PredefinedMetricSpecification": {
            "PredefinedMetricType": "DynamoDBWriteCapacityUtilization"
        },
        **policy,
    }
    half = {
        "PolicyName": "half",
        "PolicyType": "TargetTrackingScaling",
        "ScalingTargetId": {"Ref": "Target"},
        "TargetTrackingScalingPolicyConfiguration": tracking,
    }
    prefix = "AWS::ApplicationAutoScaling::"
    resources = {
        "Target": {"Type": f"{prefix}ScalableTarget", "Properties": target},
        "Policy": {"Type": f"{prefix}ScalingPolicy", "Properties": half},
    }
    outputs = {
        "Target": {"Value": {"Fn::GetAtt": ["Target", "Id"]}},
        "Policy": {"Value": {"Ref": "Policy"}},
    }
    return json.dumps({"Resources": resources, "Outputs": outputs})


def settled(stage: Stage) -> tuple[str, dict[str, str]]:
    """The status and outputs of the stack `s`, at rest."""
    stage.cloud.advance(30)
    stack = stage.cloud.client("cloudformation").describe_stacks(StackName="s")["Stacks"][0]
    outputs = {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", [])}
    return str(stack["StackStatus"]), outputs


def test_a_target_and_its_policy_are_made_changed_and_removed(stage: Stage) -> None:
    cloudformation, client = stage.cloud.client("cloudformation"), stage.client
    action = {
        "ScheduledActionName": "morning",
        "Schedule": "cron(0 8 * * ? *)",
        "EndTime": "2099-01-01T00:00:00Z",
        "ScalableTargetAction": {"MinCapacity": "20"},
    }
    cloudformation.create_stack(StackName="s", TemplateBody=template(6, [action]))
    status, outputs = settled(stage)
    assert status == "CREATE_COMPLETE"
    assert outputs["Target"] == "table/orders|dynamodb:table:WriteCapacityUnits|dynamodb"
    assert outputs["Policy"].endswith("policyName/half")
    assert stage.units == 6
    (made,) = client.describe_scheduled_actions(ServiceNamespace="dynamodb")["ScheduledActions"]
    assert made["ScalableTargetAction"] == {"MinCapacity": 20}
    assert set(stage.alarms) > {"AlarmHigh", "AlarmLow"}

    changed = template(7, [], DisableScaleIn="true")
    cloudformation.update_stack(StackName="s", TemplateBody=changed)
    assert settled(stage) == ("UPDATE_COMPLETE", outputs)
    assert stage.units == 7
    assert client.describe_scheduled_actions(ServiceNamespace="dynamodb")["ScheduledActions"] == []
    assert "AlarmLow" not in stage.alarms

    cloudformation.delete_stack(StackName="s")
    stage.cloud.settle()
    assert client.describe_scalable_targets(ServiceNamespace="dynamodb")["ScalableTargets"] == []
    assert stage.alarms == {}
