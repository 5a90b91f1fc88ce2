"""Archives: what went over a bus, kept to be replayed.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-archive.html
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

import orjson

from cloudarium.core.context import Context
from cloudarium.services.events import errors

_DAY = 86_400
# What an event has that comes out of an archive, into which it never goes again.
REPLAY_NAME = "replay-name"


@dataclass(frozen=True)
class Archive:
    """An archive of a bus; `retention_days` 0 is for ever."""

    account: str
    region: str
    name: str
    bus: str
    description: str | None
    pattern: str | None
    retention_days: int
    key_id: str | None
    created_at: float

    @property
    def arn(self) -> str:
        """The archive's ARN."""
        return f"arn:aws:events:{self.region}:{self.account}:archive/{self.name}"

    @property
    def key(self) -> tuple[str, str, str]:
        """What its rows are found by."""
        return self.account, self.region, self.name


@dataclass(frozen=True)
class ArchivedEvent:
    """An event in an archive; `at` is its own time."""

    id: int
    at: float
    event: dict[str, Any]


def lookup(ctx: Context, name: str) -> Archive | None:
    """Return the archive called `name`, if there is one."""
    row = ctx.db.execute(
        "SELECT * FROM archives WHERE account = ? AND region = ? AND name = ?",
        (ctx.account, ctx.region, name),
    ).fetchone()
    return _archive(row) if row else None


def find(ctx: Context, name: str) -> Archive:
    """Return the archive called `name`. Raises ResourceNotFoundException."""
    archive = lookup(ctx, name)
    if archive is None:
        raise errors.ArchiveNotFound(name=name)
    return archive


def listed(ctx: Context, *, prefix: str = "", bus: str = "") -> list[Archive]:
    """Return the archives by name, perhaps only those of a bus."""
    rows = ctx.db.execute(
        "SELECT * FROM archives WHERE account = ? AND region = ? AND substr(name, 1, ?) = ?"
        " ORDER BY name",
        (ctx.account, ctx.region, len(prefix), prefix),
    )
    return [archive for archive in map(_archive, rows) if bus in ("", archive.bus)]


def put(ctx: Context, archive: Archive) -> None:
    """Make or replace an archive; what it holds stays."""
    ctx.db.execute(
        "INSERT OR REPLACE INTO archives VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *archive.key,
            archive.bus,
            archive.description,
            archive.pattern,
            archive.retention_days,
            archive.key_id,
            archive.created_at,
        ),
    )


def delete(ctx: Context, archive: Archive) -> None:
    """Remove an archive and what it holds."""
    for table, column in (("archives", "name"), ("archived_events", "archive")):
        ctx.db.execute(
            f"DELETE FROM {table} WHERE account = ? AND region = ? AND {column} = ?", archive.key
        )


def keep(ctx: Context, archive: Archive, event: dict[str, Any], at: float) -> None:
    """Put an event into an archive, and let go what is older than it keeps."""
    if archive.retention_days:
        ctx.db.execute(
            "DELETE FROM archived_events WHERE account = ? AND region = ? AND archive = ?"
            " AND kept_at < ?",
            (*archive.key, _oldest(ctx, archive)),
        )
    ctx.db.execute(
        "INSERT INTO archived_events (account, region, archive, at, kept_at, event)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (*archive.key, at, ctx.now, orjson.dumps(event).decode()),
    )


def held(ctx: Context, archive: Archive) -> tuple[int, int]:
    """Return how many events an archive holds, and their bytes."""
    row = ctx.db.execute(
        "SELECT count(*), coalesce(sum(length(CAST(event AS BLOB))), 0) FROM archived_events"
        " WHERE account = ? AND region = ? AND archive = ? AND kept_at >= ?",
        (*archive.key, _oldest(ctx, archive)),
    ).fetchone()
    return int(row[0]), int(row[1])


def events(
    ctx: Context, archive: Archive, since: float, until: float, after: int, count: int
) -> list[ArchivedEvent]:
    """Return events between two times, in the order they came, after the one with id `after`."""
    rows = ctx.db.execute(
        "SELECT id, at, event FROM archived_events WHERE account = ? AND region = ?"
        " AND archive = ? AND at >= ? AND at <= ? AND kept_at >= ? AND id > ? ORDER BY id LIMIT ?",
        (*archive.key, since, until, _oldest(ctx, archive), after, count),
    )
    return [ArchivedEvent(row["id"], row["at"], orjson.loads(row["event"])) for row in rows]


def _oldest(ctx: Context, archive: Archive) -> float:
    return ctx.now - archive.retention_days * _DAY if archive.retention_days else 0.0


def _archive(row: sqlite3.Row) -> Archive:
    return Archive(
        row["account"],
        row["region"],
        row["name"],
        row["bus"],
        row["description"],
        row["pattern"],
        row["retention_days"],
        row["key_id"],
        row["created_at"],
    )
