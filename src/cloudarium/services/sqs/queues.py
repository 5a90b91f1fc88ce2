"""Queues: rows of `queues`, found by name or URL."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import orjson

from cloudarium.core.context import Context
from cloudarium.services.sqs import errors, limits

_NAME = re.compile(r"[A-Za-z0-9_-]{1,80}")
_FIFO_NAME = re.compile(r"[A-Za-z0-9_-]{1,75}\.fifo")


@dataclass(frozen=True)
class Queue:
    """A queue. `attributes` holds only what was set; times are epoch seconds."""

    id: int
    account: str
    region: str
    name: str
    attributes: dict[str, str]
    tags: dict[str, str]
    created_at: float
    modified_at: float
    purged_at: float | None

    @property
    def arn(self) -> str:
        """The queue's ARN."""
        return f"arn:aws:sqs:{self.region}:{self.account}:{self.name}"

    @property
    def fifo(self) -> bool:
        """Whether it is a FIFO queue."""
        return self.name.endswith(".fifo")

    @cached_property
    def policy(self) -> dict[str, Any] | None:
        """The queue's policy document, if it has one."""
        text = self.attributes.get("Policy")
        policy: dict[str, Any] | None = orjson.loads(text) if text else None
        return policy

    def number(self, attribute: str) -> int:
        """Return a number attribute, set or by default."""
        return int(self.attributes.get(attribute) or limits.NUMBER_ATTRIBUTES[attribute][0])


def check_name(name: str, *, fifo: bool) -> None:
    """Raise InvalidParameterValue unless `name` is a queue's name."""
    if fifo and not _FIFO_NAME.fullmatch(name):
        raise errors.InvalidFifoName()
    if not fifo and not _NAME.fullmatch(name):
        raise errors.InvalidQueueName()


def url(ctx: Context, queue: Queue) -> str:
    """Return the queue's URL at this cloud."""
    port = ctx.cloud.ports.get("http", 4566)
    return f"http://localhost:{port}/{queue.account}/{queue.name}"


def insert(ctx: Context, name: str, attributes: dict[str, str], tags: dict[str, str]) -> Queue:
    """Make a queue."""
    row = ctx.db.execute(
        "INSERT INTO queues (account, region, name, attributes, tags, created_at, modified_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING *",
        (ctx.account, ctx.region, name, _json(attributes), _json(tags), ctx.now, ctx.now),
    ).fetchone()
    return _queue(row)


def lookup(ctx: Context, name: str, account: str | None = None) -> Queue | None:
    """Return the queue called `name`, if there is one."""
    row = ctx.db.execute(
        "SELECT * FROM queues WHERE account = ? AND region = ? AND name = ?",
        (account or ctx.account, ctx.region, name),
    ).fetchone()
    return _queue(row) if row else None


def find(ctx: Context, queue_url: str) -> Queue:
    """Return the queue a URL (or a bare name) means. Raises QueueDoesNotExist, InvalidAddress."""
    if queue_url.startswith("arn:"):
        raise errors.InvalidAddress(address=queue_url)
    parts = queue_url.rstrip("/").split("/")
    account = parts[-2] if len(parts) > 1 and parts[-2].isdecimal() else None
    queue = lookup(ctx, parts[-1], account)
    if queue is None:
        raise errors.QueueDoesNotExist()
    return queue


def by_arn(ctx: Context, arn: str) -> Queue | None:
    """Return the queue of an ARN in this region, if there is one."""
    parts = arn.split(":")
    return lookup(ctx, parts[5], parts[4]) if len(parts) == 6 else None


def listed(ctx: Context, prefix: str, after: str, limit: int) -> list[Queue]:
    """Return queues whose names start with `prefix`, in order, after the name `after`."""
    rows = ctx.db.execute(
        "SELECT * FROM queues WHERE account = ? AND region = ? AND name > ?"
        " AND substr(name, 1, ?) = ? ORDER BY name LIMIT ?",
        (ctx.account, ctx.region, after, len(prefix), prefix, limit),
    )
    return [_queue(row) for row in rows]


def all_of(ctx: Context) -> list[Queue]:
    """Return every queue of this account and region."""
    return listed(ctx, "", "", -1)


def set_attributes(ctx: Context, queue: Queue, attributes: dict[str, str]) -> None:
    """Replace the attributes that were set."""
    ctx.db.execute(
        "UPDATE queues SET attributes = ?, modified_at = ? WHERE id = ?",
        (_json(attributes), ctx.now, queue.id),
    )


def set_tags(ctx: Context, queue: Queue, tags: dict[str, str]) -> None:
    """Replace the tags."""
    ctx.db.execute("UPDATE queues SET tags = ? WHERE id = ?", (_json(tags), queue.id))


def set_purged(ctx: Context, queue: Queue) -> None:
    """Note that the queue was purged now."""
    ctx.db.execute("UPDATE queues SET purged_at = ? WHERE id = ?", (ctx.now, queue.id))


def delete(ctx: Context, queue: Queue) -> None:
    """Remove a queue and its messages."""
    ctx.db.execute("DELETE FROM queues WHERE id = ?", (queue.id,))


def _queue(row: sqlite3.Row) -> Queue:
    return Queue(
        row["id"],
        row["account"],
        row["region"],
        row["name"],
        orjson.loads(row["attributes"]),
        orjson.loads(row["tags"]),
        row["created_at"],
        row["modified_at"],
        row["purged_at"],
    )


def _json(value: dict[str, str]) -> str:
    return orjson.dumps(value).decode()
