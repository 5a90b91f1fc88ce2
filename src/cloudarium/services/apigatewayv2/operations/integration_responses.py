"""Integration responses of WebSocket APIs."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.apigatewayv2 import deployments, paging, parts, responses

_KIND = parts.INTEGRATION_RESPONSE


def create_integration_response(ctx: Context, request: Request) -> Response:
    """Create a response."""
    return responses.put(ctx, _KIND, request, {})


def get_integration_response(ctx: Context, request: Request) -> Response:
    """Return a response."""
    api, parent_id = responses.parent(ctx, _KIND, request)
    response_id = request["IntegrationResponseId"]
    found = parts.find(ctx, api.id, _KIND, response_id, parent_id)
    return parts.answer(_KIND, response_id, found)


def get_integration_responses(ctx: Context, request: Request) -> Response:
    """Return the responses of one of an API's integrations."""
    api, parent_id = responses.parent(ctx, _KIND, request)
    found = parts.load(ctx, api.id, _KIND, parent_id)
    return paging.page(request, list(found.items()), lambda one: parts.answer(_KIND, *one))


def update_integration_response(ctx: Context, request: Request) -> Response:
    """Change a response."""
    api, parent_id = responses.parent(ctx, _KIND, request)
    response_id = request["IntegrationResponseId"]
    before = parts.find(ctx, api.id, _KIND, response_id, parent_id)
    return responses.put(ctx, _KIND, request, before, response_id)


def delete_integration_response(ctx: Context, request: Request) -> None:
    """Delete a response."""
    api, parent_id = responses.parent(ctx, _KIND, request)
    response_id = request["IntegrationResponseId"]
    parts.find(ctx, api.id, _KIND, response_id, parent_id)
    parts.delete(ctx, api.id, _KIND, response_id, parent_id)
    deployments.changed(ctx, api)
