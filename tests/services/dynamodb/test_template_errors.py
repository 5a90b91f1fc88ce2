"""What the resource types' handlers refuse themselves, in their words."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cloudarium.pytest_plugin import CloudUnderTest

from .support import index

READ = {"ReadCapacityUnits": 1}
UNITS = {"ProvisionedThroughput": {**READ, "WriteCapacityUnits": 1}}
SCALED = {"MinCapacity": 1, "MaxCapacity": 5}
WRITES = {"WriteProvisionedThroughputSettings": {"WriteCapacityAutoScalingSettings": SCALED}}
HERE, THERE = {"Region": "us-east-1"}, {"Region": "eu-west-1"}
STREAM = {"StreamSpecification": {"StreamViewType": "NEW_AND_OLD_IMAGES"}}
REQUEST = "Invalid request provided: "


def _defined(*names: str) -> dict[str, Any]:
    definitions = [{"AttributeName": name, "AttributeType": "S"} for name in names]
    return {"AttributeDefinitions": definitions}


TABLE: dict[str, Any] = {
    **_defined("id"),
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "BillingMode": "PAY_PER_REQUEST",
}
INDEXED = {**TABLE, **_defined("id", "g"), "GlobalSecondaryIndexes": [index("by-g", "g")]}
PROVISIONED = {"BillingMode": "PROVISIONED"}


def _reason(cloud: CloudUnderTest, kind: str, properties: dict[str, Any]) -> str:
    """Return the reason of the failure of a stack with this resource."""
    client = cloud.client("cloudformation")
    template = {"Resources": {"T": {"Type": f"AWS::DynamoDB::{kind}", "Properties": properties}}}
    client.create_stack(StackName="things", TemplateBody=json.dumps(template))
    cloud.advance(60)
    events = client.describe_stack_events(StackName="things")["StackEvents"]
    reasons = [str(each.get("ResourceStatusReason")) for each in events]
    found = next(each for each in reasons if each.startswith("Resource handler"))
    assert found.endswith("HandlerErrorCode: InvalidRequest)")
    return found.removeprefix('Resource handler returned message: "').rpartition('" (')[0]


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        (_defined("id", "id"), "An attribute appears more than once in AttributeDefinitions"),
        (
            _defined("other"),
            "An attribute referenced in a KeySchema element is not defined in AttributeDefinitions",
        ),
        (
            _defined("id", "other"),
            "Number of attributes in KeySchema does not exactly match "
            "number of attributes defined in AttributeDefinitions",
        ),
        (UNITS, "Property ProvisionedThroughput can't be used with PAY_PER_REQUEST BillingMode."),
        (PROVISIONED, "Property ProvisionedThroughput cannot be empty"),
        (
            {**INDEXED, **PROVISIONED, **UNITS},
            "Property ProvisionedThroughput cannot be empty",
        ),
        (
            {**PROVISIONED, **UNITS, "OnDemandThroughput": {"MaxReadRequestUnits": 5}},
            "Property MaxReadRequestUnits for OnDemandThroughput "
            "can't be used with PROVISIONED BillingMode.",
        ),
        (
            {"PointInTimeRecoverySpecification": {"RecoveryPeriodInDays": 5}},
            "Cannot set RecoveryPeriodInDays property when PointInTimeRecoveryEnabled is false",
        ),
        (
            {"TableClass": "CHEAP"},
            REQUEST
            + "The only valid values for TableClass are STANDARD and STANDARD_INFREQUENT_ACCESS",
        ),
        (
            {"TimeToLiveSpecification": {"Enabled": "true"}},
            REQUEST + "AttributeName property of TimeToLiveSpecification is required "
            "when TTL status is enabled or when enabling TTL.",
        ),
    ],
)
def test_a_table_is_refused(cloud: CloudUnderTest, changed: dict[str, Any], reason: str) -> None:
    assert _reason(cloud, "Table", {**TABLE, **changed}) == reason


STRONG = {"MultiRegionConsistency": "STRONG", "Replicas": [HERE, THERE, {"Region": "eu-west-2"}]}
_STRONG = " for global tables with MultiRegionConsistency set to STRONG"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        (
            {"Replicas": [THERE]},
            REQUEST + "The Replicas section must contain an entry for the current region",
        ),
        (
            {"Replicas": [HERE, THERE]},
            REQUEST + "You must specify StreamSpecification for a global table.",
        ),
        (
            {**STREAM, "Replicas": [{**HERE, "SSESpecification": {"KMSMasterKeyId": "k"}}, THERE]},
            REQUEST + "Either all replicas have a KMS key id specified, or no one of them.",
        ),
        (
            {"Replicas": [{**HERE, "GlobalSecondaryIndexes": [{"IndexName": "nope"}]}]},
            REQUEST + "IndexNames [nope] in ReplicaSpecification "
            "must refer to an existing index name",
        ),
        (
            PROVISIONED,
            REQUEST + "You must specify write AutoScale settings for the global table "
            "and each of its GSIs when BillingMode is Provisioned",
        ),
        (
            WRITES,
            REQUEST + "Read or Write ProvisionedThroughputSettings cannot be used "
            "with PAY_PER_REQUEST BillingMode.",
        ),
        (
            {"Replicas": [{**HERE, "ReadProvisionedThroughputSettings": READ}]},
            REQUEST + "Read or Write ProvisionedThroughputSettings cannot be used "
            "with PAY_PER_REQUEST BillingMode.",
        ),
        (
            {
                **PROVISIONED,
                **WRITES,
                "WriteOnDemandThroughputSettings": {"MaxWriteRequestUnits": 5},
            },
            "WriteOnDemandThroughputSettings cannot be specified for table "
            "when BillingMode is PROVISIONED",
        ),
        (
            {
                **PROVISIONED,
                **WRITES,
                "Replicas": [
                    {
                        **HERE,
                        "ReadProvisionedThroughputSettings": {
                            **READ,
                            "ReadCapacityAutoScalingSettings": SCALED,
                        },
                    }
                ],
            },
            REQUEST + "You cannot specify both ReadCapacityUnits and "
            "ReadCapacityAutoScalingSettings at the same time for one replica or GSI.",
        ),
        (
            {"ReadOnDemandThroughputSettings": {"MaxReadRequestUnits": 5}},
            REQUEST + "Table level ReadOnDemandThroughput settings cannot be set when Global Table "
            "Settings Replication is not ENABLED. Please enable Global Table Settings Replication "
            "on a replica or remove table-level ReadOnDemandThroughput settings.",
        ),
        (
            {**STREAM, "GlobalTableWitnesses": [THERE]},
            "Witnesses are not supported for global tables with MultiRegionConsistency "
            "set to EVENTUAL",
        ),
        ({"MultiRegionConsistency": "STRONG"}, "Unsupported replica count" + _STRONG),
        (
            {**STRONG, "TimeToLiveSpecification": {"Enabled": True, "AttributeName": "until"}},
            "Time To Live is not supported" + _STRONG,
        ),
        (
            {**STRONG, "LocalSecondaryIndexes": [index("by-g", "id", "g")]},
            "Local secondary indexes are not supported" + _STRONG,
        ),
    ],
)
def test_a_global_table_is_refused(
    cloud: CloudUnderTest, changed: dict[str, Any], reason: str
) -> None:
    assert _reason(cloud, "GlobalTable", {**TABLE, "Replicas": [HERE], **changed}) == reason
