"""UpdateContinuousBackups, DescribeContinuousBackups and RestoreTableToPointInTime."""

from datetime import UTC, datetime
from typing import Any

from cloudarium.core.context import Context, Request, Response

from .. import backup_errors, errors, limits, recovery, restore_errors, restores, tables
from ..descriptions import table_description
from ..tables import Table


def update_continuous_backups(ctx: Context, request: Request) -> Response:
    """Turns point-in-time recovery on or off."""
    wanted = request["PointInTimeRecoverySpecification"]
    found = _found(ctx, request["TableName"])
    if found.status == "CREATING":
        raise backup_errors.BackupsUnavailable(name=found.name)
    table = tables.editable(ctx, found.name)
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
    _check_one_time(request)
    source = _source(ctx, request)
    if source.recovery_since is None:
        raise restore_errors.RecoveryUnavailable(name=source.name)
    at = _time(ctx, source, request)
    target = restores.target(ctx, source, request, at)
    recovery.begin(ctx, source, target, at)
    return {"TableDescription": table_description(ctx, target)}


def _found(ctx: Context, given: str) -> Table:
    table = recovery.find(ctx, given)
    if table is None:
        raise backup_errors.BackupTableNotFound(name=tables.table_name(ctx, given))
    return table


def _source(ctx: Context, request: Request) -> Table:
    """The table that is restored; given by its ARN it may be another region's."""
    arn, name = request.get("SourceTableArn"), request.get("SourceTableName")
    if arn is not None and name is not None:
        raise restore_errors.TwoSources()
    if name is not None:
        return _found(ctx, name)
    if arn is None:
        raise errors.TableNameMissing()
    region, name = restores.source_of(ctx, arn)
    restores.check_region(ctx, region, request)
    return _found(recovery.in_region(ctx, region), name)


def _check_one_time(request: Request) -> None:
    """What the request says of its time is judged before any table is looked at."""
    latest, at = request.get("UseLatestRestorableTime"), request.get("RestoreDateTime")
    if latest and at is not None:
        raise restore_errors.BothRestoreTimes()
    if not latest and at is None:
        raise restore_errors.RestoreTimeMissing()


def _time(ctx: Context, source: Table, request: Request) -> float:
    """As of when: any time until now will do, even one later than the latest that is told."""
    earliest, latest = recovery.earliest(ctx, source), recovery.latest(ctx, source)
    at = request.get("RestoreDateTime")
    if at is None:
        return latest
    if not earliest <= at <= ctx.now:
        raise restore_errors.BadRestoreTime(
            at=_text(at), earliest=_text(earliest), latest=_text(latest)
        )
    return float(at)


def _text(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _description(ctx: Context, table: Table) -> dict[str, Any]:
    status: dict[str, Any] = {"PointInTimeRecoveryStatus": "DISABLED"}
    if table.recovery_since is not None:
        status = {
            "PointInTimeRecoveryStatus": "ENABLED",
            "RecoveryPeriodInDays": table.recovery_days,
            "EarliestRestorableDateTime": recovery.earliest(ctx, table),
            "LatestRestorableDateTime": recovery.latest(ctx, table),
        }
    return {"ContinuousBackupsStatus": "ENABLED", "PointInTimeRecoveryDescription": status}
