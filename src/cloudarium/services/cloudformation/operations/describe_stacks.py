"""Reading stacks: what they are, what happened to them, what they consist of."""

from __future__ import annotations

import json
from typing import Any

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.cloudformation import events, pages, shapes, stack_resources, stacks
from cloudarium.services.cloudformation.errors import (
    PhysicalResourceNotFound,
    ResourceNotInStack,
    invalid,
)
from cloudarium.services.cloudformation.limits import DESCRIBE_SECONDS
from cloudarium.services.cloudformation.stack_resources import StackResource
from cloudarium.services.cloudformation.stacks import DELETED, Stack


async def describe_stacks(ctx: Context, request: Request) -> Response:
    """Return one stack (by ARN a deleted one too), or all that are not deleted.

    A client that asks for a stack in progress is answered when that is over, or after a moment:
    the waiters of AWS's tools look every 30 seconds, and most stacks here are done in one.
    """
    with ctx.transaction():
        if request.get("StackName") is None:
            return _every(ctx, request)
        stack = stacks.find(ctx, request["StackName"])
    until = ctx.now + DESCRIBE_SECONDS
    while stack.busy and _client_waits(ctx) and ctx.now < until:
        await ctx.wait(("stack", stack.stack_id), until)
        with ctx.transaction():
            stack = stacks.by_id(ctx, stack.stack_id)
    return {"Stacks": [shapes.stack(stack)]}


def _client_waits(ctx: Context) -> bool:
    """Tell whether a client asks, not a service, by a clock that runs."""
    return "aws:SourceIp" in ctx.conditions and not ctx.clock.frozen


def _every(ctx: Context, request: Request) -> Response:
    living = [stack for stack in stacks.every(ctx) if stack.status != DELETED]
    found, token = pages.page(living, request)
    return {"Stacks": [shapes.stack(stack) for stack in found], "NextToken": token}


def list_stacks(ctx: Context, request: Request) -> Response:
    """Return summaries of all stacks, deleted ones too, or of those with a given status."""
    wanted = request.get("StackStatusFilter")
    every = [stack for stack in stacks.every(ctx) if not wanted or stack.status in wanted]
    found, token = pages.page(every, request)
    summaries = [shapes.stack_summary(stack) for stack in found]
    return {"StackSummaries": summaries, "NextToken": token}


def describe_stack_events(ctx: Context, request: Request) -> Response:
    """Return what happened to a stack, newest first."""
    stack = _shown(ctx, request["StackName"])
    before = pages.position(request)
    found, following = events.page(ctx, stack, before)
    return {"StackEvents": found, "NextToken": None if following is None else str(following)}


def _shown(ctx: Context, name: str) -> Stack:
    stack = stacks.lookup(ctx, name)
    if stack is None:
        raise invalid(f"Stack [{name}] does not exist")
    return stack


def describe_stack_resource(ctx: Context, request: Request) -> Response:
    """Return one resource of a stack, with its metadata."""
    stack, logical_id = stacks.find(ctx, request["StackName"]), request["LogicalResourceId"]
    resource = stack_resources.find(ctx, stack.stack_id, logical_id)
    if resource is None:
        raise ResourceNotInStack(logical_id=logical_id, stack=request["StackName"])
    detail = shapes.resource(stack, resource)
    detail["LastUpdatedTimestamp"] = detail.pop("Timestamp")
    detail["Metadata"] = json.dumps(resource.declared.get("Metadata", {}))
    return {"StackResourceDetail": detail}


def describe_stack_resources(ctx: Context, request: Request) -> Response:
    """Return the resources of a stack, found by its name or by the physical id of one of them."""
    name, physical_id = request.get("StackName"), request.get("PhysicalResourceId")
    if (name is None) == (physical_id is None):
        raise invalid("One of StackName or PhysicalResourceId must be specified, not both.")
    if name is None:
        name = stack_resources.stack_of(ctx, request["PhysicalResourceId"])
    if name is None:
        raise PhysicalResourceNotFound(physical_id=physical_id)
    stack = stacks.find(ctx, name)
    wanted = request.get("LogicalResourceId")
    found = [r for r in _resources(ctx, stack) if wanted in (None, r.logical_id)]
    if wanted is not None and not found:
        raise ResourceNotInStack(logical_id=wanted, stack=name)
    return {"StackResources": [shapes.resource(stack, r) for r in found]}


def list_stack_resources(ctx: Context, request: Request) -> Response:
    """Return summaries of a stack's resources."""
    stack = stacks.find(ctx, request["StackName"])
    found, token = pages.page(_resources(ctx, stack), request)
    summaries: list[dict[str, Any]] = [shapes.resource_summary(r) for r in found]
    return {"StackResourceSummaries": summaries, "NextToken": token}


def _resources(ctx: Context, stack: Stack) -> list[StackResource]:
    return list(stack_resources.of_stack(ctx, stack.stack_id).values())
