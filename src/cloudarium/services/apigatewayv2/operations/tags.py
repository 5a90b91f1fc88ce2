"""Tags of APIs, stages, domain names and VPC links."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote

from cloudarium.core.context import Context, Request, Response
from cloudarium.gateway import domains as kept
from cloudarium.gateway import holdings
from cloudarium.services.apigatewayv2 import apis, domains, errors, stages

Tags = dict[str, str]

_ARN = re.compile(
    r"arn:aws[\w-]*:apigateway:[\w-]+::/(?P<kind>apis|domainnames|vpclinks)/(?P<id>[^/]+)"
    r"(/stages/(?P<stage>[^/]+))?"
)


@dataclass(frozen=True)
class _Tagged:
    """A resource's tags, and how to store others."""

    tags: Tags
    store: Callable[[Tags], object]


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
    match = _ARN.fullmatch(unquote(request["ResourceArn"]))
    if match is None:
        raise errors.ArnInvalid()

    def apply(found: _Tagged) -> Tags:
        if change is None:
            return found.tags
        found.store(changed := change(found.tags))
        return changed

    if match["kind"] == "domainnames":
        return await kept.at_home(ctx, lambda home: apply(_of_domain(home, match["id"])))
    with ctx.transaction():
        return apply(_find(ctx, match))


def _of_domain(home: Context, name: str) -> _Tagged:
    domain = domains.find(home, name)
    return _Tagged(domain.get("tags") or {}, lambda tags: kept.put(home, {**domain, "tags": tags}))


def _find(ctx: Context, match: re.Match[str]) -> _Tagged:
    name = match["id"]
    if match["stage"]:
        stage = stages.find(ctx, name, match["stage"])
        return _Tagged(
            stage.document["Tags"],
            lambda tags: stages.put(ctx, stages.with_members(stage, {"Tags": tags})),
        )
    if match["kind"] == "apis":
        api = apis.find(ctx, name)
        return _Tagged(
            api.document["Tags"], lambda tags: apis.update(ctx, api, {**api.document, "Tags": tags})
        )
    link = holdings.get(ctx, holdings.VPC_LINK, name)
    if link is None:
        raise errors.VpcLinkNotFound(link_id=name)
    return _Tagged(
        link["Tags"],
        lambda tags: holdings.put(ctx, holdings.VPC_LINK, name, {**link, "Tags": tags}),
    )
