"""The beginnings of deployments: a stack's first status, and the job that does the rest."""

from __future__ import annotations

from cloudarium.core.context import Context, Request
from cloudarium.core.errors import AwsError
from cloudarium.services.cloudformation import change_sets, deployments, events, exports, stacks
from cloudarium.services.cloudformation.configs import Config
from cloudarium.services.cloudformation.deployments import Options, Order, Previous
from cloudarium.services.cloudformation.errors import RoleNotAssumable, invalid
from cloudarium.services.cloudformation.stacks import Stack

USER = "User Initiated"


async def usable_role(ctx: Context, role_arn: str | None) -> None:
    """Raise unless CloudFormation may assume the role a stack is to be deployed with."""
    if role_arn is None:
        return
    try:
        await ctx.assume_role(role_arn, "AWSCloudFormation")
    except AwsError:
        raise RoleNotAssumable(arn=role_arn) from None


def on_failure(request: Request) -> str:
    """Return what a request wants done when a deployment fails: an `OnFailure` value."""
    wanted = request.get("OnFailure") or request.get("OnStackFailure")
    if wanted is not None and "DisableRollback" in request:
        raise invalid("You can specify either DisableRollback or OnFailure, but not both.")
    if wanted is not None:
        return str(wanted)
    return "DO_NOTHING" if request.get("DisableRollback") else "ROLLBACK"


def create(ctx: Context, stack: Stack, config: Config, options: Options, token: str | None) -> None:
    """Begin to make a stack's resources."""
    stacks.set_config(ctx, stack.stack_id, config)
    events.stack_changed(ctx, stack, "CREATE_IN_PROGRESS", USER, token)
    change_sets.obsolete(ctx, stack.stack_id)
    order = Order("CREATE", "apply", ctx.principal, config.role_arn, token, options)
    deployments.start(ctx, stack, order)


def update(
    ctx: Context,
    stack: Stack,
    config: Config,
    options: Options,
    token: str | None,
    change_set_id: str | None = None,
) -> None:
    """Begin to turn a stack into what `config` says."""
    previous = Previous(stack.config, stack.outputs, exports.imports_of(ctx, stack.stack_id))
    stacks.set_config(ctx, stack.stack_id, config)
    stacks.touch(ctx, stack.stack_id, change_set_id)
    events.stack_changed(ctx, stack, "UPDATE_IN_PROGRESS", USER, token)
    change_sets.obsolete(ctx, stack.stack_id)
    order = Order("UPDATE", "apply", ctx.principal, config.role_arn, token, options, previous)
    deployments.start(ctx, stack, order)


def delete(
    ctx: Context, stack: Stack, options: Options, role_arn: str | None, token: str | None
) -> None:
    """Begin to delete a stack, unless somebody imports from it: then it stays what it was."""
    events.stack_changed(ctx, stack, "DELETE_IN_PROGRESS", USER, token)
    refusal = exports.refuse_deletion(ctx, stack)
    if refusal is not None:
        events.stack_changed(ctx, stack, stack.status, refusal, token)
        return
    change_sets.obsolete(ctx, stack.stack_id)
    order = Order("DELETE", "delete", ctx.principal, role_arn, token, options)
    deployments.start(ctx, stack, order)
