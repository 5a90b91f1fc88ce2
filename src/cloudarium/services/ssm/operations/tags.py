"""AddTagsToResource, RemoveTagsFromResource, ListTagsForResource: of parameters."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.core.tags import from_list, to_list
from cloudarium.services.ssm import errors, parameters


def add_tags_to_resource(ctx: Context, request: Request) -> Response:
    """Add or change tags."""
    parameters.tag(ctx, _name(ctx, request), from_list(request["Tags"]))
    return {}


def remove_tags_from_resource(ctx: Context, request: Request) -> Response:
    """Remove tags."""
    parameters.tag(ctx, _name(ctx, request), {}, request["TagKeys"])
    return {}


def list_tags_for_resource(ctx: Context, request: Request) -> Response:
    """Return the tags."""
    return {"TagList": to_list(parameters.tags(ctx, _name(ctx, request)))}


def _name(ctx: Context, request: Request) -> str:
    if request["ResourceType"] != "Parameter":
        raise errors.InvalidResourceType()
    name = str(request["ResourceId"])
    if parameters.current(ctx, name) is None:
        raise errors.InvalidResourceId()
    return name
