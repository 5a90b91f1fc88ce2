"""Starting, stopping and describing executions."""

from __future__ import annotations

from typing import Any

from cloudarium.core import pages
from cloudarium.core.context import Context, Request, Response
from cloudarium.services.codepipeline import (
    actions,
    engine,
    errors,
    events,
    executions,
    limits,
    pipelines,
    starting,
)
from cloudarium.services.codepipeline.executions import Execution
from cloudarium.services.codepipeline.pipelines import Pipeline

_REVISION_TYPES = {"CodeCommit": ("COMMIT_ID",), "S3": ("S3_OBJECT_VERSION_ID", "S3_OBJECT_KEY")}


def start_pipeline_execution(ctx: Context, request: Request) -> Response:
    """Start an execution of the latest version; a token seen before starts nothing new."""
    pipeline = pipelines.find(ctx, request["name"])
    token = request.get("clientRequestToken")
    known = executions.by_token(ctx, pipeline.name, token) if token else None
    if known is None:
        given = {one["name"]: one["value"] for one in request.get("variables", [])}
        revisions = _revisions(pipeline, request.get("sourceRevisions", []))
        trigger = _trigger(ctx)
        known = starting.start(
            ctx, pipeline, trigger, variables=given, revisions=revisions, token=token
        )
    return {"pipelineExecutionId": known.id}


def _trigger(ctx: Context) -> tuple[str, str]:
    """Return trigger type and detail; EventBridge's rules say who they are."""
    rule = ctx.conditions.get("aws:SourceArn", "")
    if isinstance(rule, str) and ":events:" in rule:
        return "CloudWatchEvent", rule
    return "StartPipelineExecution", ctx.principal.arn


def _revisions(pipeline: Pipeline, given: list[dict[str, str]]) -> dict[str, str]:
    sources = {action["name"]: action for action in pipeline.declaration["stages"][0]["actions"]}
    revisions = {}
    for one in given:
        name, kind = one["actionName"], one["revisionType"]
        if name not in sources:
            message = f"Source action '{name}' does not exist in the pipeline"
            raise errors.InvalidVariables(message=message)
        provider = sources[name]["actionTypeId"]["provider"]
        if kind not in _REVISION_TYPES[provider]:
            message = f"Revision type {kind} is not valid for a {provider} source"
            raise errors.InvalidVariables(message=message)
        if kind != "S3_OBJECT_KEY":
            revisions[name] = one["revisionValue"]
        elif sources[name]["configuration"].get("AllowOverrideForS3ObjectKey") == "true":
            revisions[f"{name}:{kind}"] = one["revisionValue"]
        else:
            message = f"Source action '{name}' does not allow its object key to be overridden"
            raise errors.InvalidVariables(message=message)
    return revisions


def stop_pipeline_execution(ctx: Context, request: Request) -> Response:
    """Stop an execution once its actions under way have ended, or abandon them."""
    pipelines.find(ctx, request["pipelineName"])
    execution = executions.find(ctx, request["pipelineName"], request["pipelineExecutionId"])
    abandons = request.get("abandon", False)
    if execution.status not in executions.UNDER_WAY:
        raise errors.NotStoppable(id=execution.id)
    if execution.status == "Stopping" and not abandons:
        raise errors.DuplicatedStop(id=execution.id)
    if "reason" in request:
        executions.set_stop_reason(ctx, execution, request["reason"])
    if execution.status != "Stopping":
        executions.set_status(ctx, execution, "Stopping")
        events.pipeline_changed(ctx, execution, "Stopping")
    if abandons:
        engine.abandon(ctx, execution)
    engine.advance(ctx, execution.pipeline)
    return {"pipelineExecutionId": execution.id}


def get_pipeline_execution(ctx: Context, request: Request) -> Response:
    """Describe an execution."""
    pipeline = pipelines.find(ctx, request["pipelineName"])
    execution = executions.find(ctx, pipeline.name, request["pipelineExecutionId"])
    declared = pipelines.declaration(ctx, pipeline.name, execution.version)
    answer: dict[str, Any] = {
        "pipelineName": pipeline.name,
        "pipelineVersion": execution.version,
        "pipelineExecutionId": execution.id,
        "status": execution.status,
        "statusSummary": execution.summary,
        "artifactRevisions": [revision for _, revision in _sources(ctx, execution)],
        "trigger": execution.trigger,
        "executionMode": declared["executionMode"],
        "executionType": "STANDARD",
    }
    if execution.variables:
        answer["variables"] = [
            {"name": name, "resolvedValue": value} for name, value in execution.variables.items()
        ]
    return {"pipelineExecution": answer}


def _sources(ctx: Context, execution: Execution) -> list[tuple[str, dict[str, Any]]]:
    """Return the name of each source action that has succeeded, and its ArtifactRevision."""
    found = actions.of_execution(ctx, execution.id)
    return [(action.name, action.revision) for action in found if action.revision]


def list_pipeline_executions(ctx: Context, request: Request) -> Response:
    """List executions, the latest first, a page at a time."""
    pipeline = pipelines.find(ctx, request["pipelineName"])
    found = executions.every(ctx, pipeline.name)
    stage = request.get("filter", {}).get("succeededInStage", {}).get("stageName")
    if stage is not None:
        passed = executions.succeeded_in_stage(ctx, stage)
        found = [execution for execution in found if execution.id in passed]
    size = request.get("maxResults", limits.EXECUTIONS_PER_PAGE)
    page, token = pages.page(found, request.get("nextToken"), size, errors.InvalidNextToken())
    summaries = [_summary(ctx, pipeline, execution) for execution in page]
    return {"pipelineExecutionSummaries": summaries, "nextToken": token}


def _summary(ctx: Context, pipeline: Pipeline, execution: Execution) -> dict[str, Any]:
    summary: dict[str, Any] = {
        "pipelineExecutionId": execution.id,
        "status": execution.status,
        "statusSummary": execution.summary,
        "startTime": execution.started_at,
        "lastUpdateTime": execution.updated_at,
        "sourceRevisions": [
            {
                "actionName": name,
                "revisionId": revision["revisionId"],
                "revisionSummary": revision["revisionSummary"],
                "revisionUrl": revision["revisionUrl"],
            }
            for name, revision in _sources(ctx, execution)
        ],
        "trigger": execution.trigger,
        "executionMode": pipeline.mode,
        "executionType": "STANDARD",
    }
    if execution.stop_reason is not None:
        summary["stopTrigger"] = {"reason": execution.stop_reason}
    return summary
