"""Scaling activities: described."""

from __future__ import annotations

from cloudarium.core import pages
from cloudarium.core.context import Context, Request, Response
from cloudarium.services.autoscaling import activities, errors, limits


def describe_scaling_activities(ctx: Context, request: Request) -> Response:
    """Describe what was scaled in the last six weeks, the latest first."""
    found = [
        activity
        for activity in activities.listed(ctx, request["ServiceNamespace"])
        if request.get("ResourceId") in (None, activity["ResourceId"])
        and request.get("ScalableDimension") in (None, activity["ScalableDimension"])
    ]
    size = request.get("MaxResults", limits.PAGE)
    page, token = pages.page(found, request.get("NextToken"), size, errors.InvalidNextToken())
    return {"ScalingActivities": page, "NextToken": token}
