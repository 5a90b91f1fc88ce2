"""Authorizers: who decides on requests."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.gateway.verdicts import Verdicts
from cloudarium.services.apigatewayv2 import (
    apis,
    authorizers,
    deployments,
    errors,
    paging,
    parts,
    stages,
)


def create_authorizer(ctx: Context, request: Request) -> Response:
    """Create an authorizer."""
    api = apis.find(ctx, request["ApiId"])
    authorizer = authorizers.new(ctx, api, request)
    authorizer_id = parts.add(ctx, api.id, parts.AUTHORIZER, authorizer)
    deployments.changed(ctx, api)
    return parts.answer(parts.AUTHORIZER, authorizer_id, authorizer)


def get_authorizer(ctx: Context, request: Request) -> Response:
    """Return an authorizer."""
    api = apis.find(ctx, request["ApiId"])
    found = parts.find(ctx, api.id, parts.AUTHORIZER, request["AuthorizerId"])
    return parts.answer(parts.AUTHORIZER, request["AuthorizerId"], found)


def get_authorizers(ctx: Context, request: Request) -> Response:
    """Return an API's authorizers."""
    api = apis.find(ctx, request["ApiId"])
    found = parts.load(ctx, api.id, parts.AUTHORIZER)
    return paging.page(
        request, list(found.items()), lambda one: parts.answer(parts.AUTHORIZER, *one)
    )


def update_authorizer(ctx: Context, request: Request) -> Response:
    """Change an authorizer."""
    api = apis.find(ctx, request["ApiId"])
    authorizer_id = request["AuthorizerId"]
    before = parts.find(ctx, api.id, parts.AUTHORIZER, authorizer_id)
    after = parts.merged(before, parts.of_members(request, authorizers.MEMBERS))
    authorizer = authorizers.checked(ctx, api, after, authorizer_id)
    parts.put(ctx, api.id, parts.AUTHORIZER, authorizer_id, authorizer)
    deployments.changed(ctx, api)
    return parts.answer(parts.AUTHORIZER, authorizer_id, authorizer)


def delete_authorizer(ctx: Context, request: Request) -> None:
    """Delete an authorizer that no route uses."""
    api = apis.find(ctx, request["ApiId"])
    authorizer_id = request["AuthorizerId"]
    parts.find(ctx, api.id, parts.AUTHORIZER, authorizer_id)
    users = parts.using(ctx, api.id, "AuthorizerId", authorizer_id)
    if users:
        raise errors.AuthorizerInUse(ids=", ".join(users))
    parts.delete(ctx, api.id, parts.AUTHORIZER, authorizer_id)
    deployments.changed(ctx, api)


def reset_authorizers_cache(ctx: Context, request: Request) -> None:
    """Forget the verdicts of a stage's authorizers."""
    stage = stages.find(ctx, request["ApiId"], request["StageName"])
    ctx.state(Verdicts).flush(stage.api_id, stage.name)
