"""Stacks: all their SQL."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import Any

from cloudarium.core.context import Context
from cloudarium.services.cloudformation.configs import Config
from cloudarium.services.cloudformation.errors import StackMissing, StackNotFound

DELETED = "DELETE_COMPLETE"
REVIEW = "REVIEW_IN_PROGRESS"


@dataclass(frozen=True)
class Stack:
    """A row of `stacks`. Times are epoch seconds; `outputs` are DescribeStacks' `Outputs`."""

    stack_id: str
    account: str
    region: str
    name: str
    status: str
    reason: str | None
    created_at: float
    updated_at: float | None
    deleted_at: float | None
    protected: bool
    change_set_id: str | None
    parent_id: str | None
    config: Config
    outputs: list[dict[str, Any]]

    @property
    def busy(self) -> bool:
        """Whether a deployment is under way."""
        return self.status.endswith("_IN_PROGRESS") and self.status != REVIEW


def _stack(row: sqlite3.Row) -> Stack:
    values = dict(row)
    values["protected"] = bool(values["protected"])
    values["config"] = Config.from_json(values["config"])
    values["outputs"] = json.loads(values["outputs"])
    return Stack(**values)


def create(
    ctx: Context, name: str, status: str, config: Config, *, protected: bool = False
) -> Stack:
    """Write a new stack and return it."""
    stack_id = ctx.arn(f"stack/{name}/{ctx.ids.uuid()}")
    ctx.db.execute(
        "INSERT INTO stacks (stack_id, account, region, name, status, created_at, protected,"
        " config) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            stack_id, ctx.account, ctx.region, name, status, ctx.now, protected, config.to_json(),
        ),
    )  # fmt: skip
    return by_id(ctx, stack_id)


def by_id(ctx: Context, stack_id: str) -> Stack:
    """Return the stack with this ARN. Raises ValidationError if there is none."""
    row = ctx.db.execute("SELECT * FROM stacks WHERE stack_id = ?", (stack_id,)).fetchone()
    if row is None:
        raise StackNotFound(name=stack_id)
    return _stack(row)


def lookup(ctx: Context, name: str) -> Stack | None:
    """Return the stack called `name`, or with that ARN (then also if deleted), if there is one."""
    row = ctx.db.execute(
        "SELECT * FROM stacks WHERE account = ? AND region = ?"
        " AND (stack_id = ? OR (name = ? AND status != ?))",
        (ctx.account, ctx.region, name, name, DELETED),
    ).fetchone()
    return None if row is None else _stack(row)


def find(ctx: Context, name: str) -> Stack:
    """Return the stack `name`. Raises `Stack with id … does not exist`."""
    stack = lookup(ctx, name)
    if stack is None:
        raise StackNotFound(name=name)
    return stack


def living(ctx: Context, name: str) -> Stack:
    """Return the stack `name` unless deleted. Raises `Stack [...] does not exist`."""
    stack = lookup(ctx, name)
    if stack is None or stack.status == DELETED:
        raise StackMissing(name=name)
    return stack


def every(ctx: Context) -> list[Stack]:
    """Return all stacks of the account and region, deleted ones too, newest first."""
    rows = ctx.db.execute(
        "SELECT * FROM stacks WHERE account = ? AND region = ? ORDER BY created_at DESC, stack_id",
        (ctx.account, ctx.region),
    )
    return [_stack(row) for row in rows]


def set_status(ctx: Context, stack_id: str, status: str, reason: str | None) -> None:
    """Write a stack's status; deletion gets its time."""
    ctx.db.execute(
        "UPDATE stacks SET status = ?, reason = ?,"
        " deleted_at = CASE WHEN ? LIKE 'DELETE_IN%' OR ? LIKE 'ROLLBACK_IN%'"
        " OR ? = 'DELETE_COMPLETE' THEN ? ELSE deleted_at END WHERE stack_id = ?",
        (status, reason, status, status, status, ctx.now, stack_id),
    )


def set_config(ctx: Context, stack_id: str, config: Config) -> None:
    """Put a config in force."""
    ctx.db.execute("UPDATE stacks SET config = ? WHERE stack_id = ?", (config.to_json(), stack_id))


def set_outputs(ctx: Context, stack_id: str, outputs: list[dict[str, Any]]) -> None:
    """Write a stack's outputs."""
    ctx.db.execute(
        "UPDATE stacks SET outputs = ? WHERE stack_id = ?", (json.dumps(outputs), stack_id)
    )


def touch(ctx: Context, stack_id: str, change_set_id: str | None) -> None:
    """Note that an update begins, and which change set it executes."""
    ctx.db.execute(
        "UPDATE stacks SET updated_at = ?, change_set_id = ? WHERE stack_id = ?",
        (ctx.now, change_set_id, stack_id),
    )


def set_change_set(ctx: Context, stack_id: str, change_set_id: str) -> None:
    """Note the change set a stack was made or last updated by."""
    ctx.db.execute(
        "UPDATE stacks SET change_set_id = ?, updated_at = ? WHERE stack_id = ?",
        (change_set_id, ctx.now, stack_id),
    )


def set_parent(ctx: Context, stack_id: str, parent_id: str) -> None:
    """Make a stack a nested one of another."""
    ctx.db.execute("UPDATE stacks SET parent_id = ? WHERE stack_id = ?", (parent_id, stack_id))


def protect(ctx: Context, stack_id: str, protected: bool) -> None:
    """Switch a stack's termination protection."""
    ctx.db.execute("UPDATE stacks SET protected = ? WHERE stack_id = ?", (protected, stack_id))
