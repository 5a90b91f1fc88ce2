"""Scalable targets: registered, changed, described, tagged, deregistered."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.services.autoscaling.stage import WRITES, Stage, refusal


def test_registering_brings_the_capacity_between_the_bounds(stage: Stage) -> None:
    arn = stage.register(MinCapacity=8)
    assert arn.startswith("arn:aws:application-autoscaling:us-east-1:000000000000:scalable-target/")
    assert stage.units == 8
    (activity,) = stage.activities
    assert len(activity.pop("ActivityId")) == 36
    assert activity.pop("EndTime") >= activity.pop("StartTime")
    assert activity == {
        **WRITES,
        "Description": "Setting write capacity units to 8.",
        "Cause": "minimum capacity was set to 8",
        "StatusCode": "Successful",
        "StatusMessage": "Successfully set write capacity units to 8. Change successfully "
        "fulfilled by dynamodb.",
    }
    assert stage.register(MaxCapacity=6, MinCapacity=1) == arn
    assert stage.units == 6
    assert stage.activities[0]["Cause"] == "maximum capacity was set to 6"


def test_a_target_is_described(stage: Stage) -> None:
    arn = stage.register(SuspendedState={"ScheduledScalingSuspended": True})
    (target,) = stage.client.describe_scalable_targets(ServiceNamespace="dynamodb")[
        "ScalableTargets"
    ]
    assert target.pop("CreationTime").timestamp() <= stage.cloud.now
    assert target == {
        **WRITES,
        "MinCapacity": 5,
        "MaxCapacity": 40,
        "RoleARN": "arn:aws:iam::000000000000:role/aws-service-role/"
        "dynamodb.application-autoscaling.amazonaws.com/"
        "AWSServiceRoleForApplicationAutoScaling_DynamoDBTable",
        "SuspendedState": {
            "DynamicScalingInSuspended": False,
            "DynamicScalingOutSuspended": False,
            "ScheduledScalingSuspended": True,
        },
        "ScalableTargetARN": arn,
    }


def test_targets_are_found_by_what_they_are(stage: Stage) -> None:
    stage.register()
    reads = "dynamodb:table:ReadCapacityUnits"
    stage.register(ScalableDimension=reads)

    def dimensions(**params: Any) -> list[str]:
        pages = stage.client.get_paginator("describe_scalable_targets").paginate(
            ServiceNamespace="dynamodb", PaginationConfig={"PageSize": 1}, **params
        )
        return [each["ScalableDimension"] for page in pages for each in page["ScalableTargets"]]

    assert dimensions() == [reads, WRITES["ScalableDimension"]]
    assert dimensions(ScalableDimension=reads, ResourceIds=["table/orders"]) == [reads]
    assert dimensions(ResourceIds=["table/others"]) == []
    wrong = refusal(
        stage.client.describe_scalable_targets, ServiceNamespace="dynamodb", NextToken="x"
    )
    assert wrong[0] == "InvalidNextTokenException"


def test_a_target_has_tags(stage: Stage) -> None:
    client, arn = stage.client, stage.register(Tags={"team": "a"})
    client.tag_resource(ResourceARN=arn, Tags={"cost": "1"})
    client.untag_resource(ResourceARN=arn, TagKeys=["team"])
    assert client.list_tags_for_resource(ResourceARN=arn)["Tags"] == {"cost": "1"}
    missing = refusal(client.list_tags_for_resource, ResourceARN=f"{arn}0")
    assert missing[0] == "ResourceNotFoundException"


def test_a_deregistered_target_is_gone(stage: Stage) -> None:
    stage.register()
    stage.client.deregister_scalable_target(**WRITES)
    code, message = refusal(stage.client.deregister_scalable_target, **WRITES)
    assert code == "ObjectNotFoundException"
    assert message == (
        "No scalable target found for service namespace: dynamodb, resource ID: table/orders, "
        "scalable dimension: dynamodb:table:WriteCapacityUnits"
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"ResourceId": "table/none"}, "DynamoDB table does not exist: table/none"),
        ({"ResourceId": "orders"}, "Unsupported service namespace"),
        ({"ServiceNamespace": "lambda"}, "Unsupported service namespace"),
        (
            {"ServiceNamespace": "ecs", "ScalableDimension": "ecs:service:DesiredCount"},
            "Unsupported service namespace",
        ),
        (
            {
                "ResourceId": "table/orders/index/none",
                "ScalableDimension": "dynamodb:index:WriteCapacityUnits",
            },
            "DynamoDB table does not exist: table/orders/index/none",
        ),
        (
            {
                "ServiceNamespace": "lambda",
                "ResourceId": "function:none:live",
                "ScalableDimension": "lambda:function:ProvisionedConcurrency",
            },
            "Lambda function does not exist",
        ),
        ({"MinCapacity": -1}, "Capacities cannot be negative"),
        ({"MaxCapacity": 1}, "Maximum capacity cannot be less than minimum capacity"),
    ],
)
def test_what_cannot_be_scaled_is_refused(
    stage: Stage, change: dict[str, Any], message: str
) -> None:
    code, text = refusal(lambda: stage.register(**change))
    assert (code, message in text) == ("ValidationException", True)


def test_a_new_target_needs_both_bounds(stage: Stage) -> None:
    code, text = refusal(stage.client.register_scalable_target, **WRITES, MinCapacity=1)
    assert (code, "MaxCapacity is required" in text) == ("ValidationException", True)


def test_a_failed_change_is_told_and_made_later(stage: Stage) -> None:
    stage.register()
    role = "AWSServiceRoleForApplicationAutoScaling_DynamoDBTable"
    stage.cloud.client("iam").put_role_policy(
        RoleName=role,
        PolicyName="no",
        PolicyDocument=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {"Effect": "Deny", "Action": "dynamodb:UpdateTable", "Resource": "*"}
                ],
            }
        ),
    )
    stage.register(MinCapacity=9)
    assert stage.units == 5
    latest = stage.activities[0]
    assert latest["StatusCode"] == "Failed"
    assert latest["StatusMessage"].startswith(
        "Failed to set write capacity units to 9. Reason: User: arn:aws:sts::000000000000"
    )
    stage.cloud.client("iam").delete_role_policy(RoleName=role, PolicyName="no")
    stage.cloud.advance(30)
    assert stage.units == 9


def test_an_index_is_scaled(stage: Stage) -> None:
    stage.dynamodb.update_table(
        TableName="orders",
        AttributeDefinitions=[{"AttributeName": "who", "AttributeType": "S"}],
        GlobalSecondaryIndexUpdates=[
            {
                "Create": {
                    "IndexName": "by-who",
                    "KeySchema": [{"AttributeName": "who", "KeyType": "HASH"}],
                    "Projection": {"ProjectionType": "ALL"},
                    "ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5},
                }
            }
        ],
    )
    stage.cloud.advance(600)
    stage.register(
        ResourceId="table/orders/index/by-who",
        ScalableDimension="dynamodb:index:ReadCapacityUnits",
        MinCapacity=12,
    )
    table = stage.dynamodb.describe_table(TableName="orders")["Table"]
    throughput = table["GlobalSecondaryIndexes"][0]["ProvisionedThroughput"]
    assert (throughput["ReadCapacityUnits"], throughput["WriteCapacityUnits"]) == (12, 5)


def test_the_first_target_takes_the_right_to_make_the_role(stage: Stage) -> None:
    iam = stage.cloud.client("iam")
    iam.create_user(UserName="ann")
    key = iam.create_access_key(UserName="ann")["AccessKey"]
    keys = (key["AccessKeyId"], key["SecretAccessKey"])
    ann = stage.cloud.client("application-autoscaling", credentials=keys)
    params = {**WRITES, "MinCapacity": 1, "MaxCapacity": 9}
    actions = ["application-autoscaling:RegisterScalableTarget", "iam:CreateServiceLinkedRole"]
    for count, missing in enumerate(actions):
        assert f"perform: {missing}" in refusal(ann.register_scalable_target, **params)[1]
        allow = {"Effect": "Allow", "Action": actions[: count + 1], "Resource": "*"}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
        iam.put_user_policy(UserName="ann", PolicyName="p", PolicyDocument=policy)
    ann.register_scalable_target(**params)
