"""Results from outside: people's approvals and functions' jobs."""

from __future__ import annotations

from typing import Any

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.codepipeline import actions, engine, errors, jobs, limits, pipelines
from cloudarium.services.codepipeline.actions import Action

# How long a function has before it is called again with its continuation token.
_CONTINUE_SECONDS = 30.0


def put_approval_result(ctx: Context, request: Request) -> Response:
    """Approve or reject a manual approval under way."""
    action = _approval(ctx, request)
    if action is None or action.progress.get("token") is None:
        raise errors.InvalidApprovalToken()
    if action.progress["token"] != request["token"]:
        raise errors.InvalidApprovalToken()
    if action.status != "InProgress":
        raise errors.ApprovalAlreadyCompleted()
    result = request["result"]
    changes: dict[str, Any] = {"summary": result["summary"], "updated_by": ctx.principal.arn}
    if result["status"] == "Approved":
        engine.end_action(ctx, action, "Succeeded", **changes)
    else:
        error = {"code": "JobFailed", "message": result["summary"] or "Rejected"}
        engine.end_action(ctx, action, "Failed", error=error, **changes)
    return {"approvedAt": ctx.now}


def _approval(ctx: Context, request: Request) -> Action | None:
    pipeline = pipelines.find(ctx, request["pipelineName"])
    stage, name = request["stageName"], request["actionName"]
    names = {
        one["name"]: [action["name"] for action in one["actions"]]
        for one in pipeline.declaration["stages"]
    }
    if stage not in names:
        raise errors.StageNotFound(pipeline=pipeline.name, stage=stage)
    if name not in names[stage]:
        raise errors.ActionNotFound(stage=stage, action=name)
    return actions.latest(ctx, pipeline.name, stage, name)


def put_job_success_result(ctx: Context, request: Request) -> Response:
    """End the action of a job, or go on with it later if there is a continuation token."""
    job = jobs.under_way(ctx, request["jobId"])
    action = _of_job(ctx, job)
    variables = request.get("outputVariables", {})
    size = sum(len(key) + len(value) for key, value in variables.items())
    if size > limits.OUTPUT_VARIABLE_BYTES:
        raise errors.OutputVariablesSizeExceeded()
    jobs.set_status(ctx, job, "Succeeded")
    if "continuationToken" in request:
        progress = {"job": None, "continuation": request["continuationToken"]}
        actions.save(ctx, action, progress={**action.progress, **progress})
        at = ctx.now + _CONTINUE_SECONDS
        ctx.schedule("run", {"action": action.id}, at, f"{action.id}:continue")
        return {}
    details = request.get("executionDetails", {})
    engine.end_action(
        ctx,
        action,
        "Succeeded",
        variables=variables,
        summary=details.get("summary"),
        external_id=details.get("externalExecutionId", job.id),
    )
    return {}


def put_job_failure_result(ctx: Context, request: Request) -> Response:
    """Let the action of a job fail."""
    job = jobs.under_way(ctx, request["jobId"])
    action = _of_job(ctx, job)
    jobs.set_status(ctx, job, "Failed")
    failure = request["failureDetails"]
    error = {"code": failure["type"], "message": failure["message"]}
    external_id = failure.get("externalExecutionId", job.id)
    engine.end_action(ctx, action, "Failed", error=error, external_id=external_id)
    return {}


def _of_job(ctx: Context, job: jobs.Job) -> Action:
    """Return the action of a job, which must still be under way."""
    action = actions.lookup(ctx, job.action_id)
    if action is None or action.status != "InProgress":
        status = "TimedOut" if action is None else action.status
        raise errors.InvalidJobState(id=job.id, status=status)
    return action


def get_job_details(ctx: Context, request: Request) -> Response:
    """Return a job as the function got it, with its pipeline context."""
    return {"jobDetails": jobs.find(ctx, request["jobId"]).details}
