"""Finding traces, and telling them whole."""

from __future__ import annotations

import json
from typing import Any

from cloudarium.core import pages
from cloudarium.core.context import Context, Request, Response
from cloudarium.services.xray import errors, limits, segments, summaries, traces
from cloudarium.services.xray.filters import compiled
from cloudarium.services.xray.segments import Range
from cloudarium.services.xray.traces import Trace


def batch_get_traces(ctx: Context, request: Request) -> Response:
    """Return traces with all their documents, inferred ones too; unknown ids are left out."""
    ids = request["TraceIds"]
    if len(ids) > limits.TRACES_AT_ONCE:
        raise errors.TooManyTraces(limit=limits.TRACES_AT_ONCE)
    found = [traces.load(ctx, each) for each in dict.fromkeys(ids)]
    return {
        "Traces": [_told(trace) for trace in found if trace is not None],
        "UnprocessedTraceIds": [],
    }


def _told(trace: Trace) -> dict[str, Any]:
    documents = [each.document for each in trace.segments] + trace.strays
    return {
        "Id": trace.id,
        "Duration": trace.duration,
        "LimitExceeded": False,
        "Segments": [
            # Not orjson's: independent subsegments may be nested more deeply than it writes.
            {
                "Id": each["id"],
                "Document": json.dumps(each, separators=(",", ":"), ensure_ascii=False),
            }
            for each in documents
        ],
    }


def get_trace_summaries(ctx: Context, request: Request) -> Response:
    """Find traces in a time frame, the latest first; a page is so many traces looked at."""
    start, end = request["StartTime"], request["EndTime"]
    if start >= end:
        raise errors.BadTimes()
    matches = compiled(ctx, request.get("FilterExpression"))
    rows = segments.in_range(
        ctx,
        Range(start, end, request.get("TimeRangeType") or "TraceId"),
        _position(request.get("NextToken")),
        limits.PAGE + 1,
    )
    more, rows = len(rows) > limits.PAGE, rows[: limits.PAGE]
    found = [(traces.load(ctx, row.id), row) for row in rows]
    return {
        "TraceSummaries": [
            summaries.summary(trace, row)
            for trace, row in found
            if trace is not None and matches(trace)
        ],
        "ApproximateTime": rows[-1].began if more else start,
        "TracesProcessedCount": len(rows),
        "NextToken": pages.token_of(f"{rows[-1].began} {rows[-1].id}") if more else None,
    }


def _position(token: str | None) -> tuple[int, str] | None:
    if token is None:
        return None
    began, _, identity = pages.key_of(token, errors.BadToken()).partition(" ")
    if not (began.isdecimal() and len(began) <= 12):
        raise errors.BadToken()
    return int(began), identity
