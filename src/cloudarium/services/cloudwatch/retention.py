"""Points grow coarser with age and then go, by AWS's schedule, once a day."""

from __future__ import annotations

from typing import Any

from cloudarium.core.context import Context
from cloudarium.services.cloudwatch import alarm_history, limits, points

_KEY = "retention"


class Plan:
    """Which accounts and regions have the job scheduled, so that writes need not ask each time."""

    def __init__(self, _: object) -> None:
        self.known: set[tuple[str, str]] = set()


def plan(ctx: Context) -> None:
    """Schedule the next run, if none is."""
    known = ctx.state(Plan).known
    if (ctx.account, ctx.region) not in known:
        known.add((ctx.account, ctx.region))
        # At the end of the day, so that scheduling it again after a restart puts nothing off.
        due = (ctx.now // limits.DAY + 1) * limits.DAY
        ctx.schedule("retain", {}, due, key=_KEY)


def retain(ctx: Context, _: dict[str, Any]) -> None:
    """Job: fold and drop what is old."""
    for period in limits.RETENTION:
        points.fold_old(ctx, period)
    alarm_history.drop_old(ctx)
    ctx.state(Plan).known.discard((ctx.account, ctx.region))
    if points.any_left(ctx):
        plan(ctx)
