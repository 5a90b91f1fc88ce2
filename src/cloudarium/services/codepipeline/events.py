"""What CodePipeline publishes (User Guide, "Monitoring CodePipeline events")."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from cloudarium.contracts.events import AwsEvent
from cloudarium.core.context import Context
from cloudarium.services.codepipeline import pipelines
from cloudarium.services.codepipeline.actions import Action
from cloudarium.services.codepipeline.executions import Execution

_STATES = {
    "InProgress": "STARTED",
    "Succeeded": "SUCCEEDED",
    "Failed": "FAILED",
    "Stopping": "STOPPING",
    "Stopped": "STOPPED",
    "Superseded": "SUPERSEDED",
    "Cancelled": "CANCELED",
    "Abandoned": "ABANDONED",
}


def pipeline_changed(ctx: Context, execution: Execution, status: str) -> None:
    """Tell how an execution stands."""
    detail: dict[str, Any] = {
        "start-time": _time(execution.started_at),
        "execution-trigger": {
            "trigger-type": execution.trigger["triggerType"],
            "trigger-detail": execution.trigger["triggerDetail"],
        },
    }
    _emit(ctx, execution, "Pipeline", status, detail)


def stage_changed(ctx: Context, execution: Execution, stage: str, status: str) -> None:
    """Tell how an execution's run of a stage stands."""
    _emit(ctx, execution, "Stage", status, {"stage": stage})


def action_changed(
    ctx: Context, execution: Execution, action: Action, declared: dict[str, Any], status: str
) -> None:
    """Tell how an action stands."""
    detail: dict[str, Any] = {
        "stage": action.stage,
        "action": action.name,
        "action-execution-id": action.id,
        "region": declared.get("region", ctx.region),
        "type": dict(declared["actionTypeId"]),
    }
    if action.external_id or action.error:
        detail["execution-result"] = {
            "external-execution-id": action.external_id or "",
            "external-execution-summary": (action.error or {}).get("message")
            or action.summary
            or "",
            "external-execution-state": _STATES[status],
        }
    _emit(ctx, execution, "Action", status, detail)


def resumed(ctx: Context, execution: Execution, stage: str) -> None:
    """Tell that a failed stage is retried."""
    _emit(ctx, execution, "Pipeline", "RESUMED", {})
    _emit(ctx, execution, "Stage", "RESUMED", {"stage": stage})


def _emit(
    ctx: Context, execution: Execution, what: str, status: str, detail: dict[str, Any]
) -> None:
    common = {
        "pipeline": execution.pipeline,
        "execution-id": execution.id,
        "version": execution.version,
        "state": _STATES.get(status, status),
    }
    arn = pipelines.arn(execution.account, execution.region, execution.pipeline)
    kind = f"CodePipeline {what} Execution State Change"
    ctx.emit(AwsEvent("aws.codepipeline", kind, {**common, **detail}, [arn]))


def _time(seconds: float) -> str:
    at = datetime.fromtimestamp(seconds, UTC)
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"
