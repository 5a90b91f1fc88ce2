"""How a pipeline stands, stage by stage."""

from __future__ import annotations

from typing import Any

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.codepipeline import actions, executions, pipelines
from cloudarium.services.codepipeline.actions import Action
from cloudarium.services.codepipeline.executions import Execution
from cloudarium.services.codepipeline.pipelines import Pipeline


def get_pipeline_state(ctx: Context, request: Request) -> Response:
    """Return the state of every stage and action, and who waits to enter."""
    pipeline = pipelines.find(ctx, request["name"])
    waiting = [one for one in executions.under_way(ctx, pipeline.name) if one.place == "waiting"]
    stages = pipeline.declaration["stages"]
    states = [
        _stage_state(ctx, pipeline, stage, [one for one in waiting if one.position == position])
        for position, stage in enumerate(stages)
    ]
    return {
        "pipelineName": pipeline.name,
        "pipelineVersion": pipeline.version,
        "stageStates": states,
        "created": pipeline.created_at,
        "updated": pipeline.updated_at,
    }


def _stage_state(
    ctx: Context, pipeline: Pipeline, stage: dict[str, Any], waiting: list[Execution]
) -> dict[str, Any]:
    state: dict[str, Any] = {
        "stageName": stage["name"],
        "inboundTransitionState": pipelines.transition(
            ctx, pipeline.name, stage["name"], "Inbound"
        ),
        "actionStates": [_action_state(ctx, pipeline, stage, one) for one in stage["actions"]],
    }
    if waiting:
        inbound = [{"pipelineExecutionId": one.id, "status": "InProgress"} for one in waiting]
        state["inboundExecution"] = inbound[0]
        state["inboundExecutions"] = inbound
    latest = executions.latest_in_stage(ctx, pipeline.name, stage["name"])
    if latest is not None:
        state["latestExecution"] = {
            "pipelineExecutionId": latest.execution_id,
            "status": _stage_status(ctx, latest.execution_id, latest.status),
            "type": "STANDARD",
        }
        if latest.retries:
            state["retryStageMetadata"] = {
                "manualStageRetryAttempt": latest.retries,
                "latestRetryTrigger": "ManualStageRetry",
            }
    return state


def _stage_status(ctx: Context, execution_id: str, status: str) -> str:
    """A stage under way of an execution that is being stopped is being stopped, too."""
    execution = executions.by_id(ctx, execution_id)
    return "Stopping" if (status, execution.status) == ("InProgress", "Stopping") else status


def _action_state(
    ctx: Context, pipeline: Pipeline, stage: dict[str, Any], declared: dict[str, Any]
) -> dict[str, Any]:
    state: dict[str, Any] = {"actionName": declared["name"]}
    latest = actions.latest(ctx, pipeline.name, stage["name"], declared["name"])
    if latest is None:
        return state
    state["latestExecution"] = _latest(latest)
    if latest.revision is not None:
        state["revisionUrl"] = latest.revision["revisionUrl"]
        state["currentRevision"] = {
            "revisionId": latest.revision["revisionId"],
            "revisionChangeId": latest.revision["revisionChangeIdentifier"],
            "created": latest.revision["created"],
        }
    return state


def _latest(action: Action) -> dict[str, Any]:
    token = action.progress.get("token") if action.status == "InProgress" else None
    return {
        "actionExecutionId": action.id,
        "status": action.status,
        "summary": action.summary,
        "lastStatusChange": action.updated_at,
        "token": token,
        "lastUpdatedBy": action.updated_by,
        "externalExecutionId": action.external_id,
        "externalExecutionUrl": action.external_url,
        "errorDetails": action.error,
    }
