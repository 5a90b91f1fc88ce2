"""REST APIs: the rows and their answers."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import Any

from cloudarium.core.context import Context
from cloudarium.core.ids import LOWER_ALPHANUMERIC
from cloudarium.services.apigateway import errors, security_policies

Document = dict[str, Any]

_TABLES = ("resources", "parts", "deployments", "stages")


@dataclass(frozen=True)
class Api:
    """One REST API. `settings` has the members of the reference's RestApi that can be set."""

    id: str
    account: str
    region: str
    created_at: float
    root_id: str
    settings: Document

    @property
    def policy(self) -> Document | None:
        """The resource policy, with `execute-api:/…` resources as they were written."""
        text = self.settings.get("policy")
        return json.loads(text) if text else None


def new_id(ctx: Context, length: int = 6) -> str:
    """Return a new identifier as API Gateway makes them: lower-case letters and digits."""
    return ctx.ids.token(length, LOWER_ALPHANUMERIC)


def create(ctx: Context, settings: Document) -> Api:
    """Store a new API with its root resource."""
    api = Api(new_id(ctx, 10), ctx.account, ctx.region, ctx.now, new_id(ctx, 10), settings)
    ctx.db.execute(
        "INSERT INTO rest_apis VALUES (?, ?, ?, ?, ?, ?)",
        (api.id, api.account, api.region, api.created_at, api.root_id, json.dumps(settings)),
    )
    ctx.db.execute(
        "INSERT INTO resources VALUES (?, ?, NULL, '', '{}')",
        (api.id, api.root_id),
    )
    return api


def find(ctx: Context, api_id: str) -> Api:
    """Return the API, or raise ApiNotFound."""
    api = get(ctx, api_id)
    if api is None:
        raise errors.ApiNotFound(account=ctx.account, api_id=api_id)
    return api


def get(ctx: Context, api_id: str) -> Api | None:
    """Return the caller's API of this id, if there is one."""
    row = ctx.db.execute(
        "SELECT * FROM rest_apis WHERE id = ? AND account = ? AND region = ?",
        (api_id, ctx.account, ctx.region),
    ).fetchone()
    return None if row is None else of_row(row)


def of_row(row: sqlite3.Row) -> Api:
    """Return the API a row of `rest_apis` holds."""
    return Api(
        row["id"],
        row["account"],
        row["region"],
        row["created_at"],
        row["root_id"],
        json.loads(row["settings"]),
    )


def all_of_account(ctx: Context, after: str, limit: int) -> list[Api]:
    """Return up to `limit` of the caller's APIs with ids after `after`, by id."""
    rows = ctx.db.execute(
        "SELECT * FROM rest_apis WHERE account = ? AND region = ? AND id > ? ORDER BY id LIMIT ?",
        (ctx.account, ctx.region, after, limit),
    )
    return [of_row(row) for row in rows]


def update(ctx: Context, api: Api, settings: Document) -> Api:
    """Store new settings and return the API with them."""
    ctx.db.execute("UPDATE rest_apis SET settings = ? WHERE id = ?", (json.dumps(settings), api.id))
    return Api(api.id, api.account, api.region, api.created_at, api.root_id, settings)


def delete(ctx: Context, api: Api) -> None:
    """Delete the API and all that belongs to it."""
    for table in _TABLES:
        ctx.db.execute(f"DELETE FROM {table} WHERE api_id = ?", (api.id,))
    ctx.db.execute("DELETE FROM rest_apis WHERE id = ?", (api.id,))


def answer(api: Api, *, with_tags: bool = False) -> Document:
    """Return the reference's RestApi.

    Empty tags are told only where AWS tells them (`with_tags`): when reading or updating one API.
    """
    settings = dict(api.settings)
    if not settings.get("tags"):
        settings.pop("tags", None)
        if with_tags:
            settings["tags"] = {}
    return {
        "id": api.id,
        "createdDate": int(api.created_at),
        "rootResourceId": api.root_id,
        "securityPolicy": security_policies.usual(settings["endpointConfiguration"]["types"][0]),
        "apiStatus": "AVAILABLE",
        **{name: value for name, value in settings.items() if value is not None},
    }
