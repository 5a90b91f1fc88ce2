"""Scaling: capacities are asked for as the service-linked role, and looked after until there."""

from __future__ import annotations

from typing import Any

from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.services.autoscaling import activities, alarms, limits, policies, roles, targets
from cloudarium.services.autoscaling.targets import Key, Target


def schedule_adjust(ctx: Context, target: Target) -> None:
    """Have a target's capacity brought between its bounds, if it is not."""
    payload = {"key": list(target.key), "activity": ctx.ids.uuid(), "times": 0}
    ctx.schedule("adjust", payload, key=target.id)


async def adjust(ctx: Context, payload: dict[str, Any]) -> None:
    """Job: bring a target's capacity between its bounds; if that is refused, again later.

    A table refuses it while another change of it or of an index is under way.
    """
    with ctx.transaction():
        target = targets.lookup(ctx, Key(*payload["key"]))
    capacity = await alarms.present(ctx, target) if target else None
    if target is None or capacity is None:
        return
    wanted = target.bounded(capacity)
    if wanted != capacity:
        bound = "minimum" if wanted > capacity else "maximum"
        cause = f"{bound} capacity was set to {wanted}"
        if not await scale(ctx, target, wanted, cause, payload["activity"]):
            _adjust_again(ctx, target, payload)


def _adjust_again(ctx: Context, target: Target, payload: dict[str, Any]) -> None:
    times = payload.get("times", 0) + 1
    if times <= limits.CONFIRM_TIMES:
        with ctx.transaction():
            again = {**payload, "activity": ctx.ids.uuid(), "times": times}
            at = ctx.now + limits.CONFIRM_SECONDS
            ctx.schedule("adjust", again, at=at, key=target.id)


async def scale(ctx: Context, target: Target, capacity: int, cause: str, activity: str) -> bool:
    """Ask for a capacity; tell whether the service took it. `activity` is the activity's id."""
    kind = target.kind
    body = {
        "Description": f"Setting {kind.units} to {capacity}.",
        "Cause": cause,
        "StatusCode": "InProgress",
        "StatusMessage": f"Successfully set {kind.units} to {capacity}. Waiting for change to be "
        f"fulfilled by {kind.namespace}.",
    }
    with ctx.transaction():
        activities.put(ctx, activity, target.key, body)
    try:
        caller = roles.session(ctx, kind.namespace)
        await kind.write(ctx, caller, kind, target.key.resource, capacity)
    except AwsError as error:
        reason = f"Failed to set {kind.units} to {capacity}. Reason: {error.message}"
        with ctx.transaction():
            activities.finish(ctx, activity, "Failed", reason)
        return False
    payload = {"key": list(target.key), "activity": activity, "capacity": capacity, "times": 0}
    with ctx.transaction():
        ctx.schedule("confirm", payload, key=activity)
    return True


async def confirm(ctx: Context, payload: dict[str, Any]) -> None:
    """Job: note that the capacity is there, and fit the alarms to it; else look again later."""
    key, activity, capacity = Key(*payload["key"]), payload["activity"], payload["capacity"]
    with ctx.transaction():
        target = targets.lookup(ctx, key)
    present = await alarms.present(ctx, target) if target else None
    with ctx.transaction():
        if target is None or payload["times"] > limits.CONFIRM_TIMES:
            activities.finish(ctx, activity, "Unfulfilled", "The change was not fulfilled.")
        elif present != capacity:
            again = {**payload, "times": payload["times"] + 1}
            ctx.schedule("confirm", again, at=ctx.now + limits.CONFIRM_SECONDS, key=activity)
        else:
            kind = target.kind
            done = f"Successfully set {kind.units} to {capacity}. Change successfully fulfilled by "
            activities.finish(ctx, activity, "Successful", f"{done}{kind.namespace}.")
            for policy in policies.of_target(ctx, key):
                alarms.schedule_put(ctx, policy)
