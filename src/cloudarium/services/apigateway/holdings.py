"""What an account has besides APIs, as documents by kind, id and, for API keys, their value."""

from __future__ import annotations

import json

from cloudarium.core.context import Context
from cloudarium.gateway.holdings import DOMAIN_NAME, VPC_LINK, Document, delete, get, load

__all__ = ["DOMAIN_NAME", "VPC_LINK", "Document", "delete", "get", "load"]

API_KEY = "api_key"
USAGE_PLAN = "usage_plan"
CLIENT_CERTIFICATE = "client_certificate"
ACCESS_ASSOCIATION = "access_association"


def by_lookup(ctx: Context, kind: str, lookup: str) -> Document | None:
    """Return the account's holding with this lookup value, if there is one."""
    row = ctx.db.execute(
        "SELECT document FROM holdings WHERE account = ? AND region = ? AND kind = ? "
        "AND lookup = ?",
        (ctx.account, ctx.region, kind, lookup),
    ).fetchone()
    return None if row is None else json.loads(row["document"])


def put(
    ctx: Context, kind: str, holding_id: str, document: Document, lookup: str | None = None
) -> None:
    """Store a holding, replacing one of the same id."""
    ctx.db.execute(
        "INSERT OR REPLACE INTO holdings VALUES (?, ?, ?, ?, ?, ?)",
        (ctx.account, ctx.region, kind, holding_id, lookup, json.dumps(document)),
    )
