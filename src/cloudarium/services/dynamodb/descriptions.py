"""Tables as DescribeTable shows them."""

from typing import Any

from cloudarium.core.context import Context

from . import storage, throughputs, vector_schemas
from .tables import Index, Maximum, Table, Throughput

_KEPT = (
    "TableName",
    "TableStatus",
    "ProvisionedThroughput",
    "TableSizeBytes",
    "ItemCount",
    "TableArn",
    "TableId",
    "DeletionProtectionEnabled",
    "BillingModeSummary",
)


def table_description(ctx: Context, table: Table) -> dict[str, Any]:
    """A `TableDescription`. Item counts and sizes are exact, not some hours old as on AWS.

    Attributes are in the order of their names, and so are those an index projects.
    """
    items, size = storage.totals(ctx, table.space)
    description: dict[str, Any] = {
        "AttributeDefinitions": [
            {"AttributeName": name, "AttributeType": kind}
            for name, kind in sorted(table.types.items())
        ],
        "TableName": table.name,
        "KeySchema": key_schema(table),
        "TableStatus": table.status,
        "CreationDateTime": table.created,
        "ProvisionedThroughput": _throughput(table.throughput),
        "TableSizeBytes": size,
        "ItemCount": items,
        "TableArn": table.arn,
        "TableId": table.id,
        "DeletionProtectionEnabled": table.is_protected,
    }
    if _is_warmth_told(table, table):
        description["WarmThroughput"] = _warm(table, table)
    description |= _settings(table)
    for member, is_global in (("LocalSecondaryIndexes", False), ("GlobalSecondaryIndexes", True)):
        found = [
            _index(ctx, table, index)
            for index in table.indexes.values()
            if index.is_global == is_global
        ]
        if found:
            description[member] = found
    if table.vectors:
        description["VectorIndexes"] = [
            vector_schemas.description(ctx, table, index) for index in table.vectors.values()
        ]
    return description


def deleted_description(ctx: Context, table: Table) -> dict[str, Any]:
    """The little that is told of a table that is being deleted."""
    description = table_description(ctx, table)
    return {name: description[name] for name in _KEPT if name in description}


def updated_description(ctx: Context, old: Table, new: Table) -> dict[str, Any]:
    """What UpdateTable answers: capacity, class and key as they were before, as users measured.

    A table that goes on demand has no capacity at once.
    """
    keeps_capacity = new.is_provisioned
    before, shown = table_description(ctx, old), table_description(ctx, new)
    status = shown["WarmThroughput"]["Status"]
    shown["WarmThroughput"] = before["WarmThroughput"] | {"Status": status}
    if keeps_capacity:
        shown["ProvisionedThroughput"] = before["ProvisionedThroughput"]
    for member in ("TableClassSummary", "SSEDescription"):
        present, past = shown.pop(member, {}), before.get(member, {})
        found = past | {"Status": present["Status"]} if "Status" in present else past
        if found:
            shown[member] = found
    known = {index["IndexName"]: index for index in before.get("GlobalSecondaryIndexes", ())}
    for index in shown.get("GlobalSecondaryIndexes", ()):
        past = known.get(index["IndexName"], index)
        if keeps_capacity:
            index["ProvisionedThroughput"] = past["ProvisionedThroughput"]
        status = index["WarmThroughput"]["Status"]
        index["WarmThroughput"] = past["WarmThroughput"] | {"Status": status}
    return shown


def _settings(table: Table) -> dict[str, Any]:
    """What is described only of tables that have it."""
    settings: dict[str, Any] = {}
    if table.on_demand_since is not None or not table.is_provisioned:
        since = None if table.status == "CREATING" else table.on_demand_since
        settings["BillingModeSummary"] = {
            "BillingMode": table.billing,
            "LastUpdateToPayPerRequestDateTime": since,
        }
    if table.maximum is not None:
        settings["OnDemandThroughput"] = _maximum(table.maximum)
    if table.table_class is not None:
        last = table.class_changes[-1] if table.class_changes else None
        summary = {"TableClass": table.table_class, "LastUpdateDateTime": last}
        settings["TableClassSummary"] = summary
    if table.encryption is not None:
        settings["SSEDescription"] = table.encryption
    if "encryption" in table.changing:
        settings["SSEDescription"] = (table.encryption or {}) | {"Status": "UPDATING"}
    if table.stream is not None:
        view = table.stream["view"]
        settings["StreamSpecification"] = {"StreamEnabled": True, "StreamViewType": view}
    label = table.stream["label"] if table.stream is not None else table.last_stream
    if label is not None:
        settings["LatestStreamLabel"] = label
        settings["LatestStreamArn"] = f"{table.arn}/stream/{label}"
    if table.is_restoring:
        settings["RestoreSummary"] = table.restored
    return settings


def _index(ctx: Context, table: Table, index: Index) -> dict[str, Any]:
    entries, size = storage.totals(ctx, index.space)
    projection: dict[str, Any] = {"ProjectionType": index.projection}
    if index.non_key:
        projection["NonKeyAttributes"] = sorted(index.non_key)
    description: dict[str, Any] = {
        "IndexName": index.name,
        "KeySchema": key_schema(index),
        "Projection": projection,
        "IndexSizeBytes": size,
        "ItemCount": entries,
        "IndexArn": f"{table.arn}/index/{index.name}",
    }
    if index.is_global:
        description["IndexStatus"] = "CREATING" if table.status == "CREATING" else index.status
        description["ProvisionedThroughput"] = _throughput(index.throughput)
        if _is_warmth_told(table, index):
            description["WarmThroughput"] = _warm(table, index)
        if index.maximum is not None:
            description["OnDemandThroughput"] = _maximum(index.maximum)
        if index.backfilling:
            description["Backfilling"] = not index.allocating
    return description


def _is_warmth_told(table: Table, keyed: Table | Index) -> bool:
    """Of a table being made it is told only how warm it was asked to be."""
    return table.status != "CREATING" or keyed.warm is not None


def key_schema(keyed: Table | Index) -> list[dict[str, str]]:
    """A `KeySchema`."""
    kinds = [("HASH", name) for name in keyed.hashes] + [("RANGE", name) for name in keyed.ranges]
    return [{"AttributeName": name, "KeyType": kind} for kind, name in kinds]


def _throughput(throughput: Throughput) -> dict[str, Any]:
    return {
        "NumberOfDecreasesToday": throughput.decreases,
        "ReadCapacityUnits": throughput.read,
        "WriteCapacityUnits": throughput.write,
        "LastIncreaseDateTime": throughput.increased,
        "LastDecreaseDateTime": throughput.decreased,
    }


def _warm(table: Table, keyed: Table | Index) -> dict[str, Any]:
    """A `WarmThroughput`: what was asked for, but at least what there is anyway."""
    given = keyed.warm or {}
    least = throughputs.warm_least(table, keyed)
    kind = f"warm/{keyed.name}" if isinstance(keyed, Index) else "warm"
    return {
        "ReadUnitsPerSecond": max(given.get("ReadUnitsPerSecond", 0), least[0]),
        "WriteUnitsPerSecond": max(given.get("WriteUnitsPerSecond", 0), least[1]),
        "Status": "UPDATING" if kind in table.changing else "ACTIVE",
    }


def _maximum(maximum: Maximum) -> dict[str, int]:
    return {
        "MaxReadRequestUnits": -1 if maximum.read is None else maximum.read,
        "MaxWriteRequestUnits": -1 if maximum.write is None else maximum.write,
    }
