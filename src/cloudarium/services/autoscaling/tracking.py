"""Target tracking: what a policy does when one of its alarms asks it to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cloudarium.contracts.alarms import ScalingAlarmed
from cloudarium.core.context import Context
from cloudarium.services.autoscaling import alarms, metrics, policies, scaling, targets
from cloudarium.services.autoscaling.policies import Policy
from cloudarium.services.autoscaling.targets import Target


def on_alarm(ctx: Context, fact: ScalingAlarmed) -> None:
    """Have the policy act that an alarm of its own asks."""
    policy = policies.by_id(ctx, fact.policy_arn.split(":")[6])
    if policy is None:
        return
    for what, name in policy.alarms.items():
        if name == fact.alarm_name:
            payload = {
                "policy": policy.id,
                "what": what,
                "value": fact.value,
                "measured_at": fact.measured_at,
                "activity": ctx.ids.uuid(),
            }
            ctx.schedule("track", payload, key=f"{policy.id} {what}")


async def track(ctx: Context, payload: dict[str, Any]) -> None:
    """Job: set the capacity at which the metric would be at its target."""
    with ctx.transaction():
        policy = policies.by_id(ctx, payload["policy"])
        target = targets.lookup(ctx, policy.key) if policy else None
    if policy is None or target is None:
        return
    what = payload["what"]
    if what in (metrics.PROVISIONED_HIGH, metrics.PROVISIONED_LOW):
        await alarms.put(ctx, {"policy": policy.id})
        return
    out = what == metrics.HIGH
    if _is_old(policy, payload["measured_at"]) or _waits(ctx, policy, target, out=out):
        return
    capacity = await alarms.present(ctx, target)
    if not capacity:
        return
    wanted = target.bounded(metrics.desired(policy, capacity, payload["value"]))
    if (wanted > capacity) if out else (wanted < capacity):
        alarm = policy.alarms[what]
        cause = f"monitor alarm {alarm} in state ALARM triggered policy {policy.name}"
        if await scaling.scale(ctx, target, wanted, cause, payload["activity"]):
            _note(ctx, policy, out=out)


def _is_old(policy: Policy, measured_at: float) -> bool:
    """Tell whether a value is one of the capacity before the last change, which it led to."""
    changes = [at for at in (policy.scaled_out_at, policy.scaled_in_at) if at is not None]
    return bool(changes) and measured_at < max(changes)


def _waits(ctx: Context, policy: Policy, target: Target, *, out: bool) -> bool:
    """Tell whether scaling is suspended, or the last one of its kind is too recent.

    The cooldowns are 0 by default for DynamoDB and Lambda:
    https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html
    """
    if target.is_suspended("DynamicScalingOut" if out else "DynamicScalingIn"):
        return True
    cooldown = policy.configuration.get("ScaleOutCooldown" if out else "ScaleInCooldown", 0)
    last = policy.scaled_out_at if out else policy.scaled_in_at
    return last is not None and ctx.now < last + cooldown


def _note(ctx: Context, policy: Policy, *, out: bool) -> None:
    with ctx.transaction():
        present = policies.by_id(ctx, policy.id)
        if present is not None:
            out_at = ctx.now if out else present.scaled_out_at
            in_at = present.scaled_in_at if out else ctx.now
            policies.put(ctx, replace(present, scaled_out_at=out_at, scaled_in_at=in_at))
