"""Authorizers."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.apigateway import apis, authorizers, errors, paging, parts, tree


def create_authorizer(ctx: Context, request: Request) -> Response:
    """Create a TOKEN, REQUEST or COGNITO_USER_POOLS authorizer."""
    api = apis.get(ctx, request["restApiId"])
    if api is None:
        raise errors.AuthorizerApiNotFound()
    authorizer = authorizers.new(request, apis.new_id(ctx))
    if any(
        one["name"] == authorizer["name"]
        for one in parts.load(ctx, api.id, parts.AUTHORIZER).values()
    ):
        raise errors.AuthorizerExists()
    parts.put(ctx, api.id, parts.AUTHORIZER, authorizer["id"], authorizer)
    return authorizer


def get_authorizer(ctx: Context, request: Request) -> Response:
    """Return an authorizer."""
    return _find(ctx, request)


def get_authorizers(ctx: Context, request: Request) -> Response:
    """Return a page of an API's authorizers."""
    api = apis.find(ctx, request["restApiId"])
    found = parts.load(ctx, api.id, parts.AUTHORIZER).values()
    return paging.page(request, found, lambda one: str(one["id"]), dict)


def update_authorizer(ctx: Context, request: Request) -> Response:
    """Patch an authorizer."""
    authorizer = authorizers.PATCHES.apply(_find(ctx, request), request.get("patchOperations"))
    authorizers.check(authorizer)
    parts.put(ctx, request["restApiId"], parts.AUTHORIZER, authorizer["id"], authorizer)
    return authorizer


def delete_authorizer(ctx: Context, request: Request) -> None:
    """Delete an authorizer no method uses."""
    authorizer = _find(ctx, request)
    for resource in tree.load(ctx, request["restApiId"]).values():
        for http_method, method in resource.methods.items():
            if method.get("authorizerId") == authorizer["id"]:
                raise errors.AuthorizerInUse(
                    name=authorizer["name"], path=resource.path, method=http_method
                )
    parts.delete(ctx, request["restApiId"], parts.AUTHORIZER, authorizer["id"])


def _find(ctx: Context, request: Request) -> Response:
    found = parts.get(ctx, request["restApiId"], parts.AUTHORIZER, request["authorizerId"])
    if found is None:
        raise errors.AuthorizerNotFound()
    return found
