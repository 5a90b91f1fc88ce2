"""CreateStack."""

from __future__ import annotations

import re

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.cloudformation import (
    deployments,
    launches,
    planning,
    preparation,
    stack_policies,
    stacks,
)
from cloudarium.services.cloudformation.deployments import Options
from cloudarium.services.cloudformation.errors import AlreadyExists, invalid
from cloudarium.services.cloudformation.stacks import REVIEW

_NAME = re.compile(r"[a-zA-Z][-a-zA-Z0-9]*")
_LONGEST_NAME = 128


async def create_stack(ctx: Context, request: Request) -> Response:
    """Begin to make a stack; DescribeStacks tells how it goes."""
    name, token = request["StackName"], request.get("ClientRequestToken")
    with ctx.transaction():
        again = deployments.repeated(ctx, token, "CREATE", name)
        if again is not None:
            return {"StackId": again}
        _check_name(ctx, name)
    options = Options(
        on_failure=launches.on_failure(request),
        retain_except_on_create=bool(request.get("RetainExceptOnCreate")),
        timeout_minutes=request.get("TimeoutInMinutes"),
    )
    policy = await stack_policies.submitted(ctx, request)
    config = await preparation.prepared(ctx, request, None)
    stack_policies.check_resources(policy, config.template.resources)
    await launches.usable_role(ctx, config.role_arn)
    with ctx.transaction():
        _check_name(ctx, name)
        protected = bool(request.get("EnableTerminationProtection"))
        stack = stacks.lookup(ctx, name) or stacks.create(
            ctx, name, "CREATE_IN_PROGRESS", config, protected=protected
        )
        planning.check(ctx, stack, config)
        stack_policies.put(ctx, stack.stack_id, policy)
        launches.create(ctx, stack, config, options, token)
    return {"StackId": stack.stack_id}


def _check_name(ctx: Context, name: str) -> None:
    """Raise unless a stack can be called `name` and none is, but one awaiting its change set."""
    rule = None
    if not _NAME.fullmatch(name):
        rule = (
            "Member must satisfy regular expression pattern: "
            "[a-zA-Z][-a-zA-Z0-9]*|arn:[-a-zA-Z0-9:/._+]*"
        )
    elif len(name) > _LONGEST_NAME:
        rule = f"Member must have length less than or equal to {_LONGEST_NAME}"
    if rule is not None:
        raise invalid(
            f"1 validation error detected: Value '{name}' at 'stackName' failed to satisfy "
            f"constraint: {rule}"
        )
    stack = stacks.lookup(ctx, name)
    if stack is not None and stack.status != REVIEW:
        raise AlreadyExists(name=name)
