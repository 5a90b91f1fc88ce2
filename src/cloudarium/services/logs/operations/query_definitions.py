"""Saved Insights queries."""

from __future__ import annotations

from typing import Any

from cloudarium.core import pages
from cloudarium.core.context import Context, Request, Response
from cloudarium.services.logs import errors, limits, query_definitions
from cloudarium.services.logs.query_definitions import QueryDefinition

_KEPT = ("name", "queryString", "queryLanguage", "logGroupNames", "parameters")


def put_query_definition(ctx: Context, request: Request) -> Response:
    """Save a query, or with its id another version of it: what is not given then is gone."""
    body = {name: request[name] for name in _KEPT if name in request}
    body.setdefault("queryLanguage", "CWLI")
    body.setdefault("logGroupNames", [])
    saved = query_definitions.put(ctx, request.get("queryDefinitionId"), body)
    return {"queryDefinitionId": saved}


def describe_query_definitions(ctx: Context, request: Request) -> Response:
    """List saved queries by name."""
    language = request.get("queryLanguage")
    found = [
        _shown(each)
        for each in query_definitions.listed(ctx, request.get("queryDefinitionNamePrefix", ""))
        if language in (None, each.body["queryLanguage"])
    ]
    size = request.get("maxResults", limits.MAX_QUERY_DEFINITIONS)
    shown, token = pages.page(found, request.get("nextToken"), size, errors.InvalidToken())
    return {"queryDefinitions": shown, "nextToken": token}


def _shown(definition: QueryDefinition) -> dict[str, Any]:
    return {
        "queryDefinitionId": definition.id,
        "lastModified": definition.modified_at,
        **definition.body,
    }


def delete_query_definition(ctx: Context, request: Request) -> Response:
    """Remove a saved query."""
    query_definitions.delete(ctx, request["queryDefinitionId"])
    return {"success": True}
