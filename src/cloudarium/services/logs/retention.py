"""Events go when their group's retention has passed.

Reads never show an expired event; its row is removed by a job at most an hour later.
"""

from __future__ import annotations

from typing import Any

from cloudarium.core.context import Context
from cloudarium.services.logs import events, limits, log_groups
from cloudarium.services.logs.log_groups import LogGroup

_BETWEEN_MS = 3600 * 1000


def plan(ctx: Context, group: LogGroup) -> None:
    """Schedule the removal of the group's oldest events, if it has any that will expire."""
    oldest = events.oldest(ctx, group) if group.retention_days is not None else None
    if oldest is None or group.retention_days is None:
        log_groups.set_expiry(ctx, group, None)
        ctx.cancel("expire", str(group.id))
        return
    due = oldest + group.retention_days * limits.DAY_MS + 1
    if group.expires_at is not None:
        due = max(due, int(ctx.now * 1000) + _BETWEEN_MS)
    log_groups.set_expiry(ctx, group, due)
    ctx.schedule("expire", {"logGroup": group.name}, due / 1000, key=str(group.id))


def expire(ctx: Context, payload: dict[str, Any]) -> None:
    """Job: remove a group's expired events."""
    group = log_groups.named(ctx, payload["logGroup"])
    if group is None:
        return
    removed = events.delete_before(ctx, group, group.oldest_visible(ctx.now))
    log_groups.add_bytes(ctx, group, -removed)
    plan(ctx, group)
