"""APIs."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.gateway import siblings
from cloudarium.services.apigatewayv2 import apis, deployments, domains, errors, paging, quick


def create_api(ctx: Context, request: Request) -> Response:
    """Create an API; with a `Target` also the route, integration and stage that serve it."""
    api = apis.create(ctx, apis.settings(request))
    if request.get("Target"):
        quick.build(ctx, api, request)
    deployments.served_anew(ctx, api.id)
    return apis.answer(api)


def get_api(ctx: Context, request: Request) -> Response:
    """Return an API."""
    return apis.answer(apis.find(ctx, request["ApiId"]))


def get_apis(ctx: Context, request: Request) -> Response:
    """Return the account's APIs."""
    return paging.page(request, apis.load(ctx), apis.answer)


def update_api(ctx: Context, request: Request) -> Response:
    """Change an API."""
    api = apis.find(ctx, request["ApiId"])
    api = apis.update(ctx, api, apis.changed(api, request))
    quick.rebuild(ctx, api, request)
    deployments.changed(ctx, api)
    return apis.answer(api)


def delete_api(ctx: Context, request: Request) -> None:
    """Delete an API that no domain name is mapped to, and all that belongs to it."""
    api = apis.find(ctx, request["ApiId"])
    if domains.mapped_to(ctx, api.id):
        raise errors.ApiMapped(api_id=api.id)
    apis.delete(ctx, api)
    if not api.is_http:
        siblings.run(ctx, siblings.REST, "plans:forget_stages", api.id)
    deployments.served_anew(ctx, api.id)


def delete_cors_configuration(ctx: Context, request: Request) -> None:
    """Take an API's CORS configuration away."""
    api = apis.find(ctx, request["ApiId"])
    document = dict(api.document)
    if document.pop("CorsConfiguration", None) is None:
        raise errors.CorsNotFound()
    deployments.changed(ctx, apis.update(ctx, api, document))
