"""Key schemas, indexes and throughput as requests state them: checked, and made into tables.

The order of the checks is the service's, so that a request wrong in several ways gets its error.
"""

from collections.abc import Iterable
from typing import Any

from cloudarium.core import managed_keys
from cloudarium.core.context import Context, Request

from . import (
    errors,
    limits,
    projections,
    quota_errors,
    quotas,
    storage,
    tables,
    throughputs,
    update_errors,
    vector_schemas,
)
from .tables import Index, Table, Throughput

_UNSUPPORTED = (
    "GlobalTableSourceArn",
    "GlobalTableSettingsReplicationMode",
)


def new_table(ctx: Context, request: Request) -> Table:
    """The table a CreateTable request describes, with its spaces. ValidationException if wrong."""
    refuse_unsupported(request, _UNSUPPORTED)
    name = tables.table_name(ctx, request["TableName"])
    check_name(name)
    for member in ("KeySchema", "AttributeDefinitions"):
        if request.get(member) is None:
            raise errors.RequiredMember(path=member[0].lower() + member[1:])
    billing = request.get("BillingMode", "PROVISIONED")
    throughput = _table_throughput(request.get("ProvisionedThroughput"), billing)
    types = defined_types(request["AttributeDefinitions"])
    _check_length(request["KeySchema"], "keySchema")
    hash_key, range_key = key_schema(request["KeySchema"], types)
    table = Table(
        account=ctx.account,
        region=ctx.region,
        name=name,
        id=ctx.ids.uuid(),
        space=0,
        created=ctx.now,
        hash=hash_key,
        range=range_key,
        types=types,
        indexes={},
        billing=billing,
        throughput=throughput,
        on_demand_since=None if billing == "PROVISIONED" else ctx.now,
        is_protected=request.get("DeletionProtectionEnabled", False),
        table_class=request.get("TableClass"),
        encryption=encryption(ctx, request.get("SSESpecification")),
        maximum=throughputs.maximum_of(request, is_provisioned=billing == "PROVISIONED"),
    )
    table.warm = throughputs.warm_of(request, table)
    _add_indexes(table, request)
    vector_schemas.add_all(ctx, table, request.get("VectorIndexes"))
    check_definitions(table)
    quotas.check_capacity(ctx, table)
    table.space = storage.new_space(ctx)
    for index in table.indexes.values():
        index.space = storage.new_space(ctx)
    return table


def refuse_unsupported(request: Request, members: Iterable[str]) -> None:
    """Raises ValidationException for what this service does not have."""
    for member in members:
        value = request.get(member)
        if value is None or value == []:
            continue
        raise errors.Unsupported(name=member)


def check_name(name: str) -> None:
    """Raises ValidationException unless a new table can be called so."""
    if len(name) < limits.TABLE_NAME_MIN:
        raise errors.TableNameShort(name=name)
    tables.check_name(name)


def defined_types(definitions: list[dict[str, str]]) -> dict[str, str]:
    """`AttributeDefinitions` as a dict."""
    types = {each["AttributeName"]: each["AttributeType"] for each in definitions}
    if len(types) != len(definitions):
        names = [each["AttributeName"] for each in definitions]
        raise errors.SameAttributeTwice(name=next(n for n in names if names.count(n) > 1))
    return types


def key_schema(schema: list[dict[str, str]], types: dict[str, str]) -> tuple[str, str | None]:
    """The partition key's name and the sort key's, if there is one."""
    if schema[0]["KeyType"] != "HASH":
        raise errors.KeySchemaFirst()
    names = [element["AttributeName"] for element in schema]
    if len(schema) > 1:
        if schema[1]["KeyType"] != "RANGE":
            raise errors.KeySchemaSecond()
        if names[0] == names[1]:
            raise errors.KeySchemaSameName()
    if any(name not in types for name in names):
        raise errors.KeySchemaUndefined(keys=_listed(names), defined=_listed(types))
    return names[0], names[1] if len(names) > 1 else None


def index_schema(
    name: str, schema: list[dict[str, str]], types: dict[str, str], is_global: bool
) -> tuple[list[str], list[str]]:
    """The attributes of an index's partition key and of its sort key."""
    if len(schema) <= 2 and [element["KeyType"] for element in schema] != ["HASH", "HASH"]:
        hash_key, range_key = key_schema(schema, types)
        return [hash_key], [] if range_key is None else [range_key]
    if not is_global:
        _check_length(schema, "localSecondaryIndexes.1.member.keySchema")
    kinds = [element["KeyType"] for element in schema]
    names = [element["AttributeName"] for element in schema]
    count = kinds.count("HASH")
    if count == 0:
        raise errors.KeySchemaFirst()
    if kinds != sorted(kinds):  # HASH before RANGE
        raise errors.KeySchemaOrder()
    for kind in ("HASH", "RANGE"):
        if kinds.count(kind) > limits.INDEX_KEYS:
            raise errors.KeySchemaTooMany(kind=kind)
    if len(set(names)) != len(names):
        raise errors.KeySchemaDuplicate()
    if any(each not in types for each in names):
        raise errors.KeySchemaUndefined(keys=_listed(names), defined=_listed(types))
    return names[:count], names[count:]


def _check_length(schema: list[dict[str, str]], path: str) -> None:
    if len(schema) > 2:
        elements = ", ".join(
            f"KeySchemaElement(attributeName={each['AttributeName']}, keyType={each['KeyType']})"
            for each in schema
        )
        raise errors.KeySchemaTooLong(elements=elements, path=path)


def index_of(table: Table, given: dict[str, Any], is_global: bool) -> Index:
    """The index a request describes, without its space. ValidationException if wrong."""
    name = given["IndexName"]
    if not is_global and len(given["KeySchema"]) < 2:
        raise errors.LocalIndexWithoutRange(name=name)
    hashes, ranges = index_schema(name, given["KeySchema"], table.types, is_global)
    hash_key = hashes[0]
    if not is_global and hash_key != table.hash:
        raise errors.LocalIndexOtherHash(name=name, hash=hash_key, table=table.hash)
    kind, non_key = projections.read(given.get("Projection") or {})
    throughput = Throughput()
    if is_global:
        throughput = _index_throughput(table, name, given.get("ProvisionedThroughput"))
    made = Index(
        name=name,
        space=0,
        hash=hash_key,
        range=ranges[0] if ranges else None,
        more_hashes=hashes[1:],
        more_ranges=ranges[1:],
        projection=kind,
        non_key=non_key,
        is_global=is_global,
        throughput=throughput,
        maximum=throughputs.maximum_of(given, is_provisioned=table.is_provisioned, index=name),
    )
    made.warm = throughputs.warm_of(given, table)
    return made


def used_attributes(table: Table) -> list[str]:
    """The attributes whose types a table must know."""
    of_indexes = [name for index in table.indexes.values() for name in index.keys]
    of_vectors = [name for index in table.vectors.values() for name in index.schema]
    return list(dict.fromkeys(table.keys + of_indexes + of_vectors))


def forget_types(table: Table) -> None:
    """Forgets the types of attributes that no key or schema of a table has any more."""
    used = used_attributes(table)
    table.types = {name: kind for name, kind in table.types.items() if name in used}


def check_definitions(table: Table) -> None:
    """Raises ValidationException unless exactly the key attributes are defined."""
    used = used_attributes(table)
    if len(used) != len(table.types):
        if not table.indexes:
            raise errors.DefinitionsMismatch()
        raise errors.DefinitionsUnused(defined=_listed(table.types), keys=_listed(used))


def _add_indexes(table: Table, request: Request) -> None:
    for member, is_global in (("LocalSecondaryIndexes", False), ("GlobalSecondaryIndexes", True)):
        given = request.get(member)
        if given is None:
            continue
        if not given:
            raise errors.IndexListEmpty(kind=member.removesuffix("Indexes"))
        if not is_global and table.range is None:
            raise errors.LocalWithoutRange()
        for each in given:
            index = index_of(table, each, is_global)
            if index.name in table.indexes:
                raise errors.DuplicateIndex(name=index.name)
            table.indexes[index.name] = index
        if is_global and len(given) > limits.GLOBAL_INDEXES:
            raise errors.TooManyGlobal()
        if not is_global and len(given) > limits.LOCAL_INDEXES:
            raise errors.TooManyLocal()
    named = sum(len(index.non_key) for index in table.indexes.values())
    if named > limits.PROJECTED_ATTRIBUTES:
        raise errors.TooManyProjected(count=named)


def _table_throughput(given: dict[str, int] | None, billing: str) -> Throughput:
    if billing == "PAY_PER_REQUEST":
        if given is not None:
            raise errors.ThroughputOnDemand()
        return Throughput()
    if given is None:
        raise errors.ThroughputMissing()
    return throughput_of(given)


def throughput_of(given: dict[str, int], index: str | None = None) -> Throughput:
    """The throughput a `ProvisionedThroughput`, of an index perhaps, says. ValidationException."""
    for name in ("ReadCapacityUnits", "WriteCapacityUnits"):
        if given[name] > limits.CAPACITY_UNITS:
            where = "" if index is None else f" for index {index}"
            raise quota_errors.UnitsOutOfBounds(units=given[name], name=name, where=where)
    return Throughput(given["ReadCapacityUnits"], given["WriteCapacityUnits"])


def _index_throughput(table: Table, name: str, given: dict[str, int] | None) -> Throughput:
    if not table.is_provisioned:
        if given is not None:
            raise errors.IndexThroughputOnDemand(name=name)
        return Throughput()
    if given is None:
        raise errors.IndexThroughputMissing(name=name)
    return throughput_of(given, name)


def check_key(given: dict[str, Any], member: str) -> None:
    """Raises ValidationException if the key a specification names is the empty one."""
    if given.get("KMSMasterKeyId") == "":
        raise update_errors.EmptyKey(member=member)


def encryption(ctx: Context, given: dict[str, Any] | None) -> dict[str, str] | None:
    """`SSEDescription` for an `SSESpecification`: None for the service's own key."""
    check_key(given or {}, "sSESpecification")
    if given is None or not given.get("Enabled", "SSEType" in given):
        for member in ("SSEType", "KMSMasterKeyId"):
            if given is not None and member in given:
                raise update_errors.UnwantedEncryption(member=member)
        return None
    if given.get("SSEType") == "AES256":
        raise update_errors.TypeUnsupported()
    if "KMSMasterKeyId" in given and "SSEType" not in given:
        raise update_errors.TypeMissing()
    arn = _key_arn(ctx, given.get("KMSMasterKeyId", managed_keys.alias("dynamodb")))
    return {"Status": "ENABLED", "SSEType": "KMS", "KMSMasterKeyArn": arn}


def _key_arn(ctx: Context, key: str) -> str:
    if key.startswith("arn:"):
        return key
    if key == managed_keys.alias("dynamodb"):
        return managed_keys.arn(ctx.account, ctx.region, "dynamodb")
    resource = key if key.startswith(("alias/", "key/")) else f"key/{key}"
    return ctx.arn(resource, service="kms")


def _listed(names: Iterable[str]) -> str:
    return "[" + ", ".join(names) + "]"
