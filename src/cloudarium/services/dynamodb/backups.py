"""Backups: tables as they were at one moment, made on demand or of a table that is deleted.

Source of the second kind: Developer Guide, "Point-in-time recovery": a table that is deleted with
recovery enabled leaves a system backup, kept for 35 days. Users who measured it found its name and
the zeros its ARN ends with.
"""

import re
from dataclasses import dataclass
from typing import Any

from cloudarium.core.context import Context

from . import backup_errors, copies, items, limits, storage, tables
from .tables import Table

_AT_ONCE = 500
_ARN = re.compile(r"arn:([^:]*):([^:]*):([^:]*):([^:]*):(.*)", re.ASCII)
_RESOURCE = re.compile(r"table/[A-Za-z0-9_.-]{3,255}/backup/([^/]+)", re.ASCII)
_LABEL = re.compile(r"\d{14}-[0-9a-fA-F]{8}", re.ASCII)
_REGION = re.compile(
    r"[a-z]{2}(-gov)?-(north|south)?(east|west|central)?(?<!-)-[1-9]", re.ASCII | re.IGNORECASE
)
_SYSTEM = "-00000000"

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

    @property
    def kind(self) -> str:
        """Its `BackupType`."""
        return "SYSTEM" if self.arn.endswith(_SYSTEM) else "USER"

    @property
    def expires(self) -> float | None:
        """When it is forgotten, if it ever is."""
        return self.created + limits.SYSTEM_BACKUP_SECONDS if self.kind == "SYSTEM" else None


def create(ctx: Context, table: Table, name: str) -> Backup:
    """Begins a backup of a table, which is a copy to change and is saved."""
    return _begin(ctx, table, name, f"-{ctx.ids.hex(8)}")


def leave(ctx: Context, table: Table) -> None:
    """Begins the system backup of a table that is being deleted, likewise, and expires it."""
    backup = _begin(ctx, table, f"{table.name}$DeletedTableBackup", _SYSTEM)
    ctx.schedule("expire_backup", {"backup": backup.arn}, at=backup.expires)


def _begin(ctx: Context, table: Table, name: str, suffix: str) -> Backup:
    backup = Backup(
        f"{table.arn}/backup/{int(ctx.now * 1000):014}{suffix}",
        table.name,
        name,
        "CREATING",
        ctx.now,
        storage.new_space(ctx),
        table,
    )
    definition = tables.dumped(table)
    since = ctx.now if table.history_space else 0.0
    copies.hold(ctx, table)
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


def region_of(ctx: Context, arn: str) -> str:
    """The region a backup's ARN names. ValidationException and others if it can be none's."""
    match = _ARN.fullmatch(arn)
    if match is None:
        raise backup_errors.BadBackupArn()
    partition, service, region, account, resource = match.groups()
    if not region or account != ctx.account:
        raise backup_errors.AccessDenied()
    named = _RESOURCE.fullmatch(resource)
    if named is None:
        raise backup_errors.BadBackupArn()
    is_known = region == ctx.region or _REGION.fullmatch(region)
    if (partition, service) == ("aws", "dynamodb") and is_known and _LABEL.fullmatch(named[1]):
        return region
    raise backup_errors.BackupArnInvalid()


def find(ctx: Context, arn: str) -> Backup:
    """The backup with this ARN. BackupNotFoundException if there is none.

    Whatever region the ARN names, the backup is looked for in the request's.
    """
    region = region_of(ctx, arn)
    found = _rows(ctx, "AND arn = ?", arn.replace(f":{region}:", f":{ctx.region}:", 1))
    if not found:
        raise backup_errors.BackupNotFound(arn=arn)
    return found[0]


def listed(ctx: Context) -> list[Backup]:
    """This account's and region's backups, by ARN."""
    return _rows(ctx, "ORDER BY arn")


def _rows(ctx: Context, condition: str, *values: str) -> list[Backup]:
    rows = ctx.db.execute(
        'SELECT arn, table_name, name, status, created, space, definition AS "table" '
        f"FROM backups WHERE account = ? AND region = ? {condition}",
        (ctx.account, ctx.region, *values),
    )
    return [Backup(**{**dict(row), "table": tables.loaded(row["table"])}) for row in rows]


def delete(ctx: Context, backup: Backup) -> None:
    """Forgets a backup and its items."""
    ctx.db.execute("DELETE FROM backups WHERE arn = ?", (backup.arn,))
    ctx.schedule("forget_space", {"space": backup.space})


def expire(ctx: Context, payload: Payload) -> None:
    """Forgets a system backup whose time has come; one that is being restored, later."""
    found = _rows(ctx, "AND arn = ?", payload["backup"])
    if found and is_restored(ctx, found[0]):
        ctx.schedule("expire_backup", payload, at=ctx.now + 60.0)
    elif found:
        delete(ctx, found[0])


def is_restored(ctx: Context, backup: Backup) -> bool:
    """Whether a table is being made of a backup, in whatever region."""
    sources = (table.restored or {} for table in tables.being_restored(ctx))
    return any(source.get("SourceBackupArn") == backup.arn for source in sources)


def make(ctx: Context, payload: Payload) -> None:
    """Makes a backup bit by bit: first a copy, then every change since its beginning undone."""
    found = _rows(ctx, "AND arn = ?", payload["backup"])
    source = tables.find(ctx, payload["table"])
    if source is None or source.id != payload["id"]:
        for backup in found:
            delete(ctx, backup)
        return
    following = copies.copied(ctx, source, copies.into(found[0].space), payload) if found else None
    if following is not None:
        ctx.schedule("back_up", {**payload, **following})
        return
    ctx.db.execute("UPDATE backups SET status = 'AVAILABLE' WHERE arn = ?", (payload["backup"],))
    copies.release(ctx, source.name, source.id)


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
    finished.restored = None
    tables.save(ctx, finished)
