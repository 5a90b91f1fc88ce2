"""CreateBackup, DescribeBackup, ListBackups, DeleteBackup and RestoreTableFromBackup."""

from typing import Any

from cloudarium.core.context import Context, Request, Response

from .. import backup_errors, backups, restores, storage, tables
from ..backups import Backup
from ..descriptions import key_schema, table_description

_PAGE = 100
_INDEX = ("IndexName", "KeySchema", "Projection")


def create_backup(ctx: Context, request: Request) -> Response:
    """Begins a backup; it is CREATING until a job has copied the items."""
    table = tables.find(ctx, request["TableName"])
    if table is None:
        raise backup_errors.BackupTableNotFound(name=tables.table_name(ctx, request["TableName"]))
    if table.status != "ACTIVE":
        if table.status == "CREATING":
            raise backup_errors.BackupsUnavailable(name=table.name)
        raise backup_errors.BackupTableInUse(name=table.name)
    backup = backups.create(ctx, tables.editable(ctx, table.name), request["BackupName"])
    return {"BackupDetails": _details(ctx, backup)}


def describe_backup(ctx: Context, request: Request) -> Response:
    """Describes a backup and the table it was made of."""
    return {"BackupDescription": _description(ctx, backups.find(ctx, request["BackupArn"]))}


def list_backups(ctx: Context, request: Request) -> Response:
    """Lists backups, of one table or all, made in a time range or ever."""
    limit, start = request.get("Limit", _PAGE), request.get("ExclusiveStartBackupArn", "")
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
    if backup.status != "AVAILABLE":
        raise backup_errors.BackupInUse(arn=backup.arn)
    description = _description(ctx, backup)
    description["BackupDetails"]["BackupStatus"] = "DELETED"
    backups.delete(ctx, backup)
    return {"BackupDescription": description}


def restore_table_from_backup(ctx: Context, request: Request) -> Response:
    """Makes a new table of a backup; it is CREATING until a job has given it its items."""
    backup = backups.find(ctx, request["BackupArn"])
    if backup.status != "AVAILABLE":
        raise backup_errors.BackupInUse(arn=backup.arn)
    if tables.find(ctx, request["TargetTableName"]) is not None:
        raise backup_errors.TargetExists(name=request["TargetTableName"])
    target = restores.target(ctx, backup.table, request, backup.created)
    target.restored = {**(target.restored or {}), "SourceBackupArn": backup.arn}
    tables.save(ctx, target)
    payload = {"target": target.name, "id": target.id, "space": backup.space}
    ctx.schedule("restore_backup", {**payload, "partition": "", "sort": ""})
    return {"TableDescription": table_description(ctx, target)}


def _is_wanted(ctx: Context, backup: Backup, request: Request) -> bool:
    name = request.get("TableName")
    return (
        (name is None or tables.table_name(ctx, name) == backup.table_name)
        and request.get("BackupType", "ALL") in ("ALL", "USER")
        and request.get("TimeRangeLowerBound", 0.0) <= backup.created
        and backup.created < request.get("TimeRangeUpperBound", float("inf"))
    )


def _details(ctx: Context, backup: Backup) -> dict[str, Any]:
    return {
        "BackupArn": backup.arn,
        "BackupName": backup.name,
        "BackupStatus": backup.status,
        "BackupType": "USER",
        "BackupCreationDateTime": backup.created,
        "BackupSizeBytes": storage.totals(ctx, backup.space)[1],
    }


def _summary(ctx: Context, backup: Backup) -> dict[str, Any]:
    table = backup.table
    names = {"TableName": table.name, "TableId": table.id, "TableArn": table.arn}
    return {**names, **_details(ctx, backup)}


def _description(ctx: Context, backup: Backup) -> dict[str, Any]:
    table = backup.table
    count, size = storage.totals(ctx, backup.space)
    units = {
        "ReadCapacityUnits": table.throughput.read,
        "WriteCapacityUnits": table.throughput.write,
    }
    details = {
        "TableName": table.name,
        "TableId": table.id,
        "TableArn": table.arn,
        "TableSizeBytes": size,
        "ItemCount": count,
        "KeySchema": key_schema(table),
        "TableCreationDateTime": table.created,
        "ProvisionedThroughput": units,
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
            features[member] = [{name: each[name] for name in _INDEX} for each in shown[member]]
    if "StreamSpecification" in shown:
        features["StreamDescription"] = shown["StreamSpecification"]
    if "SSEDescription" in shown:
        features["SSEDescription"] = shown["SSEDescription"]
    if table.ttl is not None:
        ttl = {"TimeToLiveStatus": "ENABLED", "AttributeName": table.ttl}
        features["TimeToLiveDescription"] = ttl
    return features
