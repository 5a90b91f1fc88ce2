"""Service graphs, and figures of services over time."""

from __future__ import annotations

from collections.abc import Iterator
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
    found = [traces.load(ctx, each) for each in dict.fromkeys(request["TraceIds"])]
    services = graphs.of_traces(trace for trace in found if trace is not None)
    return _paged("Services", services, request)


def get_service_graph(ctx: Context, request: Request) -> Response:
    """Return the service graph of a time frame, of all traces or of a group's."""
    services = graphs.of_traces(_traces(ctx, request))
    return {
        "StartTime": request["StartTime"],
        "EndTime": request["EndTime"],
        "ContainsOldGroupVersions": False,
        **_paged("Services", services, request),
    }


def get_time_series_service_statistics(ctx: Context, request: Request) -> Response:
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
    for trace in _traces(ctx, request):
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


def _traces(ctx: Context, request: Request) -> Iterator[Trace]:
    start, end = request["StartTime"], request["EndTime"]
    if start >= end:
        raise errors.BadTimes()
    expression = None
    if request.get("GroupName") or request.get("GroupARN"):
        group = groups.find(ctx, request.get("GroupName"), request.get("GroupARN"))
        expression = group.expression
    matches = filters.compiled(ctx, expression)
    found = (traces.load(ctx, row.id) for row in segments.in_range(ctx, Range(start, end)))
    return (trace for trace in found if trace is not None and matches(trace))


def _paged(name: str, items: list[dict[str, Any]], request: Request) -> dict[str, Any]:
    page, token = pages.page(items, request.get("NextToken"), limits.PAGE, errors.BadToken())
    return {name: page, "NextToken": token}
