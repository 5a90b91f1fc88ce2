"""The responses of WebSocket APIs' integrations and routes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from cloudarium.core.context import Context
from cloudarium.core.matching import BadExpression, expression
from cloudarium.services.apigatewayv2 import apis, deployments, errors, paging, parts
from cloudarium.services.apigatewayv2.parts import Kind

Document = dict[str, Any]

INTEGRATION_MEMBERS = (
    "ContentHandlingStrategy",
    "IntegrationResponseKey",
    "ResponseParameters",
    "ResponseTemplates",
    "TemplateSelectionExpression",
)
ROUTE_MEMBERS = (
    "ModelSelectionExpression",
    "ResponseModels",
    "ResponseParameters",
    "RouteResponseKey",
)
_MAPS = ("ResponseParameters", "ResponseTemplates", "ResponseModels")
_PATTERN = re.compile(r"/.+/")


def members(kind: Kind) -> tuple[str, ...]:
    """Return the members that can be set of a kind of response."""
    return ROUTE_MEMBERS if kind is parts.ROUTE_RESPONSE else INTEGRATION_MEMBERS


def parent(ctx: Context, kind: Kind, request: Mapping[str, Any]) -> tuple[apis.Api, str]:
    """Return the API and the id of the route or integration a request is about."""
    api = apis.find(ctx, request["ApiId"])
    if api.is_http:
        raise errors.ResponsesUnsupported(noun=kind.noun)
    above = parts.ROUTE if kind is parts.ROUTE_RESPONSE else parts.INTEGRATION
    parent_id: str = request[above.member]
    parts.find(ctx, api.id, above, parent_id)
    return api, parent_id


def get(ctx: Context, kind: Kind, request: Mapping[str, Any]) -> Document:
    """Return the response (the reference's) that a request is about."""
    api, parent_id = parent(ctx, kind, request)
    response_id = request[kind.member]
    return parts.answer(kind, response_id, parts.find(ctx, api.id, kind, response_id, parent_id))


def page(ctx: Context, kind: Kind, request: Mapping[str, Any]) -> Document:
    """Return a page of the responses of a route or an integration."""
    api, parent_id = parent(ctx, kind, request)
    found = parts.load(ctx, api.id, kind, parent_id)
    return paging.page(request, list(found.items()), lambda one: parts.answer(kind, *one))


def delete(ctx: Context, kind: Kind, request: Mapping[str, Any]) -> None:
    """Delete a response."""
    api, parent_id = parent(ctx, kind, request)
    response_id = request[kind.member]
    parts.find(ctx, api.id, kind, response_id, parent_id)
    parts.delete(ctx, api.id, kind, response_id, parent_id)
    deployments.changed(ctx, api)


def put(ctx: Context, kind: Kind, request: Mapping[str, Any]) -> Document:
    """Store a response, new or, if the request has its id, changed; return the reference's."""
    api, parent_id = parent(ctx, kind, request)
    response_id = request.get(kind.member, "")
    before: Document = {}
    if response_id:
        before = parts.find(ctx, api.id, kind, response_id, parent_id)
    told = parts.of_members(request, members(kind))
    response = parts.merged(before, told, *_MAPS)
    key_member = f"{kind.noun}Key"
    key = response[key_member]
    _check_key(kind, key)
    for other_id, other in parts.load(ctx, api.id, kind, parent_id).items():
        if other[key_member] == key and other_id != response_id:
            raise errors.ResponseExists(key=key)
    if response_id:
        parts.put(ctx, api.id, kind, response_id, response, parent_id)
    else:
        response_id = parts.add(ctx, api.id, kind, response, parent_id)
    deployments.changed(ctx, api)
    return parts.answer(kind, response_id, response)


def _check_key(kind: Kind, key: str) -> None:
    """Integration responses are chosen by status or by pattern; of a route there is one."""
    if key == "$default":
        return
    if kind is parts.ROUTE_RESPONSE:
        raise errors.RouteResponseKeyInvalid()
    if not _PATTERN.fullmatch(key):
        raise errors.ResponseKeyInvalid(key=key)
    try:
        expression(key[1:-1])
    except BadExpression:
        raise errors.ResponseKeyInvalid(key=key) from None
