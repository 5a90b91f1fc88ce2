"""Jobs: what happens to tables and items after the request that set it off was answered."""

from collections.abc import Callable
from typing import Any

from cloudarium.core.context import Context

from . import (
    admission,
    backups,
    codec,
    indexes,
    item_collections,
    items,
    metrics,
    schemas,
    storage,
    tables,
    ttl,
)
from .tables import Table

_AT_ONCE = 500

Payload = dict[str, Any]


def activate(ctx: Context, payload: Payload) -> None:
    """Ends a table's creation."""
    _settle(ctx, payload, lambda table: setattr(table, "status", "ACTIVE"))


def finish_update(ctx: Context, payload: Payload) -> None:
    """Ends a change of a table's settings; an index being made or dropped goes on."""

    def finish(table: Table) -> None:
        for index in table.indexes.values():
            if index.status == "UPDATING":
                index.status = "ACTIVE"
        if "on demand" in table.changing:
            table.on_demand_since = ctx.now
        table.changing = {}
        set_status(table)

    _settle(ctx, payload, finish)


def _settle(ctx: Context, payload: Payload, change: Callable[[Table], None]) -> None:
    table = table_of(ctx, payload)
    if table is not None and table.status != "DELETING":
        change(table)
        tables.save(ctx, table)


def set_status(table: Table) -> None:
    """Makes a table UPDATING or ACTIVE, by what is under way."""
    table.status = "UPDATING" if admission.is_updating(table) else "ACTIVE"


def table_of(ctx: Context, payload: Payload) -> Table | None:
    """A copy of the payload's table to change; None if it is gone or another has its name."""
    found = tables.find(ctx, payload["table"])
    if found is None or found.id != payload["id"]:
        return None
    return tables.editable(ctx, payload["table"])


def delete(ctx: Context, payload: Payload) -> None:
    """Removes a table's items and entries bit by bit, then the table; once nothing copies it.

    One with point-in-time recovery leaves a system backup.
    """
    table = table_of(ctx, payload)
    if table is None:
        return
    if table.recovery_since is not None:
        table.recovery_since = None
        backups.leave(ctx, table)
    if table.snapshots:
        return  # the end of the last copy goes on with it
    spaces = [table.space, table.ttl_space, table.history_space, item_collections.space_of(table)]
    spaces += (index.space for index in table.indexes.values())
    spaces += (index.space for index in table.vectors.values())
    for space in spaces:
        if not storage.clear(ctx, space, _AT_ONCE * 4):
            ctx.schedule("delete", payload)
            return
    tables.remove(ctx, table)


def drop_index(ctx: Context, payload: Payload) -> None:
    """Removes an index's entries bit by bit, then the index."""
    table = table_of(ctx, payload)
    if table is None or payload["index"] not in table.indexes:
        return
    if not storage.clear(ctx, table.indexes[payload["index"]].space, _AT_ONCE * 4):
        ctx.schedule("drop_index", payload)
        return
    del table.indexes[payload["index"]]
    schemas.forget_types(table)
    set_status(table)
    tables.save(ctx, table)


def backfill(ctx: Context, payload: Payload) -> None:
    """Gives the items there were before an index their entries; then the index is ACTIVE.

    The table is ACTIVE meanwhile. Items whose attributes cannot be the index's keys have no entry,
    as on AWS.
    """
    table = table_of(ctx, payload)
    if table is None or payload["index"] not in table.indexes:
        return
    index = table.indexes[payload["index"]]
    if index.status != "CREATING":
        return
    if index.allocating:
        index.allocating = False
        set_status(table)
        tables.save(ctx, table)
        ctx.schedule("backfill", payload)
        return
    start = bytes.fromhex(payload["partition"]), bytes.fromhex(payload["sort"])
    for number, (partition, sort, data) in enumerate(storage.across(ctx, table.space, start, None)):
        if number == _AT_ONCE:
            place = {"partition": start[0].hex(), "sort": start[1].hex()}
            ctx.schedule("backfill", {**payload, **place})
            return
        start = partition, sort
        item = codec.decode(data)
        entry = indexes.entry(table, index, items.Key(partition, sort, {}), item)
        if entry is not None:
            indexes.backfill(ctx, index, entry)
    index.status, index.backfilling = "ACTIVE", False
    set_status(table)
    tables.save(ctx, table)


def list_expiries(ctx: Context, payload: Payload) -> None:
    """Lists when the items expire that were there before time to live was enabled."""
    table = table_of(ctx, payload)
    if table is None or table.ttl_space != payload["space"]:
        return
    start = bytes.fromhex(payload["partition"]), bytes.fromhex(payload["sort"])
    for number, (partition, sort, data) in enumerate(storage.across(ctx, table.space, start, None)):
        if number == _AT_ONCE:
            place = {"partition": start[0].hex(), "sort": start[1].hex()}
            ctx.schedule("list_expiries", {**payload, **place})
            return
        start = partition, sort
        ttl.list_present(ctx, table, start, data)


def forget_space(ctx: Context, payload: Payload) -> None:
    """Removes a space that is no longer used, bit by bit."""
    if not storage.clear(ctx, payload["space"], _AT_ONCE * 4):
        ctx.schedule("forget_space", payload)


def expire(ctx: Context, payload: Payload) -> None:
    """Removes items that have expired, then waits for the next."""
    table = tables.find(ctx, payload["table"])
    if table is None or table.ttl is None or table.ttl_space != payload["space"]:
        return
    expired: list[ttl.Place] = []
    for at, place in ttl.upcoming(ctx, table):
        if at > ctx.now or len(expired) == _AT_ONCE:
            ttl.schedule(ctx, table, at)
            break
        expired.append(place)
    for place in expired:
        data = storage.get(ctx, table.space, *place)
        if data is not None:
            old = items.stored(data)
            key = items.key_in(table, old.item)
            items.replace(ctx, table, key, old, items.NOTHING, limited=False)
    if expired:
        metrics.count(ctx, "TimeToLiveDeletedItemCount", len(expired), TableName=table.name)
