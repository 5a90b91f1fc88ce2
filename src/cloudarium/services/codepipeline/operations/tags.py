"""Tags of pipelines."""

from __future__ import annotations

from cloudarium.core import pages, tags
from cloudarium.core.arn import parse
from cloudarium.core.context import Context, Request, Response
from cloudarium.services.codepipeline import checks, errors, pipelines
from cloudarium.services.codepipeline.pipelines import Pipeline


def tag_resource(ctx: Context, request: Request) -> Response:
    """Add tags, or change their values."""
    pipeline = _tagged(ctx, request["resourceArn"])
    added = tags.from_list(request["tags"], tags.SMALL)
    pipelines.set_tags(ctx, pipeline, checks.tags({**pipeline.tags, **added}))
    return {}


def untag_resource(ctx: Context, request: Request) -> Response:
    """Remove tags by key."""
    pipeline = _tagged(ctx, request["resourceArn"])
    kept = {key: value for key, value in pipeline.tags.items() if key not in request["tagKeys"]}
    pipelines.set_tags(ctx, pipeline, kept)
    return {}


def list_tags_for_resource(ctx: Context, request: Request) -> Response:
    """List tags, a page at a time."""
    pipeline = _tagged(ctx, request["resourceArn"])
    found = tags.to_list(dict(sorted(pipeline.tags.items())), tags.SMALL)
    page, token = pages.page(
        found, request.get("nextToken"), request.get("maxResults", 100), errors.InvalidNextToken()
    )
    return {"tags": page, "nextToken": token}


def _tagged(ctx: Context, text: str) -> Pipeline:
    arn = parse(text)
    if arn is None or (arn.account, arn.region) != (ctx.account, ctx.region):
        raise errors.InvalidArn(arn=text)
    pipeline = pipelines.lookup(ctx, arn.resource)
    if pipeline is None:
        raise errors.ResourceNotFound(arn=text)
    return pipeline
