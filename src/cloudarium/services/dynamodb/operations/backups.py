"""UpdateContinuousBackups, DescribeContinuousBackups and RestoreTableToPointInTime."""

from typing import Any

from cloudarium.core.context import Context, Request, Response

from .. import backup_errors, limits, recovery, restores, tables
from ..descriptions import table_description
from ..tables import Table


def update_continuous_backups(ctx: Context, request: Request) -> Response:
    """Turns point-in-time recovery on or off."""
    wanted = request["PointInTimeRecoverySpecification"]
    if _found(ctx, request["TableName"]).status == "CREATING":
        raise backup_errors.BackupsUnavailable(name=request["TableName"])
    table = tables.editable(ctx, request["TableName"])
    if wanted["PointInTimeRecoveryEnabled"]:
        recovery.enable(ctx, table, wanted.get("RecoveryPeriodInDays", limits.RECOVERY_DAYS))
    else:
        if "RecoveryPeriodInDays" in wanted:
            raise backup_errors.DaysUnwanted()
        recovery.disable(ctx, table)
    tables.save(ctx, table)
    return {"ContinuousBackupsDescription": _description(ctx, table)}


def describe_continuous_backups(ctx: Context, request: Request) -> Response:
    """Tells whether point-in-time recovery is on, and how far back it goes."""
    table = _found(ctx, request["TableName"])
    return {"ContinuousBackupsDescription": _description(ctx, table)}


def restore_table_to_point_in_time(ctx: Context, request: Request) -> Response:
    """Makes a new table with the items another had at some time; CREATING until a job is done."""
    sources = [request[name] for name in ("SourceTableArn", "SourceTableName") if name in request]
    if len(sources) != 1:
        raise backup_errors.SourceMissing()
    _check_one_time(request)
    source = _found(ctx, sources[0])
    if source.recovery_since is None:
        raise backup_errors.RecoveryUnavailable(name=source.name)
    at = _time(ctx, source, request)
    if tables.find(ctx, request["TargetTableName"]) is not None:
        raise backup_errors.TargetExists(name=request["TargetTableName"])
    target = restores.target(ctx, source, request, at)
    tables.save(ctx, target)
    payload = {"source": source.name, "target": target.name, "id": target.id, "at": at}
    ctx.schedule("restore", {**payload, "phase": "copy", "partition": "", "sort": ""})
    return {"TableDescription": table_description(ctx, target)}


def _found(ctx: Context, given: str) -> Table:
    table = tables.find(ctx, given)
    if table is None:
        raise backup_errors.BackupTableNotFound(name=tables.table_name(ctx, given))
    return table


def _check_one_time(request: Request) -> None:
    """What the request says of its time is judged before any table is looked at."""
    latest, at = request.get("UseLatestRestorableTime"), request.get("RestoreDateTime")
    if latest and at is not None:
        raise backup_errors.BothRestoreTimes()
    if not latest and at is None:
        raise backup_errors.RestoreTimeMissing()


def _time(ctx: Context, source: Table, request: Request) -> float:
    at = request.get("RestoreDateTime")
    if at is None:
        return ctx.now
    if not recovery.earliest(ctx, source) <= at <= ctx.now:
        raise backup_errors.BadRestoreTime()
    return float(at)


def _description(ctx: Context, table: Table) -> dict[str, Any]:
    status: dict[str, Any] = {"PointInTimeRecoveryStatus": "DISABLED"}
    if table.recovery_since is not None:
        status = {
            "PointInTimeRecoveryStatus": "ENABLED",
            "RecoveryPeriodInDays": table.recovery_days,
            "EarliestRestorableDateTime": recovery.earliest(ctx, table),
            "LatestRestorableDateTime": ctx.now,
        }
    return {"ContinuousBackupsStatus": "ENABLED", "PointInTimeRecoveryDescription": status}
