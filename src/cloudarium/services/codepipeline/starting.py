"""Starting executions: asked for, on a pipeline's creation, or because a source has changed."""

from __future__ import annotations

from typing import Any

from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.core.identity import Principal
from cloudarium.services.codepipeline import (
    actions,
    engine,
    errors,
    events,
    executions,
    limits,
    pipelines,
)
from cloudarium.services.codepipeline.actions import Action
from cloudarium.services.codepipeline.executions import Execution
from cloudarium.services.codepipeline.pipelines import Pipeline


def start(
    ctx: Context,
    pipeline: Pipeline,
    trigger: tuple[str, str],
    *,
    variables: dict[str, str] | None = None,
    revisions: dict[str, str] | None = None,
    token: str | None = None,
) -> Execution:
    """Start an execution of `pipeline`; `trigger` is its type and detail."""
    resolved = _variables(pipeline, variables or {})
    described = {"triggerType": trigger[0], "triggerDetail": trigger[1]}
    execution = executions.insert(ctx, pipeline, described, resolved, revisions or {}, token)
    events.pipeline_changed(ctx, execution, "InProgress")
    engine.advance(ctx, pipeline.name)
    return execution


def _variables(pipeline: Pipeline, given: dict[str, str]) -> dict[str, str]:
    """Return the values of the pipeline's variables. Raises ValidationException."""
    declared = {one["name"]: one for one in pipeline.declaration.get("variables", [])}
    for name in given:
        if name not in declared:
            message = f"Variable '{name}' is not declared in the pipeline {pipeline.name}"
            raise errors.InvalidVariables(message=message)
    values = {}
    for name, variable in declared.items():
        value = given.get(name, variable.get("defaultValue"))
        if value is None:
            message = f"Variable '{name}' has no default value and no value was given"
            raise errors.InvalidVariables(message=message)
        values[name] = value
    return values


def watch_sources(ctx: Context, pipeline: Pipeline, seen: dict[str, str] | None = None) -> None:
    """Have the pipeline's sources polled, if any of them asks for it, from now on.

    `seen` is what the last poll found the sources at, by the names of their actions.
    """
    if _polled(pipeline):
        at = ctx.now + limits.SOURCE_POLL_SECONDS
        ctx.schedule("poll", {"pipeline": pipeline.name, "seen": seen or {}}, at, pipeline.name)
    else:
        ctx.cancel("poll", pipeline.name)


def _polled(pipeline: Pipeline) -> list[dict[str, Any]]:
    """Return the source actions that are polled: all that do not say `false`, as on AWS."""
    first = pipeline.declaration["stages"][0]
    return [
        action
        for action in first["actions"]
        if action["configuration"].get("PollForSourceChanges", "true") == "true"
    ]


async def poll(ctx: Context, payload: dict[str, Any]) -> None:
    """Start an execution if a polled source has changed since it was last polled or run.

    A change starts one execution, whether or not its action can fetch it.
    """
    with ctx.transaction():
        pipeline = pipelines.lookup(ctx, payload["pipeline"])
    if pipeline is None:
        return
    seen = dict(payload.get("seen", {}))
    moved = False
    for action in _polled(pipeline):
        last = _last_run(ctx, pipeline, action)
        if last is not None and last.status == "InProgress":
            continue
        latest = await _latest(ctx, pipeline, action)
        if latest is None:
            continue
        known = {seen.get(action["name"]), last.external_id if last else None}
        moved = moved or latest not in known
        seen[action["name"]] = latest
    with ctx.transaction():
        present = pipelines.lookup(ctx, pipeline.name)
        if present is None:
            return
        if moved:
            start(ctx, present, ("PollForSourceChanges", pipeline.arn))
        watch_sources(ctx, present, seen)


def _last_run(ctx: Context, pipeline: Pipeline, action: dict[str, Any]) -> Action | None:
    stage = pipeline.declaration["stages"][0]["name"]
    with ctx.transaction():
        return actions.latest(ctx, pipeline.name, stage, action["name"])


async def _latest(ctx: Context, pipeline: Pipeline, action: dict[str, Any]) -> str | None:
    """Return what a source now is at, or None if it is not to be known."""
    try:
        role = await ctx.assume_role(pipeline.declaration["roleArn"], str(int(ctx.now * 1000)))
        return await _revision(ctx, action, role)
    except AwsError:
        # What is wrong with a source is told by the next execution of its action.
        return None


async def _revision(ctx: Context, action: dict[str, Any], role: Principal) -> str | None:
    """Return the version of a source's object, or the commit of its branch."""
    configuration = action["configuration"]
    if action["actionTypeId"]["provider"] == "S3":
        params = {"Bucket": configuration["S3Bucket"], "Key": configuration["S3ObjectKey"]}
        answer = await ctx.call("s3", "HeadObject", params, principal=role)
        return answer.get("VersionId")
    params = {
        "repositoryName": configuration["RepositoryName"],
        "branchName": configuration["BranchName"],
    }
    answer = await ctx.call("codecommit", "GetBranch", params, principal=role)
    return str(answer["branch"]["commitId"])
