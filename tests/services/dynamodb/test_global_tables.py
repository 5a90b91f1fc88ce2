"""`AWS::DynamoDB::GlobalTable` with one replica, and the newer properties of tables."""

from __future__ import annotations

import json
from typing import Any

from cloudarium.pytest_plugin import CloudUnderTest

GLOBAL: dict[str, Any] = {
    "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [
        {"AttributeName": "id", "AttributeType": "S"},
        {"AttributeName": "g", "AttributeType": "S"},
    ],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "GlobalSecondaryIndexes": [
        {
            "IndexName": "by-g",
            "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "ALL"},
        }
    ],
    "WriteOnDemandThroughputSettings": {"MaxWriteRequestUnits": "7"},
    "StreamSpecification": {"StreamViewType": "NEW_IMAGE"},
    "Replicas": [
        {
            "Region": {"Ref": "AWS::Region"},
            "ReadOnDemandThroughputSettings": {"MaxReadRequestUnits": 9},
            "DeletionProtectionEnabled": False,
            "ContributorInsightsSpecification": {"Enabled": True},
            "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
            "Tags": [{"Key": "team", "Value": "red"}],
        }
    ],
}


def _deploy(cloud: CloudUnderTest, kind: str, properties: Any, *, update: bool = False) -> Any:
    client = cloud.client("cloudformation")
    template = {
        "Resources": {"Table": {"Type": f"AWS::DynamoDB::{kind}", "Properties": properties}},
        "Outputs": {
            "Name": {"Value": {"Ref": "Table"}},
            "Stream": {"Value": {"Fn::GetAtt": ["Table", "StreamArn"]}},
        },
    }
    operation = client.update_stack if update else client.create_stack
    operation(StackName="things", TemplateBody=json.dumps(template))
    cloud.advance(60)
    stack = client.describe_stacks(StackName="things")["Stacks"][0]
    outputs = {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", [])}
    return stack["StackStatus"], outputs


def test_a_global_table_of_one_replica_is_a_table(cloud: CloudUnderTest) -> None:
    db = cloud.client("dynamodb")
    status, outputs = _deploy(cloud, "GlobalTable", GLOBAL)
    assert status == "CREATE_COMPLETE"
    name = outputs["Name"]
    shown = db.describe_table(TableName=name)["Table"]
    assert shown["OnDemandThroughput"] == {"MaxReadRequestUnits": 9, "MaxWriteRequestUnits": 7}
    assert shown["LatestStreamArn"] == outputs["Stream"]
    insights = db.describe_contributor_insights(TableName=name)
    assert insights["ContributorInsightsStatus"] == "ENABLED"
    replica = {**GLOBAL["Replicas"][0], "TableClass": "STANDARD_INFREQUENT_ACCESS"}
    changed = {**GLOBAL, "Replicas": [replica]}
    status, _ = _deploy(cloud, "GlobalTable", changed, update=True)
    assert status == "UPDATE_COMPLETE"
    shown = db.describe_table(TableName=name)["Table"]
    assert shown["TableClassSummary"]["TableClass"] == "STANDARD_INFREQUENT_ACCESS"


def _scaled(least: int, **settings: Any) -> dict[str, Any]:
    tracking = {"TargetValue": "70", "ScaleInCooldown": 30}
    return {
        "MinCapacity": least,
        "MaxCapacity": "50",
        "TargetTrackingScalingPolicyConfiguration": tracking,
        **settings,
    }


def _provisioned(write: dict[str, Any], read: dict[str, Any]) -> dict[str, Any]:
    """Return a global table with an index, whose capacities are all scaled alike."""
    given = {
        name: value for name, value in GLOBAL.items() if name != "WriteOnDemandThroughputSettings"
    }
    ways = (
        {"WriteProvisionedThroughputSettings": {"WriteCapacityAutoScalingSettings": write}},
        {"ReadProvisionedThroughputSettings": {"ReadCapacityAutoScalingSettings": read}},
    )
    index = {**GLOBAL["GlobalSecondaryIndexes"][0], **ways[0]}
    replica = {
        "Region": GLOBAL["Replicas"][0]["Region"],
        "GlobalSecondaryIndexes": [{"IndexName": "by-g", **ways[1]}],
        **ways[1],
    }
    return {
        **given,
        **ways[0],
        "BillingMode": "PROVISIONED",
        "GlobalSecondaryIndexes": [index],
        "Replicas": [replica],
    }


def _capacities(cloud: CloudUnderTest, name: str) -> list[int]:
    """Return what the table and its index can write and read."""
    shown = cloud.client("dynamodb").describe_table(TableName=name)["Table"]
    return [
        each["ProvisionedThroughput"][f"{way}CapacityUnits"]
        for each in (shown, shown["GlobalSecondaryIndexes"][0])
        for way in ("Write", "Read")
    ]


def _targets(cloud: CloudUnderTest) -> dict[tuple[str, str], tuple[int, int]]:
    client = cloud.client("application-autoscaling")
    found = client.describe_scalable_targets(ServiceNamespace="dynamodb")["ScalableTargets"]
    return {
        (each["ResourceId"].partition("/index/")[2], each["ScalableDimension"]): (
            each["MinCapacity"],
            each["MaxCapacity"],
        )
        for each in found
    }


def test_a_global_tables_capacities_are_scaled(cloud: CloudUnderTest) -> None:
    scaling = cloud.client("application-autoscaling")
    properties = _provisioned(_scaled(3, SeedCapacity="9"), _scaled(4))
    status, outputs = _deploy(cloud, "GlobalTable", properties)
    assert status == "CREATE_COMPLETE"
    name = outputs["Name"]
    assert _capacities(cloud, name) == [9, 4, 9, 4]
    assert _targets(cloud) == {
        (index, f"dynamodb:{kind}:{way}CapacityUnits"): (least, 50)
        for kind, index in (("table", ""), ("index", "by-g"))
        for way, least in (("Write", 3), ("Read", 4))
    }
    policies = scaling.describe_scaling_policies(
        ServiceNamespace="dynamodb", ResourceId=f"table/{name}"
    )["ScalingPolicies"]
    names = sorted(policy["PolicyName"] for policy in policies)
    assert names == [f"DynamoDB{way}CapacityUtilization:table/{name}" for way in ("Read", "Write")]
    tracking = policies[0]["TargetTrackingScalingPolicyConfiguration"]
    assert (tracking["TargetValue"], tracking["ScaleInCooldown"]) == (70.0, 30)
    changed = _provisioned(_scaled(5), _scaled(6))
    assert _deploy(cloud, "GlobalTable", changed, update=True)[0] == "UPDATE_COMPLETE"
    assert _capacities(cloud, name) == [9, 6, 9, 6]  # kept, where it is enough
    cloud.client("cloudformation").delete_stack(StackName="things")
    cloud.advance(60)
    assert _targets(cloud) == {}


def test_scaling_begins_and_ends_with_provisioned_capacity(cloud: CloudUnderTest) -> None:
    status, outputs = _deploy(cloud, "GlobalTable", GLOBAL)
    assert (status, _targets(cloud)) == ("CREATE_COMPLETE", {})
    wanted = _provisioned(_scaled(3, SeedCapacity=9), _scaled(4, SeedCapacity=8))
    assert _deploy(cloud, "GlobalTable", wanted, update=True)[0] == "UPDATE_COMPLETE"
    assert _capacities(cloud, outputs["Name"]) == [9, 8, 9, 8]
    assert len(_targets(cloud)) == 4
    assert _deploy(cloud, "GlobalTable", GLOBAL, update=True)[0] == "UPDATE_COMPLETE"
    assert (_capacities(cloud, outputs["Name"]), _targets(cloud)) == ([0] * 4, {})


def test_a_second_replica_fails_the_stack(cloud: CloudUnderTest) -> None:
    replicas = [*GLOBAL["Replicas"], {"Region": "eu-west-1"}]
    status, _ = _deploy(cloud, "GlobalTable", {**GLOBAL, "Replicas": replicas})
    assert status == "ROLLBACK_COMPLETE"


def test_a_table_has_a_policy_and_warm_throughput(cloud: CloudUnderTest) -> None:
    db = cloud.client("dynamodb")
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "dynamodb:DeleteItem",
        "Resource": "*",
    }
    document = {"Version": "2012-10-17", "Statement": [statement]}
    properties = {
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": GLOBAL["AttributeDefinitions"][:1],
        "KeySchema": GLOBAL["KeySchema"],
        "StreamSpecification": GLOBAL["StreamSpecification"],
        "WarmThroughput": {"ReadUnitsPerSecond": "20000", "WriteUnitsPerSecond": 5000},
        "ResourcePolicy": {"PolicyDocument": document},
    }
    status, outputs = _deploy(cloud, "Table", properties)
    assert status == "CREATE_COMPLETE"
    shown = db.describe_table(TableName=outputs["Name"])["Table"]
    assert shown["WarmThroughput"]["ReadUnitsPerSecond"] == 20000
    policy = db.get_resource_policy(ResourceArn=shown["TableArn"])["Policy"]
    assert json.loads(policy) == document
