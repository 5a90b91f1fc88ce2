"""Tags of APIs, stages, domain names and VPC links."""

from __future__ import annotations

from collections.abc import Callable

from cloudarium.core.context import Context, Request, Response
from cloudarium.gateway import domains as kept
from cloudarium.services.apigatewayv2 import tagged
from cloudarium.services.apigatewayv2.tagged import Tagged, Tags


async def tag_resource(ctx: Context, request: Request) -> Response:
    """Add tags."""
    given = request.get("Tags") or {}
    await _retagged(ctx, request, lambda tags: {**tags, **given})
    return {}


async def untag_resource(ctx: Context, request: Request) -> None:
    """Take tags away."""
    gone = set(request["TagKeys"])
    await _retagged(
        ctx, request, lambda tags: {key: one for key, one in tags.items() if key not in gone}
    )


async def get_tags(ctx: Context, request: Request) -> Response:
    """Return a resource's tags."""
    return {"Tags": await _retagged(ctx, request, None)}


async def _retagged(ctx: Context, request: Request, change: Callable[[Tags], Tags] | None) -> Tags:
    """Return a resource's tags, changed if that is wanted."""
    match = tagged.matched(request["ResourceArn"])

    def apply(found: Tagged) -> Tags:
        if change is None:
            return found.tags
        found.store(changed := change(found.tags))
        return changed

    if match["kind"] == "domainnames":
        return await kept.at_home(ctx, lambda home: apply(tagged.of_domain(home, match["id"])))
    with ctx.transaction():
        return apply(tagged.find(ctx, match))
