"""Scheduled actions by the clock: one job an action, set for its next moment."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cloudarium.core import schedules
from cloudarium.core.context import Context
from cloudarium.core.cron import MalformedSchedule
from cloudarium.services.autoscaling import errors, scaling, scheduled_actions, targets
from cloudarium.services.autoscaling.scheduled_actions import ScheduledAction
from cloudarium.services.autoscaling.targets import Key


def next_after(action: ScheduledAction, moment: float) -> float | None:
    """Return when an action is due next after `moment`, None if never again.

    Raises ValidationException for a schedule or time zone that is none.
    """
    settings = action.settings
    text, place = settings["Schedule"], settings.get("Timezone", "UTC")
    try:
        expression, zone = schedules.parse(text), ZoneInfo(place)
    except MalformedSchedule:
        raise errors.InvalidSchedule(schedule=text) from None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise errors.InvalidTimezone(timezone=place) from None
    start = settings.get("StartTime", action.created_at)
    return schedules.next_after(expression, moment, zone, start, settings.get("EndTime"))


def plan(ctx: Context, action: ScheduledAction) -> None:
    """Set an action's next moment."""
    at = next_after(action, ctx.now)
    if at is None:
        stop(ctx, action)
        return
    payload = {"key": list(action.key), "name": action.name}
    ctx.schedule("run", payload, at=at, key=action.id)


def stop(ctx: Context, action: ScheduledAction) -> None:
    """Forget an action's next moment."""
    ctx.cancel("run", action.id)


def run(ctx: Context, payload: dict[str, Any]) -> None:
    """Job: set a target's bounds, have its capacity brought between them, plan the next time."""
    key = Key(*payload["key"])
    action = scheduled_actions.lookup(ctx, key, payload["name"])
    target = targets.lookup(ctx, key)
    if action is None or target is None:
        return
    plan(ctx, action)
    if target.is_suspended("ScheduledScaling"):
        return
    wanted = action.settings.get("ScalableTargetAction", {})
    least = wanted.get("MinCapacity", target.least)
    most = wanted.get("MaxCapacity", target.most)
    changed = replace(target, least=min(least, most), most=max(least, most))
    targets.put(ctx, changed)
    scaling.schedule_adjust(ctx, changed)
