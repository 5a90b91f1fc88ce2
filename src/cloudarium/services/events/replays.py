"""Replays: events of an archive sent over its bus once more."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from typing import Any

import orjson

from cloudarium.core.context import Context
from cloudarium.services.events import archives, errors, routing

_AT_ONCE = 100


@dataclass(frozen=True)
class Replay:
    """A replay of what an archive has between two times (epoch seconds)."""

    account: str
    region: str
    name: str
    archive: str
    bus: str
    description: str | None
    filters: list[str]
    since: float
    until: float
    state: str
    started_at: float
    ended_at: float | None = None
    last_replayed: float | None = None

    @property
    def arn(self) -> str:
        """The replay's ARN."""
        return f"arn:aws:events:{self.region}:{self.account}:replay/{self.name}"


def lookup(ctx: Context, name: str) -> Replay | None:
    """Return the replay called `name`, if there is one."""
    row = ctx.db.execute(
        "SELECT * FROM replays WHERE account = ? AND region = ? AND name = ?",
        (ctx.account, ctx.region, name),
    ).fetchone()
    return _replay(row) if row else None


def find(ctx: Context, name: str) -> Replay:
    """Return the replay called `name`. Raises ResourceNotFoundException."""
    found = lookup(ctx, name)
    if found is None:
        raise errors.ReplayNotFound(name=name)
    return found


def listed(ctx: Context, prefix: str = "") -> list[Replay]:
    """Return the replays by name."""
    rows = ctx.db.execute(
        "SELECT * FROM replays WHERE account = ? AND region = ? AND substr(name, 1, ?) = ?"
        " ORDER BY name",
        (ctx.account, ctx.region, len(prefix), prefix),
    )
    return [_replay(row) for row in rows]


def put(ctx: Context, wanted: Replay) -> None:
    """Make or replace a replay."""
    ctx.db.execute(
        "INSERT OR REPLACE INTO replays VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            wanted.account,
            wanted.region,
            wanted.name,
            wanted.archive,
            wanted.bus,
            wanted.description,
            orjson.dumps(wanted.filters).decode(),
            wanted.since,
            wanted.until,
            wanted.state,
            wanted.started_at,
            wanted.ended_at,
            wanted.last_replayed,
        ),
    )


def step(ctx: Context, payload: dict[str, Any]) -> None:
    """Send some of a replay's events over the bus, and set the next step; a job."""
    running = lookup(ctx, payload["name"])
    if running is None:
        return
    archive = archives.lookup(ctx, running.archive)
    if running.state == "CANCELLING" or archive is None:
        state = "CANCELLED" if archive else "FAILED"
        put(ctx, replace(running, state=state, ended_at=ctx.now))
        return
    found = archives.events(ctx, archive, running.since, running.until, payload["after"], _AT_ONCE)
    only = frozenset(running.filters)
    for each in found:
        event = {**each.event, archives.REPLAY_NAME: running.name}
        routing.route(ctx, running.bus, event, only=only)
        running = replace(running, last_replayed=each.at)
    if len(found) == _AT_ONCE:
        put(ctx, replace(running, state="RUNNING"))
        ctx.schedule("replay", {"name": running.name, "after": found[-1].id})
    else:
        put(ctx, replace(running, state="COMPLETED", ended_at=ctx.now))


def _replay(row: sqlite3.Row) -> Replay:
    return Replay(
        row["account"],
        row["region"],
        row["name"],
        row["archive"],
        row["bus"],
        row["description"],
        orjson.loads(row["filters"]),
        row["since"],
        row["until"],
        row["state"],
        row["started_at"],
        row["ended_at"],
        row["last_replayed"],
    )
