"""Copies of tables as they were at some time, made bit by bit while writes go on.

A job copies the items, then undoes the changes made since, which the table's history has. For as
long as anything copies a table it is held: it keeps its history, or one begun for the copying
only, and its items, even if it is deleted meanwhile.
"""

from collections.abc import Callable
from typing import Any

from cloudarium.core.context import Context

from . import codec, history, storage, tables
from .tables import Table
from .ttl import Place

_AT_ONCE = 500

Payload = dict[str, Any]
Put = Callable[[Context, Place, bytes], None]
"""Has a copy hold an item's bytes at a place (nothing, if they are empty)."""


def hold(ctx: Context, table: Table) -> None:
    """Holds a table, which is a copy to change and is saved."""
    table.history_space = table.history_space or storage.new_space(ctx)
    table.snapshots += 1
    tables.save(ctx, table)


def release(ctx: Context, name: str, table_id: str) -> None:
    """Ends one holding of a table; what waited for the last one goes on."""
    found = tables.find(ctx, name)
    if found is None or found.id != table_id:
        return
    table = tables.editable(ctx, name)
    table.snapshots -= 1
    if not table.snapshots:
        if table.recovery_since is None:
            ctx.schedule("forget_space", {"space": table.history_space})
            table.history_space = 0
        if table.status == "DELETING":
            ctx.schedule("delete", {"table": table.name, "id": table.id})
    tables.save(ctx, table)


def copied(ctx: Context, source: Table, put: Put, payload: Payload) -> Payload | None:
    """Copies a part of a table as it was at a time (`at`); what is next, or None.

    First all that there is, then every change since undone, from the latest to the earliest, so
    that each item ends as it was before its first change, whatever is written meanwhile.
    """
    step = _copy if payload["phase"] == "copy" else _undo
    return step(ctx, source, put, payload)


def _copy(ctx: Context, source: Table, put: Put, payload: Payload) -> Payload | None:
    start = bytes.fromhex(payload["partition"]), bytes.fromhex(payload["sort"])
    entries = storage.across(ctx, source.space, start, None)
    for number, (partition, sort, data) in enumerate(entries):
        if number == _AT_ONCE:
            return {"partition": start[0].hex(), "sort": start[1].hex()}
        start = partition, sort
        put(ctx, start, data)
    return {"phase": "undo", "before": None}


def _undo(ctx: Context, source: Table, put: Put, payload: Payload) -> Payload | None:
    before = bytes.fromhex(payload["before"]) if payload["before"] else None
    changes = history.backwards(ctx, source, payload["at"], before)
    for number, (key, place, data) in enumerate(changes):
        if number == _AT_ONCE:
            return {"before": before.hex() if before else None}
        before = key
        put(ctx, place, data)
    return None


def into(space: int) -> Put:
    """Puts what is copied into a space."""

    def put(ctx: Context, place: Place, data: bytes) -> None:
        old = storage.get(ctx, space, *place)
        size = codec.size_of(old) if old is not None else 0
        if data:
            added, grown = int(old is None), codec.size_of(data) - size
            storage.put(ctx, space, (*place, data), added, grown)
        elif old is not None:
            storage.remove(ctx, space, *place, size)

    return put
