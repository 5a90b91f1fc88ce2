"""Change sets: all their SQL."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cloudarium.core.context import Context
from cloudarium.services.cloudformation.configs import Config
from cloudarium.services.cloudformation.errors import ChangeSetNotFound, invalid
from cloudarium.services.cloudformation.stacks import Stack, living


@dataclass(frozen=True)
class ChangeSet:
    """A row of `change_sets`. `changes` are DescribeChangeSet's `ResourceChange`s with context."""

    change_set_id: str
    stack_id: str
    name: str
    kind: str
    status: str
    reason: str | None
    execution: str
    created_at: float
    description: str | None
    on_failure: str | None
    token: str | None
    config: Config
    changes: list[dict[str, Any]]


def _change_set(row: sqlite3.Row) -> ChangeSet:
    values = dict(row)
    values["config"] = Config.from_json(values["config"])
    values["changes"] = json.loads(values["changes"])
    return ChangeSet(**values)


def put(ctx: Context, change_set: ChangeSet) -> None:
    """Write a new change set."""
    values: Mapping[str, Any] = {
        **vars(change_set),
        "config": change_set.config.to_json(),
        "changes": json.dumps(change_set.changes),
    }
    names = ", ".join(values)
    marks = ", ".join(f":{name}" for name in values)
    ctx.db.execute(f"INSERT INTO change_sets ({names}) VALUES ({marks})", values)


def named(ctx: Context, stack_id: str, name: str) -> ChangeSet | None:
    """Return a stack's change set that is still to be executed, by its name."""
    row = ctx.db.execute(
        "SELECT * FROM change_sets WHERE stack_id = ? AND name = ?"
        " AND execution IN ('AVAILABLE', 'UNAVAILABLE')",
        (stack_id, name),
    ).fetchone()
    return None if row is None else _change_set(row)


def lookup(ctx: Context, request: Mapping[str, Any]) -> ChangeSet | None:
    """Return the change set a request names, by ARN (executed ones too) or by stack and name."""
    name = request["ChangeSetName"]
    if name.startswith("arn:"):
        row = ctx.db.execute(
            "SELECT change_sets.* FROM change_sets JOIN stacks USING (stack_id)"
            " WHERE change_sets.change_set_id = ? AND account = ? AND region = ?",
            (name, ctx.account, ctx.region),
        ).fetchone()
        return None if row is None else _change_set(row)
    if "StackName" not in request:
        raise invalid("StackName must be specified if ChangeSetName is not specified as an ARN.")
    return named(ctx, living(ctx, request["StackName"]).stack_id, name)


def find(ctx: Context, request: Mapping[str, Any]) -> ChangeSet:
    """Return the change set a request names. Raises ChangeSetNotFound."""
    found = lookup(ctx, request)
    if found is None:
        raise ChangeSetNotFound(name=request["ChangeSetName"])
    return found


def of_stack(ctx: Context, stack: Stack) -> list[ChangeSet]:
    """Return a stack's change sets that are still to be executed, oldest first."""
    rows = ctx.db.execute(
        "SELECT * FROM change_sets WHERE stack_id = ?"
        " AND execution IN ('AVAILABLE', 'UNAVAILABLE') ORDER BY created_at, name",
        (stack.stack_id,),
    )
    return [_change_set(row) for row in rows]


def executed(ctx: Context, change_set: ChangeSet) -> None:
    """Note that a change set is executed; the stack's other ones no longer fit it."""
    obsolete(ctx, change_set.stack_id)
    ctx.db.execute(
        "UPDATE change_sets SET execution = 'EXECUTE_COMPLETE' WHERE change_set_id = ?",
        (change_set.change_set_id,),
    )


def obsolete(ctx: Context, stack_id: str) -> None:
    """Note that a stack changed: its change sets no longer fit it."""
    ctx.db.execute(
        "UPDATE change_sets SET execution = 'OBSOLETE'"
        " WHERE stack_id = ? AND execution IN ('AVAILABLE', 'UNAVAILABLE')",
        (stack_id,),
    )


def remove(ctx: Context, change_set: ChangeSet) -> None:
    """Forget a change set."""
    ctx.db.execute("DELETE FROM change_sets WHERE change_set_id = ?", (change_set.change_set_id,))
