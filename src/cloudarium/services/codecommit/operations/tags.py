"""Tags of repositories."""

from __future__ import annotations

from cloudarium.core.arn import parse
from cloudarium.core.context import Context, Request, Response
from cloudarium.services.codecommit import checks, errors, repositories
from cloudarium.services.codecommit.repositories import Repository


def tag_resource(ctx: Context, request: Request) -> Response:
    """Add tags, or change their values."""
    repository = _tagged(ctx, request["resourceArn"])
    tags = checks.tags({**repository.tags, **request["tags"]})
    repositories.set_tags(ctx, repository, tags)
    return {}


def untag_resource(ctx: Context, request: Request) -> Response:
    """Remove tags by key."""
    repository = _tagged(ctx, request["resourceArn"])
    tags = {key: value for key, value in repository.tags.items() if key not in request["tagKeys"]}
    repositories.set_tags(ctx, repository, tags)
    return {}


def list_tags_for_resource(ctx: Context, request: Request) -> Response:
    """Return all tags."""
    return {"tags": _tagged(ctx, request["resourceArn"]).tags}


def _tagged(ctx: Context, text: str) -> Repository:
    arn = parse(text)
    place = (ctx.account, ctx.region)
    if arn is None or arn.service != "codecommit" or (arn.account, arn.region) != place:
        raise errors.InvalidResourceArn(arn=text)
    return repositories.find(ctx, checks.repository_name(arn.resource))
