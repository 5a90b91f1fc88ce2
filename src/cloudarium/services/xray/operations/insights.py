"""Insights: X-Ray finds them in anomalies; here there are none."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.xray import errors, groups


def get_insight_summaries(ctx: Context, request: Request) -> Response:
    """Return a group's insights: none."""
    if request["StartTime"] >= request["EndTime"]:
        raise errors.BadTimes()
    groups.find(ctx, request.get("GroupName"), request.get("GroupARN"))
    return {"InsightSummaries": []}


def get_insight(ctx: Context, request: Request) -> Response:
    """Raise InvalidRequestException: there is no such insight."""
    raise errors.InsightNotFound()


def get_insight_events(ctx: Context, request: Request) -> Response:
    """Raise InvalidRequestException: there is no such insight."""
    raise errors.InsightNotFound()


def get_insight_impact_graph(ctx: Context, request: Request) -> Response:
    """Raise InvalidRequestException: there is no such insight."""
    raise errors.InsightNotFound()
