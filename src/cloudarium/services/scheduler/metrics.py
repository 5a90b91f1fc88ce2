"""Metrics in `AWS/Scheduler`: of all schedules, and by schedule group."""

from __future__ import annotations

from cloudarium.core.context import Context
from cloudarium.services.scheduler.schedules import Schedule

_NAMESPACE = "AWS/Scheduler"


def count(ctx: Context, schedule: Schedule, name: str) -> None:
    """Count one of what the metric `name` counts."""
    ctx.telemetry.metric(_NAMESPACE, name, 1, "Count")
    ctx.telemetry.metric(_NAMESPACE, name, 1, "Count", {"ScheduleGroup": schedule.group})
