"""TagResource, UntagResource, ListTagsForResource."""

from __future__ import annotations

from cloudarium.core import arn
from cloudarium.core.context import Context, Request, Response
from cloudarium.core.tags import from_list, to_list
from cloudarium.services.ecr import errors, repositories
from cloudarium.services.ecr.repositories import Repository


def tag_resource(ctx: Context, request: Request) -> Response:
    """Add or change tags."""
    found = _found(ctx, request)
    repositories.put(ctx, found, tags={**found.tags, **from_list(request["tags"])})
    return {}


def untag_resource(ctx: Context, request: Request) -> Response:
    """Remove tags."""
    found = _found(ctx, request)
    gone = set(request["tagKeys"])
    kept = {key: value for key, value in found.tags.items() if key not in gone}
    repositories.put(ctx, found, tags=kept)
    return {}


def list_tags_for_resource(ctx: Context, request: Request) -> Response:
    """Return the tags."""
    return {"tags": to_list(_found(ctx, request).tags)}


def _found(ctx: Context, request: Request) -> Repository:
    parsed = arn.parse(request["resourceArn"])
    if parsed is None or not parsed.resource.startswith("repository/"):
        raise errors.BadArn()
    name = parsed.resource.removeprefix("repository/")
    if (parsed.account, parsed.region) != (ctx.account, ctx.region):
        raise errors.RepositoryNotFound(name=name, registry=parsed.account)
    return repositories.find(ctx, name)
