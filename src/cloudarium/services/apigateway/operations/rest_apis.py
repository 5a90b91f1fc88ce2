"""REST APIs: create, read, update, delete."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.apigateway import api_settings, apis, deployments, errors, paging, parts


def create_rest_api(ctx: Context, request: Request) -> Response:
    """Create an API with a root resource and the models `Empty` and `Error`."""
    if request.get("cloneFrom"):
        raise errors.BadRequest(message="Cloning an API is not supported")
    api = apis.create(ctx, api_settings.new(request))
    parts.put_default_models(ctx, api.id)
    return apis.answer(api)


def get_rest_api(ctx: Context, request: Request) -> Response:
    """Return one API."""
    return apis.answer(apis.find(ctx, request["restApiId"]), with_tags=True)


def get_rest_apis(ctx: Context, request: Request) -> Response:
    """Return a page of the account's APIs."""
    found = apis.all_of_account(ctx, request.get("position") or "", paging.size(request) + 1)
    return paging.page(request, found, lambda api: api.id, apis.answer)


def update_rest_api(ctx: Context, request: Request) -> Response:
    """Patch an API's settings."""
    api = apis.find(ctx, request["restApiId"])
    settings = api_settings.PATCHES.apply(api.settings, request.get("patchOperations"))
    api_settings.check(settings)
    return apis.answer(apis.update(ctx, api, settings), with_tags=True)


def delete_rest_api(ctx: Context, request: Request) -> None:
    """Delete an API with everything in it."""
    api = apis.find(ctx, request["restApiId"])
    apis.delete(ctx, api)
    deployments.served_anew(ctx, api.id)
