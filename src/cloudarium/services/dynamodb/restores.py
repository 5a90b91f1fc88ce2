"""The table a restore makes: the source's schema and settings, as the request overrides them.

Source: Developer Guide, "Restoring a table", and what users of the service measured: keys, indexes,
capacity and encryption are restored, everything else is to be set again.
"""

from typing import Any

from cloudarium.core.context import Context, Request

from . import limits, schemas, tables, vector_schemas
from . import restore_errors as errors
from .descriptions import table_description
from .resource_errors import NoArn, OtherAccount
from .tables import Table
from .throughputs import MAXIMUMS

_OVERRIDES = {
    "BillingModeOverride": "BillingMode",
    "GlobalSecondaryIndexOverride": "GlobalSecondaryIndexes",
    "LocalSecondaryIndexOverride": "LocalSecondaryIndexes",
    "OnDemandThroughputOverride": "OnDemandThroughput",
    "ProvisionedThroughputOverride": "ProvisionedThroughput",
    "SSESpecificationOverride": "SSESpecification",
    "VectorIndexOverride": "VectorIndexes",
}
_INDEXES = ("GlobalSecondaryIndexes", "LocalSecondaryIndexes", "VectorIndexes")
_INDEX = ("IndexName", "KeySchema", "Projection", "OnDemandThroughput")
# An index of the source may be called otherwise and have other throughput.
_FREE = ("IndexName", "OnDemandThroughput", "ProvisionedThroughput", "WarmThroughput")


def target(ctx: Context, source: Table, request: Request, at: float) -> Table:
    """The new table, CREATING. Raises what is wrong with the overrides, then with the target."""
    wanted = _creation(ctx, source)
    for member in _INDEXES:
        _check_indexes(request, member, wanted[member])
    wanted |= {_OVERRIDES[name]: given for name, given in request.items() if name in _OVERRIDES}
    check = _check_on_demand if wanted["BillingMode"] == "PAY_PER_REQUEST" else _check_provisioned
    check(request, wanted)
    _drop_other_billing(request, wanted)
    for member in _INDEXES:
        if not wanted.get(member):
            wanted.pop(member, None)
    _drop_unused_definitions(wanted)
    table = schemas.new_table(ctx, {**wanted, "TableName": request["TargetTableName"]})
    _check_target(ctx, table.name)
    table.restored = {
        "SourceTableArn": source.arn,
        "RestoreDateTime": at,
        "RestoreInProgress": True,
    }
    return table


def source_of(ctx: Context, arn: str) -> tuple[str, str]:
    """The region and name of the table a `SourceTableArn` means. ValidationException if none."""
    if not arn.startswith("arn:"):
        raise NoArn(arn=arn)
    parts = tables.parts(arn)
    if parts is None:
        raise errors.BadSourceArn()
    region, account, name = parts
    if account != ctx.account:
        raise OtherAccount()
    return region, name


def check_region(ctx: Context, region: str, request: Request) -> None:
    """A restore from another region has to say how the table is encrypted."""
    schemas.check_key(request.get("SSESpecificationOverride", {}), "sSESpecificationOverride")
    if region != ctx.region and "SSESpecificationOverride" not in request:
        raise errors.EncryptionWanted()


def _check_target(ctx: Context, name: str) -> None:
    found = tables.find(ctx, name)
    if found is not None and found.is_restoring:
        backup = (found.restored or {}).get("SourceBackupArn")
        if backup is None:
            raise errors.TargetInUse(name=name)
        raise errors.TargetBeingRestored(name=name, arn=backup)
    if found is not None:
        raise errors.TargetExists(name=name)
    here = [each for each in tables.being_restored(ctx) if each.region == ctx.region]
    if len(here) >= limits.RESTORES:
        raise errors.TooManyRestores()


def _check_indexes(request: Request, member: str, present: list[dict[str, Any]]) -> None:
    known = [_fixed(each) for each in present]
    for given in request.get(_override(member)) or ():
        if _fixed(given) not in known:
            raise errors.NewIndex(name=given["IndexName"])


def _override(member: str) -> str:
    return next(name for name, each in _OVERRIDES.items() if each == member)


def _fixed(index: dict[str, Any]) -> dict[str, Any]:
    """What an override of an index may not change."""
    projection = dict(index["Projection"])
    if "NonKeyAttributes" in projection:
        projection["NonKeyAttributes"] = sorted(projection["NonKeyAttributes"])
    return {k: v for k, v in index.items() if k not in _FREE} | {"Projection": projection}


def _check_on_demand(request: Request, wanted: dict[str, Any]) -> None:
    is_overridden = "BillingModeOverride" in request
    if "ProvisionedThroughputOverride" in request:
        raise errors.ThroughputOnDemand(where="") if is_overridden else errors.ThroughputUnwanted()
    for index in request.get("GlobalSecondaryIndexOverride") or ():
        if is_overridden and "ProvisionedThroughput" in index:
            raise errors.ThroughputOnDemand(where=f" for index {index['IndexName']}")
    for member, units in wanted.get("OnDemandThroughput", {}).items():
        if units < 1 and units != -1:
            raise errors.MaximumOutside(member=member)


def _check_provisioned(request: Request, wanted: dict[str, Any]) -> None:
    is_overridden = "BillingModeOverride" in request
    for member in MAXIMUMS:
        if member in (request.get("OnDemandThroughputOverride") or {}):
            raise errors.MaximumProvisioned(member=member)
    if is_overridden and "ProvisionedThroughputOverride" not in request:
        raise errors.ThroughputWanted(where="")
    for index in wanted["GlobalSecondaryIndexes"]:
        name = index["IndexName"]
        if "GlobalSecondaryIndexOverride" not in request:
            if is_overridden:
                raise errors.ThroughputWanted(where=f" for index {name}")
        elif "ProvisionedThroughput" not in index:
            raise errors.IndexThroughputWanted(name=name)


def _drop_other_billing(request: Request, wanted: dict[str, Any]) -> None:
    """Leaves out the source's capacity that the table's billing mode does not have."""
    is_on_demand = wanted["BillingMode"] == "PAY_PER_REQUEST"
    other = "ProvisionedThroughput" if is_on_demand else "OnDemandThroughput"
    wanted.pop(other, None)
    if "GlobalSecondaryIndexOverride" not in request:
        for index in wanted["GlobalSecondaryIndexes"]:
            index.pop(other, None)


def _creation(ctx: Context, source: Table) -> dict[str, Any]:
    """The CreateTable request that would make a table like the source."""
    shown = table_description(ctx, source)
    wanted: dict[str, Any] = {
        "AttributeDefinitions": shown["AttributeDefinitions"],
        "KeySchema": shown["KeySchema"],
        "BillingMode": source.billing,
        "ProvisionedThroughput": units_of(shown),
        "VectorIndexes": [*map(vector_schemas.definition, source.vectors.values())],
    }
    if "OnDemandThroughput" in shown:
        wanted["OnDemandThroughput"] = shown["OnDemandThroughput"]
    if source.encryption is not None:
        key = source.encryption["KMSMasterKeyArn"]
        wanted["SSESpecification"] = {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": key}
    for member in _INDEXES[:2]:
        wanted[member] = [
            {
                **{name: index[name] for name in _INDEX if name in index},
                **({"ProvisionedThroughput": units_of(index)} if member[0] == "G" else {}),
            }
            for index in shown.get(member, ())
        ]
    return wanted


def units_of(shown: dict[str, Any]) -> dict[str, int]:
    """The `ProvisionedThroughput` a described table or index was given."""
    given = shown["ProvisionedThroughput"]
    return {name: given[name] for name in ("ReadCapacityUnits", "WriteCapacityUnits")}


def _drop_unused_definitions(wanted: dict[str, Any]) -> None:
    """An index left out of the restore takes its attributes' definitions with it."""
    schemes = [wanted["KeySchema"]]
    for member in _INDEXES:
        for index in wanted.get(member, ()):
            schemes.append(index.get("KeySchema") or index.get("SearchSchema") or [])
    used = {element["AttributeName"] for schema in schemes for element in schema}
    wanted["AttributeDefinitions"] = [
        each for each in wanted["AttributeDefinitions"] if each["AttributeName"] in used
    ]
