"""Dashboards: put, get, list, delete."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.cloudwatch import dashboards, limits


def put_dashboard(ctx: Context, request: Request) -> Response:
    """Make or replace a dashboard."""
    dashboards.check(request["DashboardBody"])
    dashboards.put(ctx, request["DashboardName"], request["DashboardBody"])
    return {"DashboardValidationMessages": []}


def get_dashboard(ctx: Context, request: Request) -> Response:
    """Return a dashboard."""
    dashboard = dashboards.named(ctx, request["DashboardName"])
    return {
        "DashboardArn": dashboard.arn,
        "DashboardBody": dashboard.body,
        "DashboardName": dashboard.name,
    }


def list_dashboards(ctx: Context, request: Request) -> Response:
    """List dashboards by name."""
    prefix, after = request.get("DashboardNamePrefix", ""), request.get("NextToken", "")
    found = dashboards.listed(ctx, prefix, after)
    page = found[: limits.LISTED_DASHBOARDS]
    return {
        "DashboardEntries": [
            {
                "DashboardName": each.name,
                "DashboardArn": each.arn,
                "LastModified": each.modified_at,
                "Size": len(each.body.encode()),
            }
            for each in page
        ],
        "NextToken": page[-1].name if len(found) > len(page) else None,
    }


def delete_dashboards(ctx: Context, request: Request) -> Response:
    """Remove dashboards; if one does not exist, none is removed."""
    names = request["DashboardNames"]
    for name in names:
        dashboards.named(ctx, name)
    for name in names:
        dashboards.delete(ctx, name)
    return {}
