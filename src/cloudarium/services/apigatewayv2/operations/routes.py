"""Routes: what requests and messages are told apart by."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.apigatewayv2 import apis, deployments, errors, paging, parts, routes


def create_route(ctx: Context, request: Request) -> Response:
    """Create a route."""
    api = apis.find(ctx, request["ApiId"])
    route = routes.new(ctx, api, request)
    route_id = parts.add(ctx, api.id, parts.ROUTE, route)
    deployments.changed(ctx, api)
    return parts.answer(parts.ROUTE, route_id, route)


def get_route(ctx: Context, request: Request) -> Response:
    """Return a route."""
    api = apis.find(ctx, request["ApiId"])
    found = parts.find(ctx, api.id, parts.ROUTE, request["RouteId"])
    return parts.answer(parts.ROUTE, request["RouteId"], found)


def get_routes(ctx: Context, request: Request) -> Response:
    """Return an API's routes."""
    api = apis.find(ctx, request["ApiId"])
    found = parts.load(ctx, api.id, parts.ROUTE)
    return paging.page(request, list(found.items()), lambda one: parts.answer(parts.ROUTE, *one))


def update_route(ctx: Context, request: Request) -> Response:
    """Change a route."""
    api = apis.find(ctx, request["ApiId"])
    route_id = request["RouteId"]
    before = parts.find(ctx, api.id, parts.ROUTE, route_id)
    if before.get("ApiGatewayManaged") and request.get("RouteKey"):
        raise errors.ManagedKept(action="change the key of", noun="Route")
    after = parts.merged(before, parts.of_members(request, routes.MEMBERS), *routes.MAPS)
    route = routes.checked(ctx, api, after, route_id)
    parts.put(ctx, api.id, parts.ROUTE, route_id, route)
    deployments.changed(ctx, api)
    return parts.answer(parts.ROUTE, route_id, route)


def delete_route(ctx: Context, request: Request) -> None:
    """Delete a route."""
    api = apis.find(ctx, request["ApiId"])
    parts.find(ctx, api.id, parts.ROUTE, request["RouteId"])
    parts.delete(ctx, api.id, parts.ROUTE, request["RouteId"])
    deployments.changed(ctx, api)


def delete_route_request_parameter(ctx: Context, request: Request) -> None:
    """Take a request parameter of a route away."""
    api = apis.find(ctx, request["ApiId"])
    route = parts.find(ctx, api.id, parts.ROUTE, request["RouteId"])
    name = request["RequestParameterKey"]
    if name not in route.get("RequestParameters", {}):
        raise errors.ParameterNotFound()
    route = parts.merged(route, {"RequestParameters": {name: {}}}, "RequestParameters")
    parts.put(ctx, api.id, parts.ROUTE, request["RouteId"], route)
    deployments.changed(ctx, api)
