"""Tells pollers of a queue that was found empty when it has visible messages again, once.

`found_empty` has the queues whose last poll found nothing, and when to look again, if ever.
"""

from __future__ import annotations

from typing import Any

from cloudarium.contracts.sources import QueueHasMessages
from cloudarium.core.context import Context
from cloudarium.services.sqs.queues import Queue


def found_empty(ctx: Context, queue: Queue, next_visible: float | None) -> None:
    """A poll has found nothing; `next_visible` is when the next hidden message appears, if any."""
    ctx.db.execute(
        "INSERT OR IGNORE INTO found_empty (queue, arn) VALUES (?, ?)", (queue.id, queue.arn)
    )
    if next_visible is not None:
        visible(ctx, queue, next_visible)


def visible(ctx: Context, queue: Queue, at: float) -> None:
    """A message is visible from `at` on."""
    row = ctx.db.execute("SELECT * FROM found_empty WHERE queue = ?", (queue.id,)).fetchone()
    if row is None:
        return
    if at <= ctx.now:
        _announce(ctx, queue.id)
    elif row["look_at"] is None or at < row["look_at"]:
        _look_at(ctx, queue.id, at)


def _look_at(ctx: Context, queue: int, at: float) -> None:
    ctx.db.execute("UPDATE found_empty SET look_at = ? WHERE queue = ?", (at, queue))
    ctx.schedule("announce", {"queue": queue}, at=at, key=str(queue))


def announce(ctx: Context, payload: dict[str, Any]) -> None:
    """Job: a hidden message is due to be visible, unless it was removed or hidden again."""
    queue: int = payload["queue"]
    ctx.db.execute("UPDATE found_empty SET look_at = NULL WHERE queue = ?", (queue,))
    row = ctx.db.execute(
        "SELECT min(visible_at) AS at FROM messages WHERE queue = ?", (queue,)
    ).fetchone()
    if row["at"] is None:
        return
    if row["at"] <= ctx.now:
        _announce(ctx, queue)
    else:
        _look_at(ctx, queue, row["at"])


def _announce(ctx: Context, queue: int) -> None:
    row = ctx.db.execute(
        "DELETE FROM found_empty WHERE queue = ? RETURNING arn", (queue,)
    ).fetchone()
    if row is not None:
        ctx.emit(QueueHasMessages(row["arn"]))
