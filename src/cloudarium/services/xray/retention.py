"""Traces go after 30 days.

Reads never show an expired trace; its rows are removed by a job at most an hour later.
"""

from __future__ import annotations

from typing import Any

from cloudarium.core.context import Context
from cloudarium.services.xray import limits, segments, settings

_BETWEEN_SECONDS = 3600
_DUE = "expiry"


def plan(ctx: Context) -> None:
    """Schedule the removal of the oldest traces, unless that is planned."""
    if settings.get(ctx, _DUE) is None:
        _schedule(ctx, ctx.now)


def expire(ctx: Context, payload: dict[str, Any]) -> None:
    """Job: remove expired traces."""
    segments.delete_expired(ctx)
    _schedule(ctx, ctx.now + _BETWEEN_SECONDS)


def _schedule(ctx: Context, earliest: float) -> None:
    oldest = segments.first_began(ctx)
    if oldest is None:
        settings.put(ctx, _DUE, None)
        return
    due = max(min(oldest, ctx.now) + limits.RETENTION_SECONDS + 1, earliest)
    settings.put(ctx, _DUE, due)
    ctx.schedule("expire", {}, due, key=_DUE)
