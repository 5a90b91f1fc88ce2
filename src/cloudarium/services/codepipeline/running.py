"""Carrying actions out: one step at a time, each a job, so that a restart goes on with the next."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from cloudarium.contracts.events import AwsEvent
from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.services.codepipeline import (
    action_types,
    actions,
    artifacts,
    engine,
    executions,
    pipelines,
    variables,
)
from cloudarium.services.codepipeline.actions import Action
from cloudarium.services.codepipeline.providers import (
    approval,
    cloudformation,
    codebuild,
    codecommit,
    function,
    s3,
)
from cloudarium.services.codepipeline.work import Done, Failure, Outcome, Waiting, Work, failure

if TYPE_CHECKING:
    from cloudarium.core.runtime import ServiceRuntime

_PROVIDERS: dict[str, Callable[[Work], Awaitable[Outcome]]] = {
    "CloudFormation": cloudformation.step,
    "CodeBuild": codebuild.step,
    "CodeCommit": codecommit.step,
    "Lambda": function.step,
    "Manual": approval.step,
    "S3": s3.step,
}


class Steps:
    """The steps under way in this process: a lock per action execution."""

    def __init__(self, runtime: ServiceRuntime) -> None:
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    def lock(self, action_id: str) -> asyncio.Lock:
        """Return the lock of an action execution."""
        return self._locks[action_id]

    def forget(self, action_id: str) -> None:
        """Drop the lock of an action that has ended."""
        self._locks.pop(action_id, None)


async def run(ctx: Context, payload: dict[str, Any]) -> None:
    """Take the next step of an action; every step can be taken twice."""
    steps = ctx.state(Steps)
    async with steps.lock(payload["action"]):
        with ctx.transaction():
            work = _prepared(ctx, payload["action"])
        if work is None:
            return
        try:
            outcome = await _step(work)
        except Failure as reason:
            _fail(work, reason)
        except AwsError as error:
            _fail(work, failure(error))
        else:
            _record(work, outcome)
    steps.forget(payload["action"])


def _prepared(ctx: Context, action_id: str) -> Work | None:
    """Return the work to do, or None for an action that has ended.

    With the first step, variables are resolved and artifacts get their places, once and for all.
    """
    action = actions.lookup(ctx, action_id)
    if action is None or action.status != "InProgress":
        return None
    execution = executions.by_id(ctx, action.execution_id)
    pipeline = pipelines.declaration(ctx, execution.pipeline, execution.version)
    declared = engine.declaration_of(ctx, execution, action)
    if not action.progress:
        try:
            _resolve(ctx, pipeline, execution, declared, action)
        except variables.UnresolvedVariable as error:
            message = f"The variable {error} in the action configuration could not be resolved."
            _end_failed(ctx, action, Failure("ConfigurationError", message))
            return None
    prepared = actions.lookup(ctx, action_id)
    assert prepared is not None
    return Work(ctx, pipeline, execution, declared, prepared)


def _resolve(
    ctx: Context,
    pipeline: dict[str, Any],
    execution: executions.Execution,
    declared: dict[str, Any],
    action: Action,
) -> None:
    namespaces = _namespaces(ctx, execution, pipeline)
    actions.save(
        ctx,
        action,
        configuration=variables.resolved(declared["configuration"], namespaces),
        inputs=artifacts.inputs(ctx, execution, declared),
        outputs=artifacts.allotted(ctx, pipeline, declared),
        progress={"steps": 0},
    )


def _namespaces(
    ctx: Context, execution: executions.Execution, pipeline: dict[str, Any]
) -> dict[str, dict[str, str]]:
    """Return all variables there are, by namespace."""
    found = {
        "codepipeline": {"PipelineExecutionId": execution.id},
        "variables": execution.variables,
    }
    of_action = {
        (stage["name"], declared["name"]): declared.get("namespace")
        for stage in pipeline["stages"]
        for declared in stage["actions"]
    }
    for action in actions.of_execution(ctx, execution.id):
        namespace = of_action.get((action.stage, action.name))
        if namespace and action.status == "Succeeded":
            found[namespace] = action.variables
    return found


async def _step(work: Work) -> Outcome:
    action_type = action_types.find(work.declared["actionTypeId"])
    assert action_type is not None
    if work.ctx.now >= work.action.started_at + _seconds(work):
        raise Failure("JobFailed", _timeout_message(work, action_type.provider))
    return await _PROVIDERS[action_type.provider](work)


def _timeout_message(work: Work, provider: str) -> str:
    if provider == "Lambda":
        name = work.configuration["FunctionName"]
        return f"The AWS Lambda function {name} failed to return a result. Check the function."
    return "The action did not complete within its timeout."


def _seconds(work: Work) -> float:
    """Return how long the action may take."""
    action_type = action_types.find(work.declared["actionTypeId"])
    assert action_type is not None
    minutes = work.declared.get("timeoutInMinutes")
    return float(minutes * 60 if minutes else action_type.seconds)


def _record(work: Work, outcome: Outcome) -> None:
    ctx, action = work.ctx, work.action
    with ctx.transaction():
        if isinstance(outcome, Done):
            engine.end_action(
                ctx,
                action,
                "Succeeded",
                variables=outcome.variables,
                revision=outcome.revision,
                external_id=outcome.external_id or action.external_id,
                external_url=outcome.external_url or action.external_url,
                summary=outcome.summary or action.summary,
            )
        else:
            _wait(work, outcome)


def _wait(work: Work, outcome: Waiting) -> None:
    """Remember how far the action is and have it asked again."""
    ctx, action = work.ctx, work.action
    present = actions.lookup(ctx, action.id)
    if present is None or present.status != "InProgress":
        return
    steps = present.progress["steps"] + 1
    actions.save(
        ctx,
        action,
        progress={**present.progress, **outcome.progress, "steps": steps},
        external_id=outcome.external_id or action.external_id,
        external_url=outcome.external_url or action.external_url,
        summary=outcome.summary or action.summary,
    )
    deadline = action.started_at + _seconds(work)
    at = deadline if outcome.seconds is None else min(deadline, ctx.now + outcome.seconds)
    ctx.schedule("run", {"action": action.id}, at, action.id)


def _fail(work: Work, reason: Failure) -> None:
    with work.ctx.transaction():
        _end_failed(work.ctx, work.action, reason)


def _end_failed(ctx: Context, action: Action, reason: Failure) -> None:
    engine.end_action(
        ctx,
        action,
        "Failed",
        error={"code": reason.code, "message": reason.message},
        external_id=reason.external_id or action.external_id,
        summary=None,
    )


def on_event(ctx: Context, fact: AwsEvent) -> None:
    """Wake the actions that wait for the build or stack an event is about."""
    if fact.detail_type == "CodeBuild Build State Change":
        external_id = str(fact.detail["build-id"]).rpartition("build/")[2]
    elif fact.detail_type == "CloudFormation Stack Status Change":
        external_id = str(fact.detail["stack-id"])
    else:
        return
    for action in actions.waiting_for(ctx, external_id):
        ctx.schedule("run", {"action": action.id}, key=action.id)
