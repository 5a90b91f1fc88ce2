"""Groups: create, get, change, delete."""

from __future__ import annotations

from dataclasses import replace

from cloudarium.core import pages
from cloudarium.core.context import Context, Request, Response
from cloudarium.services.xray import errors, filters, groups, limits, tagging


def create_group(ctx: Context, request: Request) -> Response:
    """Make a group of the traces that match an expression."""
    expression = request.get("FilterExpression")
    filters.check(expression)
    group = groups.create(
        ctx,
        request["GroupName"],
        expression,
        request.get("InsightsConfiguration"),
        tagging.added({}, request.get("Tags")),
    )
    return {"Group": group.told()}


def get_group(ctx: Context, request: Request) -> Response:
    """Return a group, by name or ARN."""
    group = groups.find(ctx, request.get("GroupName"), request.get("GroupARN"))
    return {"Group": group.told()}


def get_groups(ctx: Context, request: Request) -> Response:
    """List all groups, the default one too."""
    page, token = pages.page(
        groups.listed(ctx), request.get("NextToken"), limits.PAGE, errors.BadToken()
    )
    return {"Groups": [group.told() for group in page], "NextToken": token}


def update_group(ctx: Context, request: Request) -> Response:
    """Change a group's expression or insights; of the default one only its insights."""
    group = groups.find(ctx, request.get("GroupName"), request.get("GroupARN"))
    expression = request.get("FilterExpression")
    if expression is not None and group.name == groups.DEFAULT:
        raise errors.GroupReserved()
    filters.check(expression)
    changed = replace(
        group,
        expression=group.expression if expression is None else expression,
        insights=groups.insights(group.insights, request.get("InsightsConfiguration")),
    )
    groups.put(ctx, changed)
    return {"Group": changed.told()}


def delete_group(ctx: Context, request: Request) -> Response:
    """Remove a group; its traces stay."""
    groups.delete(ctx, groups.find(ctx, request.get("GroupName"), request.get("GroupARN")))
    return {}
