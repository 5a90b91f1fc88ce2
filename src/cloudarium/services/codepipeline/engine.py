"""The state machine: moves every execution of a pipeline as far as it can go.

`advance` is called in the transaction of whatever has changed: an execution started, an action
ended, a transition opened. All it needs is in the rows, so it goes on after a restart where it
was. How executions share stages: User Guide, "How pipeline executions work".
"""

from __future__ import annotations

from typing import Any

from cloudarium.core.context import Context
from cloudarium.services.codepipeline import actions, events, executions, pipelines
from cloudarium.services.codepipeline.actions import Action
from cloudarium.services.codepipeline.executions import Execution

Stage = dict[str, Any]


def advance(ctx: Context, pipeline_name: str) -> None:
    """Move all executions of a pipeline until none can move any further."""
    pipeline = pipelines.lookup(ctx, pipeline_name)
    if pipeline is None:
        return
    moved = True
    while moved:
        moved = any(
            _move(ctx, pipeline.mode, execution)
            for execution in executions.under_way(ctx, pipeline.name)
        )


def stages_of(ctx: Context, execution: Execution) -> list[Stage]:
    """Return the stages of the version the execution runs."""
    declaration = pipelines.declaration(ctx, execution.pipeline, execution.version)
    stages: list[Stage] = declaration["stages"]
    return stages


def _move(ctx: Context, mode: str, execution: Execution) -> bool:
    """Take one step of an execution, if it can; tell whether it did."""
    # An earlier step of this round may have changed it.
    execution = executions.by_id(ctx, execution.id)
    if execution.status not in executions.UNDER_WAY:
        return False
    stages = stages_of(ctx, execution)
    if execution.place == "running":
        return _run_stage(ctx, execution, stages)
    if execution.status == "Stopping":
        return _stopped(ctx, execution)
    return _enter(ctx, mode, execution, stages)


def _enter(ctx: Context, mode: str, execution: Execution, stages: list[Stage]) -> bool:
    """Let a waiting execution into its stage, or give way to a later one."""
    here = _others_here(ctx, execution, stages[execution.position]["name"])
    if mode == "SUPERSEDED" and any(one.sequence > execution.sequence for one in here):
        summary = "The pipeline execution was superseded by a later one."
        executions.set_place(ctx, execution, execution.position, "done")
        _set_status(ctx, execution, "Superseded", summary)
        return True
    if not pipelines.is_open(ctx, execution.pipeline, stages, execution.position):
        return False
    if mode != "PARALLEL" and any(one.place == "running" for one in here):
        return False
    if mode == "QUEUED" and any(one.sequence < execution.sequence for one in here):
        return False
    stage = stages[execution.position]
    executions.set_place(ctx, execution, execution.position, "running")
    executions.enter_stage(ctx, execution, stage["name"])
    events.stage_changed(ctx, execution, stage["name"], "InProgress")
    return True


def _others_here(ctx: Context, execution: Execution, stage: str) -> list[Execution]:
    """Return the other executions in or before `stage`, of whichever version of the pipeline."""
    return [
        one
        for one in executions.under_way(ctx, execution.pipeline)
        if one.id != execution.id and stages_of(ctx, one)[one.position]["name"] == stage
    ]


def _run_stage(ctx: Context, execution: Execution, stages: list[Stage]) -> bool:
    """Start the next actions of a stage, or end it; tell whether anything changed."""
    stage = stages[execution.position]
    runs = actions.latest_of_stage(ctx, execution.id, stage["name"])
    if any(run.status == "InProgress" for run in runs.values()):
        return False
    if any(run.status == "Failed" for run in runs.values()):
        return _failed(ctx, execution, stage)
    missing = [one for one in stage["actions"] if one["name"] not in runs]
    if execution.status == "Stopping" and missing:
        executions.set_stage_status(ctx, execution, stage["name"], "Stopped")
        events.stage_changed(ctx, execution, stage["name"], "Stopped")
        return _stopped(ctx, execution)
    if missing:
        order = min(one["runOrder"] for one in missing)
        for declared in missing:
            if declared["runOrder"] == order:
                start_action(ctx, execution, stage["name"], declared)
        return True
    return _passed(ctx, execution, stages)


def start_action(ctx: Context, execution: Execution, stage: str, declared: dict[str, Any]) -> None:
    """Record that an action starts and have it run."""
    action = actions.insert(ctx, execution, stage, declared["name"])
    events.action_changed(ctx, execution, action, declared, "InProgress")
    ctx.schedule("run", {"action": action.id}, key=action.id)


def _passed(ctx: Context, execution: Execution, stages: list[Stage]) -> bool:
    """A stage has succeeded: on to the next, or the execution has."""
    name = stages[execution.position]["name"]
    executions.set_stage_status(ctx, execution, name, "Succeeded")
    events.stage_changed(ctx, execution, name, "Succeeded")
    if execution.position + 1 < len(stages):
        executions.set_place(ctx, execution, execution.position + 1, "waiting")
        return True
    executions.set_place(ctx, execution, execution.position, "done")
    _set_status(ctx, execution, "Succeeded")
    return True


def _failed(ctx: Context, execution: Execution, stage: Stage) -> bool:
    executions.set_stage_status(ctx, execution, stage["name"], "Failed")
    events.stage_changed(ctx, execution, stage["name"], "Failed")
    executions.set_place(ctx, execution, execution.position, "done")
    _set_status(ctx, execution, "Failed")
    return True


def _stopped(ctx: Context, execution: Execution) -> bool:
    executions.set_place(ctx, execution, execution.position, "done")
    _set_status(ctx, execution, "Stopped")
    return True


def _set_status(
    ctx: Context, execution: Execution, status: str, summary: str | None = None
) -> None:
    executions.set_status(ctx, execution, status, summary)
    events.pipeline_changed(ctx, execution, status)


def abandon(ctx: Context, execution: Execution) -> None:
    """Stop waiting for the actions under way; they are left to themselves."""
    stages = stages_of(ctx, execution)
    stage = stages[execution.position]
    declared = {one["name"]: one for one in stage["actions"]}
    for run in actions.latest_of_stage(ctx, execution.id, stage["name"]).values():
        if run.status == "InProgress":
            actions.save(ctx, run, status="Abandoned")
            events.action_changed(ctx, execution, run, declared[run.name], "Abandoned")
            ctx.cancel("run", run.id)
    if execution.place == "running":
        executions.set_stage_status(ctx, execution, stage["name"], "Stopped")
        events.stage_changed(ctx, execution, stage["name"], "Stopped")
    _stopped(ctx, execution)


def end_action(ctx: Context, action: Action, status: str, **changes: Any) -> None:
    """Record how an action ended and move its pipeline on. One that has ended stays as it is."""
    present = actions.lookup(ctx, action.id)
    if present is None or present.status != "InProgress":
        return
    actions.save(ctx, action, status=status, **changes)
    ctx.cancel("run", action.id)
    execution = executions.by_id(ctx, action.execution_id)
    ended = actions.lookup(ctx, action.id)
    assert ended is not None
    declared = declaration_of(ctx, execution, ended)
    events.action_changed(ctx, execution, ended, declared, status)
    advance(ctx, execution.pipeline)


def declaration_of(ctx: Context, execution: Execution, action: Action) -> dict[str, Any]:
    """Return the ActionDeclaration an action execution runs."""
    found: dict[str, Any] = next(
        declared
        for stage in stages_of(ctx, execution)
        for declared in stage["actions"]
        if stage["name"] == action.stage and declared["name"] == action.name
    )
    return found
