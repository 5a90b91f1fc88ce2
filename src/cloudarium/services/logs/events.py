"""Log events: rows of `events`, read by time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cloudarium.core.context import Context
from cloudarium.services.logs import limits
from cloudarium.services.logs.log_groups import LogGroup
from cloudarium.services.logs.log_streams import LogStream

_END = 2**62


class Position(NamedTuple):
    """A place between events: an event's time (ms) and id."""

    at: int
    id: int


START = Position(0, 0)
END = Position(_END, _END)


@dataclass(frozen=True)
class Event:
    """A log event; times are epoch milliseconds."""

    id: int
    stream: int
    at: int
    ingested_at: int
    message: str

    @property
    def position(self) -> Position:
        """Where it stands."""
        return Position(self.at, self.id)

    @property
    def size(self) -> int:
        """What it counts in a page: UTF-8 bytes and AWS's overhead."""
        return len(self.message.encode()) + limits.EVENT_OVERHEAD_BYTES


@dataclass(frozen=True)
class Window:
    """Which events to read: positions and times (ms), all exclusive but `since`."""

    since: int = 0
    until: int = _END
    after: Position = START
    before: Position = END


def insert(
    ctx: Context, group: LogGroup, stream: LogStream, batch: Sequence[tuple[int, str]]
) -> None:
    """Write events given as time (ms) and message."""
    now = int(ctx.now * 1000)
    ctx.db.executemany(
        "INSERT INTO events (log_group, stream, at, ingested_at, message) VALUES (?, ?, ?, ?, ?)",
        [(group.id, stream.id, at, now, message) for at, message in batch],
    )


def of_stream(
    ctx: Context, stream: LogStream, window: Window, limit: int, *, backward: bool = False
) -> list[Event]:
    """Return at most `limit` events of a stream, earliest first; the latest ones if `backward`."""
    order = "DESC" if backward else "ASC"
    rows = ctx.db.execute(
        "SELECT * FROM events WHERE stream = :key AND at >= :since AND at < :until"
        " AND (at, id) > (:after_at, :after_id) AND (at, id) < (:before_at, :before_id)"
        f" ORDER BY at {order}, id {order} LIMIT :limit",
        _parameters(stream.id, window, limit),
    ).fetchall()
    found = [_event(row) for row in rows]
    return found[::-1] if backward else found


def of_group(ctx: Context, group: LogGroup, window: Window, limit: int) -> Iterator[Event]:
    """Yield at most `limit` events of a group, earliest first."""
    rows = ctx.db.execute(
        "SELECT * FROM events WHERE log_group = :key AND at >= :since AND at < :until"
        " AND (at, id) > (:after_at, :after_id) AND (at, id) < (:before_at, :before_id)"
        " ORDER BY at, id LIMIT :limit",
        _parameters(group.id, window, limit),
    )
    return (_event(row) for row in rows)


def oldest(ctx: Context, group: LogGroup) -> int | None:
    """Return the time (ms) of a group's oldest event."""
    row = ctx.db.execute("SELECT min(at) AS at FROM events WHERE log_group = ?", (group.id,))
    found: int | None = row.fetchone()["at"]
    return found


def delete_before(ctx: Context, group: LogGroup, at: int) -> int:
    """Remove a group's events before `at` (ms); return how many bytes they had."""
    row = ctx.db.execute(
        "SELECT ifnull(sum(length(CAST(message AS BLOB))), 0) AS size FROM events"
        " WHERE log_group = ? AND at < ?",
        (group.id, at),
    ).fetchone()
    ctx.db.execute("DELETE FROM events WHERE log_group = ? AND at < ?", (group.id, at))
    return int(row["size"])


def page(found: Sequence[Event], *, backward: bool = False) -> list[Event]:
    """Return as many events as an answer may carry, from the end if `backward`."""
    kept: list[Event] = []
    size = 0
    for event in reversed(found) if backward else found:
        size += event.size
        if kept and size > limits.MAX_READ_BYTES:
            break
        kept.append(event)
    return kept[::-1] if backward else kept


def _parameters(key: int, window: Window, limit: int) -> dict[str, int]:
    return {
        "key": key,
        "since": window.since,
        "until": window.until,
        "after_at": window.after.at,
        "after_id": window.after.id,
        "before_at": window.before.at,
        "before_id": window.before.id,
        "limit": limit,
    }


def _event(row: sqlite3.Row) -> Event:
    return Event(row["id"], row["stream"], row["at"], row["ingested_at"], row["message"])
