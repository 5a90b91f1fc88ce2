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
