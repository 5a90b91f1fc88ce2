"""Tags of APIs, stages, domain names and VPC links."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote

from cloudarium.core.context import Context, Request, Response
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


def tag_resource(ctx: Context, request: Request) -> Response:
    """Add tags."""
    found = _find(ctx, request)
    found.store({**found.tags, **(request.get("Tags") or {})})
    return {}


def untag_resource(ctx: Context, request: Request) -> None:
    """Take tags away."""
    found, gone = _find(ctx, request), set(request["TagKeys"])
    found.store({key: one for key, one in found.tags.items() if key not in gone})


def get_tags(ctx: Context, request: Request) -> Response:
    """Return a resource's tags."""
    return {"Tags": _find(ctx, request).tags}


def _find(ctx: Context, request: Request) -> _Tagged:
    match = _ARN.fullmatch(unquote(request["ResourceArn"]))
    if match is None:
        raise errors.ArnInvalid()
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
    if match["kind"] == "domainnames":
        domain = domains.find(ctx, name)
        return _Tagged(domain["Tags"], lambda tags: domains.put(ctx, {**domain, "Tags": tags}))
    link = holdings.get(ctx, holdings.VPC_LINK, name)
    if link is None:
        raise errors.VpcLinkNotFound(link_id=name)
    return _Tagged(
        link["Tags"],
        lambda tags: holdings.put(ctx, holdings.VPC_LINK, name, {**link, "Tags": tags}),
    )
