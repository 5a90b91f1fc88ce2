"""ImportTable, DescribeImport and ListImports."""

import re
from typing import Any

from cloudarium.core.context import Context, Request, Response

from .. import backup_errors, errors, imports, schemas, tables, transfers
from ..tables import Table

_IMPORT = re.compile(r"arn:.+:table/[^/]{3,255}/import/.+")
_PAGE = 10
_SUMMARY = (
    "ImportArn",
    "ImportStatus",
    "TableArn",
    "S3BucketSource",
    "CloudWatchLogGroupArn",
    "InputFormat",
    "StartTime",
    "EndTime",
)
_TOKEN_DIGITS = 112  # the model's least length of ListImports' NextToken


def import_table(ctx: Context, request: Request) -> Response:
    """Makes a new table of what is in a bucket; IN_PROGRESS until a job has read it.

    Of what a client token was used with only the table's name counts, and a table that is there
    comes before it.
    """
    compression = request.get("InputCompressionType", "NONE")
    _check(request)
    table = schemas.new_table(ctx, request["TableCreationParameters"])
    known = transfers.repeated(ctx, "import", request["ClientToken"])
    if known is not None and known["TableArn"] != table.arn:
        raise backup_errors.ImportConflict()
    exists = tables.find(ctx, table.name) is not None
    if known is not None and (known["ImportStatus"] == "IN_PROGRESS" or not exists):
        return {"ImportTableDescription": _shown(known)}
    if exists:
        raise errors.TableExists(name=table.name)
    tables.save(ctx, table)
    description = _description(ctx, request, table)
    transfers.save(ctx, "import", str(description["ImportArn"]), description)
    payload = {
        "arn": description["ImportArn"],
        "table": table.name,
        "id": table.id,
        "source": request["S3BucketSource"],
        "format": request["InputFormat"],
        "options": (request.get("InputFormatOptions") or {}).get("Csv") or {},
        "compression": compression,
        "types": table.types,
        "principal": transfers.packed(ctx.principal),
        "after": "",
    }
    ctx.schedule("import", payload)
    return {"ImportTableDescription": _shown(description)}


def _check(request: Request) -> None:
    if "ClientToken" not in request:
        raise backup_errors.TokenMissing()
    if request["InputFormat"] != "CSV" and request.get("InputFormatOptions"):
        raise backup_errors.OptionsUnwanted(format=request["InputFormat"])


def _shown(description: dict[str, Any]) -> dict[str, Any]:
    """An import as it is described: what it has read is told when it has ended."""
    if description["ImportStatus"] != "IN_PROGRESS":
        return description
    shown = {**description, **dict.fromkeys(imports.COUNTS, 0)}
    shown.pop("ProcessedSizeBytes", None)
    return shown


def _description(ctx: Context, request: Request, table: Table) -> dict[str, Any]:
    return {
        "ImportArn": f"{table.arn}/import/{transfers.label(ctx)}",
        "ImportStatus": "IN_PROGRESS",
        "TableArn": table.arn,
        "TableId": table.id,
        "ClientToken": request.get("ClientToken"),
        "S3BucketSource": {"S3BucketOwner": ctx.account, **request["S3BucketSource"]},
        "ErrorCount": 0,
        "CloudWatchLogGroupArn": f"{ctx.arn(f'log-group:{imports.LOG_GROUP}', service='logs')}:*",
        "InputFormat": request["InputFormat"],
        "InputFormatOptions": request.get("InputFormatOptions"),
        "InputCompressionType": request.get("InputCompressionType", "NONE"),
        "TableCreationParameters": request["TableCreationParameters"],
        "StartTime": ctx.now,
        "ProcessedSizeBytes": 0,
        "ProcessedItemCount": 0,
        "ImportedItemCount": 0,
    }


def describe_import(ctx: Context, request: Request) -> Response:
    """Describes an import."""
    if _IMPORT.fullmatch(request["ImportArn"]) is None:
        raise backup_errors.BadImportArn()
    found = transfers.find(ctx, "import", request["ImportArn"])
    if found is None:
        raise backup_errors.ImportNotFound(arn=request["ImportArn"])
    return {"ImportTableDescription": _shown(found)}


def list_imports(ctx: Context, request: Request) -> Response:
    """Lists imports, into one table or any, the latest first."""
    found = transfers.listed(ctx, "import", request.get("TableArn"))
    size = request.get("PageSize", _PAGE)
    shown, end = transfers.page(found, request.get("NextToken"), size, 16)
    return {
        "ImportSummaryList": [{name: each.get(name) for name in _SUMMARY} for each in shown],
        "NextToken": None if end is None else f"{end:0{_TOKEN_DIGITS}x}",
    }
