"""Pipelines as rows: declarations by version, tags, transitions between stages."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import Any

from cloudarium.core.context import Context
from cloudarium.services.codepipeline import errors, structure


@dataclass(frozen=True)
class Pipeline:
    """A pipeline in its latest version. `created_at` and `updated_at` are epoch seconds."""

    account: str
    region: str
    name: str
    version: int
    created_at: float
    updated_at: float
    tags: dict[str, str]
    declaration: dict[str, Any]

    @property
    def arn(self) -> str:
        """The pipeline's ARN."""
        return arn(self.account, self.region, self.name)

    @property
    def mode(self) -> str:
        """How executions share the stages: SUPERSEDED, QUEUED or PARALLEL."""
        return str(self.declaration["executionMode"])


def arn(account: str, region: str, name: str) -> str:
    """Return the ARN of the pipeline `name`, whether it exists or not."""
    return f"arn:aws:codepipeline:{region}:{account}:{name}"


def lookup(ctx: Context, name: str) -> Pipeline | None:
    """Return the pipeline `name` of this account and region, if there is one."""
    row = ctx.db.execute(
        "SELECT p.*, v.declaration FROM pipelines p JOIN versions v"
        " USING (account, region, name, version)"
        " WHERE account = ? AND region = ? AND name = ?",
        (ctx.account, ctx.region, name),
    ).fetchone()
    return None if row is None else _pipeline(row)


def find(ctx: Context, name: str) -> Pipeline:
    """Return the pipeline `name` of this account and region, or raise."""
    pipeline = lookup(ctx, name)
    if pipeline is None:
        raise errors.PipelineNotFound(account=ctx.account, name=name)
    return pipeline


def every(ctx: Context) -> list[Pipeline]:
    """Return all pipelines of this account and region by name."""
    rows = ctx.db.execute(
        "SELECT p.*, v.declaration FROM pipelines p JOIN versions v"
        " USING (account, region, name, version)"
        " WHERE account = ? AND region = ? ORDER BY name",
        (ctx.account, ctx.region),
    )
    return [_pipeline(row) for row in rows]


def declaration(ctx: Context, name: str, version: int) -> dict[str, Any]:
    """Return a version's declaration, or raise."""
    row = ctx.db.execute(
        "SELECT declaration FROM versions"
        " WHERE account = ? AND region = ? AND name = ? AND version = ?",
        (ctx.account, ctx.region, name, version),
    ).fetchone()
    if row is None:
        raise errors.PipelineVersionNotFound(account=ctx.account, name=name, version=version)
    found: dict[str, Any] = json.loads(row["declaration"])
    return found


def insert(ctx: Context, given: dict[str, Any], tags: dict[str, str]) -> Pipeline:
    """Record a new pipeline and return it. Raises if the name is taken."""
    name = given["name"]
    if lookup(ctx, name) is not None:
        raise errors.PipelineNameInUse(account=ctx.account, name=name)
    ctx.db.execute(
        "INSERT INTO pipelines VALUES (?, ?, ?, 1, ?, ?, ?)",
        (ctx.account, ctx.region, name, ctx.now, ctx.now, json.dumps(tags)),
    )
    _insert_version(ctx, given, 1)
    return find(ctx, name)


def update(ctx: Context, pipeline: Pipeline, given: dict[str, Any]) -> Pipeline:
    """Record another version and return the pipeline; what changes nothing is none.

    Ansible's tests of its module saw AWS keep the version then.
    """
    if structure.normalized(given, pipeline.version) == pipeline.declaration:
        return pipeline
    version = pipeline.version + 1
    ctx.db.execute(
        "UPDATE pipelines SET version = ?, updated_at = ?"
        " WHERE account = ? AND region = ? AND name = ?",
        (version, ctx.now, ctx.account, ctx.region, pipeline.name),
    )
    _insert_version(ctx, given, version)
    _forget_transitions(ctx, pipeline.name, [stage["name"] for stage in given["stages"]])
    return find(ctx, pipeline.name)


def _forget_transitions(ctx: Context, name: str, stages: list[str]) -> None:
    """Forget the transitions of stages that are not among `stages` any more."""
    ctx.db.execute(
        "DELETE FROM transitions WHERE account = ? AND region = ? AND pipeline = ?"
        " AND stage NOT IN (SELECT value FROM json_each(?))",
        (ctx.account, ctx.region, name, json.dumps(stages)),
    )


def _insert_version(ctx: Context, given: dict[str, Any], version: int) -> None:
    body = json.dumps(structure.normalized(given, version))
    ctx.db.execute(
        "INSERT INTO versions VALUES (?, ?, ?, ?, ?)",
        (ctx.account, ctx.region, given["name"], version, body),
    )


def delete(ctx: Context, name: str) -> None:
    """Forget a pipeline, its versions, transitions and history."""
    place = (ctx.account, ctx.region, name)
    where = "WHERE account = ? AND region = ? AND pipeline = ?"
    of_executions = f"WHERE execution_id IN (SELECT id FROM executions {where})"
    actions = f"SELECT id FROM action_executions {of_executions}"
    ctx.db.execute(f"DELETE FROM jobs WHERE action_id IN ({actions})", place)
    ctx.db.execute(f"DELETE FROM action_executions {of_executions}", place)
    ctx.db.execute(f"DELETE FROM stage_executions {of_executions}", place)
    ctx.db.execute(f"DELETE FROM executions {where}", place)
    ctx.db.execute(f"DELETE FROM transitions {where}", place)
    for table in ("versions", "pipelines"):
        ctx.db.execute(f"DELETE FROM {table} WHERE account = ? AND region = ? AND name = ?", place)


def set_tags(ctx: Context, pipeline: Pipeline, tags: dict[str, str]) -> None:
    """Replace the tags."""
    ctx.db.execute(
        "UPDATE pipelines SET tags = ? WHERE account = ? AND region = ? AND name = ?",
        (json.dumps(tags), ctx.account, ctx.region, pipeline.name),
    )


def set_transition(
    ctx: Context, name: str, stage: str, direction: str, enabled: bool, reason: str | None
) -> None:
    """Open or close the way into (`Inbound`) or out of (`Outbound`) a stage."""
    ctx.db.execute(
        "INSERT OR REPLACE INTO transitions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            ctx.account,
            ctx.region,
            name,
            stage,
            direction,
            enabled,
            reason,
            ctx.principal.arn,
            ctx.now,
        ),
    )


def transition(ctx: Context, name: str, stage: str, direction: str) -> dict[str, Any]:
    """Return the API's TransitionState; one never touched is open."""
    row = ctx.db.execute(
        "SELECT * FROM transitions WHERE account = ? AND region = ? AND pipeline = ?"
        " AND stage = ? AND direction = ?",
        (ctx.account, ctx.region, name, stage, direction),
    ).fetchone()
    if row is None:
        return {"enabled": True}
    return {
        "enabled": bool(row["enabled"]),
        "lastChangedBy": row["changed_by"],
        "lastChangedAt": row["changed_at"],
        "disabledReason": row["reason"],
    }


def is_open(ctx: Context, name: str, stages: list[dict[str, Any]], position: int) -> bool:
    """Tell whether an execution may go into the stage at `position`."""
    if not transition(ctx, name, stages[position]["name"], "Inbound")["enabled"]:
        return False
    if position == 0:
        return True
    before = stages[position - 1]["name"]
    return bool(transition(ctx, name, before, "Outbound")["enabled"])


def _pipeline(row: sqlite3.Row) -> Pipeline:
    values = dict(row)
    values["tags"] = json.loads(values["tags"])
    values["declaration"] = json.loads(values["declaration"])
    return Pipeline(**values)
