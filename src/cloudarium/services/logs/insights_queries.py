"""Insights queries: run when they are started, their results kept in `queries` for a week."""

from __future__ import annotations

import sqlite3

import orjson

from cloudarium.core.context import Context
from cloudarium.services.logs import events, insights, limits, log_streams, tokens
from cloudarium.services.logs.events import Window
from cloudarium.services.logs.insights import Query, Record
from cloudarium.services.logs.insights.expressions import shown
from cloudarium.services.logs.log_groups import LogGroup


def start(
    ctx: Context,
    text: str,
    query: Query,
    groups: list[LogGroup],
    since: int,
    until: int,
    limit: int,
) -> str:
    """Run a query over events from `since` to `until` (ms, both included); return its id."""
    found = [each for group in groups for each in _records(ctx, group, since, until)]
    found.sort(key=lambda record: record["@timestamp"], reverse=True)
    results = query.run(found)[: min(limit, limits.MAX_QUERY_RESULTS)]
    statistics = {
        "recordsMatched": len(found) if query.aggregated else len(results),
        "recordsScanned": len(found),
        "bytesScanned": sum(len(record["@message"].encode()) for record in found),
        "logGroupsScanned": len(groups),
        "resultCount": len(results),
    }
    identifier = ctx.ids.uuid()
    ctx.db.execute("DELETE FROM queries WHERE created_at < ?", (_oldest(ctx),))
    ctx.db.execute(
        "INSERT INTO queries VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(identifier, ctx.account, ctx.region, groups[0].name, text, int(ctx.now * 1000)),
            orjson.dumps([_row(query, record) for record in results]).decode(),
            orjson.dumps(statistics).decode(),
        ),
    )
    return identifier


def _records(ctx: Context, group: LogGroup, since: int, until: int) -> list[Record]:
    names = {stream.id: stream.name for stream in log_streams.listed(ctx, group)}
    window = Window(max(since, group.oldest_visible(ctx.now)), until + 1)
    log = f"{group.account}:{group.name}"
    return [
        insights.record(
            event.message,
            event.at,
            event.ingested_at,
            names[event.stream],
            log,
            tokens.event_id(event.position),
        )
        for event in events.of_group(ctx, group, window, limits.MAX_QUERY_RECORDS)
    ]


def _row(query: Query, record: Record) -> list[tuple[str, str]]:
    columns = query.shown_columns
    if not query.aggregated and "@ptr" not in columns:
        columns = [*columns, "@ptr"]
    return [(name, shown(record[name])) for name in columns if record.get(name) is not None]


def find(ctx: Context, identifier: str) -> sqlite3.Row | None:
    """Return a query by id, if there is one."""
    row: sqlite3.Row | None = ctx.db.execute(
        "SELECT * FROM queries WHERE id = ? AND account = ? AND region = ? AND created_at >= ?",
        (identifier, ctx.account, ctx.region, _oldest(ctx)),
    ).fetchone()
    return row


def listed(ctx: Context, log_group: str | None) -> list[sqlite3.Row]:
    """Return the queries (over one group), newest first."""
    return ctx.db.execute(
        "SELECT * FROM queries WHERE account = ? AND region = ? AND (?3 IS NULL OR log_group = ?3)"
        " AND created_at >= ? ORDER BY created_at DESC",
        (ctx.account, ctx.region, log_group, _oldest(ctx)),
    ).fetchall()


def _oldest(ctx: Context) -> int:
    return int(ctx.now * 1000) - limits.QUERY_KEPT_MS
