"""Log streams: rows of `log_streams`."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from cloudarium.core.context import Context
from cloudarium.services.logs import errors
from cloudarium.services.logs.log_groups import LogGroup


@dataclass(frozen=True)
class LogStream:
    """A log stream; times are epoch milliseconds, None before the first event."""

    id: int
    name: str
    created_at: int
    first_event_at: int | None
    last_event_at: int | None
    last_ingestion_at: int | None


def insert(ctx: Context, group: LogGroup, name: str) -> LogStream:
    """Make a stream."""
    row = ctx.db.execute(
        "INSERT INTO log_streams (log_group, name, created_at) VALUES (?, ?, ?) RETURNING *",
        (group.id, name, int(ctx.now * 1000)),
    ).fetchone()
    return _stream(row)


def named(ctx: Context, group: LogGroup, name: str) -> LogStream | None:
    """Return the stream called `name`, if there is one."""
    row = ctx.db.execute(
        "SELECT * FROM log_streams WHERE log_group = ? AND name = ?", (group.id, name)
    ).fetchone()
    return _stream(row) if row else None


def find(ctx: Context, group: LogGroup, name: str) -> LogStream:
    """Return the stream called `name`. Raises LogStreamNotFound."""
    stream = named(ctx, group, name)
    if stream is None:
        raise errors.LogStreamNotFound()
    return stream


def listed(ctx: Context, group: LogGroup, prefix: str = "") -> list[LogStream]:
    """Return a group's streams in name order."""
    rows = ctx.db.execute(
        "SELECT * FROM log_streams WHERE log_group = ? AND substr(name, 1, ?) = ? ORDER BY name",
        (group.id, len(prefix), prefix),
    )
    return [_stream(row) for row in rows]


def note_events(ctx: Context, stream: LogStream, first: int, last: int) -> None:
    """Note that events from `first` to `last` came in now."""
    ctx.db.execute(
        "UPDATE log_streams SET first_event_at = min(ifnull(first_event_at, :first), :first),"
        " last_event_at = max(ifnull(last_event_at, :last), :last), last_ingestion_at = :now"
        " WHERE id = :id",
        {"first": first, "last": last, "now": int(ctx.now * 1000), "id": stream.id},
    )


def delete(ctx: Context, stream: LogStream) -> None:
    """Remove a stream with its events."""
    ctx.db.execute("DELETE FROM events WHERE stream = ?", (stream.id,))
    ctx.db.execute("DELETE FROM log_streams WHERE id = ?", (stream.id,))


def _stream(row: sqlite3.Row) -> LogStream:
    return LogStream(
        row["id"],
        row["name"],
        row["created_at"],
        row["first_event_at"],
        row["last_event_at"],
        row["last_ingestion_at"],
    )
