"""Exports to S3: a copy of a table as it was at some time, made by jobs in a space of its own."""

import re
from typing import Any

from cloudarium.core.context import Context

from . import backup_errors, copies, tables, transfers
from .tables import Table

_ARN = re.compile(r"arn:[^:]*:dynamodb:([^:]*):([^:]*):table/([^/]+)", re.ASCII)

Payload = dict[str, Any]


def snapshot(ctx: Context, payload: Payload) -> None:
    """Copies the table bit by bit into the export's space; then it can be written."""
    source = source_of(ctx, payload)
    if source is None:
        return
    following = copies.copied(ctx, source, copies.into(payload["space"]), payload)
    if following is not None:
        ctx.schedule("export_snapshot", {**payload, **following})
    else:
        begin_writing(ctx, payload)


def source_of(ctx: Context, payload: Payload) -> Table | None:
    """The table to export; None, and the export has failed, if it is gone."""
    source = tables.find(ctx, payload["table"])
    if source is None or source.id != payload["id"]:
        finish(ctx, payload, ExportStatus="FAILED", FailureCode="TableNotFound")
        return None
    return source


def place_of(ctx: Context, arn: str) -> tuple[str, str]:
    """The region and name of the table to export, which can be of this account only."""
    if not arn.startswith("arn:"):
        raise backup_errors.BadTableArn()
    named = _ARN.fullmatch(arn)
    if named is None:
        raise backup_errors.TableArnInvalid()
    if named[2] != ctx.account:
        raise backup_errors.AccessDenied()
    return named[1], named[3]


def begin(ctx: Context, table: Table, job: str, payload: Payload) -> None:
    """Begins an export by a job; the table is held until it has been copied."""
    copies.hold(ctx, tables.editable(ctx, table.name))
    ctx.schedule(job, {**payload, "held": True})


def begin_writing(ctx: Context, payload: Payload) -> None:
    """Has the first file written, now that the table is copied."""
    if payload.get("held"):
        copies.release(ctx, payload["table"], payload["id"])
    ctx.schedule("export_write", {**payload, "file": 0, "partition": "", "sort": "", "files": []})


def finish(ctx: Context, payload: Payload, **results: Any) -> None:
    """Ends an export, one way or the other, and drops what its space has."""
    description = transfers.find(ctx, "export", payload["arn"])
    if description is not None:
        ended = {**description, "EndTime": ctx.now, **results}
        transfers.save(ctx, "export", payload["arn"], ended)
    ctx.schedule("forget_space", {"space": payload["space"]})
