"""Tumbling windows: the state that a function carries from batch to batch of one span of time.

https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-windows.html
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import orjson

from cloudarium.core.context import Context
from cloudarium.core.documents import json_object
from cloudarium.core.errors import AwsError
from cloudarium.services.lambda_ import invocations, limits, traces
from cloudarium.services.lambda_.invocations import Event, Result
from cloudarium.services.lambda_.sources import mappings
from cloudarium.services.lambda_.sources.mappings import Mapping
from cloudarium.services.lambda_.sources.shards import Batch, Record


@dataclass(frozen=True)
class Window:
    """An open window of a shard's lane. start: epoch seconds.

    ends_early: its state has become too large; it begins again after one more invocation.
    failures, due: how often its end has failed, and when it is tried again.
    """

    mapping: str
    shard: str
    lane: int
    start: float
    state: dict[str, Any]
    ends_early: bool = False
    failures: int = 0
    due: float = 0.0


def start_of(mapping: Mapping, record: Record) -> float:
    """When the window that a record belongs to began."""
    created = float(record["dynamodb"]["ApproximateCreationDateTime"])
    return created - created % mapping.tumbling


def end_of(mapping: Mapping, window: Window) -> float:
    """When a window is over."""
    return window.start + mapping.tumbling


def of_batch(ctx: Context, mapping: Mapping, batch: Batch) -> Window:
    """The open window of the batch's lane, or a new one for its first record."""
    return get(ctx, batch) or Window(
        batch.mapping, batch.shard, batch.lane, start_of(mapping, batch.records[0]), {}
    )


def get(ctx: Context, batch: Batch) -> Window | None:
    """The open window of the batch's lane, if there is one."""
    row = ctx.db.execute(
        "SELECT * FROM windows WHERE mapping = ? AND shard = ? AND lane = ?", batch.key[:3]
    ).fetchone()
    return _window(row) if row else None


def of_shard(ctx: Context, mapping: str, shard: str) -> list[Window]:
    """The open windows of all lanes."""
    rows = ctx.db.execute("SELECT * FROM windows WHERE mapping = ? AND shard = ?", (mapping, shard))
    return [_window(row) for row in rows]


def put(ctx: Context, window: Window) -> None:
    """Store a window, new or changed."""
    ctx.db.execute(
        "INSERT OR REPLACE INTO windows VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            window.mapping,
            window.shard,
            window.lane,
            window.start,
            orjson.dumps(window.state),
            window.ends_early,
            window.failures,
            window.due,
        ),
    )


def forget(ctx: Context, mapping: str) -> None:
    """Drop all windows of a mapping, whose length has changed."""
    ctx.db.execute("DELETE FROM windows WHERE mapping = ?", (mapping,))


def _window(row: sqlite3.Row) -> Window:
    found = dict(row)
    found["state"] = orjson.loads(found["state"])
    found["ends_early"] = bool(found["ends_early"])
    return Window(**found)


def event(mapping: Mapping, window: Window, records: list[Record], *, ends: bool) -> bytes:
    """What the function is invoked with: for records, or because the window `ends`."""
    return orjson.dumps(
        {
            "Records": records,
            "window": {"start": _stamp(window.start), "end": _stamp(end_of(mapping, window))},
            "state": window.state,
            "shardId": window.shard,
            "eventSourceARN": mapping.source_arn,
            "isFinalInvokeForWindow": ends and not window.ends_early,
            "isWindowTerminatedEarly": ends and window.ends_early,
        }
    )


def _stamp(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def after(window: Window, result: Result) -> Window | None:
    """The window with the state that the function answered; None if it answered none."""
    if result.outcome.error_type:
        return None
    state = (json_object(result.outcome.payload) or {}).get("state")
    if not isinstance(state, dict):
        return None
    too_large = len(orjson.dumps(state)) > limits.WINDOW_STATE_BYTES
    return replace(window, state=state, ends_early=too_large, failures=0)


async def close(ctx: Context, mapping: Mapping, window: Window) -> float | None:
    """Invoke the function at a window's end; when to try again if that fails, else None."""
    if window.due > ctx.now:
        return window.due
    with ctx.transaction():
        target = invocations.resolve(ctx, mapping.reference)
    payload = event(mapping, window, [], ends=True)
    try:
        made = Event(ctx.ids.uuid(), payload, "", traces.new_trace(ctx))
        failed = bool((await invocations.run(ctx, target, made)).outcome.error_type)
    except AwsError:
        failed = True
    with ctx.transaction():
        if mappings.get(ctx, mapping.uuid) is None:
            return None
        if failed:
            shortest, longest = limits.BATCH_RETRY_SECONDS
            due = ctx.now + min(shortest * 2.0 ** min(window.failures, 16), longest)
            put(ctx, replace(window, failures=window.failures + 1, due=due))
            mappings.note(ctx, mapping, "PROBLEM: Function call failed")
            return float(due)
        if window.ends_early:
            put(ctx, replace(window, state={}, ends_early=False, failures=0))
        else:
            _remove(ctx, window)
    return None


def _remove(ctx: Context, window: Window) -> None:
    ctx.db.execute(
        "DELETE FROM windows WHERE mapping = ? AND shard = ? AND lane = ?",
        (window.mapping, window.shard, window.lane),
    )
