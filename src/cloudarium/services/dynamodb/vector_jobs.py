"""Jobs: making and removing vector indexes of tables that are there already."""

from cloudarium.core.context import Context

from . import codec, items, lifecycle, schemas, storage, tables, vectors
from .lifecycle import Payload

_AT_ONCE = 500


def backfill(ctx: Context, payload: Payload) -> None:
    """Gives the items there were before a vector index their entries; then it is ACTIVE."""
    table = lifecycle.table_of(ctx, payload)
    if table is None or payload["index"] not in table.vectors:
        return
    index = table.vectors[payload["index"]]
    if index.status != "CREATING":
        return
    if index.allocating:
        index.allocating = False
        lifecycle.set_status(table)
        tables.save(ctx, table)
        ctx.schedule("backfill_vectors", payload)
        return
    start = bytes.fromhex(payload["partition"]), bytes.fromhex(payload["sort"])
    for number, (partition, sort, data) in enumerate(storage.across(ctx, table.space, start, None)):
        if number == _AT_ONCE:
            place = {"partition": start[0].hex(), "sort": start[1].hex()}
            ctx.schedule("backfill_vectors", {**payload, **place})
            return
        start = partition, sort
        key = items.Key(partition, sort, {})
        vectors.put(ctx, table, index, key, codec.decode(data))
    index.status, index.backfilling = "ACTIVE", False
    lifecycle.set_status(table)
    tables.save(ctx, table)


def drop(ctx: Context, payload: Payload) -> None:
    """Removes a vector index's entries bit by bit, then the index."""
    table = lifecycle.table_of(ctx, payload)
    if table is None or payload["index"] not in table.vectors:
        return
    if not storage.clear(ctx, table.vectors[payload["index"]].space, _AT_ONCE * 4):
        ctx.schedule("drop_vectors", payload)
        return
    del table.vectors[payload["index"]]
    schemas.forget_types(table)
    lifecycle.set_status(table)
    tables.save(ctx, table)
