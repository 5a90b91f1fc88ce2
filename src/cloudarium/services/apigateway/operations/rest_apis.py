"""REST APIs: create, read, update, delete."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.gateway import domains
from cloudarium.services.apigateway import (
    api_settings,
    apis,
    deployments,
    errors,
    paging,
    parts,
    plans,
    tree,
)


def create_rest_api(ctx: Context, request: Request) -> Response:
    """Create an API with a root resource and the models `Empty` and `Error`."""
    if request.get("cloneFrom"):
        return apis.answer(_clone(ctx, request))
    api = apis.create(ctx, api_settings.new(request))
    parts.put_default_models(ctx, api.id)
    return apis.answer(api)


def _clone(ctx: Context, request: Request) -> apis.Api:
    """Return a new API with all that another has but its deployments, stages and tags."""
    source = apis.find(ctx, request["cloneFrom"])
    fresh = api_settings.new(request)
    own = {name: one for name, one in fresh.items() if request.get(name) is not None}
    inherited = {name: one for name, one in source.settings.items() if name != "tags"}
    api = apis.create(ctx, {**fresh, **inherited, **own})
    parts.copy(ctx, source.id, api.id)
    methods = {one.path: one.methods for one in tree.load(ctx, source.id).values()}
    tree.put_all(ctx, api, methods, only=True)
    return api


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
    """Delete an API no domain is mapped to, with everything in it; usage plans lose its stages."""
    api = apis.find(ctx, request["restApiId"])
    if mapped := domains.mapped_to(ctx, api.id):
        raise errors.RestApiMapped(api_id=api.id, domains=", ".join(mapped))
    apis.delete(ctx, api)
    plans.forget_stages(ctx, api.id)
    deployments.served_anew(ctx, api.id)
