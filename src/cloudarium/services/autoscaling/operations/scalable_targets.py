"""Scalable targets: register, describe, deregister."""

from __future__ import annotations

from dataclasses import replace

from cloudarium.core import pages
from cloudarium.core.context import Context, Request, Response
from cloudarium.services.autoscaling import (
    alarms,
    dimensions,
    errors,
    limits,
    policies,
    roles,
    scaling,
    scheduled_actions,
    scheduling,
    targets,
)
from cloudarium.services.autoscaling.targets import Key, Target

_SUSPENDABLE = ("DynamicScalingIn", "DynamicScalingOut", "ScheduledScaling")


async def register_scalable_target(ctx: Context, request: Request) -> Response:
    """Register or change a target; its capacity is brought between its bounds."""
    key = Key.of(request)
    dimension = dimensions.find(*key)
    await roles.ensure(ctx, key.namespace)
    await dimension.read(ctx, roles.session(ctx, key.namespace), dimension, key.resource)
    with ctx.transaction():
        known = targets.lookup(ctx, key)
        target = _changed(known, request) if known else _new(ctx, key, request)
        if target.least < 0:
            raise errors.NegativeCapacity()
        if target.most < target.least:
            raise errors.CapacityOrder()
        targets.put(ctx, target)
        scaling.schedule_adjust(ctx, target)
    return {"ScalableTargetARN": target.arn}


def describe_scalable_targets(ctx: Context, request: Request) -> Response:
    """Describe a service namespace's targets."""
    wanted, dimension = request.get("ResourceIds"), request.get("ScalableDimension")
    found = [
        target
        for target in targets.listed(ctx, request["ServiceNamespace"])
        if (not wanted or target.key.resource in wanted)
        and dimension in (None, target.key.dimension)
    ]
    size = request.get("MaxResults", limits.PAGE)
    page, token = pages.page(found, request.get("NextToken"), size, errors.InvalidNextToken())
    return {"ScalableTargets": [_shown(target) for target in page], "NextToken": token}


def deregister_scalable_target(ctx: Context, request: Request) -> Response:
    """Remove a target with its policies, alarms and scheduled actions."""
    target = targets.find(ctx, Key.of(request))
    for policy in policies.of_target(ctx, target.key):
        policies.delete(ctx, policy)
        alarms.schedule_delete(ctx, policy, list(policy.alarms.values()))
    for action in scheduled_actions.of_target(ctx, target.key):
        scheduling.stop(ctx, action)
        scheduled_actions.delete(ctx, action)
    targets.delete(ctx, target)
    return {}


def _new(ctx: Context, key: Key, request: Request) -> Target:
    for name in ("MinCapacity", "MaxCapacity"):
        if name not in request:
            raise errors.CapacityNeeded(name=name)
    return Target(
        *(ctx.account, ctx.region, key, ctx.ids.hex(34)),
        *(request["MinCapacity"], request["MaxCapacity"]),
        suspended=request.get("SuspendedState", {}),
        tags=request.get("Tags", {}),
        created_at=ctx.now,
    )


def _changed(known: Target, request: Request) -> Target:
    return replace(
        known,
        least=request.get("MinCapacity", known.least),
        most=request.get("MaxCapacity", known.most),
        suspended={**known.suspended, **request.get("SuspendedState", {})},
        tags={**known.tags, **request.get("Tags", {})},
    )


def _shown(target: Target) -> Response:
    return {
        **target.key.shown,
        "MinCapacity": target.least,
        "MaxCapacity": target.most,
        "RoleARN": roles.arn(target.account, target.key.namespace),
        "CreationTime": target.created_at,
        "SuspendedState": {f"{what}Suspended": target.is_suspended(what) for what in _SUSPENDABLE},
        "ScalableTargetARN": target.arn,
    }
