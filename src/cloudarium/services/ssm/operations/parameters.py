"""DescribeParameters, DeleteParameter, DeleteParameters."""

from __future__ import annotations

from cloudarium.core import pages
from cloudarium.core.context import Context, Request, Response
from cloudarium.services.ssm import errors, filters, limits, names, parameters


def describe_parameters(ctx: Context, request: Request) -> Response:
    """Return what is known about parameters but their values."""
    for member in ("Filters", "Shared"):
        if request.get(member):
            raise errors.Unsupported(name=member)
    asked = request.get("ParameterFilters") or []
    found = filters.fitting(ctx, parameters.everything(ctx), asked, filters.DESCRIBING)
    size = request.get("MaxResults") or limits.PAGE
    page, token = pages.page(found, request.get("NextToken"), size, errors.InvalidToken())
    shown = [{**each.metadata(), "ARN": names.arn_of(ctx, each.name)} for each in page]
    return {"Parameters": shown, "NextToken": token}


def delete_parameter(ctx: Context, request: Request) -> Response:
    """Remove a parameter with its history."""
    if not parameters.delete(ctx, request["Name"]):
        raise errors.ParameterNotFound()
    return {}


def delete_parameters(ctx: Context, request: Request) -> Response:
    """Remove up to ten parameters; names that are none are told."""
    gone = {name: parameters.delete(ctx, name) for name in request["Names"]}
    return {
        "DeletedParameters": [name for name, was in gone.items() if was],
        "InvalidParameters": [name for name, was in gone.items() if not was],
    }
