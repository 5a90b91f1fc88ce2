"""Tags of APIs, stages, and what else an account has."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.apigateway import tagged


def tag_resource(ctx: Context, request: Request) -> None:
    """Add tags."""
    found = tagged.find(ctx, request["resourceArn"])
    found.store({**found.tags, **request["tags"]})


def untag_resource(ctx: Context, request: Request) -> None:
    """Take tags away."""
    found, gone = tagged.find(ctx, request["resourceArn"]), set(request["tagKeys"])
    found.store({key: one for key, one in found.tags.items() if key not in gone})


def get_tags(ctx: Context, request: Request) -> Response:
    """Return a resource's tags."""
    return {"tags": tagged.find(ctx, request["resourceArn"]).tags}
