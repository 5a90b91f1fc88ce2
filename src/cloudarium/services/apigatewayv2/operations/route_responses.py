"""Route responses of WebSocket APIs."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.apigatewayv2 import parts, responses

_KIND = parts.ROUTE_RESPONSE


def create_route_response(ctx: Context, request: Request) -> Response:
    """Create a response."""
    return responses.put(ctx, _KIND, request)


def get_route_response(ctx: Context, request: Request) -> Response:
    """Return a response."""
    return responses.get(ctx, _KIND, request)


def get_route_responses(ctx: Context, request: Request) -> Response:
    """Return the responses of one of an API's routes."""
    return responses.page(ctx, _KIND, request)


def update_route_response(ctx: Context, request: Request) -> Response:
    """Change a response."""
    return responses.put(ctx, _KIND, request)


def delete_route_response(ctx: Context, request: Request) -> None:
    """Delete a response."""
    responses.delete(ctx, _KIND, request)
