"""Log groups: rows of `log_groups`, found by name or ARN."""

from __future__ import annotations

import fnmatch
import sqlite3
from dataclasses import dataclass

import orjson

from cloudarium.core import arn as arns
from cloudarium.core.context import Context, Request
from cloudarium.services.logs import errors, limits


@dataclass(frozen=True)
class LogGroup:
    """A log group; times are epoch milliseconds."""

    id: int
    account: str
    region: str
    name: str
    log_class: str
    retention_days: int | None
    tags: dict[str, str]
    created_at: int
    stored_bytes: int
    expires_at: int | None

    @property
    def arn(self) -> str:
        """The group's ARN, without the `:*` that DescribeLogGroups appends."""
        return f"arn:aws:logs:{self.region}:{self.account}:log-group:{self.name}"

    def oldest_visible(self, now: float) -> int:
        """Return the time (ms) before which events have expired; `now` is epoch seconds."""
        if self.retention_days is None:
            return 0
        return int(now * 1000) - self.retention_days * limits.DAY_MS


def insert(ctx: Context, name: str, tags: dict[str, str], log_class: str = "STANDARD") -> LogGroup:
    """Make a group."""
    row = ctx.db.execute(
        "INSERT INTO log_groups (account, region, name, class, tags, created_at)"
        " VALUES (?, ?, ?, ?, ?, ?) RETURNING *",
        (ctx.account, ctx.region, name, log_class, _json(tags), int(ctx.now * 1000)),
    ).fetchone()
    return _group(row)


def named(ctx: Context, name: str) -> LogGroup | None:
    """Return the group called `name`, if there is one."""
    row = ctx.db.execute(
        "SELECT * FROM log_groups WHERE account = ? AND region = ? AND name = ?",
        (ctx.account, ctx.region, name),
    ).fetchone()
    return _group(row) if row else None


def find(ctx: Context, name: str) -> LogGroup:
    """Return the group called `name`. Raises LogGroupNotFound."""
    group = named(ctx, name)
    if group is None:
        raise errors.LogGroupNotFound()
    return group


def find_standard(ctx: Context, name: str) -> LogGroup:
    """Return the group called `name`, which events may be taken from as they come.

    Raises LogGroupNotFound, StandardClassOnly.
    """
    group = find(ctx, name)
    if group.log_class != "STANDARD":
        raise errors.StandardClassOnly()
    return group


def name_of(identifier: str) -> str:
    """Return the group's name of a `logGroupIdentifier`: a name or an ARN."""
    arn = arns.parse(identifier)
    if arn is None:
        return identifier
    kind, _, name = arn.resource.partition(":")
    if arn.service != "logs" or kind != "log-group":
        raise errors.InvalidArn(arn=identifier)
    return name.removesuffix(":*")


def requested(ctx: Context, request: Request) -> LogGroup:
    """Return the group of `logGroupName` or `logGroupIdentifier`."""
    given = [request[key] for key in ("logGroupName", "logGroupIdentifier") if key in request]
    if len(given) != 1:
        raise errors.GroupRequired()
    return find(ctx, name_of(given[0]))


def listed(ctx: Context, *, prefix: str = "", pattern: str = "", after: str = "") -> list[LogGroup]:
    """Return groups in name order after the name `after`.

    `prefix` is case-sensitive, `pattern` is a substring (`*` allowed) that is not.
    """
    rows = ctx.db.execute(
        "SELECT * FROM log_groups WHERE account = ? AND region = ? AND name > ?"
        " AND substr(name, 1, ?) = ? ORDER BY name",
        (ctx.account, ctx.region, after, len(prefix), prefix),
    )
    wanted = f"*{pattern.lower()}*"
    found = (row for row in rows if fnmatch.fnmatchcase(row["name"].lower(), wanted))
    return [_group(row) for row in found]


def set_retention(ctx: Context, group: LogGroup, days: int | None) -> None:
    """Set after how many days events expire; None is never."""
    ctx.db.execute("UPDATE log_groups SET retention_days = ? WHERE id = ?", (days, group.id))


def set_expiry(ctx: Context, group: LogGroup, at: int | None) -> None:
    """Note when the next expiry is scheduled."""
    ctx.db.execute("UPDATE log_groups SET expires_at = ? WHERE id = ?", (at, group.id))


def set_tags(ctx: Context, group: LogGroup, tags: dict[str, str]) -> None:
    """Replace the tags."""
    ctx.db.execute("UPDATE log_groups SET tags = ? WHERE id = ?", (_json(tags), group.id))


def add_bytes(ctx: Context, group: LogGroup, count: int) -> None:
    """Count bytes written (or, negative, expired)."""
    ctx.db.execute(
        "UPDATE log_groups SET stored_bytes = max(0, stored_bytes + ?) WHERE id = ?",
        (count, group.id),
    )


def delete(ctx: Context, group: LogGroup) -> None:
    """Remove a group with its streams, events and filters."""
    ctx.db.execute("DELETE FROM events WHERE log_group = ?", (group.id,))
    ctx.db.execute("DELETE FROM log_groups WHERE id = ?", (group.id,))


def _group(row: sqlite3.Row) -> LogGroup:
    return LogGroup(
        row["id"],
        row["account"],
        row["region"],
        row["name"],
        row["class"],
        row["retention_days"],
        orjson.loads(row["tags"]),
        row["created_at"],
        row["stored_bytes"],
        row["expires_at"],
    )


def _json(value: dict[str, str]) -> str:
    return orjson.dumps(value).decode()
