"""The CloudWatch alarms of policies: put and deleted by jobs, so that none is forgotten."""

from __future__ import annotations

from typing import Any

from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.services.autoscaling import metrics, policies, roles, targets
from cloudarium.services.autoscaling.policies import Policy
from cloudarium.services.autoscaling.targets import Target


def named(ctx: Context, resource: str, configuration: dict[str, Any]) -> dict[str, str]:
    """Return new names for the alarms of a policy."""
    return {
        what: f"TargetTracking-{resource}-{what}-{ctx.ids.uuid()}"
        for what in metrics.watched(configuration)
    }


def schedule_put(ctx: Context, policy: Policy) -> None:
    """Have a policy's alarms made or brought up to date."""
    ctx.schedule("put_alarms", {"policy": policy.id}, key=policy.id)


def schedule_delete(ctx: Context, policy: Policy, names: list[str]) -> None:
    """Have alarms deleted."""
    if names:
        ctx.schedule("delete_alarms", {"namespace": policy.key.namespace, "names": names})


async def put(ctx: Context, payload: dict[str, Any]) -> None:
    """Job: make a policy's alarms, or fit their thresholds to the present capacity."""
    with ctx.transaction():
        policy = policies.by_id(ctx, payload["policy"])
        target = targets.lookup(ctx, policy.key) if policy else None
    if policy is None or target is None:
        return
    capacity = await present(ctx, target)
    if capacity is not None:
        for what, name in policy.alarms.items():
            await _put(ctx, policy, name, metrics.alarm(policy, what, capacity))


async def present(ctx: Context, target: Target) -> int | None:
    """Return a target's capacity, None if it has none or the resource is gone."""
    caller = roles.session(ctx, target.key.namespace)
    try:
        return await target.kind.read(ctx, caller, target.kind, target.key.resource)
    except AwsError as error:
        if error.code == "ValidationException":
            return None
        raise


async def _put(ctx: Context, policy: Policy, name: str, watched: dict[str, Any]) -> None:
    owner = f"TargetTrackingScaling policy {policy.arn}"
    params = {
        "AlarmName": name,
        "AlarmDescription": f"DO NOT EDIT OR DELETE. For {owner}.",
        "AlarmActions": [policy.arn],
        **watched,
    }
    caller = roles.session(ctx, policy.key.namespace)
    await ctx.call("cloudwatch", "PutMetricAlarm", params, principal=caller)


async def delete(ctx: Context, payload: dict[str, Any]) -> None:
    """Job: delete the alarms of a policy that is gone or has others now."""
    caller = roles.session(ctx, payload["namespace"])
    params = {"AlarmNames": payload["names"]}
    await ctx.call("cloudwatch", "DeleteAlarms", params, principal=caller)
