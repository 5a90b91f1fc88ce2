"""DeleteStack and what protects from it."""

from __future__ import annotations

from dataclasses import replace

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.cloudformation import change_sets, deployments, events, launches, stacks
from cloudarium.services.cloudformation.deployments import Options
from cloudarium.services.cloudformation.errors import (
    NotDeletable,
    Protected,
    invalid,
    unsupported,
)
from cloudarium.services.cloudformation.stacks import DELETED, REVIEW, Stack


async def delete_stack(ctx: Context, request: Request) -> None:
    """Begin to delete a stack. One that does not exist counts as deleted."""
    if request.get("DeletionMode", "STANDARD") != "STANDARD":
        raise unsupported("DeletionMode FORCE_DELETE_STACK")
    name, token = request["StackName"], request.get("ClientRequestToken")
    with ctx.transaction():
        stack = stacks.lookup(ctx, name)
        if stack is None or stack.status in (DELETED, "DELETE_IN_PROGRESS"):
            return
        _check(stack, request)
    role = request.get("RoleARN") or stack.config.role_arn
    await launches.usable_role(ctx, role)
    with ctx.transaction():
        stack = stacks.by_id(ctx, stack.stack_id)
        if stack.status == REVIEW:
            change_sets.obsolete(ctx, stack.stack_id)
            events.stack_changed(ctx, stack, DELETED, None, token)
        elif stack.status == "CREATE_IN_PROGRESS":
            _stop_creation(ctx, stack)
        elif stack.status not in (DELETED, "DELETE_IN_PROGRESS"):
            _check(stack, request)
            retained = tuple(request.get("RetainResources", []))
            launches.delete(ctx, stack, Options(retain_resources=retained), role, token)


def _check(stack: Stack, request: Request) -> None:
    if stack.protected:
        raise Protected(name=stack.name)
    if stack.busy and stack.status != "CREATE_IN_PROGRESS":
        raise NotDeletable(stack_id=stack.stack_id, status=stack.status)
    if request.get("RetainResources") and stack.status != "DELETE_FAILED":
        raise invalid(
            f"Invalid operation on stack [{stack.stack_id}]. RetainResources can be specified "
            "only when the stack is in the DELETE_FAILED state."
        )


def _stop_creation(ctx: Context, stack: Stack) -> None:
    """Have a creation under way stop and delete what it made so far."""
    deployment = deployments.latest(ctx, stack.stack_id, "CREATE")
    options = replace(deployment.options, on_failure="DELETE")
    deployments.set_options(ctx, deployment.deployment_id, options)
    deployments.cancel(ctx, deployment.deployment_id)
    deployments.wake(ctx, deployment.deployment_id)


def update_termination_protection(ctx: Context, request: Request) -> Response:
    """Switch a stack's termination protection on or off."""
    stack = stacks.living(ctx, request["StackName"])
    stacks.protect(ctx, stack.stack_id, request["EnableTerminationProtection"])
    return {"StackId": stack.stack_id}
