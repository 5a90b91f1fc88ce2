"""Rules and their targets: rows of `rules` and `targets`."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

import orjson

from cloudarium.core.context import Context
from cloudarium.services.events import errors

Target = dict[str, Any]


@dataclass(frozen=True)
class Rule:
    """A rule of a bus."""

    account: str
    region: str
    bus: str
    name: str
    pattern: str | None
    schedule: str | None
    state: str
    description: str | None
    role_arn: str | None
    tags: dict[str, str]

    @property
    def arn(self) -> str:
        """The rule's ARN; the default bus is not named in it."""
        path = self.name if self.bus == "default" else f"{self.bus}/{self.name}"
        return f"arn:aws:events:{self.region}:{self.account}:rule/{path}"

    @property
    def enabled(self) -> bool:
        """Whether it matches anything."""
        return self.state != "DISABLED"


def put(ctx: Context, rule: Rule) -> None:
    """Make or replace a rule."""
    ctx.db.execute(
        "INSERT OR REPLACE INTO rules VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            rule.account,
            rule.region,
            rule.bus,
            rule.name,
            rule.pattern,
            rule.schedule,
            rule.state,
            rule.description,
            rule.role_arn,
            orjson.dumps(rule.tags).decode(),
        ),
    )


def lookup(ctx: Context, bus: str, name: str) -> Rule | None:
    """Return the rule called `name`, if there is one."""
    row = ctx.db.execute(
        "SELECT * FROM rules WHERE account = ? AND region = ? AND bus = ? AND name = ?",
        (ctx.account, ctx.region, bus, name),
    ).fetchone()
    return _rule(row) if row else None


def find(ctx: Context, bus: str, name: str) -> Rule:
    """Return the rule called `name`. Raises ResourceNotFoundException."""
    rule = lookup(ctx, bus, name)
    if rule is None:
        raise errors.RuleNotFound(name=name, bus=bus)
    return rule


def of_bus(
    ctx: Context, bus: str, prefix: str = "", after: str = "", limit: int = -1
) -> list[Rule]:
    """Return a bus's rules by name."""
    rows = ctx.db.execute(
        "SELECT * FROM rules WHERE account = ? AND region = ? AND bus = ? AND name > ?"
        " AND substr(name, 1, ?) = ? ORDER BY name LIMIT ?",
        (ctx.account, ctx.region, bus, after, len(prefix), prefix, limit),
    )
    return [_rule(row) for row in rows]


def by_target(ctx: Context, bus: str, arn: str) -> list[str]:
    """Return the names of a bus's rules that have a target `arn`."""
    rows = ctx.db.execute(
        "SELECT DISTINCT rule FROM targets WHERE account = ? AND region = ? AND bus = ?"
        " AND arn = ? ORDER BY rule",
        (ctx.account, ctx.region, bus, arn),
    )
    return [row["rule"] for row in rows]


def delete(ctx: Context, rule: Rule) -> None:
    """Remove a rule and its targets."""
    for table, column in (("rules", "name"), ("targets", "rule")):
        ctx.db.execute(
            f"DELETE FROM {table} WHERE account = ? AND region = ? AND bus = ? AND {column} = ?",
            (rule.account, rule.region, rule.bus, rule.name),
        )


def put_target(ctx: Context, rule: Rule, target: Target) -> None:
    """Make or replace a target."""
    ctx.db.execute(
        "INSERT OR REPLACE INTO targets VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            rule.account,
            rule.region,
            rule.bus,
            rule.name,
            target["Id"],
            target["Arn"],
            orjson.dumps(target).decode(),
        ),
    )


def targets(ctx: Context, rule: Rule) -> list[Target]:
    """Return a rule's targets by id."""
    rows = ctx.db.execute(
        "SELECT body FROM targets WHERE account = ? AND region = ? AND bus = ? AND rule = ?"
        " ORDER BY id",
        (rule.account, rule.region, rule.bus, rule.name),
    )
    return [orjson.loads(row["body"]) for row in rows]


def remove_target(ctx: Context, rule: Rule, identifier: str) -> None:
    """Remove a target, if it is there."""
    ctx.db.execute(
        "DELETE FROM targets WHERE account = ? AND region = ? AND bus = ? AND rule = ? AND id = ?",
        (rule.account, rule.region, rule.bus, rule.name, identifier),
    )


def _rule(row: sqlite3.Row) -> Rule:
    return Rule(
        row["account"],
        row["region"],
        row["bus"],
        row["name"],
        row["pattern"],
        row["schedule"],
        row["state"],
        row["description"],
        row["role_arn"],
        orjson.loads(row["tags"]),
    )
