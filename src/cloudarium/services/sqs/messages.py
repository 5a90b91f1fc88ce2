"""Messages: rows of `messages`. Visible means `visible_at <= now`; times are epoch seconds."""

from __future__ import annotations

import base64
import binascii
import sqlite3
from dataclasses import dataclass
from typing import Any

import orjson

from cloudarium.core.context import Context
from cloudarium.services.sqs import announcements, bodies, errors, limits, queues
from cloudarium.services.sqs.bodies import Attributes
from cloudarium.services.sqs.queues import Queue


@dataclass(frozen=True)
class Draft:
    """A message about to be sent."""

    body: str
    attributes: Attributes
    system: dict[str, str]
    delay: int
    group_id: str | None
    deduplication_id: str | None


@dataclass(frozen=True)
class Message:
    """A message in a queue."""

    sequence: int
    id: str
    body: str
    attributes: Attributes
    system: dict[str, str]
    group_id: str | None
    sent_at: float
    received: int
    first_received_at: float
    receipt: str


def put(ctx: Context, queue: Queue, draft: Draft) -> tuple[str, int]:
    """Send a message; return its id and sequence. A duplicate gives the first one's."""
    if draft.deduplication_id is not None:
        known = _duplicate(ctx, queue, draft.deduplication_id)
        if known is not None:
            return known
    identifier = ctx.ids.uuid()
    (sequence,) = ctx.db.execute(
        "INSERT INTO messages (queue, id, body, attributes, system, group_id, sent_at, visible_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING sequence",
        (
            queue.id,
            identifier,
            draft.body,
            orjson.dumps(bodies.portable(draft.attributes)).decode(),
            orjson.dumps(draft.system).decode(),
            draft.group_id,
            ctx.now,
            ctx.now + draft.delay,
        ),
    ).fetchone()
    if draft.deduplication_id is not None:
        ctx.db.execute(
            "INSERT OR REPLACE INTO deduplications VALUES (?, ?, ?, ?, ?)",
            (
                queue.id,
                draft.deduplication_id,
                identifier,
                sequence,
                ctx.now + limits.DEDUPLICATION_SECONDS,
            ),
        )
    announcements.visible(ctx, queue, ctx.now + draft.delay)
    ctx.signal(queue.id)
    return identifier, sequence


def _duplicate(ctx: Context, queue: Queue, deduplication_id: str) -> tuple[str, int] | None:
    ctx.db.execute("DELETE FROM deduplications WHERE queue = ? AND until <= ?", (queue.id, ctx.now))
    row = ctx.db.execute(
        "SELECT message, sequence FROM deduplications WHERE queue = ? AND id = ?",
        (queue.id, deduplication_id),
    ).fetchone()
    return (row["message"], row["sequence"]) if row else None


def receive(ctx: Context, queue: Queue, limit: int, timeout: int) -> list[Message]:
    """Take up to `limit` visible messages and hide them for `timeout` seconds.

    Messages received too often go to the dead-letter queue instead.
    """
    expire(ctx, queue)
    taken: list[Message] = []
    for row in visible(ctx, queue):
        if len(taken) == limit:
            break
        if not _dead_lettered(ctx, queue, row):
            taken.append(_take(ctx, queue, row, timeout))
    if not taken:
        announcements.found_empty(ctx, queue, next_visible(ctx, queue))
    return taken


def visible(ctx: Context, queue: Queue, limit: int = 100) -> list[sqlite3.Row]:
    """Return visible messages in order, at most `limit`.

    Of a FIFO queue only those whose group has none in flight.
    """
    blocked = (
        " AND NOT EXISTS (SELECT 1 FROM messages AS other WHERE other.queue = messages.queue"
        " AND other.group_id = messages.group_id AND other.visible_at > :now"
        " AND other.sequence < messages.sequence)"
        if queue.fifo
        else ""
    )
    return ctx.db.execute(
        f"SELECT * FROM messages WHERE queue = :queue AND visible_at <= :now{blocked}"
        " ORDER BY sequence LIMIT :limit",
        {"queue": queue.id, "now": ctx.now, "limit": limit},
    ).fetchall()


def _dead_lettered(ctx: Context, queue: Queue, row: sqlite3.Row) -> bool:
    policy = queue.attributes.get("RedrivePolicy")
    if not policy:
        return False
    rule = orjson.loads(policy)
    target = queues.by_arn(ctx, rule["deadLetterTargetArn"])
    if target is None or row["received"] < int(rule["maxReceiveCount"]):
        return False
    system = {**orjson.loads(row["system"]), "DeadLetterQueueSourceArn": queue.arn}
    ctx.db.execute(
        "UPDATE messages SET queue = ?, system = ?, visible_at = ?, receipt = NULL"
        " WHERE sequence = ?",
        (target.id, orjson.dumps(system).decode(), ctx.now, row["sequence"]),
    )
    announcements.visible(ctx, target, ctx.now)
    ctx.signal(target.id)
    return True


def _take(ctx: Context, queue: Queue, row: sqlite3.Row, timeout: int) -> Message:
    receipt = base64.b64encode(
        f"{ctx.ids.uuid()} {queue.arn} {row['id']} {ctx.now}".encode()
    ).decode()
    first = row["first_received_at"] or ctx.now
    ctx.db.execute(
        "UPDATE messages SET received = received + 1, first_received_at = ?, visible_at = ?,"
        " receipt = ? WHERE sequence = ?",
        (first, ctx.now + timeout, receipt, row["sequence"]),
    )
    return Message(
        row["sequence"],
        row["id"],
        row["body"],
        attributes_of(row),
        orjson.loads(row["system"]),
        row["group_id"],
        row["sent_at"],
        row["received"] + 1,
        first,
        receipt,
    )


def attributes_of(row: sqlite3.Row) -> Attributes:
    """Return a row's message attributes as they were sent."""
    return bodies.restored(orjson.loads(row["attributes"]))


def expire(ctx: Context, queue: Queue) -> None:
    """Remove messages older than the queue's retention period."""
    oldest = ctx.now - queue.number("MessageRetentionPeriod")
    ctx.db.execute("DELETE FROM messages WHERE queue = ? AND sent_at <= ?", (queue.id, oldest))


def delete(ctx: Context, queue: Queue, receipt: str) -> None:
    """Remove the message last received with `receipt`; an outdated one removes nothing."""
    ctx.db.execute(
        "DELETE FROM messages WHERE queue = ? AND id = ? AND receipt = ?",
        (queue.id, _message_id(queue, receipt), receipt),
    )
    if queue.fifo:
        announcements.visible(ctx, queue, ctx.now)  # the next of its group


def change_visibility(ctx: Context, queue: Queue, receipt: str, timeout: int) -> None:
    """Hide a received message for `timeout` seconds from now. Raises MessageNotInflight."""
    changed = ctx.db.execute(
        "UPDATE messages SET visible_at = ? WHERE queue = ? AND id = ? AND receipt = ?"
        " AND visible_at > ?",
        (ctx.now + timeout, queue.id, _message_id(queue, receipt), receipt, ctx.now),
    )
    if changed.rowcount == 0:
        raise errors.MessageNotInflight()
    announcements.visible(ctx, queue, ctx.now + timeout)
    if timeout == 0:
        ctx.signal(queue.id)


def _message_id(queue: Queue, receipt: str) -> str:
    try:
        parts = base64.b64decode(receipt, validate=True).decode().split(" ")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        parts = []
    if len(parts) != 4 or parts[1] != queue.arn:
        raise errors.ReceiptHandleIsInvalid(handle=receipt)
    return parts[2]


def purge(ctx: Context, queue: Queue) -> None:
    """Remove all messages."""
    ctx.db.execute("DELETE FROM messages WHERE queue = ?", (queue.id,))


def next_visible(ctx: Context, queue: Queue) -> float | None:
    """Return when the next hidden message becomes visible, if any will."""
    row: Any = ctx.db.execute(
        "SELECT min(visible_at) AS at FROM messages WHERE queue = ? AND visible_at > ?",
        (queue.id, ctx.now),
    ).fetchone()
    found: float | None = row["at"]
    return found


def counts(ctx: Context, queue: Queue) -> tuple[int, int, int]:
    """Return how many messages are visible, delayed, in flight."""
    expire(ctx, queue)
    row = ctx.db.execute(
        "SELECT count(*) FILTER (WHERE visible_at <= :now),"
        " count(*) FILTER (WHERE visible_at > :now AND received = 0),"
        " count(*) FILTER (WHERE visible_at > :now AND received > 0)"
        " FROM messages WHERE queue = :queue",
        {"now": ctx.now, "queue": queue.id},
    ).fetchone()
    return row[0], row[1], row[2]
