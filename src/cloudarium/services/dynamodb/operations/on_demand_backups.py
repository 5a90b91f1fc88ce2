"""CreateBackup, DescribeBackup, ListBackups, DeleteBackup and RestoreTableFromBackup."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from cloudarium.core.context import Context, Request, Response

from .. import backup_errors, backups, recovery, restores, storage, tables, vector_schemas
from ..backups import Backup
from ..descriptions import key_schema, table_description

_PAGE = 100
_INDEX = ("IndexName", "KeySchema", "Projection", "OnDemandThroughput")


def create_backup(ctx: Context, request: Request) -> Response:
    """Begins a backup; it is CREATING until a job has copied the items."""
    table = recovery.find(ctx, request["TableName"])
    if table is None:
        raise backup_errors.BackupTableNotFound(name=tables.table_name(ctx, request["TableName"]))
    if table.status == "CREATING":
        raise backup_errors.BackupsUnavailable(name=table.name)
    backup = backups.create(ctx, tables.editable(ctx, table.name), request["BackupName"])
    return {"BackupDetails": _details(ctx, backup)}


def describe_backup(ctx: Context, request: Request) -> Response:
    """Describes a backup and the table it was made of; its ARN is the one that was given."""
    backup = backups.find(ctx, request["BackupArn"])
    return {"BackupDescription": _description(ctx, replace(backup, arn=request["BackupArn"]))}


def list_backups(ctx: Context, request: Request) -> Response:
    """Lists backups, of one table or all, made in a time range or ever."""
    limit, start = request.get("Limit", _PAGE), request.get("ExclusiveStartBackupArn", "")
    if _lower(request) > _upper(request):
        raise backup_errors.BadTimeRange()
    if start and backups.region_of(ctx, start) != ctx.region:
        raise backup_errors.StartOfOtherRegion()
    found = [
        backup
        for backup in backups.listed(ctx)
        if backup.arn > start and _is_wanted(ctx, backup, request)
    ]
    answer: Response = {"BackupSummaries": [_summary(ctx, each) for each in found[:limit]]}
    if len(found) > limit:
        answer["LastEvaluatedBackupArn"] = found[limit - 1].arn
    return answer


def delete_backup(ctx: Context, request: Request) -> Response:
    """Deletes a backup; tables restored from it stay."""
    backup = backups.find(ctx, request["BackupArn"])
    if backup.expires is not None:
        at = datetime.fromtimestamp(backup.expires, UTC).isoformat(timespec="milliseconds")
        raise backup_errors.SystemBackup(arn=backup.arn, at=at.replace("+00:00", "Z"))
    if backup.status != "AVAILABLE":
        raise backup_errors.BackupInUse(arn=backup.arn)
    if backups.is_restored(ctx, backup):
        raise backup_errors.BackupBeingRestored(arn=backup.arn)
    description = _description(ctx, replace(backup, arn=request["BackupArn"], status="DELETED"))
    backups.delete(ctx, backup)
    return {"BackupDescription": description}


def restore_table_from_backup(ctx: Context, request: Request) -> Response:
    """Makes a new table of a backup, one table at a time; CREATING until a job gave it its items.

    The backup may be another region's.
    """
    region = backups.region_of(ctx, request["BackupArn"])
    restores.check_region(ctx, region, request)
    backup = backups.find(recovery.in_region(ctx, region), request["BackupArn"])
    if backup.status != "AVAILABLE":
        raise backup_errors.BackupInUse(arn=backup.arn)
    target = restores.target(ctx, backup.table, request, backup.created)
    if backups.is_restored(ctx, backup):
        raise backup_errors.BackupBeingRestoredElsewhere(arn=backup.arn)
    target.restored = {**(target.restored or {}), "SourceBackupArn": backup.arn}
    tables.save(ctx, target)
    payload = {"target": target.name, "id": target.id, "space": backup.space}
    ctx.schedule("restore_backup", {**payload, "partition": "", "sort": ""})
    return {"TableDescription": table_description(ctx, target)}


def _lower(request: Request) -> float:
    return float(request.get("TimeRangeLowerBound", "-inf"))


def _upper(request: Request) -> float:
    return float(request.get("TimeRangeUpperBound", "inf"))


def _is_wanted(ctx: Context, backup: Backup, request: Request) -> bool:
    name = request.get("TableName")
    return (
        (name is None or tables.table_name(ctx, name) == backup.table_name)
        and request.get("BackupType", "USER") in ("ALL", backup.kind)
        and _lower(request) <= backup.created < _upper(request)
    )


def _details(ctx: Context, backup: Backup) -> dict[str, Any]:
    return {
        "BackupArn": backup.arn,
        "BackupName": backup.name,
        "BackupStatus": backup.status,
        "BackupType": backup.kind,
        "BackupCreationDateTime": backup.created,
        "BackupExpiryDateTime": backup.expires,
        "BackupSizeBytes": storage.totals(ctx, backup.space)[1],
    }


def _summary(ctx: Context, backup: Backup) -> dict[str, Any]:
    table = backup.table
    names = {"TableName": table.name, "TableId": table.id, "TableArn": table.arn}
    return {**names, **_details(ctx, backup)}


def _description(ctx: Context, backup: Backup) -> dict[str, Any]:
    table = backup.table
    count, size = storage.totals(ctx, backup.space)
    shown = table_description(ctx, table)
    details = {
        "TableName": table.name,
        "TableId": table.id,
        "TableArn": table.arn,
        "TableSizeBytes": size,
        "ItemCount": count,
        "KeySchema": key_schema(table),
        "TableCreationDateTime": table.created,
        "ProvisionedThroughput": restores.units_of(shown),
        "OnDemandThroughput": shown.get("OnDemandThroughput"),
        "BillingMode": table.billing,
    }
    return {
        "BackupDetails": _details(ctx, backup),
        "SourceTableDetails": details,
        "SourceTableFeatureDetails": _features(ctx, backup),
    }


def _features(ctx: Context, backup: Backup) -> dict[str, Any]:
    table = backup.table
    shown = table_description(ctx, table)
    features: dict[str, Any] = {}
    for member in ("LocalSecondaryIndexes", "GlobalSecondaryIndexes"):
        if member in shown:
            features[member] = [_index(each) for each in shown[member]]
    if table.vectors:
        features["VectorIndexes"] = [*map(vector_schemas.definition, table.vectors.values())]
    if "StreamSpecification" in shown:
        features["StreamDescription"] = shown["StreamSpecification"]
    if "SSEDescription" in shown:
        features["SSEDescription"] = shown["SSEDescription"]
    if table.ttl is not None:
        ttl = {"TimeToLiveStatus": "ENABLED", "AttributeName": table.ttl}
        features["TimeToLiveDescription"] = ttl
    return features


def _index(shown: dict[str, Any]) -> dict[str, Any]:
    index = {name: shown[name] for name in _INDEX if name in shown}
    if "ProvisionedThroughput" in shown:
        index["ProvisionedThroughput"] = restores.units_of(shown)
    return index
