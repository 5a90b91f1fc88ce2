"""Segments and the traces they make: rows of `segments` and `traces`."""

from __future__ import annotations

from dataclasses import dataclass

import orjson

from cloudarium.core.context import Context
from cloudarium.services.xray import limits
from cloudarium.services.xray.documents import Document, Sent


@dataclass(frozen=True)
class TraceRow:
    """Where a trace stands in time (`began` in whole epoch seconds), and how often it changed."""

    id: str
    began: int
    revision: int


@dataclass(frozen=True)
class Range:
    """A time frame, `start` inclusive, `end` exclusive; `kind` is a TimeRangeType."""

    start: float
    end: float
    kind: str = "TraceId"


_KINDS = {
    "TraceId": "began >= :start AND began < :end",
    "Event": "first_start < :end AND last_end >= :start",
    "Service": (
        "EXISTS (SELECT 1 FROM segments WHERE segments.account = traces.account"
        " AND segments.region = traces.region AND segments.trace = traces.id"
        " AND finished >= :start AND finished < :end)"
    ),
}


def put(ctx: Context, sent: Sent) -> None:
    """Store a document; a complete one replaces one in progress, not the other way round."""
    known = ctx.db.execute(
        "SELECT finished FROM segments WHERE account = ? AND region = ? AND trace = ? AND id = ?",
        (ctx.account, ctx.region, sent.trace_id, sent.id),
    ).fetchone()
    if known is not None and known["finished"] is not None and sent.finished is None:
        return
    ctx.db.execute(
        "INSERT OR REPLACE INTO segments VALUES (?, ?, ?, ?, ?, ?)",
        (ctx.account, ctx.region, sent.trace_id, sent.id, sent.text, sent.finished),
    )
    last = sent.started if sent.finished is None else sent.finished
    ctx.db.execute(
        "INSERT INTO traces VALUES (?, ?, ?, ?, ?, ?, 1) ON CONFLICT DO UPDATE SET"
        " first_start = min(first_start, excluded.first_start),"
        " last_end = max(last_end, excluded.last_end), revision = revision + 1",
        (ctx.account, ctx.region, sent.trace_id, sent.began, sent.started, last),
    )


def documents_of(ctx: Context, trace_id: str) -> list[Document]:
    """Return a trace's documents as they were sent; none for a trace that is not kept."""
    rows = ctx.db.execute(
        "SELECT document FROM segments JOIN traces ON traces.account = segments.account AND"
        " traces.region = segments.region AND traces.id = trace WHERE segments.account = ?"
        " AND segments.region = ? AND trace = ? AND began >= ?",
        (ctx.account, ctx.region, trace_id.lower(), _oldest(ctx)),
    )
    return [orjson.loads(row["document"]) for row in rows]


def in_range(
    ctx: Context, time_range: Range, after: tuple[int, str] | None = None, limit: int = -1
) -> list[TraceRow]:
    """Return the traces of a time frame, the latest first, behind the one `after` names."""
    behind = "" if after is None else " AND (began, id) < (:began, :id)"
    rows = ctx.db.execute(
        "SELECT id, began, revision FROM traces WHERE account = :account AND region = :region"
        f" AND began >= :oldest AND {_KINDS[time_range.kind]}{behind}"
        " ORDER BY began DESC, id DESC LIMIT :limit",
        {
            "account": ctx.account,
            "region": ctx.region,
            "oldest": _oldest(ctx),
            "start": time_range.start,
            "end": time_range.end,
            "began": after[0] if after else 0,
            "id": after[1] if after else "",
            "limit": limit,
        },
    )
    return [TraceRow(row["id"], row["began"], row["revision"]) for row in rows]


def _oldest(ctx: Context) -> float:
    return ctx.now - limits.RETENTION_SECONDS


def first_began(ctx: Context) -> int | None:
    """Return when the oldest trace began, None if there is none."""
    row = ctx.db.execute(
        "SELECT min(began) AS began FROM traces WHERE account = ? AND region = ?",
        (ctx.account, ctx.region),
    ).fetchone()
    began: int | None = row["began"]
    return began


def delete_expired(ctx: Context) -> None:
    """Remove the traces, with their segments, that are kept no longer."""
    place = (ctx.account, ctx.region)
    ctx.db.execute(
        "DELETE FROM segments WHERE account = ? AND region = ? AND trace IN"
        " (SELECT id FROM traces WHERE account = ? AND region = ? AND began < ?)",
        (*place, *place, _oldest(ctx)),
    )
    ctx.db.execute(
        "DELETE FROM traces WHERE account = ? AND region = ? AND began < ?", (*place, _oldest(ctx))
    )
