"""UpdateStack and the operations that steer an update."""

from __future__ import annotations

from dataclasses import replace

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.cloudformation import (
    deployments,
    events,
    launches,
    planning,
    preparation,
    stack_policies,
    stacks,
)
from cloudarium.services.cloudformation.configs import Config
from cloudarium.services.cloudformation.deployment.engine import begin_revert
from cloudarium.services.cloudformation.deployments import Options
from cloudarium.services.cloudformation.errors import (
    NotCancellable,
    NotContinuable,
    NotInRollback,
    NotUpdatable,
    NoUpdates,
)
from cloudarium.services.cloudformation.stacks import Stack

UPDATABLE = (
    "CREATE_COMPLETE",
    "UPDATE_COMPLETE",
    "UPDATE_ROLLBACK_COMPLETE",
    "CREATE_FAILED",
    "UPDATE_FAILED",
)


async def update_stack(ctx: Context, request: Request) -> Response:
    """Begin to update a stack; DescribeStacks tells how it goes."""
    name, token = request["StackName"], request.get("ClientRequestToken")
    with ctx.transaction():
        again = deployments.repeated(ctx, token, "UPDATE", name)
        if again is not None:
            return {"StackId": again}
        stack = _updatable(ctx, name)
    config = await preparation.prepared(ctx, request, stack.config)
    await launches.usable_role(ctx, config.role_arn)
    options = Options(
        on_failure=launches.on_failure(request),
        retain_except_on_create=bool(request.get("RetainExceptOnCreate")),
        policy=await stack_policies.submitted(ctx, request, "StackPolicyDuringUpdate"),
        policy_after=await stack_policies.submitted(ctx, request),
    )
    with ctx.transaction():
        stack = _updatable(ctx, name)
        _check_policies(ctx, stack, config, options)
        needed = planning.changes(ctx, stack, config)[1]
        if not needed and stack.status.endswith("_COMPLETE"):
            raise NoUpdates()
        launches.update(ctx, stack, config, options, token)
    return {"StackId": stack.stack_id}


def _check_policies(ctx: Context, stack: Stack, config: Config, options: Options) -> None:
    """Raise if a stack policy names a resource that the new template does not."""
    stack_policies.check_resources(options.policy, config.template.resources)
    stack_policies.check_resources(options.policy_after, config.template.resources)
    if options.policy is None:
        policy = stack_policies.of_stack(ctx, stack.stack_id)
        stack_policies.check_resources(policy, config.template.resources, "existing ")


def _updatable(ctx: Context, name: str) -> Stack:
    stack = stacks.living(ctx, name)
    if stack.status not in UPDATABLE:
        raise NotUpdatable(stack_id=stack.stack_id, status=stack.status)
    return stack


def cancel_update_stack(ctx: Context, request: Request) -> None:
    """Stop an update at its next step and roll it back."""
    stack = stacks.living(ctx, request["StackName"])
    if stack.status != "UPDATE_IN_PROGRESS":
        raise NotCancellable()
    deployment = deployments.latest(ctx, stack.stack_id, "UPDATE")
    options = replace(deployment.options, on_failure="ROLLBACK")
    deployments.set_options(ctx, deployment.deployment_id, options)
    deployments.cancel(ctx, deployment.deployment_id)
    deployments.wake(ctx, deployment.deployment_id)


def continue_update_rollback(ctx: Context, request: Request) -> Response:
    """Go on rolling back an update whose rollback failed."""
    preparation.refuse_unsupported(request)
    stack = stacks.living(ctx, request["StackName"])
    if stack.status != "UPDATE_ROLLBACK_FAILED":
        raise NotContinuable(stack_id=stack.stack_id, status=stack.status)
    deployment = deployments.latest(ctx, stack.stack_id, "UPDATE")
    options = replace(
        deployment.options,
        skip=tuple(request.get("ResourcesToSkip", [])),
        attempt=deployment.options.attempt + 1,
    )
    deployments.set_options(ctx, deployment.deployment_id, options)
    deployments.forget_failures(ctx, deployment.deployment_id, "revert")
    _resume(ctx, stack, deployment.deployment_id, "UPDATE_ROLLBACK_IN_PROGRESS", "revert", request)
    return {}


def rollback_stack(ctx: Context, request: Request) -> Response:
    """Roll back a stack whose create or update failed with rollback disabled."""
    stack = stacks.living(ctx, request["StackName"])
    if stack.status not in ("CREATE_FAILED", "UPDATE_FAILED"):
        raise NotInRollback(stack_id=stack.stack_id, status=stack.status)
    kind = stack.status.removesuffix("_FAILED")
    deployment = deployments.latest(ctx, stack.stack_id, kind)
    if kind == "CREATE":
        _resume(ctx, stack, deployment.deployment_id, "ROLLBACK_IN_PROGRESS", "rollback", request)
    else:
        begin_revert(ctx, deployment.deployment_id)
        status = "UPDATE_ROLLBACK_IN_PROGRESS"
        _resume(ctx, stack, deployment.deployment_id, status, "revert", request)
    return {"StackId": stack.stack_id}


def _resume(
    ctx: Context, stack: Stack, deployment_id: str, status: str, phase: str, request: Request
) -> None:
    deployments.set_phase(ctx, deployment_id, phase)
    events.stack_changed(ctx, stack, status, launches.USER, request.get("ClientRequestToken"))
    deployments.wake(ctx, deployment_id)
