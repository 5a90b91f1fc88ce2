"""What an account has besides APIs, as documents by kind and id."""

from __future__ import annotations

import json
from typing import Any

from cloudarium.core.context import Context

Document = dict[str, Any]

API_KEY = "api_key"
USAGE_PLAN = "usage_plan"
DOMAIN_NAME = "domain_name"
VPC_LINK = "vpc_link"
CLIENT_CERTIFICATE = "client_certificate"
ACCESS_ASSOCIATION = "access_association"


def get(ctx: Context, kind: str, holding_id: str) -> Document | None:
    """Return one of the caller's holdings, if it is there."""
    row = ctx.db.execute(
        "SELECT document FROM holdings WHERE account = ? AND region = ? AND kind = ? AND id = ?",
        (ctx.account, ctx.region, kind, holding_id),
    ).fetchone()
    return None if row is None else json.loads(row["document"])


def by_lookup(ctx: Context, kind: str, lookup: str) -> Document | None:
    """Return the account's holding with this lookup value, if there is one."""
    row = ctx.db.execute(
        "SELECT document FROM holdings WHERE account = ? AND region = ? AND kind = ? "
        "AND lookup = ?",
        (ctx.account, ctx.region, kind, lookup),
    ).fetchone()
    return None if row is None else json.loads(row["document"])


def load(ctx: Context, kind: str) -> list[Document]:
    """Return the caller's holdings of a kind by id."""
    rows = ctx.db.execute(
        "SELECT document FROM holdings WHERE account = ? AND region = ? AND kind = ? ORDER BY id",
        (ctx.account, ctx.region, kind),
    )
    return [json.loads(row["document"]) for row in rows]


def put(
    ctx: Context, kind: str, holding_id: str, document: Document, lookup: str | None = None
) -> None:
    """Store a holding, replacing one of the same id."""
    ctx.db.execute(
        "INSERT OR REPLACE INTO holdings VALUES (?, ?, ?, ?, ?, ?)",
        (ctx.account, ctx.region, kind, holding_id, lookup, json.dumps(document)),
    )


def delete(ctx: Context, kind: str, holding_id: str) -> None:
    """Forget a holding."""
    ctx.db.execute(
        "DELETE FROM holdings WHERE account = ? AND region = ? AND kind = ? AND id = ?",
        (ctx.account, ctx.region, kind, holding_id),
    )
