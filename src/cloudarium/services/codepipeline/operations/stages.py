"""Retrying stages, opening and closing the way between them."""

from __future__ import annotations

from typing import Any

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.codepipeline import actions, engine, errors, events, executions, pipelines
from cloudarium.services.codepipeline.executions import Execution
from cloudarium.services.codepipeline.pipelines import Pipeline


def retry_stage_execution(ctx: Context, request: Request) -> Response:
    """Run the failed actions of a failed stage again, or all of its actions."""
    pipeline = pipelines.find(ctx, request["pipelineName"])
    name = request["stageName"]
    position, _ = _stage(pipeline, name)
    execution = executions.find(ctx, pipeline.name, request["pipelineExecutionId"])
    latest = executions.latest_in_stage(ctx, pipeline.name, name)
    if latest is not None and latest.execution_id != execution.id:
        raise errors.NotLatestExecution(id=execution.id)
    if latest is None or latest.status != "Failed" or execution.status != "Failed":
        raise errors.StageNotRetryable(stage=name)
    _set_aside(ctx, execution, name, all_actions=request["retryMode"] == "ALL_ACTIONS")
    executions.count_retry(ctx, execution, name)
    executions.set_stage_status(ctx, execution, name, "InProgress")
    executions.set_place(ctx, execution, position, "running")
    executions.set_status(ctx, execution, "InProgress")
    events.resumed(ctx, execution, name)
    engine.advance(ctx, pipeline.name)
    return {"pipelineExecutionId": execution.id}


def _set_aside(ctx: Context, execution: Execution, stage: str, *, all_actions: bool) -> None:
    for action in actions.latest_of_stage(ctx, execution.id, stage).values():
        if all_actions or action.status != "Succeeded":
            actions.save(ctx, action, retried=1)


def disable_stage_transition(ctx: Context, request: Request) -> Response:
    """Let no execution into (or out of) a stage."""
    pipeline = pipelines.find(ctx, request["pipelineName"])
    _stage(pipeline, request["stageName"])
    _set_transition(ctx, request, enabled=False, reason=request["reason"])
    return {}


def enable_stage_transition(ctx: Context, request: Request) -> Response:
    """Let executions into (or out of) a stage again; one that waits enters."""
    pipeline = pipelines.find(ctx, request["pipelineName"])
    _stage(pipeline, request["stageName"])
    _set_transition(ctx, request, enabled=True, reason=None)
    engine.advance(ctx, pipeline.name)
    return {}


def _set_transition(ctx: Context, request: Request, *, enabled: bool, reason: str | None) -> None:
    pipelines.set_transition(
        ctx,
        request["pipelineName"],
        request["stageName"],
        request["transitionType"],
        enabled,
        reason,
    )


def _stage(pipeline: Pipeline, name: str) -> tuple[int, dict[str, Any]]:
    for position, stage in enumerate(pipeline.declaration["stages"]):
        if stage["name"] == name:
            return position, stage
    raise errors.StageNotFound(pipeline=pipeline.name, stage=name)
