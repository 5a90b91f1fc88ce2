"""Pipeline executions and their way through the stages, as rows."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass

from cloudarium.core.context import Context
from cloudarium.services.codepipeline import errors, pipelines

UNDER_WAY = ("InProgress", "Stopping")


@dataclass(frozen=True)
class Execution:
    """One run of a pipeline.

    `position` is the stage it is at, `place` what it does there: `waiting` to enter, `running`,
    or `done`. `revisions` maps source actions to the revisions asked for. Times are epoch seconds.
    """

    sequence: int
    id: str
    account: str
    region: str
    pipeline: str
    version: int
    status: str
    summary: str | None
    position: int
    place: str
    started_at: float
    updated_at: float
    trigger: dict[str, str]
    variables: dict[str, str]
    revisions: dict[str, str]
    token: str | None
    stop_reason: str | None


@dataclass(frozen=True)
class StageExecution:
    """An execution's run of one stage; `retries` counts RetryStageExecution."""

    sequence: int
    execution_id: str
    stage: str
    status: str
    retries: int


def insert(
    ctx: Context,
    pipeline: pipelines.Pipeline,
    trigger: dict[str, str],
    variables: dict[str, str],
    revisions: dict[str, str],
    token: str | None,
) -> Execution:
    """Record a new execution, waiting before the first stage."""
    execution_id = ctx.ids.uuid()
    ctx.db.execute(
        "INSERT INTO executions (id, account, region, pipeline, version, status, started_at,"
        " updated_at, trigger, variables, revisions, token)"
        " VALUES (?, ?, ?, ?, ?, 'InProgress', ?, ?, ?, ?, ?, ?)",
        (
            execution_id,
            ctx.account,
            ctx.region,
            pipeline.name,
            pipeline.version,
            ctx.now,
            ctx.now,
            json.dumps(trigger),
            json.dumps(variables),
            json.dumps(revisions),
            token,
        ),
    )
    return by_id(ctx, execution_id)


def by_id(ctx: Context, execution_id: str) -> Execution:
    """Return the execution with this id, which exists."""
    row = ctx.db.execute("SELECT * FROM executions WHERE id = ?", (execution_id,)).fetchone()
    return _execution(row)


def find(ctx: Context, pipeline: str, execution_id: str) -> Execution:
    """Return an execution of `pipeline`, or raise."""
    row = ctx.db.execute(
        "SELECT * FROM executions WHERE account = ? AND region = ? AND pipeline = ? AND id = ?",
        (ctx.account, ctx.region, pipeline, execution_id),
    ).fetchone()
    if row is None:
        raise errors.ExecutionNotFound(id=execution_id, pipeline=pipeline)
    return _execution(row)


def by_token(ctx: Context, pipeline: str, token: str) -> Execution | None:
    """Return the execution a client's token has started, if there is one."""
    row = ctx.db.execute(
        "SELECT * FROM executions WHERE account = ? AND region = ? AND pipeline = ? AND token = ?",
        (ctx.account, ctx.region, pipeline, token),
    ).fetchone()
    return None if row is None else _execution(row)


def every(ctx: Context, pipeline: str) -> list[Execution]:
    """Return all executions of `pipeline`, the latest first."""
    rows = ctx.db.execute(
        "SELECT * FROM executions WHERE account = ? AND region = ? AND pipeline = ?"
        " ORDER BY sequence DESC",
        (ctx.account, ctx.region, pipeline),
    )
    return [_execution(row) for row in rows]


def under_way(ctx: Context, pipeline: str) -> list[Execution]:
    """Return the executions of `pipeline` that have not ended, the latest first."""
    rows = ctx.db.execute(
        "SELECT * FROM executions WHERE account = ? AND region = ? AND pipeline = ?"
        " AND status IN ('InProgress', 'Stopping') ORDER BY sequence DESC",
        (ctx.account, ctx.region, pipeline),
    )
    return [_execution(row) for row in rows]


def set_status(ctx: Context, execution: Execution, status: str, summary: str | None = None) -> None:
    """Record how the execution stands."""
    ctx.db.execute(
        "UPDATE executions SET status = ?, summary = coalesce(?, summary), updated_at = ?"
        " WHERE id = ?",
        (status, summary, ctx.now, execution.id),
    )


def set_place(ctx: Context, execution: Execution, position: int, place: str) -> None:
    """Record where the execution is."""
    ctx.db.execute(
        "UPDATE executions SET position = ?, place = ?, updated_at = ? WHERE id = ?",
        (position, place, ctx.now, execution.id),
    )


def set_stop_reason(ctx: Context, execution: Execution, reason: str) -> None:
    """Record why the execution was stopped."""
    ctx.db.execute("UPDATE executions SET stop_reason = ? WHERE id = ?", (reason, execution.id))


def enter_stage(ctx: Context, execution: Execution, stage: str) -> None:
    """Record that the execution's run of `stage` begins."""
    ctx.db.execute(
        "INSERT INTO stage_executions (execution_id, stage, status) VALUES (?, ?, 'InProgress')",
        (execution.id, stage),
    )


def set_stage_status(ctx: Context, execution: Execution, stage: str, status: str) -> None:
    """Record how the execution's run of `stage` stands."""
    ctx.db.execute(
        "UPDATE stage_executions SET status = ? WHERE execution_id = ? AND stage = ?",
        (status, execution.id, stage),
    )


def count_retry(ctx: Context, execution: Execution, stage: str) -> None:
    """Record a retry of `stage`."""
    ctx.db.execute(
        "UPDATE stage_executions SET retries = retries + 1 WHERE execution_id = ? AND stage = ?",
        (execution.id, stage),
    )


def latest_in_stage(ctx: Context, pipeline: str, stage: str) -> StageExecution | None:
    """Return the run of `stage` that began last, of whichever execution."""
    row = ctx.db.execute(
        "SELECT s.* FROM stage_executions s JOIN executions e ON e.id = s.execution_id"
        " WHERE account = ? AND region = ? AND pipeline = ? AND stage = ?"
        " ORDER BY s.sequence DESC LIMIT 1",
        (ctx.account, ctx.region, pipeline, stage),
    ).fetchone()
    return None if row is None else StageExecution(**dict(row))


def succeeded_in_stage(ctx: Context, stage: str) -> set[str]:
    """Return the ids of the executions that have passed `stage`."""
    rows = ctx.db.execute(
        "SELECT execution_id FROM stage_executions WHERE stage = ? AND status = 'Succeeded'",
        (stage,),
    )
    return {row["execution_id"] for row in rows}


def _execution(row: sqlite3.Row) -> Execution:
    values = dict(row)
    for key in ("trigger", "variables", "revisions"):
        values[key] = json.loads(values[key])
    return Execution(**values)
