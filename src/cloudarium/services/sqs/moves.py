"""Message move tasks: what lies in a dead-letter queue goes back, or elsewhere, as new messages.

Developer guide, "Configure a dead-letter queue redrive" and "Troubleshooting dead-letter queue and
DLQ redrive issues".
"""

from __future__ import annotations

import base64
import binascii
import sqlite3
from typing import Any

import orjson

from cloudarium.core.context import Context
from cloudarium.services.sqs import errors, limits, messages, queues
from cloudarium.services.sqs.messages import Draft
from cloudarium.services.sqs.queues import Queue

RUNNING = "RUNNING"
_UNKNOWN_SOURCE = "CouldNotDetermineMessageSource"
_NO_QUEUE = "AWS.SimpleQueueService.NonExistentQueue"
_FROM = "DeadLetterQueueSourceArn"


def start(ctx: Context, source: Queue, destination: Queue | None, rate: int | None) -> str:
    """Begin a task; its handle. Raises InvalidParameterValue while another one is running."""
    running = ctx.db.execute(
        "SELECT 1 FROM moves WHERE queue = ? AND status = ?", (source.id, RUNNING)
    ).fetchone()
    if running is not None:
        raise errors.MoveRunning()
    task, target = ctx.ids.uuid(), destination.arn if destination else None
    waiting = messages.counts(ctx, source)[0]
    ctx.db.execute(
        "INSERT INTO moves (id, queue, source, destination, rate, status, moved, to_move,"
        " started_at) VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?)",
        (task, source.id, source.arn, target, rate, RUNNING, waiting, ctx.now),
    )
    ctx.schedule("move", {"task": task}, key=task)
    return _handle(task, source.arn)


def _handle(task: str, source: str) -> str:
    return base64.b64encode(orjson.dumps({"taskId": task, "sourceArn": source})).decode()


def source_of(handle: str) -> str:
    """Return the ARN of the queue a task handle names. Raises InvalidParameterValue."""
    return _read(handle)["sourceArn"]


def _read(handle: str) -> dict[str, str]:
    try:
        found = orjson.loads(base64.b64decode(handle, validate=True))
    except (binascii.Error, ValueError):
        found = None
    names = ("taskId", "sourceArn")
    if not isinstance(found, dict) or not all(isinstance(found.get(name), str) for name in names):
        raise errors.InvalidHandle(handle=handle)
    return {name: found[name] for name in names}


def cancel(ctx: Context, handle: str) -> int:
    """End a running task; how many messages it moved.

    Raises ResourceNotFoundException and UnsupportedOperation.
    """
    task = _find(ctx, _read(handle)["taskId"])
    if task is None:
        raise errors.NoSuchTask()
    if task["status"] != RUNNING:
        raise errors.MoveEnded()
    _end(ctx, task, "CANCELLED")
    ctx.cancel("move", task["id"])
    return int(task["moved"])


def latest(ctx: Context, source: Queue, limit: int) -> list[dict[str, Any]]:
    """Return the latest tasks of a queue as ListMessageMoveTasks shows them."""
    rows = ctx.db.execute(
        "SELECT * FROM moves WHERE queue = ? ORDER BY sequence DESC LIMIT ?", (source.id, limit)
    )
    return [_shown(row) for row in rows]


def _shown(row: sqlite3.Row) -> dict[str, Any]:
    return {
        "TaskHandle": _handle(row["id"], row["source"]) if row["status"] == RUNNING else None,
        "Status": row["status"],
        "SourceArn": row["source"],
        "DestinationArn": row["destination"],
        "MaxNumberOfMessagesPerSecond": row["rate"],
        "ApproximateNumberOfMessagesMoved": row["moved"],
        "ApproximateNumberOfMessagesToMove": row["to_move"],
        "FailureReason": row["failure"],
        "StartedTimestamp": int(row["started_at"] * 1000),
    }


def move(ctx: Context, payload: dict[str, Any]) -> None:
    """Job: move a second's worth of messages, and go on or end the task."""
    task = _find(ctx, payload["task"])
    source = queues.by_arn(ctx, task["source"]) if task else None
    if task is None or source is None:
        return
    messages.expire(ctx, source)
    rows = messages.visible(ctx, source, task["rate"] or limits.MOVES_PER_SECOND)
    for row in rows:
        arn = task["destination"] or orjson.loads(row["system"]).get(_FROM)
        target = queues.by_arn(ctx, arn) if arn else None
        if target is None:
            _end(ctx, task, "FAILED", _NO_QUEUE if arn else _UNKNOWN_SOURCE)
            return
        _transfer(ctx, task, row, target)
    if not messages.visible(ctx, source):
        _end(ctx, task, "COMPLETED")
        return
    ctx.schedule("move", payload, ctx.now + (1 if task["rate"] else 0), key=task["id"])


def _transfer(ctx: Context, task: sqlite3.Row, row: sqlite3.Row, target: Queue) -> None:
    """Send a message anew: it gets an id and a time of its own."""
    ctx.db.execute("DELETE FROM messages WHERE sequence = ?", (row["sequence"],))
    system = {k: v for k, v in orjson.loads(row["system"]).items() if k != _FROM}
    attributes = messages.attributes_of(row)
    draft = Draft(row["body"], attributes, system, 0, row["group_id"], None)
    messages.put(ctx, target, draft)
    ctx.db.execute("UPDATE moves SET moved = moved + 1 WHERE sequence = ?", (task["sequence"],))


def _find(ctx: Context, task: str) -> sqlite3.Row | None:
    found: sqlite3.Row | None = ctx.db.execute(
        "SELECT * FROM moves WHERE id = ?", (task,)
    ).fetchone()
    return found


def _end(ctx: Context, task: sqlite3.Row, status: str, failure: str | None = None) -> None:
    ctx.db.execute(
        "UPDATE moves SET status = ?, failure = ? WHERE sequence = ?",
        (status, failure, task["sequence"]),
    )
    ctx.db.execute(
        "DELETE FROM moves WHERE queue = ? AND sequence NOT IN (SELECT sequence FROM moves"
        " WHERE queue = ? ORDER BY sequence DESC LIMIT ?)",
        (task["queue"], task["queue"], limits.LISTED_MOVES),
    )
