"""Action executions as rows."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import Any

from cloudarium.core.context import Context
from cloudarium.services.codepipeline.executions import Execution

_JSON = ("error", "configuration", "inputs", "outputs", "variables", "revision", "progress")


@dataclass(frozen=True)
class Action:
    """One run of an action. Times are epoch seconds.

    `configuration` has its variables resolved; `inputs` and `outputs` are ArtifactDetails;
    `progress` is what the action's provider has to remember between its steps; `retried` is set
    once a retry of the stage has set this run aside.
    """

    sequence: int
    id: str
    execution_id: str
    stage: str
    name: str
    status: str
    started_at: float
    updated_at: float
    updated_by: str | None
    summary: str | None
    external_id: str | None
    external_url: str | None
    error: dict[str, str] | None
    configuration: dict[str, str]
    inputs: list[dict[str, Any]]
    outputs: list[dict[str, Any]]
    variables: dict[str, str]
    revision: dict[str, Any] | None
    progress: dict[str, Any]
    retried: int


def insert(ctx: Context, execution: Execution, stage: str, name: str) -> Action:
    """Record that an action starts."""
    action_id = ctx.ids.uuid()
    ctx.db.execute(
        "INSERT INTO action_executions (id, execution_id, stage, name, status, started_at,"
        " updated_at) VALUES (?, ?, ?, ?, 'InProgress', ?, ?)",
        (action_id, execution.id, stage, name, ctx.now, ctx.now),
    )
    found = lookup(ctx, action_id)
    assert found is not None
    return found


def lookup(ctx: Context, action_id: str) -> Action | None:
    """Return the action execution with this id, if it (still) exists."""
    row = ctx.db.execute("SELECT * FROM action_executions WHERE id = ?", (action_id,)).fetchone()
    return None if row is None else _action(row)


def of_execution(ctx: Context, execution_id: str) -> list[Action]:
    """Return all action executions of an execution in the order they started."""
    rows = ctx.db.execute(
        "SELECT * FROM action_executions WHERE execution_id = ? ORDER BY sequence",
        (execution_id,),
    )
    return [_action(row) for row in rows]


def latest_of_stage(ctx: Context, execution_id: str, stage: str) -> dict[str, Action]:
    """Return the run of each action of a stage that counts in one execution, by name."""
    found = of_execution(ctx, execution_id)
    return {one.name: one for one in found if one.stage == stage and not one.retried}


def latest(ctx: Context, pipeline: str, stage: str, name: str) -> Action | None:
    """Return the latest run of an action in whichever execution of `pipeline`."""
    row = ctx.db.execute(
        "SELECT a.* FROM action_executions a JOIN executions e ON e.id = a.execution_id"
        " WHERE account = ? AND region = ? AND pipeline = ? AND stage = ? AND name = ?"
        " ORDER BY a.sequence DESC LIMIT 1",
        (ctx.account, ctx.region, pipeline, stage, name),
    ).fetchone()
    return None if row is None else _action(row)


def waiting_for(ctx: Context, external_id: str) -> list[Action]:
    """Return the actions under way that wait for this build or stack."""
    rows = ctx.db.execute(
        "SELECT * FROM action_executions WHERE external_id = ? AND status = 'InProgress'",
        (external_id,),
    )
    return [_action(row) for row in rows]


def save(ctx: Context, action: Action, **changes: Any) -> None:
    """Record `changes` of an action, by column."""
    values = {
        key: json.dumps(value) if key in _JSON and value is not None else value
        for key, value in changes.items()
    }
    values["updated_at"] = ctx.now
    assignments = ", ".join(f"{key} = :{key}" for key in values)
    ctx.db.execute(
        f"UPDATE action_executions SET {assignments} WHERE id = :id", {**values, "id": action.id}
    )


def _action(row: sqlite3.Row) -> Action:
    values = dict(row)
    for key in _JSON:
        values[key] = None if values[key] is None else json.loads(values[key])
    return Action(**values)
