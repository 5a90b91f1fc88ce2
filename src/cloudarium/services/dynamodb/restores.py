"""The table a restore makes: the source's schema and settings, as the request overrides them.

Source: Developer Guide, "Restoring a table": tags, time to live, streams, alarms and the recovery
setting itself are not restored.
"""

from typing import Any

from cloudarium.core.context import Context, Request

from . import schemas, vector_schemas
from .descriptions import table_description
from .tables import Table

_OVERRIDES = {
    "BillingModeOverride": "BillingMode",
    "GlobalSecondaryIndexOverride": "GlobalSecondaryIndexes",
    "LocalSecondaryIndexOverride": "LocalSecondaryIndexes",
    "ProvisionedThroughputOverride": "ProvisionedThroughput",
    "SSESpecificationOverride": "SSESpecification",
}
_INDEX = ("IndexName", "KeySchema", "Projection")


def target(ctx: Context, source: Table, request: Request, at: float) -> Table:
    """The new table, CREATING. ValidationException if an override does not fit."""
    schemas.refuse_unsupported(request, ("OnDemandThroughputOverride",))
    wanted = _creation(ctx, source)
    for override, member in _OVERRIDES.items():
        if override in request:
            wanted[member] = request[override]
    if wanted["BillingMode"] == "PAY_PER_REQUEST":
        wanted.pop("ProvisionedThroughput", None)
        for index in wanted.get("GlobalSecondaryIndexes", ()):
            index.pop("ProvisionedThroughput", None)
    for member in ("GlobalSecondaryIndexes", "LocalSecondaryIndexes"):
        if not wanted.get(member):
            wanted.pop(member, None)
    _drop_unused_definitions(wanted)
    table = schemas.new_table(ctx, {**wanted, "TableName": request["TargetTableName"]})
    table.restored = {
        "SourceTableArn": source.arn,
        "RestoreDateTime": at,
        "RestoreInProgress": True,
    }
    return table


def _creation(ctx: Context, source: Table) -> dict[str, Any]:
    """The CreateTable request that would make a table like the source."""
    shown = table_description(ctx, source)
    wanted: dict[str, Any] = {
        "AttributeDefinitions": shown["AttributeDefinitions"],
        "KeySchema": shown["KeySchema"],
        "BillingMode": source.billing,
        "ProvisionedThroughput": _units(shown),
        "TableClass": source.table_class,
    }
    if source.encryption is not None:
        key = source.encryption["KMSMasterKeyArn"]
        wanted["SSESpecification"] = {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": key}
    wanted["VectorIndexes"] = [*map(vector_schemas.definition, source.vectors.values())]
    for member in ("GlobalSecondaryIndexes", "LocalSecondaryIndexes"):
        wanted[member] = [
            {
                **{name: index[name] for name in _INDEX},
                **({"ProvisionedThroughput": _units(index)} if member[0] == "G" else {}),
            }
            for index in shown.get(member, ())
        ]
    return wanted


def _units(shown: dict[str, Any]) -> dict[str, int]:
    given = shown["ProvisionedThroughput"]
    return {name: given[name] for name in ("ReadCapacityUnits", "WriteCapacityUnits")}


def _drop_unused_definitions(wanted: dict[str, Any]) -> None:
    """An index left out of the restore takes its attributes' definitions with it."""
    schemes = [wanted["KeySchema"]]
    for member in ("GlobalSecondaryIndexes", "LocalSecondaryIndexes"):
        schemes += [index["KeySchema"] for index in wanted.get(member, ())]
    schemes += [index.get("SearchSchema", []) for index in wanted["VectorIndexes"]]
    used = {element["AttributeName"] for schema in schemes for element in schema}
    wanted["AttributeDefinitions"] = [
        each for each in wanted["AttributeDefinitions"] if each["AttributeName"] in used
    ]
