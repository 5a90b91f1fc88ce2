"""Tags of scalable targets, by ARN."""

from __future__ import annotations

from dataclasses import replace

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.autoscaling import targets


def tag_resource(ctx: Context, request: Request) -> Response:
    """Add or change tags."""
    target = targets.by_arn(ctx, request["ResourceARN"])
    targets.put(ctx, replace(target, tags={**target.tags, **request["Tags"]}))
    return {}


def untag_resource(ctx: Context, request: Request) -> Response:
    """Remove tags."""
    target, gone = targets.by_arn(ctx, request["ResourceARN"]), set(request["TagKeys"])
    kept = {key: value for key, value in target.tags.items() if key not in gone}
    targets.put(ctx, replace(target, tags=kept))
    return {}


def list_tags_for_resource(ctx: Context, request: Request) -> Response:
    """Return the tags."""
    return {"Tags": targets.by_arn(ctx, request["ResourceARN"]).tags}
