"""The history of actions."""

from __future__ import annotations

from typing import Any

from cloudarium.core import pages
from cloudarium.core.context import Context, Request, Response
from cloudarium.services.codepipeline import actions, engine, errors, executions, limits, pipelines
from cloudarium.services.codepipeline.actions import Action
from cloudarium.services.codepipeline.executions import Execution


def list_action_executions(ctx: Context, request: Request) -> Response:
    """List action executions, the latest first, of all or one execution, a page at a time."""
    pipeline = pipelines.find(ctx, request["pipelineName"])
    given = request.get("filter", {})
    latest = given.get("latestInPipelineExecution", {})
    execution_id = given.get("pipelineExecutionId") or latest.get("pipelineExecutionId")
    if execution_id is None:
        chosen = executions.every(ctx, pipeline.name)
    else:
        chosen = [executions.find(ctx, pipeline.name, execution_id)]
    found = [
        (execution, action)
        for execution in chosen
        for action in reversed(actions.of_execution(ctx, execution.id))
        if not (latest.get("startTimeRange") == "Latest" and action.retried)
    ]
    size = request.get("maxResults", limits.EXECUTIONS_PER_PAGE)
    page, token = pages.page(found, request.get("nextToken"), size, errors.InvalidNextToken())
    details = [_detail(ctx, execution, action) for execution, action in page]
    return {"actionExecutionDetails": details, "nextToken": token}


def _detail(ctx: Context, execution: Execution, action: Action) -> dict[str, Any]:
    declared = engine.declaration_of(ctx, execution, action)
    return {
        "pipelineExecutionId": execution.id,
        "actionExecutionId": action.id,
        "pipelineVersion": execution.version,
        "stageName": action.stage,
        "actionName": action.name,
        "startTime": action.started_at,
        "lastUpdateTime": action.updated_at,
        "updatedBy": action.updated_by,
        "status": action.status,
        "input": {
            "actionTypeId": declared["actionTypeId"],
            "configuration": declared["configuration"],
            "resolvedConfiguration": action.configuration,
            "roleArn": declared.get("roleArn"),
            "region": declared.get("region", ctx.region),
            "inputArtifacts": action.inputs,
            "namespace": declared.get("namespace"),
        },
        "output": _output(action),
    }


def _output(action: Action) -> dict[str, Any]:
    result = {
        "externalExecutionId": action.external_id,
        "externalExecutionSummary": action.summary,
        "externalExecutionUrl": action.external_url,
        "errorDetails": action.error,
    }
    return {
        "outputArtifacts": action.outputs if action.status == "Succeeded" else [],
        "executionResult": {key: value for key, value in result.items() if value is not None},
        "outputVariables": action.variables,
    }
