"""Groups: rows of `groups`. `Default` is always there; it has a row once it was changed."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from typing import Any

import orjson

from cloudarium.core.context import Context
from cloudarium.services.xray import errors, limits

DEFAULT = "Default"
_UNIQUE = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_NO_INSIGHTS = {"InsightsEnabled": False, "NotificationsEnabled": False}


@dataclass(frozen=True)
class Group:
    """A group. `insights` is its InsightsConfiguration."""

    name: str
    arn: str
    expression: str | None
    insights: dict[str, bool]
    tags: dict[str, str]

    def told(self) -> dict[str, Any]:
        """Return it as the shape `Group`."""
        return {
            "GroupName": self.name,
            "GroupARN": self.arn,
            "FilterExpression": self.expression,
            "InsightsConfiguration": self.insights,
        }


def insights(current: dict[str, bool], wanted: dict[str, bool] | None) -> dict[str, bool]:
    """Return the configuration after a change. Raises InvalidRequestException."""
    merged = {**current, **(wanted or {})}
    if merged["NotificationsEnabled"] and not merged["InsightsEnabled"]:
        if (wanted or {}).get("NotificationsEnabled"):
            raise errors.NotificationsWithoutInsights()
        merged["NotificationsEnabled"] = False
    return merged


def create(
    ctx: Context,
    name: str,
    expression: str | None,
    configuration: dict[str, bool] | None,
    tags: dict[str, str],
) -> Group:
    """Make a group. Raises InvalidRequestException."""
    if name == DEFAULT:
        raise errors.GroupReserved()
    if _named(ctx, name) is not None:
        raise errors.GroupExists(name=name)
    if len(listed(ctx)) > limits.GROUPS:  # the default one does not count
        raise errors.TooManyGroups(limit=limits.GROUPS)
    arn = ctx.arn(f"group/{name}/{ctx.ids.token(52, _UNIQUE)}")
    group = Group(name, arn, expression, insights(_NO_INSIGHTS, configuration), tags)
    put(ctx, group)
    return group


def put(ctx: Context, group: Group) -> None:
    """Store a group."""
    ctx.db.execute(
        "INSERT OR REPLACE INTO groups VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            ctx.account,
            ctx.region,
            group.name,
            group.arn,
            group.expression,
            orjson.dumps(group.insights).decode(),
            orjson.dumps(group.tags).decode(),
        ),
    )


def find(ctx: Context, name: str | None = None, arn: str | None = None) -> Group:
    """Return the group of that name and ARN, one of which may do.

    Raises InvalidRequestException.
    """
    if not name and not arn:
        raise errors.GroupUnnamed()
    group = _named(ctx, name) if name else by_arn(ctx, arn or "")
    if group is None or (arn and group.arn != arn):
        raise errors.GroupNotFound()
    return group


def by_arn(ctx: Context, arn: str) -> Group | None:
    """Return the group of an ARN, if there is one."""
    return next((group for group in listed(ctx) if group.arn == arn), None)


def listed(ctx: Context) -> list[Group]:
    """Return all groups by name."""
    rows = ctx.db.execute(
        "SELECT * FROM groups WHERE account = ? AND region = ?", (ctx.account, ctx.region)
    )
    found = {DEFAULT: _default(ctx)} | {row["name"]: _group(row) for row in rows}
    return sorted(found.values(), key=lambda group: group.name)


def delete(ctx: Context, group: Group) -> None:
    """Remove a group. Raises InvalidRequestException."""
    if group.name == DEFAULT:
        raise errors.GroupReserved()
    ctx.db.execute(
        "DELETE FROM groups WHERE account = ? AND region = ? AND name = ?",
        (ctx.account, ctx.region, group.name),
    )


def set_tags(ctx: Context, group: Group, tags: dict[str, str]) -> None:
    """Replace a group's tags."""
    put(ctx, replace(group, tags=tags))


def _named(ctx: Context, name: str) -> Group | None:
    return next((group for group in listed(ctx) if group.name == name), None)


def _default(ctx: Context) -> Group:
    return Group(DEFAULT, ctx.arn(f"group/{DEFAULT}"), None, dict(_NO_INSIGHTS), {})


def _group(row: sqlite3.Row) -> Group:
    return Group(
        row["name"],
        row["arn"],
        row["expression"],
        orjson.loads(row["insights"]),
        orjson.loads(row["tags"]),
    )
