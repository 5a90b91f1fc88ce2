"""How far a mapping has read a stream's shards, and what of it is not processed yet."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

import orjson

from cloudarium.core.context import Context

Record = dict[str, Any]


@dataclass(frozen=True)
class Shard:
    """A place in a shard: after `position`, or before any record was read at `iterator`.

    started: when the iterator was given. gather_until: the batching window's end, if one is open.
    """

    mapping: str
    shard: str
    position: str
    iterator: str
    started: float
    gather_until: float | None


@dataclass(frozen=True)
class Batch:
    """Records that are processed together. `attempts` counts failures, `throttles` refusals."""

    mapping: str
    shard: str
    lane: int
    records: list[Record]
    attempts: int = 0
    throttles: int = 0
    due: float = 0.0

    @property
    def first(self) -> str:
        """The sequence number of its first record."""
        return sequence(self.records[0])

    @property
    def key(self) -> tuple[str, str, int, str]:
        """What tells it from all others."""
        return self.mapping, self.shard, self.lane, self.first


def sequence(record: Record) -> str:
    """A record's sequence number."""
    number: str = record["dynamodb"]["SequenceNumber"]
    return number


def add(ctx: Context, mapping: str, shard: str, iterator: str) -> None:
    """Begin to read a shard, at a fresh iterator."""
    ctx.db.execute(
        "INSERT INTO shards (mapping, shard, iterator, started) VALUES (?, ?, ?, ?)",
        (mapping, shard, iterator, ctx.now),
    )


def of_mapping(ctx: Context, mapping: str) -> list[Shard]:
    """All shards a mapping reads."""
    rows = ctx.db.execute("SELECT * FROM shards WHERE mapping = ?", (mapping,))
    return [Shard(**dict(row)) for row in rows]


def find(ctx: Context, mapping: str, shard: str) -> Shard | None:
    """The place in one shard."""
    row = ctx.db.execute(
        "SELECT * FROM shards WHERE mapping = ? AND shard = ?", (mapping, shard)
    ).fetchone()
    return Shard(**dict(row)) if row else None


def gather_until(ctx: Context, shard: Shard, until: float | None) -> None:
    """Open a batching window, or close it (None)."""
    ctx.db.execute(
        "UPDATE shards SET gather_until = ? WHERE mapping = ? AND shard = ?",
        (until, shard.mapping, shard.shard),
    )


def advance(ctx: Context, shard: Shard, position: str, batches: list[Batch]) -> None:
    """The shard is read up to `position`, and these batches are now to be processed."""
    ctx.db.execute(
        "UPDATE shards SET position = ?, gather_until = NULL WHERE mapping = ? AND shard = ?",
        (position, shard.mapping, shard.shard),
    )
    for batch in batches:
        put(ctx, batch)


def put(ctx: Context, batch: Batch) -> None:
    """Store a batch, new or changed."""
    ctx.db.execute(
        "INSERT OR REPLACE INTO batches VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (*batch.key, orjson.dumps(batch.records), batch.attempts, batch.throttles, batch.due),
    )


def remove(ctx: Context, batch: Batch) -> None:
    """A batch is done."""
    ctx.db.execute(
        "DELETE FROM batches WHERE mapping = ? AND shard = ? AND lane = ? AND first = ?", batch.key
    )


def pending(ctx: Context, mapping: str, shard: str) -> dict[int, Batch]:
    """The next batch of each lane that has one."""
    rows = ctx.db.execute(
        "SELECT *, min(first) FROM batches WHERE mapping = ? AND shard = ? GROUP BY lane",
        (mapping, shard),
    )
    return {row["lane"]: _batch(row) for row in rows}


def next_in_lane(ctx: Context, batch: Batch) -> Batch | None:
    """What is to be processed next in a batch's lane."""
    row = ctx.db.execute(
        "SELECT * FROM batches WHERE mapping = ? AND shard = ? AND lane = ? ORDER BY first LIMIT 1",
        batch.key[:3],
    ).fetchone()
    return _batch(row) if row else None


def _batch(row: sqlite3.Row) -> Batch:
    return Batch(
        row["mapping"],
        row["shard"],
        row["lane"],
        orjson.loads(row["records"]),
        row["attempts"],
        row["throttles"],
        row["due"],
    )
