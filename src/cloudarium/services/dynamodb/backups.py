"""On-demand backups: copies of tables as they were at one moment, made while writes go on.

A job copies the items bit by bit, then undoes the changes made since, which the table's history
has; a table that keeps none keeps one for as long as a backup of it is being made.
"""

from dataclasses import dataclass
from typing import Any

from cloudarium.core.context import Context

from . import backup_errors, codec, history, items, storage, tables
from .tables import Table
from .ttl import Place

_AT_ONCE = 500

Payload = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup; `space` has its items, `table` is its table as it was."""

    arn: str
    table_name: str
    name: str
    status: str
    created: float
    space: int
    table: Table


def create(ctx: Context, table: Table, name: str) -> Backup:
    """Begins a backup of a table, which is a copy to change and is saved."""
    label = f"{int(ctx.now * 1000):014}-{ctx.ids.hex(8)}"
    backup = Backup(
        f"{table.arn}/backup/{label}",
        table.name,
        name,
        "CREATING",
        ctx.now,
        storage.new_space(ctx),
        table,
    )
    definition = tables.dumped(table)
    since = ctx.now
    if not table.history_space:
        table.history_space, since = storage.new_space(ctx), 0.0
    table.snapshots += 1
    tables.save(ctx, table)
    ctx.db.execute(
        "INSERT INTO backups VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            ctx.account,
            ctx.region,
            backup.arn,
            table.name,
            name,
            backup.status,
            ctx.now,
            backup.space,
            definition,
        ),
    )
    payload = {"backup": backup.arn, "table": table.name, "id": table.id, "at": since}
    ctx.schedule("back_up", {**payload, "phase": "copy", "partition": "", "sort": ""})
    return backup


def find(ctx: Context, arn: str) -> Backup:
    """The backup with this ARN. BackupNotFoundException if there is none."""
    found = next((backup for backup in listed(ctx) if backup.arn == arn), None)
    if found is None:
        raise backup_errors.BackupNotFound(arn=arn)
    return found


def listed(ctx: Context) -> list[Backup]:
    """This account's and region's backups, by ARN."""
    rows = ctx.db.execute(
        'SELECT arn, table_name, name, status, created, space, definition AS "table" '
        "FROM backups "
        "WHERE account = ? AND region = ? ORDER BY arn",
        (ctx.account, ctx.region),
    )
    return [Backup(**{**dict(row), "table": tables.loaded(row["table"])}) for row in rows]


def delete(ctx: Context, backup: Backup) -> None:
    """Forgets a backup and its items."""
    ctx.db.execute("DELETE FROM backups WHERE arn = ?", (backup.arn,))
    ctx.schedule("forget_space", {"space": backup.space})


def make(ctx: Context, payload: Payload) -> None:
    """Makes a backup bit by bit: first a copy, then every change since its beginning undone."""
    backup = next((each for each in listed(ctx) if each.arn == payload["backup"]), None)
    source = tables.find(ctx, payload["table"])
    if backup is None or source is None or source.id != payload["id"]:
        if backup is not None:
            delete(ctx, backup)
        return
    following = copied(ctx, source, backup.space, payload)
    if following is not None:
        ctx.schedule("back_up", {**payload, **following})
        return
    ctx.db.execute("UPDATE backups SET status = 'AVAILABLE' WHERE arn = ?", (backup.arn,))
    _release(ctx, tables.editable(ctx, source.name))


def _release(ctx: Context, table: Table) -> None:
    """Ends the keeping of a history that was kept for backups only."""
    table.snapshots -= 1
    if not table.snapshots and table.recovery_since is None:
        ctx.schedule("forget_space", {"space": table.history_space})
        table.history_space = 0
    tables.save(ctx, table)


def copied(ctx: Context, source: Table, space: int, payload: Payload) -> Payload | None:
    """Copies a part of a table as it was at a time (`at`) into a space; what is next, or None."""
    step = _copy if payload["phase"] == "copy" else _undo
    return step(ctx, source, space, payload)


def _copy(ctx: Context, source: Table, space: int, payload: Payload) -> Payload | None:
    start = bytes.fromhex(payload["partition"]), bytes.fromhex(payload["sort"])
    for number, (partition, sort, data) in enumerate(
        storage.across(ctx, source.space, start, None)
    ):
        if number == _AT_ONCE:
            return {"partition": start[0].hex(), "sort": start[1].hex()}
        start = partition, sort
        _keep(ctx, space, start, data)
    return {"phase": "undo", "before": None}


def _undo(ctx: Context, source: Table, space: int, payload: Payload) -> Payload | None:
    before = bytes.fromhex(payload["before"]) if payload["before"] else None
    changes = history.backwards(ctx, source, payload["at"], before)
    for number, (key, place, data) in enumerate(changes):
        if number == _AT_ONCE:
            return {"before": before.hex() if before else None}
        before = key
        _keep(ctx, space, place, data)
    return None


def _keep(ctx: Context, space: int, place: Place, data: bytes) -> None:
    """Has the space hold `data` at `place` (nothing, if that is empty)."""
    old = storage.get(ctx, space, *place)
    size = codec.size_of(old) if old is not None else 0
    if data:
        added, grown = int(old is None), codec.size_of(data) - size
        storage.put(ctx, space, (*place, data), added, grown)
    elif old is not None:
        storage.remove(ctx, space, *place, size)


def restore(ctx: Context, payload: Payload) -> None:
    """Gives a new table a backup's items, bit by bit; then it is ACTIVE."""
    table = tables.find(ctx, payload["target"])
    if table is None or table.id != payload["id"]:
        return
    start = bytes.fromhex(payload["partition"]), bytes.fromhex(payload["sort"])
    entries = storage.across(ctx, payload["space"], start, None)
    for number, (partition, sort, data) in enumerate(entries):
        if number == _AT_ONCE:
            place = {"partition": start[0].hex(), "sort": start[1].hex()}
            ctx.schedule("restore_backup", {**payload, **place})
            return
        start = partition, sort
        key = items.Key(partition, sort, {})
        new = items.stored(data)
        items.replace(ctx, table, key, items.find(ctx, table, key), new, limited=False)
    finished = tables.editable(ctx, table.name)
    finished.status = "ACTIVE"
    finished.restored = {**(finished.restored or {}), "RestoreInProgress": False}
    tables.save(ctx, finished)
