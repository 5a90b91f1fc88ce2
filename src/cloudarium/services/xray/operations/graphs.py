"""Service graphs, and figures of services over time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from cloudarium.core import pages
from cloudarium.core.context import Context, Request, Response
from cloudarium.services.xray import errors, filters, graphs, groups, limits, segments, traces
from cloudarium.services.xray.filters.scopes import Scope
from cloudarium.services.xray.segments import Range
from cloudarium.services.xray.statistics import Statistics
from cloudarium.services.xray.traces import Trace


def get_trace_graph(ctx: Context, request: Request) -> Response:
    """Return the service graph of traces named by their ids."""
    graph = graphs.Graph()
    for identity in dict.fromkeys(request["TraceIds"]):
        trace = traces.load(ctx, identity)
        if trace is not None:
            graph.add(trace)
    return _paged("Services", graph.told(), request)


async def get_service_graph(ctx: Context, request: Request) -> Response:
    """Return the service graph of a time frame, of all traces or of a group's."""
    graph = graphs.Graph()
    async for trace in _traces(ctx, request):
        graph.add(trace)
    return {
        "StartTime": request["StartTime"],
        "EndTime": request["EndTime"],
        "ContainsOldGroupVersions": False,
        **_paged("Services", graph.told(), request),
    }


async def get_time_series_service_statistics(ctx: Context, request: Request) -> Response:
    """Return a time frame's figures by period, of the services or edges that were selected.

    Without a selector they are those of the traces' roots.
    """
    if request.get("ForecastStatistics"):
        raise errors.NoForecast()
    period = request.get("Period", limits.DEFAULT_PERIOD_SECONDS)
    if period < 1:
        raise errors.BadPeriod()
    expression: str = request.get("EntitySelectorExpression") or ""
    picked = filters.selector(expression) if expression else None
    is_edge = expression.strip().lower().startswith("edge")
    windows: dict[int, Statistics] = {}
    async for trace in _traces(ctx, request):
        for scope in picked(trace) if picked else _root(trace):
            begins = int(traces.started(scope.segment.document) // period * period)
            windows.setdefault(begins, Statistics()).add(scope.document)
    member = "EdgeSummaryStatistics" if is_edge else "ServiceSummaryStatistics"
    found = [
        {
            "Timestamp": begins,
            member: statistics.summary(),
            "ResponseTimeHistogram": statistics.spread(),
        }
        for begins, statistics in sorted(windows.items())
    ]
    return {
        "ContainsOldGroupVersions": False,
        **_paged("TimeSeriesServiceStatistics", found, request),
    }


def _root(trace: Trace) -> list[Scope]:
    return [Scope(trace, trace.root, trace.root.document)]


async def _traces(ctx: Context, request: Request) -> AsyncIterator[Trace]:
    """Yield the traces of the time frame and group asked for; others are served in between."""
    start, end = request["StartTime"], request["EndTime"]
    if start >= end:
        raise errors.BadTimes()
    with ctx.transaction():
        matches = filters.compiled(ctx, _expression(ctx, request))
    after: tuple[int, str] | None = None
    while True:
        with ctx.transaction():
            rows = segments.in_range(ctx, Range(start, end), after, limits.PAGE)
            found = [traces.load(ctx, row.id) for row in rows]
        for trace in found:
            if trace is not None and matches(trace):
                yield trace
        if len(rows) < limits.PAGE:
            return
        after = (rows[-1].began, rows[-1].id)
        await asyncio.sleep(0)


def _expression(ctx: Context, request: Request) -> str | None:
    if request.get("GroupName") or request.get("GroupARN"):
        return groups.find(ctx, request.get("GroupName"), request.get("GroupARN")).expression
    return None


def _paged(name: str, items: list[dict[str, Any]], request: Request) -> dict[str, Any]:
    page, token = pages.page(items, request.get("NextToken"), limits.PAGE, errors.BadToken())
    return {name: page, "NextToken": token}
