"""Scheduled rules: one job a rule, set for its next moment."""

from __future__ import annotations

from typing import Any

from cloudarium.core.context import Context
from cloudarium.services.events import rules, schedules
from cloudarium.services.events.routing import envelope, trigger
from cloudarium.services.events.rules import Rule


def plan(ctx: Context, rule: Rule, start: float) -> None:
    """Set (or, for a rule without an enabled schedule, clear) the rule's next moment."""
    key = f"{rule.bus}/{rule.name}"
    if rule.schedule is None or not rule.enabled:
        ctx.cancel("tick", key)
        return
    at = schedules.next_after(rule.schedule, ctx.now, start)
    if at is not None:
        payload = {"bus": rule.bus, "rule": rule.name, "start": start, "at": at}
        ctx.schedule("tick", payload, at=at, key=key)


def tick(ctx: Context, payload: dict[str, Any]) -> None:
    """Send a scheduled rule's event and set its next moment."""
    rule = rules.lookup(ctx, payload["bus"], payload["rule"])
    if rule is None or rule.schedule is None or not rule.enabled:
        return
    event = envelope(
        ctx, "aws.events", "Scheduled Event", {}, [rule.arn], payload["at"], ctx.ids.uuid()
    )
    trigger(ctx, rule, event)
    plan(ctx, rule, payload["start"])
