"""What UpdateTable changes."""

from collections.abc import Iterable
from typing import Any

from cloudarium.core.context import Context, Request

from . import (
    admission,
    change_quotas,
    errors,
    limits,
    quotas,
    schemas,
    storage,
    stream_errors,
    streams,
    throughputs,
    update_errors,
    vector_errors,
    vector_schemas,
)
from .descriptions import key_schema
from .tables import Index, Table, Throughput

UNSUPPORTED = (
    "DisassociationProtectionEnabled",
    "GlobalTableSettingsReplicationMode",
    "GlobalTableWitnessUpdates",
    "MultiRegionConsistency",
    "ReplicaUpdates",
)


def change(ctx: Context, table: Table, request: Request) -> None:
    """Applies an UpdateTable request to a table, which is UPDATING until a job is done with it.

    Raises ValidationException and others, having changed nothing but `table`.
    """
    updates = request.get("GlobalSecondaryIndexUpdates") or []
    _change_billing(ctx, table, request, updates)
    provisioned = table.is_provisioned
    table.maximum = throughputs.maximum_of(request, is_provisioned=provisioned, old=table.maximum)
    table.warm = throughputs.warm_of(request, table, table)
    if request.get("DeletionProtectionEnabled") not in (None, table.is_protected):
        change_quotas.note_protection(ctx, table)
        table.is_protected = request["DeletionProtectionEnabled"]
    if "TableClass" in request:
        _change_class(ctx, table, request["TableClass"])
    if "SSESpecification" in request:
        _change_encryption(ctx, table, request["SSESpecification"])
    if "StreamSpecification" in request:
        set_stream(ctx, table, request["StreamSpecification"])
    of_vectors = request.get("VectorIndexUpdates") or []
    if len(of_vectors) + sum("Create" in each or "Delete" in each for each in updates) > 1:
        raise update_errors.OneIndexChange()
    _change_indexes(ctx, table, request, updates)
    for each in of_vectors:
        _change_vectors(ctx, table, each)
    schemas.forget_types(table)
    quotas.check_capacity(ctx, table)
    _note_changes(table, request)
    if admission.is_updating(table):
        table.status = "UPDATING"
    ctx.schedule("update", {"table": table.name, "id": table.id})


def _note_changes(table: Table, request: Request) -> None:
    """Notes what is under way until a job is done with it."""
    if "ProvisionedThroughput" in request or "BillingMode" in request:
        table.changing["units"] = ""
    if "BillingMode" in request:
        table.changing["billing"] = ""
    if "StreamSpecification" in request:
        enabled = request["StreamSpecification"]["StreamEnabled"]
        table.changing["stream"] = "ENABLE" if enabled else "DISABLE"
    if "TableClass" in request:
        table.changing["class"] = request["TableClass"]
    if "SSESpecification" in request:
        table.changing["encryption"] = ""
    if "WarmThroughput" in request:
        table.changing["warm"] = ""


def _change_class(ctx: Context, table: Table, wanted: str) -> None:
    if wanted == (table.table_class or "STANDARD"):
        change_quotas.check_class(ctx, table)
        return
    change_quotas.note_class(ctx, table)
    table.table_class = wanted


def _change_encryption(ctx: Context, table: Table, given: dict[str, Any]) -> None:
    wanted = schemas.encryption(ctx, given)
    if wanted is None and table.encryption is None:
        raise update_errors.EncryptedByDefault()
    if table.encryption and given.get("KMSMasterKeyId") == table.encryption["KMSMasterKeyArn"]:
        raise update_errors.EncryptedAlready()
    change_quotas.note_encryption(ctx, table)
    table.encryption = wanted


def set_stream(ctx: Context, table: Table, given: dict[str, Any]) -> None:
    """Enables or disables a table's stream as a `StreamSpecification` says."""
    if given["StreamEnabled"]:
        if table.stream is not None:
            raise stream_errors.StreamEnabled(name=table.name)
        if "StreamViewType" not in given:
            raise stream_errors.StreamViewMissing()
        streams.enable(ctx, table, given["StreamViewType"], key_schema(table))
    else:
        if "StreamViewType" in given:
            raise stream_errors.StreamViewUnwanted()
        if table.stream is None:
            raise stream_errors.StreamMissing(name=table.name)
        streams.disable(ctx, table)
        table.stream = None


def _change_billing(
    ctx: Context, table: Table, request: Request, updates: list[dict[str, Any]]
) -> None:
    given = request.get("ProvisionedThroughput")
    billing = request.get("BillingMode", table.billing)
    throughputs.keep_warm(table)
    if billing == "PAY_PER_REQUEST":
        if given is not None:
            raise errors.ThroughputOnDemand()
        if table.is_provisioned:
            table.changing["on demand"] = ""
            table.throughput = Throughput()
            for index in table.indexes.values():
                index.throughput = Throughput()
    elif given is not None:
        asked = schemas.throughput_of(given)
        new = (asked.read, asked.write)
        if table.is_provisioned and new == (table.throughput.read, table.throughput.write):
            raise update_errors.ThroughputUnchanged(kind="table", read=new[0], write=new[1])
        table.throughput = throughputs.changed(ctx, table.throughput, *new)
    elif request.get("BillingMode") == "PROVISIONED":
        raise update_errors.ThroughputMissing()
    if billing == "PROVISIONED" and table.vectors:
        raise vector_errors.MustBeOnDemand()
    if billing == "PROVISIONED" and not table.is_provisioned:
        _require_index_throughput(table, updates)
        for keyed in throughputs.keyed_of(table):
            keyed.maximum = None
    table.billing = billing


def _require_index_throughput(table: Table, updates: list[dict[str, Any]]) -> None:
    given = {each["Update"]["IndexName"] for each in updates if "Update" in each}
    for index in table.indexes.values():
        if index.is_global and index.name not in given:
            raise update_errors.IndexThroughputMissing(name=index.name)


def _check_defined(table: Table, request: Request, updates: list[dict[str, Any]]) -> None:
    made = [each["Create"]["IndexName"] for each in updates if "Create" in each]
    for name in made:
        if name not in table.indexes and request.get("AttributeDefinitions") is None:
            raise update_errors.DefinitionsMissing(name=name)


def _check_redefined(table: Table, given: dict[str, str], updates: list[dict[str, Any]]) -> None:
    """Refuses a new index with a key attribute that is a key already, of another type."""
    types = table.types | given
    for each in updates:
        made = each.get("Create")
        if made is None or made["IndexName"] in table.indexes:
            continue
        kinds = {element["AttributeName"]: element["KeyType"] for element in made["KeySchema"]}
        old = _conflicting(table, kinds, types)
        if old is not None:
            raise update_errors.Redefined(old=old, new=_schema(kinds, types))


def _conflicting(table: Table, names: Iterable[str], types: dict[str, str]) -> str | None:
    """The schema a table has where one of `names` is not of its type in `types`."""
    for vector in table.vectors.values():
        if vector.attribute in names:
            shown = f"key{{{vector.attribute}:L:{vector.dimensions}}}"
            return f"VectorIndexSchema:[VectorAttribute: {shown}]"
    for name in names:
        if types.get(name) != table.types.get(name, types.get(name)):
            schemata: tuple[Table | Index, ...] = (table, *table.indexes.values())
            old = next((each for each in schemata if name in each.keys), table)
            kinds = {name: "HASH" if name in old.hashes else "RANGE" for name in old.keys}
            return _schema(kinds, table.types)
    return None


def _schema(kinds: dict[str, str], types: dict[str, str]) -> str:
    elements = (
        f"SchemaElement: key{{{name}:{types.get(name)}:{kind}}}" for name, kind in kinds.items()
    )
    return f"Schema:[{', '.join(elements)}]"


def _change_indexes(
    ctx: Context, table: Table, request: Request, updates: list[dict[str, Any]]
) -> None:
    if any("Create" in each for each in (*updates, *(request.get("VectorIndexUpdates") or ()))):
        _check_defined(table, request, updates)
        given = schemas.defined_types(request.get("AttributeDefinitions") or [])
        _check_redefined(table, given, updates)
        table.types = given | table.types  # what no index made here has stays as it is
    for each in updates:
        if "Create" in each:
            _create_index(ctx, table, each["Create"])
        elif "Delete" in each:
            _delete_index(ctx, table, each["Delete"]["IndexName"])
        elif "Update" in each:
            _update_index(ctx, table, each["Update"])


def _change_vectors(ctx: Context, table: Table, given: dict[str, Any]) -> None:
    payload: dict[str, Any] = {"table": table.name, "id": table.id}
    if "Create" in given:
        _check_new(table, given["Create"]["IndexName"])
        index = vector_schemas.add(ctx, table, given["Create"])
        index.status, index.backfilling, index.allocating = "CREATING", True, True
        place = {"index": index.name, "partition": "", "sort": ""}
        ctx.schedule("backfill_vectors", payload | place)
    elif "Delete" in given:
        name = given["Delete"]["IndexName"]
        if name not in table.vectors:
            raise update_errors.IndexNotFound(name=name, table=table.name)
        table.vectors[name].status = "DELETING"
        ctx.schedule("drop_vectors", payload | {"index": name})


def _check_new(table: Table, name: str) -> None:
    if name in table.indexes or name in table.vectors:
        raise update_errors.IndexExists()


def _create_index(ctx: Context, table: Table, given: dict[str, Any]) -> None:
    _check_new(table, given["IndexName"])
    if table.is_provisioned and given.get("ProvisionedThroughput") is None:
        raise update_errors.IndexUnitsMissing(name=given["IndexName"])
    index = schemas.index_of(table, given, is_global=True)
    if sum(each.is_global for each in table.indexes.values()) >= limits.GLOBAL_INDEXES:
        raise update_errors.TooManyGlobal()
    index.space = storage.new_space(ctx)
    index.status, index.backfilling, index.allocating = "CREATING", True, True
    table.indexes[index.name] = index
    payload = {"table": table.name, "id": table.id, "index": index.name}
    ctx.schedule("backfill", {**payload, "partition": "", "sort": ""})


def _delete_index(ctx: Context, table: Table, name: str) -> None:
    _global_index(table, name, "delete").status = "DELETING"
    payload = {"table": table.name, "id": table.id, "index": name}
    ctx.schedule("drop_index", payload)


def _update_index(ctx: Context, table: Table, given: dict[str, Any]) -> None:
    name, units = given["IndexName"], given.get("ProvisionedThroughput")
    index = _global_index(table, name, "update")
    provisioned = table.is_provisioned
    others = "WarmThroughput" in given or bool(given.get("OnDemandThroughput"))
    index.maximum = throughputs.maximum_of(
        given, is_provisioned=provisioned, old=index.maximum, index=name
    )
    index.warm = throughputs.warm_of(given, table, index)
    if "WarmThroughput" in given:
        table.changing[f"warm/{name}"] = ""
    if units is not None or "OnDemandThroughput" in given:
        index.status = "UPDATING"
    if units is not None and not provisioned:
        raise update_errors.IndexThroughputOnDemand(name=name)
    if units is None and not others:
        if provisioned:
            raise update_errors.IndexThroughputMissing(name=name)
        raise update_errors.IndexUpdateOnDemand(name=name)
    if units is not None:
        _set_throughput(ctx, index, schemas.throughput_of(units, name))


def _set_throughput(ctx: Context, index: Index, asked: Throughput) -> None:
    present = index.throughput
    if (asked.read, asked.write) == (present.read, present.write):
        raise update_errors.IndexThroughputUnchanged(
            name=index.name, kind="index", read=asked.read, write=asked.write
        )
    index.throughput = throughputs.changed(ctx, present, asked.read, asked.write)


def _global_index(table: Table, name: str, verb: str) -> Index:
    index = table.indexes.get(name)
    if index is None:
        raise update_errors.IndexNotFound(name=name, table=table.name)
    if not index.is_global:
        raise update_errors.NotGlobal(verb=verb, name=name)
    return index
