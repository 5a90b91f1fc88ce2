"""Tags of APIs and stages."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import unquote

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.apigateway import apis, deployments, errors

Tags = dict[str, str]

_ARN = re.compile(
    r"arn:aws[\w-]*:apigateway:[\w-]+::/restapis/(?P<api>[^/]+)(/stages/(?P<stage>[^/]+))?"
)


def tag_resource(ctx: Context, request: Request) -> None:
    """Add tags to an API or a stage."""
    _change(ctx, request, lambda tags: {**tags, **request["tags"]})


def untag_resource(ctx: Context, request: Request) -> None:
    """Take tags from an API or a stage."""
    gone = set(request["tagKeys"])
    _change(ctx, request, lambda tags: {key: one for key, one in tags.items() if key not in gone})


def get_tags(ctx: Context, request: Request) -> Response:
    """Return the tags of an API or a stage."""
    owner = _find(ctx, request)
    settings = owner.settings if isinstance(owner, apis.Api) else owner.document
    return {"tags": settings.get("tags") or {}}


def _find(ctx: Context, request: Request) -> apis.Api | deployments.Stage:
    match = _ARN.fullmatch(unquote(request["resourceArn"]))
    if match is None:
        raise errors.ArnInvalid()
    api = apis.find(ctx, match["api"])
    return deployments.find_stage(ctx, api.id, match["stage"]) if match["stage"] else api


def _change(ctx: Context, request: Request, change: Callable[[Tags], Tags]) -> None:
    owner = _find(ctx, request)
    if isinstance(owner, apis.Api):
        tags = change(owner.settings.get("tags") or {})
        apis.update(ctx, owner, {**owner.settings, "tags": tags})
    else:
        tags = change(owner.document.get("tags") or {})
        deployments.put_stage(ctx, replace(owner, document={**owner.document, "tags": tags}))
