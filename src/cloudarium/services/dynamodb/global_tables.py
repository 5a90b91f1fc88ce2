"""`AWS::DynamoDB::GlobalTable` with one replica, in the stack's region: a table in other words.

Source: CloudFormation's template reference, `AWS::DynamoDB::GlobalTable`.
"""

from typing import Any

from cloudarium.core.resources import Property, Resource, ResourceRequest, ResourceType

from . import errors
from .resources import TABLE

_SAME = (
    "AttributeDefinitions",
    "BillingMode",
    "KeySchema",
    "LocalSecondaryIndexes",
    "SSESpecification",
    "TableName",
    "TimeToLiveSpecification",
    "WarmThroughput",
)
_OF_REPLICA = (
    "ContributorInsightsSpecification",
    "DeletionProtectionEnabled",
    "KinesisStreamSpecification",
    "PointInTimeRecoverySpecification",
    "ResourcePolicy",
    "TableClass",
    "Tags",
)


class _AsTable:
    """A request for a global table, with the properties of the table it is."""

    def __init__(self, resource: ResourceRequest) -> None:
        self._resource = resource
        self.properties = _table(resource.properties, resource.region)
        self.previous = _table(resource.previous, resource.region) if resource.previous else {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._resource, name)


def _table(given: dict[str, Any], region: str) -> dict[str, Any]:
    """A table's properties for a global table's. ValidationException for several replicas."""
    replicas = given.get("Replicas", [])
    if len(replicas) != 1 or replicas[0].get("Region") != region:
        raise errors.Unsupported(name=f"A replica outside {region}")
    replica = replicas[0]
    found = {name: given[name] for name in _SAME if name in given}
    found |= {name: replica[name] for name in _OF_REPLICA if name in replica}
    found.setdefault("BillingMode", "PROVISIONED")
    if "StreamSpecification" in given:
        found["StreamSpecification"] = given["StreamSpecification"]
    found |= _throughput(given, replica)
    own = {each["IndexName"]: each for each in replica.get("GlobalSecondaryIndexes", [])}
    indexes = [
        {
            **{name: each[name] for name in ("IndexName", "KeySchema", "Projection")},
            **({"WarmThroughput": each["WarmThroughput"]} if "WarmThroughput" in each else {}),
            **_throughput(each, own.get(each["IndexName"], {})),
        }
        for each in given.get("GlobalSecondaryIndexes", [])
    ]
    return {**found, "GlobalSecondaryIndexes": indexes} if indexes else found


def _throughput(given: dict[str, Any], replica: dict[str, Any]) -> dict[str, Any]:
    """`ProvisionedThroughput` and `OnDemandThroughput` for what is set apart for reads, writes."""
    write = given.get("WriteProvisionedThroughputSettings") or {}
    read = replica.get("ReadProvisionedThroughputSettings") or {}
    found: dict[str, Any] = {}
    scaled = write.get("WriteCapacityAutoScalingSettings") or {}
    units = scaled.get("SeedCapacity", scaled.get("MinCapacity"))
    if units is not None:
        scaled = read.get("ReadCapacityAutoScalingSettings") or {}
        least = scaled.get("SeedCapacity", scaled.get("MinCapacity", units))
        found["ProvisionedThroughput"] = {
            "ReadCapacityUnits": read.get("ReadCapacityUnits", least),
            "WriteCapacityUnits": units,
        }
    most = {
        **(given.get("WriteOnDemandThroughputSettings") or {}),
        **(replica.get("ReadOnDemandThroughputSettings") or {}),
    }
    return {**found, "OnDemandThroughput": most} if most else found


async def _create(resource: ResourceRequest) -> Resource:
    return await TABLE.create(_AsTable(resource))


async def _update(resource: ResourceRequest) -> Resource:
    assert TABLE.update is not None
    return await TABLE.update(_AsTable(resource))


async def _delete(resource: ResourceRequest) -> None:
    await TABLE.delete(resource)


GLOBAL_TABLE = ResourceType(
    name="AWS::DynamoDB::GlobalTable",
    properties={
        "AttributeDefinitions": Property(required=True),
        "BillingMode": Property(),
        "GlobalSecondaryIndexes": Property(),
        "KeySchema": Property(required=True, replaces=True),
        "LocalSecondaryIndexes": Property(replaces=True),
        "Replicas": Property(required=True),
        "SSESpecification": Property(),
        "StreamSpecification": Property(),
        "TableName": Property(replaces=True),
        "TimeToLiveSpecification": Property(),
        "WarmThroughput": Property(),
        "WriteOnDemandThroughputSettings": Property(),
        "WriteProvisionedThroughputSettings": Property(),
    },
    create=_create,
    update=_update,
    delete=_delete,
    attributes=("Arn", "StreamArn", "TableId"),
)
