"""ExportTableToPointInTime, DescribeExport and ListExports."""

import re
from datetime import UTC, datetime
from typing import Any

from cloudarium.core.context import Context, Request, Response

from .. import (
    backup_errors,
    export_filters,
    exports,
    limits,
    recovery,
    restore_errors,
    storage,
    tables,
    transfers,
)
from ..tables import Table

_EXPORT = re.compile(r"arn:[^:]*:dynamodb:([^:]*):.+:table/[^/]{3,255}/export/.+")
_PAGE = 10
_JSON, _FULL, _INCREMENTAL = "DYNAMODB_JSON", "FULL_EXPORT", "INCREMENTAL_EXPORT"


def export_table_to_point_in_time(ctx: Context, request: Request) -> Response:
    """Begins to write a table, as it was at a time or as it has changed, into a bucket.

    The export is IN_PROGRESS until jobs have written it.
    """
    if "S3SseKmsKeyId" in request and request.get("S3SseAlgorithm") != "KMS":
        raise backup_errors.KeyOfOtherEncryption()
    table = _table(ctx, request["TableArn"])
    known = transfers.repeated(ctx, "export", request.get("ClientToken"))
    if known is not None:
        if transfers.differs(known, request):
            raise backup_errors.ExportConflict()
        return {"ExportDescription": known}
    if "FilterSpecification" in request:
        export_filters.check(table, request["FilterSpecification"])
    is_full = request.get("ExportType", _FULL) == _FULL
    times = _time(ctx, table, request) if is_full else _period(ctx, table, request)
    label = transfers.label(ctx)
    description = {**_description(ctx, request, table, label), **times}
    transfers.save(ctx, "export", str(description["ExportArn"]), description)
    payload = _payload(ctx, request, table, description, label)
    if is_full:
        first = {"phase": "copy", "partition": "", "sort": ""}
        exports.begin(
            ctx, table, "export_snapshot", {**payload, "at": times["ExportTime"], **first}
        )
    else:
        first = _first_step(request, table, times)
        exports.begin(ctx, table, "export_changes", payload | first)
    return {"ExportDescription": description}


def _table(ctx: Context, arn: str) -> Table:
    region, name = exports.place_of(ctx, arn)
    table = recovery.find(ctx, name) if region == ctx.region else None
    if table is None:
        raise backup_errors.BackupTableNotFound(name=arn)
    return table


def _check_recorded(table: Table) -> None:
    if table.recovery_since is None:
        raise restore_errors.RecoveryUnavailable(name=table.name)


def _first_step(request: Request, table: Table, times: dict[str, Any]) -> dict[str, Any]:
    """What the job of an incremental export needs besides. All such exports share a folder."""
    period = times["IncrementalExportSpecification"]
    return {
        "from": period["ExportFromTime"],
        "to": period["ExportToTime"],
        "view": period["ExportViewType"],
        "keys": table.keys,
        "data": _folder(request, "data"),
        "phase": "collect",
        "after": "",
    }


def _payload(
    ctx: Context, request: Request, table: Table, description: dict[str, Any], label: str
) -> dict[str, Any]:
    return {
        "arn": description["ExportArn"],
        "table": table.name,
        "id": table.id,
        "billed": storage.totals(ctx, table.space)[1],
        "space": storage.new_space(ctx),
        "format": description["ExportFormat"],
        "bucket": request["S3Bucket"],
        "folder": _folder(request, label),
        "encryption": {"AES256": "AES256", "KMS": "aws:kms"}.get(request.get("S3SseAlgorithm", "")),
        "principal": transfers.packed(ctx.principal),
    }


def _folder(request: Request, name: str) -> str:
    prefix = request.get("S3Prefix", "").strip("/")
    return f"{prefix}/AWSDynamoDB/{name}".lstrip("/")


def _time(ctx: Context, table: Table, request: Request) -> dict[str, Any]:
    """As of when a full export is."""
    if "IncrementalExportSpecification" in request:
        if "ExportType" in request:
            raise backup_errors.PeriodOfFullExport()
        raise backup_errors.PeriodWithoutType()
    _check_recorded(table)
    at = float(request.get("ExportTime", ctx.now))
    if not recovery.earliest(ctx, table) <= at <= ctx.now:
        raise backup_errors.BadExportTime()
    if "ExportTime" in request and at > recovery.latest(ctx, table):
        raise backup_errors.LateExportTime()
    return {"ExportTime": at}


def _period(ctx: Context, table: Table, request: Request) -> dict[str, Any]:
    """The period of an incremental export: from a time on, until just before another."""
    given = request.get("IncrementalExportSpecification")
    if given is None:
        raise backup_errors.PeriodMissing()
    if "ExportFromTime" not in given:
        raise backup_errors.ExportFromTimeMissing()
    if "ExportTime" in request:
        raise backup_errors.ExportTimeOfPeriod()
    since, until = float(given["ExportFromTime"]), float(given.get("ExportToTime", ctx.now))
    _check_period(ctx, table, since, until)
    view = given.get("ExportViewType", "NEW_AND_OLD_IMAGES")
    period = {"ExportFromTime": since, "ExportToTime": until, "ExportViewType": view}
    return {"IncrementalExportSpecification": period}


def _check_period(ctx: Context, table: Table, since: float, until: float) -> None:
    if since < table.created:
        raise backup_errors.ExportBeforeTable(at=_text(since))
    if until > ctx.now:
        raise backup_errors.ExportInFuture(at=_text(until))
    if until - since < limits.EXPORT_PERIOD_MIN:
        raise backup_errors.BadExportPeriod(bound="less than 15 minutes")
    if until - since > limits.EXPORT_PERIOD_MAX:
        raise backup_errors.BadExportPeriod(bound="greater than 24 hours")
    _check_recorded(table)
    if since < recovery.earliest(ctx, table):
        raise backup_errors.BadExportTime()


def _text(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _description(ctx: Context, request: Request, table: Table, label: str) -> dict[str, Any]:
    return {
        "ExportArn": f"{table.arn}/export/{label}",
        "ExportStatus": "IN_PROGRESS",
        "StartTime": ctx.now,
        "TableArn": table.arn,
        "TableId": table.id,
        "ClientToken": request.get("ClientToken"),
        "S3Bucket": request["S3Bucket"],
        "S3BucketOwner": request.get("S3BucketOwner"),
        "S3Prefix": request.get("S3Prefix"),
        "S3SseAlgorithm": request.get("S3SseAlgorithm", "AES256"),
        "S3SseKmsKeyId": request.get("S3SseKmsKeyId"),
        "ExportFormat": request.get("ExportFormat", _JSON),
        "ExportType": request.get("ExportType"),
        "FilterSpecification": request.get("FilterSpecification"),
    }


def describe_export(ctx: Context, request: Request) -> Response:
    """Describes an export."""
    arn = request["ExportArn"]
    named = _EXPORT.fullmatch(arn)
    if named is None:
        raise backup_errors.BadExportArn()
    if named[1] != ctx.region:
        raise backup_errors.ExportNotFound(problem="Invalid export arn")
    found = transfers.find(ctx, "export", arn)
    if found is None:
        raise backup_errors.ExportNotFound(problem=f"Export not found: {arn}")
    return {"ExportDescription": found}


def list_exports(ctx: Context, request: Request) -> Response:
    """Lists exports of tables that are still there, of one table or all, the latest first."""
    found = [
        each
        for each in transfers.listed(ctx, "export", request.get("TableArn"))
        if (table := tables.find(ctx, each["TableArn"])) and table.id == each["TableId"]
    ]
    size = request.get("MaxResults", _PAGE)
    shown, end = transfers.page(found, request.get("NextToken"), size, 10)
    return {
        "ExportSummaries": [*map(_summary, shown)],
        "NextToken": None if end is None else str(end),
    }


def _summary(export: dict[str, Any]) -> dict[str, Any]:
    """It tells the type even where the description, for want of it in the request, does not."""
    kind = export.get("ExportType") or _FULL
    names = ("ExportArn", "ExportStatus")
    return {**{name: export[name] for name in names}, "ExportType": kind}
