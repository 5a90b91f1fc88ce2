"""`AWS::DynamoDB::GlobalTable` with one replica, in the stack's region: a table in other words.

Source: CloudFormation's template reference, `AWS::DynamoDB::GlobalTable`.
"""

from typing import Any

from cloudarium.core.resources import Property, Resource, ResourceRequest, ResourceType

from . import global_table_scaling as scaling
from .global_table_checks import check_global_table
from .resources import TABLE

Properties = dict[str, Any]

_SAME = (
    "AttributeDefinitions",
    "BillingMode",
    "KeySchema",
    "LocalSecondaryIndexes",
    "TableName",
    "TimeToLiveSpecification",
    "WarmThroughput",
)
_OF_INDEX = ("IndexName", "KeySchema", "Projection", "WarmThroughput")
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
    """A request for a global table, with the properties of the table it is.

    Capacities that are scaled are, before and after, as `present` (a TableDescription) says.
    """

    def __init__(self, resource: ResourceRequest, present: Properties | None = None) -> None:
        self._resource = resource
        self.properties = _table(resource.properties, resource.region)
        self.previous = _table(resource.previous, resource.region) if resource.previous else {}
        for target in scaling.targets(resource.properties):
            for table in (self.properties, self.previous):
                _keep_capacity(table, target, present or {})

    def __getattr__(self, name: str) -> Any:
        return getattr(self._resource, name)


def _keep_capacity(table: Properties, target: scaling.Target, present: Properties) -> None:
    """Sets a capacity to what it is, if there are such a table or index and such a capacity."""
    name, member = target[0], f"{target[1]}CapacityUnits"
    wanted, found = (
        each
        if not name
        else next((i for i in each.get("GlobalSecondaryIndexes", ()) if i["IndexName"] == name), {})
        for each in (table, present)
    )
    units = found.get("ProvisionedThroughput", {}).get(member)
    if units and "ProvisionedThroughput" in wanted:
        wanted["ProvisionedThroughput"][member] = units


def _table(given: Properties, region: str) -> Properties:
    """A table's properties for a global table's. ValidationException for what it cannot be."""
    check_global_table(given, region)
    replica = given["Replicas"][0]
    found = {name: given[name] for name in _SAME if name in given}
    found |= {name: replica[name] for name in _OF_REPLICA if name in replica}
    found.setdefault("BillingMode", "PROVISIONED")
    if "SSESpecification" in given:
        key = replica.get("SSESpecification") or {}
        found["SSESpecification"] = {**given["SSESpecification"], **key}
    if "StreamSpecification" in given:
        policy = replica.get("ReplicaStreamSpecification") or {}
        found["StreamSpecification"] = {**given["StreamSpecification"], **policy}
    found |= _throughput(given, replica)
    own = {each["IndexName"]: each for each in replica.get("GlobalSecondaryIndexes", [])}
    indexes = [
        _index(each, own.get(each["IndexName"], {}))
        for each in given.get("GlobalSecondaryIndexes", [])
    ]
    return {**found, "GlobalSecondaryIndexes": indexes} if indexes else found


def _index(given: Properties, replica: Properties) -> Properties:
    found = {name: given[name] for name in _OF_INDEX if name in given}
    if "ContributorInsightsSpecification" in replica:
        found["ContributorInsightsSpecification"] = replica["ContributorInsightsSpecification"]
    return {**found, **_throughput(given, replica)}


def _throughput(given: Properties, replica: Properties) -> Properties:
    """`ProvisionedThroughput` and `OnDemandThroughput` for what is set apart for reads, writes."""
    write = given.get("WriteProvisionedThroughputSettings") or {}
    read = replica.get("ReadProvisionedThroughputSettings") or {}
    found: Properties = {}
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
    made = await TABLE.create(_AsTable(resource))
    await scaling.begin(resource, made.physical_id, {}, scaling.targets(resource.properties))
    return made


async def _update(resource: ResourceRequest) -> Resource:
    assert TABLE.update is not None
    name = resource.physical_id
    old, new = scaling.targets(resource.previous), scaling.targets(resource.properties)
    await scaling.end(resource, name, old, new)
    answer = await resource.call("dynamodb", "DescribeTable", {"TableName": name})
    updated = await TABLE.update(_AsTable(resource, answer["Table"]))
    await scaling.begin(resource, name, old, new)
    return updated


async def _delete(resource: ResourceRequest) -> None:
    await scaling.end(resource, resource.physical_id, scaling.targets(resource.properties), {})
    await TABLE.delete(resource)


GLOBAL_TABLE = ResourceType(
    name="AWS::DynamoDB::GlobalTable",
    properties={
        "AttributeDefinitions": Property(required=True),
        "BillingMode": Property(),
        "GlobalSecondaryIndexes": Property(),
        "GlobalTableWitnesses": Property(),
        "KeySchema": Property(required=True, replaces=True),
        "LocalSecondaryIndexes": Property(replaces=True),
        "MultiRegionConsistency": Property(),
        "ReadOnDemandThroughputSettings": Property(),
        "ReadProvisionedThroughputSettings": Property(),
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
