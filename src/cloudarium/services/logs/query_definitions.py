"""Saved Insights queries: rows of `query_definitions`."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

import orjson

from cloudarium.core.context import Context
from cloudarium.services.logs import errors


@dataclass(frozen=True)
class QueryDefinition:
    """A saved query; `modified_at` is epoch milliseconds, `body` has what was put."""

    id: str
    body: dict[str, Any]
    modified_at: int


def listed(ctx: Context, prefix: str = "") -> list[QueryDefinition]:
    """Return the account's saved queries by name."""
    rows = ctx.db.execute(
        "SELECT * FROM query_definitions WHERE account = ? AND region = ?"
        " AND substr(name, 1, ?) = ? ORDER BY name, id",
        (ctx.account, ctx.region, len(prefix), prefix),
    )
    return [_definition(row) for row in rows]


def put(ctx: Context, identifier: str | None, body: dict[str, Any]) -> str:
    """Save a query, in place of one or as another; return its id. Raises ResourceNotFound."""
    if identifier:
        delete(ctx, identifier)
    saved = identifier or ctx.ids.uuid()
    ctx.db.execute(
        "INSERT INTO query_definitions VALUES (?, ?, ?, ?, ?, ?)",
        (
            saved,
            ctx.account,
            ctx.region,
            body["name"],
            orjson.dumps(body).decode(),
            int(ctx.now * 1000),
        ),
    )
    return saved


def delete(ctx: Context, identifier: str) -> None:
    """Remove a saved query. Raises ResourceNotFoundException."""
    deleted = ctx.db.execute(
        "DELETE FROM query_definitions WHERE account = ? AND region = ? AND id = ?",
        (ctx.account, ctx.region, identifier),
    )
    if not deleted.rowcount:
        raise errors.QueryDefinitionNotFound()


def _definition(row: sqlite3.Row) -> QueryDefinition:
    return QueryDefinition(row["id"], orjson.loads(row["body"]), row["modified_at"])
