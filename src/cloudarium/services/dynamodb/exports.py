"""Exports to S3: a copy of a table as it was at some time, made by jobs in a space of its own."""

from typing import Any

from cloudarium.core.context import Context

from . import copies, tables, transfers
from .tables import Table

Payload = dict[str, Any]


def snapshot(ctx: Context, payload: Payload) -> None:
    """Copies the table bit by bit into the export's space; then it can be written."""
    source = source_of(ctx, payload)
    if source is None:
        return
    following = copies.copied(ctx, source, payload["space"], payload)
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
        count = sum(each["itemCount"] for each in payload.get("files", ()))
        ended = {**description, "EndTime": ctx.now, "ItemCount": count, **results}
        transfers.save(ctx, "export", payload["arn"], ended)
    ctx.schedule("forget_space", {"space": payload["space"]})
