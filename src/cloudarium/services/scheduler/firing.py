"""Schedules by the clock: one job a schedule, set for its next moment.

A moment that passed while the cloud was down is made up for once; the next one is counted from
then, as EventBridge's rules here do.
"""

from __future__ import annotations

from typing import Any

from cloudarium.core.context import Context
from cloudarium.services.scheduler import schedules, timing
from cloudarium.services.scheduler.schedules import Schedule


def start(ctx: Context, schedule: Schedule) -> None:
    """Set a new schedule's first moment."""
    _plan(ctx, schedule, timing.first(schedule, ctx.now))


def plan(ctx: Context, schedule: Schedule) -> None:
    """Set the schedule's next moment."""
    _plan(ctx, schedule, timing.next_after(schedule, ctx.now))


def stop(ctx: Context, schedule: Schedule) -> None:
    """Forget the schedule's next moment."""
    ctx.cancel("fire", _key(schedule))


def fire(ctx: Context, payload: dict[str, Any]) -> None:
    """Have the target invoked, within the flexible time window, and set the next moment."""
    schedule = schedules.lookup(ctx, payload["group"], payload["name"])
    if schedule is None or schedule.id != payload["id"] or not schedule.enabled:
        return
    plan(ctx, schedule)
    execution = ctx.ids.hex(16)
    at = max(ctx.now, payload["at"] + _delay(ctx, schedule))
    invocation = {**payload, "execution": execution, "attempt": 1, "since": at}
    ctx.schedule("invoke", invocation, at=at, key=execution)


def _plan(ctx: Context, schedule: Schedule, at: float | None) -> None:
    if at is None or not schedule.enabled:
        stop(ctx, schedule)
        return
    payload = {"group": schedule.group, "name": schedule.name, "id": schedule.id, "at": at}
    ctx.schedule("fire", payload, at=at, key=_key(schedule))


def _key(schedule: Schedule) -> str:
    return f"{schedule.group}/{schedule.name}"


def _delay(ctx: Context, schedule: Schedule) -> float:
    """Return how long into its window the schedule waits this time, in seconds."""
    minutes = schedule.settings["FlexibleTimeWindow"].get("MaximumWindowInMinutes", 0)
    return float(int(ctx.ids.fraction() * minutes * 60))
