"""Resource policies: which AWS services may write to the account's log groups."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

import orjson

from cloudarium.core.context import Context
from cloudarium.core.documents import json_object
from cloudarium.services.logs import errors, limits


@dataclass(frozen=True)
class ResourcePolicy:
    """A resource policy; `updated_at` is epoch milliseconds, `document` JSON text."""

    name: str
    document: str
    updated_at: int


def listed(ctx: Context) -> list[ResourcePolicy]:
    """Return the account's policies by name."""
    rows = ctx.db.execute(
        "SELECT name, document, updated_at FROM resource_policies"
        " WHERE account = ? AND region = ? ORDER BY name",
        (ctx.account, ctx.region),
    )
    return [_policy(row) for row in rows]


def put(ctx: Context, name: str, document: str) -> ResourcePolicy:
    """Make or replace a policy. Raises InvalidParameterException, LimitExceededException."""
    if json_object(document) is None:
        raise errors.PolicyNotJson()
    names = {policy.name for policy in listed(ctx)} | {name}
    if len(names) > limits.MAX_RESOURCE_POLICIES:
        raise errors.LimitExceeded()
    row = ctx.db.execute(
        "INSERT OR REPLACE INTO resource_policies VALUES (?, ?, ?, ?, ?)"
        " RETURNING name, document, updated_at",
        (ctx.account, ctx.region, name, document, int(ctx.now * 1000)),
    ).fetchone()
    return _policy(row)


def delete(ctx: Context, name: str) -> None:
    """Remove a policy. Raises ResourceNotFoundException."""
    deleted = ctx.db.execute(
        "DELETE FROM resource_policies WHERE account = ? AND region = ? AND name = ?",
        (ctx.account, ctx.region, name),
    )
    if not deleted.rowcount:
        raise errors.PolicyNotFound(name=name)


def together(ctx: Context) -> dict[str, Any]:
    """Return one policy with the statements of all."""
    statements: list[Any] = []
    for policy in listed(ctx):
        found = orjson.loads(policy.document).get("Statement") or []
        statements += found if isinstance(found, list) else [found]
    return {"Version": "2012-10-17", "Statement": statements}


def _policy(row: sqlite3.Row) -> ResourcePolicy:
    return ResourcePolicy(row["name"], row["document"], row["updated_at"])
