"""`AWS::DynamoDB::Table`, through real stacks."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cloudarium.pytest_plugin import CloudUnderTest

from .support import index

STRINGS = {"AttributeType": "S"}
BASE: dict[str, Any] = {
    "AttributeDefinitions": [{"AttributeName": "id", **STRINGS}],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "ProvisionedThroughput": {"ReadCapacityUnits": "5", "WriteCapacityUnits": 1},
    "TimeToLiveSpecification": {"AttributeName": "expires", "Enabled": "true"},
    "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
    "Tags": [{"Key": "team", "Value": "red"}],
}


class Stack:
    """A stack of one table."""

    def __init__(self, cloud: CloudUnderTest) -> None:
        self.cloud = cloud
        self.client = cloud.client("cloudformation")
        self.db = cloud.client("dynamodb")

    def deploy(self, properties: dict[str, Any], *, update: bool = False) -> str:
        """Create or update the stack; its status afterwards."""
        body = {
            "Resources": {"Table": {"Type": "AWS::DynamoDB::Table", "Properties": properties}},
            "Outputs": {
                "Name": {"Value": {"Ref": "Table"}},
                "Arn": {"Value": {"Fn::GetAtt": ["Table", "Arn"]}},
            },
        }
        operation = self.client.update_stack if update else self.client.create_stack
        operation(StackName="things", TemplateBody=json.dumps(body))
        self.cloud.advance(60)
        return str(self._stack()["StackStatus"])

    def _stack(self) -> dict[str, Any]:
        return dict(self.client.describe_stacks(StackName="things")["Stacks"][0])

    @property
    def outputs(self) -> dict[str, str]:
        """The stack's outputs."""
        return {each["OutputKey"]: each["OutputValue"] for each in self._stack()["Outputs"]}

    @property
    def table(self) -> dict[str, Any]:
        """The table's description."""
        return dict(self.db.describe_table(TableName=self.outputs["Name"])["Table"])

    @property
    def tags(self) -> dict[str, str]:
        """The table's tags but for CloudFormation's own."""
        found = self.db.list_tags_of_resource(ResourceArn=self.outputs["Arn"])["Tags"]
        return {tag["Key"]: tag["Value"] for tag in found if not tag["Key"].startswith("aws:")}


def test_a_table_is_made_changed_and_deleted(cloud: CloudUnderTest) -> None:
    stack = Stack(cloud)
    assert stack.deploy(BASE) == "CREATE_COMPLETE"
    name = stack.outputs["Name"]
    assert name.startswith("things-Table-")
    assert stack.outputs["Arn"].endswith(f":table/{name}")
    assert stack.table["ProvisionedThroughput"]["ReadCapacityUnits"] == 5
    ttl = stack.db.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    assert ttl == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires"}
    backups = stack.db.describe_continuous_backups(TableName=name)
    recovery = backups["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
    assert recovery["PointInTimeRecoveryStatus"] == "ENABLED"
    assert stack.tags == {"team": "red"}
    changed = {
        **BASE,
        "AttributeDefinitions": [*BASE["AttributeDefinitions"], {"AttributeName": "g", **STRINGS}],
        "GlobalSecondaryIndexes": [index("by-g", "g")],
        "BillingMode": "PAY_PER_REQUEST",
        "DeletionProtectionEnabled": "false",
        "Tags": [{"Key": "cost", "Value": "1"}],
    }
    for gone in ("ProvisionedThroughput", "TimeToLiveSpecification"):
        del changed[gone]
    cloud.advance(3600)
    assert stack.deploy(changed, update=True) == "UPDATE_COMPLETE"
    assert stack.outputs["Name"] == name
    assert stack.table["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    assert stack.table["GlobalSecondaryIndexes"][0]["IndexStatus"] == "ACTIVE"
    ttl = stack.db.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    assert ttl["TimeToLiveStatus"] == "DISABLED"
    assert stack.tags == {"cost": "1"}
    stack.client.delete_stack(StackName="things")
    cloud.advance(60)
    assert stack.db.list_tables()["TableNames"] == []


def test_another_key_replaces_the_table(cloud: CloudUnderTest) -> None:
    stack = Stack(cloud)
    stack.deploy(BASE)
    name = stack.outputs["Name"]
    other = {
        **BASE,
        "AttributeDefinitions": [{"AttributeName": "key", **STRINGS}],
        "KeySchema": [{"AttributeName": "key", "KeyType": "HASH"}],
    }
    assert stack.deploy(other, update=True) == "UPDATE_COMPLETE"
    assert stack.outputs["Name"] != name
    assert stack.db.list_tables()["TableNames"] == [stack.outputs["Name"]]


def test_what_cannot_be_made_fails_the_stack(cloud: CloudUnderTest) -> None:
    stack = Stack(cloud)
    kinesis = {**BASE, "KinesisStreamSpecification": {"StreamArn": "arn:aws:kinesis:::x"}}
    assert stack.deploy(kinesis) == "ROLLBACK_COMPLETE"
    assert stack.db.list_tables()["TableNames"] == []


def test_an_index_goes_before_the_billing_mode_changes(cloud: CloudUnderTest) -> None:
    stack = Stack(cloud)
    names = ("id", "g", "h")
    definitions = [{"AttributeName": name, **STRINGS} for name in names]
    units = {"ProvisionedThroughput": BASE["ProvisionedThroughput"]}
    on_demand = {
        "AttributeDefinitions": definitions,
        "KeySchema": BASE["KeySchema"],
        "BillingMode": "PAY_PER_REQUEST",
        "TableClass": "STANDARD_INFREQUENT_ACCESS",
        "GlobalSecondaryIndexes": [index("by-g", "g"), index("by-h", "h")],
    }
    assert stack.deploy(on_demand) == "CREATE_COMPLETE"
    provisioned = {
        "AttributeDefinitions": definitions[:2],
        "KeySchema": BASE["KeySchema"],
        "GlobalSecondaryIndexes": [{**index("by-g", "g"), **units}],
        **units,
    }
    assert stack.deploy(provisioned, update=True) == "UPDATE_COMPLETE"
    assert [each["IndexName"] for each in stack.table["GlobalSecondaryIndexes"]] == ["by-g"]
    assert stack.table["BillingModeSummary"]["BillingMode"] == "PROVISIONED"
    assert stack.table["TableClassSummary"]["TableClass"] == "STANDARD"


def test_a_stream_comes_and_goes(cloud: CloudUnderTest) -> None:
    stack = Stack(cloud)
    for view in ("NEW_IMAGE", "KEYS_ONLY"):
        streaming = {**BASE, "StreamSpecification": {"StreamViewType": view}}
        done = stack.deploy(streaming, update=view == "KEYS_ONLY")
        assert done in ("CREATE_COMPLETE", "UPDATE_COMPLETE")
        assert stack.table["StreamSpecification"]["StreamViewType"] == view
    assert stack.deploy(BASE, update=True) == "UPDATE_COMPLETE"
    assert "StreamSpecification" not in stack.table


IMPORT = {
    "InputFormat": "CSV",
    "InputFormatOptions": {"Csv": {"Delimiter": ";"}},
    "S3BucketSource": {"S3Bucket": "bucket", "S3KeyPrefix": "rows"},
}


def test_a_table_is_made_of_what_is_in_a_bucket(cloud: CloudUnderTest) -> None:
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket="bucket")
    s3.put_object(Bucket="bucket", Key="rows.csv", Body=b"id;name\n1;ann\n2;bob\n")
    stack = Stack(cloud)
    wanted = {
        **BASE,
        "ImportSourceSpecification": IMPORT,
        "StreamSpecification": {"StreamViewType": "NEW_IMAGE"},
        "DeletionProtectionEnabled": False,
    }
    assert stack.deploy(wanted) == "CREATE_COMPLETE"
    found = stack.db.scan(TableName=stack.outputs["Name"])["Items"]
    assert sorted(item["name"]["S"] for item in found) == ["ann", "bob"]
    assert stack.table["StreamSpecification"]["StreamViewType"] == "NEW_IMAGE"
    assert stack.table["ProvisionedThroughput"]["ReadCapacityUnits"] == 5
    assert stack.tags == {"team": "red"}
    changed = {**wanted, "Tags": []}
    name = stack.outputs["Name"]
    assert stack.deploy(changed, update=True) == "UPDATE_COMPLETE"
    assert (stack.outputs["Name"], stack.tags) == (name, {})


def test_an_import_that_fails_fails_the_stack(cloud: CloudUnderTest) -> None:
    stack = Stack(cloud)
    assert stack.deploy({**BASE, "ImportSourceSpecification": IMPORT}) == "ROLLBACK_COMPLETE"
    events = stack.client.describe_stack_events(StackName="things")["StackEvents"]
    assert any("S3NoSuchBucket" in each.get("ResourceStatusReason", "") for each in events)
    assert stack.db.list_tables()["TableNames"] == []


def test_an_index_has_insights_and_a_stream_a_policy(cloud: CloudUnderTest) -> None:
    stack = Stack(cloud)
    statement = {"Effect": "Deny", "Principal": "*", "Action": "dynamodb:GetRecords"}
    document = {"Version": "2012-10-17", "Statement": [{**statement, "Resource": "*"}]}
    by_g = {
        **index("by-g", "g"),
        "ProvisionedThroughput": BASE["ProvisionedThroughput"],
        "ContributorInsightsSpecification": {"Enabled": True, "Mode": "THROTTLED_KEYS"},
    }
    definitions = [*BASE["AttributeDefinitions"], {"AttributeName": "g", **STRINGS}]
    wanted = {
        **BASE,
        "AttributeDefinitions": definitions,
        "GlobalSecondaryIndexes": [by_g],
        "StreamSpecification": {
            "StreamViewType": "NEW_IMAGE",
            "ResourcePolicy": {"PolicyDocument": document},
        },
    }
    assert stack.deploy(wanted) == "CREATE_COMPLETE"
    name = stack.outputs["Name"]

    def insights() -> str:
        shown = stack.db.describe_contributor_insights(TableName=name, IndexName="by-g")
        return f"{shown['ContributorInsightsStatus']} {shown['ContributorInsightsMode']}"

    assert insights() == "ENABLED THROTTLED_KEYS"
    policy = stack.db.get_resource_policy(ResourceArn=stack.table["LatestStreamArn"])["Policy"]
    assert json.loads(policy) == document
    del by_g["ContributorInsightsSpecification"]
    del wanted["StreamSpecification"]["ResourcePolicy"]
    assert stack.deploy(wanted, update=True) == "UPDATE_COMPLETE"
    assert insights().startswith("DISABLED")
    with pytest.raises(stack.db.exceptions.PolicyNotFoundException):
        stack.db.get_resource_policy(ResourceArn=stack.table["LatestStreamArn"])
