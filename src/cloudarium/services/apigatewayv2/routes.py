"""Routes: what they may say of themselves.

Sources: CreateRoute; Developer Guide, "Create routes for HTTP APIs in API Gateway" and "Create
routes for WebSocket APIs in API Gateway".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from cloudarium.core.context import Context
from cloudarium.services.apigatewayv2 import errors, limits, parts
from cloudarium.services.apigatewayv2.apis import Api

Document = dict[str, Any]

DEFAULT, CONNECT, DISCONNECT = "$default", "$connect", "$disconnect"
MEMBERS = (
    "ApiKeyRequired",
    "AuthorizationScopes",
    "AuthorizationType",
    "AuthorizerId",
    "ModelSelectionExpression",
    "OperationName",
    "RequestModels",
    "RequestParameters",
    "RouteKey",
    "RouteResponseSelectionExpression",
    "Target",
)
MAPS = ("RequestModels", "RequestParameters")
_KEY = re.compile(r"(?P<method>GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|ANY) (?P<path>/\S*)")
_VARIABLE = re.compile(r"\{[\w.\-:]+\}")
_GREEDY = re.compile(r"\{[\w.\-:]+\+\}")
_TARGET = re.compile(r"integrations/(?P<id>[a-z0-9]+)")
_WEBSOCKET_ONLY = (
    "ModelSelectionExpression",
    "RequestModels",
    "RequestParameters",
    "RouteResponseSelectionExpression",
)
_TYPES = {"HTTP": ("NONE", "AWS_IAM", "CUSTOM", "JWT"), "WEBSOCKET": ("NONE", "AWS_IAM", "CUSTOM")}
_AUTHORIZERS = {"CUSTOM": "REQUEST", "JWT": "JWT"}
# How the lack of an authorizer is told.
_SHOWN = {
    "CUSTOM": ("CUSTOM or COGNITO_USER_POOLS", "authorizer"),
    "JWT": ("JWT", "JWT authorizer"),
}


def new(ctx: Context, api: Api, given: Mapping[str, Any]) -> Document:
    """Return the reference's Route for what CreateRoute is given, checked."""
    document = {"ApiKeyRequired": False, "AuthorizationType": "NONE"}
    return checked(ctx, api, parts.merged(document, parts.of_members(given, MEMBERS), *MAPS))


def checked(ctx: Context, api: Api, route: Document, route_id: str = "") -> Document:
    """Return a route (the reference's Route) if it is one that can be."""
    _check_key(api, route.get("RouteKey", ""))
    _check_members(api, route)
    for other_id, other in parts.load(ctx, api.id, parts.ROUTE).items():
        if other["RouteKey"] == route["RouteKey"] and other_id != route_id:
            raise errors.RouteExists(route_key=route["RouteKey"])
    _check_target(ctx, api, route, route_id)
    _check_authorization(ctx, api, route)
    if route["AuthorizationType"] not in _AUTHORIZERS:
        route.pop("AuthorizerId", None)
    return route


def split(route_key: str) -> tuple[str, str]:
    """Return method and path of an HTTP API's route key other than `$default`."""
    method, _, path = route_key.partition(" ")
    return method, path


def integration_id(route: Mapping[str, Any]) -> str:
    """Return the id of the integration a route goes to, or nothing."""
    return str(route.get("Target", "")).removeprefix("integrations/")


def _check_key(api: Api, key: str) -> None:
    if not api.is_http:
        if not key or (key.startswith("$") and key not in (DEFAULT, CONNECT, DISCONNECT)):
            raise errors.WebSocketKeyInvalid(route_key=key)
        return
    match = _KEY.fullmatch(key)
    if key == DEFAULT:
        return
    if match is None:
        raise errors.RouteKeyInvalid()
    steps = match["path"].strip("/").split("/")
    for at, step in enumerate(steps):
        is_last = at == len(steps) - 1
        if _VARIABLE.fullmatch(step) or (is_last and _GREEDY.fullmatch(step)):
            continue
        if "{" in step or "}" in step:
            raise errors.RouteKeyInvalid()


def _check_members(api: Api, route: Document) -> None:
    if not api.is_http:
        return
    for member in _WEBSOCKET_ONLY:
        if route.get(member):
            raise errors.NotForHttp(member=member)
    if route.get("ApiKeyRequired"):
        raise errors.KeysUnsupported()


def _check_target(ctx: Context, api: Api, route: Document, route_id: str) -> None:
    target = route.get("Target")
    if not target:
        return
    match = _TARGET.fullmatch(target)
    if match is None:
        raise errors.TargetMalformed(route_id=route_id or "null")
    if parts.lookup(ctx, api.id, parts.INTEGRATION, match["id"]) is None:
        raise errors.TargetInvalid(target=target)


def _check_authorization(ctx: Context, api: Api, route: Document) -> None:
    kind = route["AuthorizationType"]
    if kind not in _TYPES[api.document["ProtocolType"]]:
        raise errors.AuthorizationTypeInvalid(kind=kind)
    if not api.is_http and kind != "NONE" and route["RouteKey"] != CONNECT:
        raise errors.AuthorizationOfMessages()
    if kind in _AUTHORIZERS:
        found = parts.lookup(ctx, api.id, parts.AUTHORIZER, route.get("AuthorizerId", ""))
        if found is None or found["AuthorizerType"] != _AUTHORIZERS[kind]:
            raise errors.AuthorizerNeeded(kind=_SHOWN[kind][0], authorizer=_SHOWN[kind][1])
    scopes = route.get("AuthorizationScopes", [])
    if scopes and kind != "JWT":
        raise errors.ScopesNotAllowed()
    if len(scopes) > limits.SCOPES_PER_ROUTE:
        raise errors.TooManyScopes()
