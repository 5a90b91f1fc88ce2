"""SetStackPolicy and GetStackPolicy."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.cloudformation import deployments, stack_policies, stacks
from cloudarium.services.cloudformation.errors import PolicyNotSettable, invalid


async def set_stack_policy(ctx: Context, request: Request) -> None:
    """Give a stack a policy, in place of the one it has."""
    policy = await stack_policies.submitted(ctx, request)
    if policy is None:
        raise invalid("Either StackPolicyURL or StackPolicyBody must be specified.")
    with ctx.transaction():
        stack = stacks.living(ctx, request["StackName"])
        if stack.busy:
            raise PolicyNotSettable(status=stack.status)
        stack_policies.check_resources(policy, stack.config.template.resources)
        stack_policies.put(ctx, stack.stack_id, policy)


def get_stack_policy(ctx: Context, request: Request) -> Response:
    """Return a stack's policy, if it has one; during an update, the one that is in its place."""
    stack = stacks.living(ctx, request["StackName"])
    if stack.status.startswith("UPDATE_") and stack.busy:
        deployment = deployments.latest(ctx, stack.stack_id, "UPDATE")
        if deployment.options.policy is not None:
            return {"StackPolicyBody": deployment.options.policy}
    return {"StackPolicyBody": stack_policies.of_stack(ctx, stack.stack_id)}
