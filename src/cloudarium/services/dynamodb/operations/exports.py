"""ExportTableToPointInTime, DescribeExport and ListExports."""

from typing import Any

from cloudarium.core.context import Context, Request, Response

from .. import backup_errors, errors, recovery, schemas, storage, tables, transfers
from ..tables import Table

_PAGE = 25
_SUMMARY = ("ExportArn", "ExportStatus", "ExportType")


def export_table_to_point_in_time(ctx: Context, request: Request) -> Response:
    """Begins to write a table, as it was at a time, into a bucket; IN_PROGRESS until jobs have."""
    known = transfers.repeated(ctx, "export", request.get("ClientToken"))
    if known is not None:
        return {"ExportDescription": known}
    schemas.refuse_unsupported(request, ("FilterSpecification", "IncrementalExportSpecification"))
    for member, only in (("ExportFormat", "DYNAMODB_JSON"), ("ExportType", "FULL_EXPORT")):
        if request.get(member, only) != only:
            raise errors.Unsupported(name=f"{member} {request[member]}")
    table, at = _checked(ctx, request)
    label = transfers.label(ctx)
    description = _description(ctx, request, table, at, label)
    transfers.save(ctx, "export", str(description["ExportArn"]), description)
    prefix = request.get("S3Prefix", "").strip("/")
    payload = {
        "arn": description["ExportArn"],
        "table": table.name,
        "id": table.id,
        "at": at,
        "space": storage.new_space(ctx),
        "bucket": request["S3Bucket"],
        "folder": f"{prefix}/AWSDynamoDB/{label}".lstrip("/"),
        "encryption": {"AES256": "AES256", "KMS": "aws:kms"}.get(request.get("S3SseAlgorithm", "")),
        "principal": transfers.packed(ctx.principal),
    }
    ctx.schedule("export_snapshot", {**payload, "phase": "copy", "partition": "", "sort": ""})
    return {"ExportDescription": description}


def _checked(ctx: Context, request: Request) -> tuple[Table, float]:
    """The table to export, and as of when. Raises unless it can be."""
    table = tables.find(ctx, request["TableArn"])
    if table is None:
        raise backup_errors.BackupTableNotFound(name=request["TableArn"])
    if table.recovery_since is None:
        raise backup_errors.RecoveryUnavailable(name=table.name)
    at = float(request.get("ExportTime", ctx.now))
    if not recovery.earliest(ctx, table) <= at <= ctx.now:
        raise backup_errors.BadExportTime()
    return table, at


def _description(
    ctx: Context, request: Request, table: Table, at: float, label: str
) -> dict[str, Any]:
    return {
        "ExportArn": f"{table.arn}/export/{label}",
        "ExportStatus": "IN_PROGRESS",
        "StartTime": ctx.now,
        "TableArn": table.arn,
        "TableId": table.id,
        "ExportTime": at,
        "ClientToken": request.get("ClientToken"),
        "S3Bucket": request["S3Bucket"],
        "S3BucketOwner": request.get("S3BucketOwner"),
        "S3Prefix": request.get("S3Prefix"),
        "S3SseAlgorithm": request.get("S3SseAlgorithm", "AES256"),
        "S3SseKmsKeyId": request.get("S3SseKmsKeyId"),
        "ExportFormat": "DYNAMODB_JSON",
        "ExportType": "FULL_EXPORT",
        "BilledSizeBytes": storage.totals(ctx, table.space)[1],
    }


def describe_export(ctx: Context, request: Request) -> Response:
    """Describes an export."""
    found = transfers.find(ctx, "export", request["ExportArn"])
    if found is None:
        raise backup_errors.ExportNotFound(arn=request["ExportArn"])
    return {"ExportDescription": found}


def list_exports(ctx: Context, request: Request) -> Response:
    """Lists exports, of one table or all, the latest first."""
    found = transfers.listed(ctx, "export", request.get("TableArn"))
    start = int(request["NextToken"]) if request.get("NextToken", "").isdigit() else 0
    end = start + request.get("MaxResults", _PAGE)
    return {
        "ExportSummaries": [{name: each[name] for name in _SUMMARY} for each in found[start:end]],
        "NextToken": str(end) if len(found) > end else None,
    }
