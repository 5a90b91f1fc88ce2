"""APIs: the rows and their answers."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from cloudarium.core.context import Context
from cloudarium.core.ids import LOWER_ALPHANUMERIC
from cloudarium.services.apigatewayv2 import errors
from cloudarium.services.apigatewayv2.serving.websocket import selection

Document = dict[str, Any]

HTTP, WEBSOCKET = "HTTP", "WEBSOCKET"
_TABLES = ("parts", "deployments", "stages")
_HTTP_SELECTION = "$request.method $request.path"
# The spellings of it that CreateApi takes.
_HTTP_SELECTIONS = (_HTTP_SELECTION, "${request.method} ${request.path}")
_KEY_SELECTION = "$request.header.x-api-key"
_COPIED = ("Name", "Description", "Version", "IpAddressType", "DisableExecuteApiEndpoint")


@dataclass(frozen=True)
class Api:
    """One API. `document` has the members of the reference's Api that can be set."""

    id: str
    account: str
    region: str
    created_at: float
    document: Document

    @property
    def is_http(self) -> bool:
        """Whether it is an HTTP API; else it is a WebSocket API."""
        return bool(self.document["ProtocolType"] == HTTP)


def new_id(ctx: Context, length: int = 6) -> str:
    """Return a new identifier as API Gateway makes them: lower-case letters and digits."""
    return ctx.ids.token(length, LOWER_ALPHANUMERIC)


def create(ctx: Context, document: Document) -> Api:
    """Store a new API of checked settings."""
    api = Api(new_id(ctx, 10), ctx.account, ctx.region, ctx.now, document)
    ctx.db.execute(
        "INSERT INTO apis VALUES (?, ?, ?, ?, ?)",
        (api.id, api.account, api.region, api.created_at, json.dumps(document)),
    )
    return api


def lookup(ctx: Context, api_id: str) -> Api | None:
    """Return the caller's API of this id, if there is one."""
    row = ctx.db.execute(
        "SELECT * FROM apis WHERE id = ? AND account = ? AND region = ?",
        (api_id, ctx.account, ctx.region),
    ).fetchone()
    return None if row is None else _of_row(row)


def find(ctx: Context, api_id: str) -> Api:
    """Return the API, or raise ApiNotFound."""
    api = lookup(ctx, api_id)
    if api is None:
        raise errors.ApiNotFound(account=ctx.account, api_id=api_id)
    return api


def load(ctx: Context) -> list[Api]:
    """Return the caller's APIs, by id."""
    rows = ctx.db.execute(
        "SELECT * FROM apis WHERE account = ? AND region = ? ORDER BY id", (ctx.account, ctx.region)
    )
    return [_of_row(row) for row in rows]


def _of_row(row: sqlite3.Row) -> Api:
    return Api(
        row["id"], row["account"], row["region"], row["created_at"], json.loads(row["document"])
    )


def update(ctx: Context, api: Api, document: Document) -> Api:
    """Store other settings and return the API with them."""
    ctx.db.execute("UPDATE apis SET document = ? WHERE id = ?", (json.dumps(document), api.id))
    return replace(api, document=document)


def delete(ctx: Context, api: Api) -> None:
    """Delete the API and all that belongs to it."""
    for table in _TABLES:
        ctx.db.execute(f"DELETE FROM {table} WHERE api_id = ?", (api.id,))
    ctx.db.execute("DELETE FROM apis WHERE id = ?", (api.id,))


def settings(given: Mapping[str, Any]) -> Document:
    """Return the settings of a new API, checked, with AWS's defaults."""
    document: Document = {
        "ProtocolType": given["ProtocolType"],
        "ApiKeySelectionExpression": given.get("ApiKeySelectionExpression") or _KEY_SELECTION,
        "DisableExecuteApiEndpoint": False,
        "IpAddressType": "ipv4",
        **{name: given[name] for name in _COPIED if given.get(name) not in (None, "")},
        "Tags": given.get("Tags") or {},
    }
    if document["ProtocolType"] == HTTP:
        if given.get("RouteSelectionExpression") not in (None, *_HTTP_SELECTIONS):
            raise errors.RouteSelectionInvalid()
        document["RouteSelectionExpression"] = _HTTP_SELECTION
        if given.get("CorsConfiguration") is not None:
            document["CorsConfiguration"] = cors(given["CorsConfiguration"])
        return document
    if not given.get("RouteSelectionExpression"):
        raise errors.RouteSelectionMissing()
    if given.get("CorsConfiguration"):
        raise errors.CorsUnsupported()
    for member in ("Target", "RouteKey", "CredentialsArn"):
        if given.get(member):
            raise errors.NotForWebSocket(member=member)
    document["RouteSelectionExpression"] = _selection(given["RouteSelectionExpression"])
    if given.get("DisableSchemaValidation") is not None:
        document["DisableSchemaValidation"] = given["DisableSchemaValidation"]
    return document


def changed(api: Api, given: Mapping[str, Any]) -> Document:
    """Return the API's settings after UpdateApi; an empty text takes a setting away."""
    document = dict(api.document)
    for name in (*_COPIED, "ApiKeySelectionExpression", "DisableSchemaValidation"):
        if given.get(name) is not None:
            document[name] = given[name]
    if given.get("RouteSelectionExpression"):
        if api.is_http and given["RouteSelectionExpression"] not in _HTTP_SELECTIONS:
            raise errors.RouteSelectionInvalid()
        if not api.is_http:
            expression = given["RouteSelectionExpression"]
            document["RouteSelectionExpression"] = _selection(expression)
    if given.get("CorsConfiguration") is not None:
        if not api.is_http:
            raise errors.CorsUnsupported()
        document["CorsConfiguration"] = cors(given["CorsConfiguration"])
    return {name: value for name, value in document.items() if value != ""}


def _selection(expression: str) -> str:
    """Return a WebSocket API's expression if it can be read."""
    if not selection.is_valid(expression):
        raise errors.SelectionInvalid(expression=expression)
    return expression


def cors(given: Mapping[str, Any]) -> Document:
    """Return the reference's Cors, checked; empty lists are as good as none."""
    document = {name: value for name, value in given.items() if value not in (None, [])}
    origins = document.get("AllowOrigins", [])
    for origin in origins:
        if origin != "*" and "://" not in origin:
            raise errors.OriginInvalid(origin=origin)
    if document.get("AllowCredentials") and "*" in origins:
        raise errors.CredentialsWithAnyOrigin()
    return document


def answer(api: Api) -> Document:
    """Return the reference's Api."""
    scheme = "https" if api.is_http else "wss"
    return {
        "ApiId": api.id,
        "ApiEndpoint": f"{scheme}://{api.id}.execute-api.{api.region}.amazonaws.com",
        "CreatedDate": int(api.created_at),
        **api.document,
    }
