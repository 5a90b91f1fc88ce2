"""Schedule groups: rows of `groups`. The default one is made when it is first asked for."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

import orjson

from cloudarium.core.context import Context
from cloudarium.services.scheduler import errors

DEFAULT = "default"


@dataclass(frozen=True)
class Group:
    """A schedule group. Times are epoch seconds."""

    account: str
    region: str
    name: str
    tags: dict[str, str]
    created_at: float

    @property
    def arn(self) -> str:
        """The group's ARN."""
        return f"arn:aws:scheduler:{self.region}:{self.account}:schedule-group/{self.name}"


def lookup(ctx: Context, name: str) -> Group | None:
    """Return the group called `name`, if there is one."""
    if name == DEFAULT:
        _make_default(ctx)
    row = ctx.db.execute(
        "SELECT * FROM groups WHERE account = ? AND region = ? AND name = ?",
        (ctx.account, ctx.region, name),
    ).fetchone()
    return _group(row) if row else None


def find(ctx: Context, name: str) -> Group:
    """Return the group called `name`. Raises ResourceNotFoundException."""
    group = lookup(ctx, name)
    if group is None:
        raise errors.GroupNotFound(name=name)
    return group


def listed(ctx: Context, prefix: str, after: str, limit: int) -> list[Group]:
    """Return at most `limit` groups whose names start with `prefix`, by name, behind `after`."""
    _make_default(ctx)
    rows = ctx.db.execute(
        "SELECT * FROM groups WHERE account = ? AND region = ? AND name > ?"
        " AND substr(name, 1, ?) = ? ORDER BY name LIMIT ?",
        (ctx.account, ctx.region, after, len(prefix), prefix, limit),
    )
    return [_group(row) for row in rows]


def put(ctx: Context, group: Group) -> None:
    """Make or replace a group."""
    ctx.db.execute(
        "INSERT OR REPLACE INTO groups VALUES (?, ?, ?, ?, ?)",
        (
            group.account,
            group.region,
            group.name,
            orjson.dumps(group.tags).decode(),
            group.created_at,
        ),
    )


def delete(ctx: Context, group: Group) -> None:
    """Remove a group; its schedules are the caller's to remove."""
    ctx.db.execute(
        "DELETE FROM groups WHERE account = ? AND region = ? AND name = ?",
        (group.account, group.region, group.name),
    )


def _make_default(ctx: Context) -> None:
    ctx.db.execute(
        "INSERT OR IGNORE INTO groups VALUES (?, ?, ?, '{}', ?)",
        (ctx.account, ctx.region, DEFAULT, ctx.now),
    )


def _group(row: sqlite3.Row) -> Group:
    return Group(
        row["account"],
        row["region"],
        row["name"],
        orjson.loads(row["tags"]),
        row["created_at"],
    )
