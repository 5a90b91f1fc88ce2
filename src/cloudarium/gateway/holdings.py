"""What an account has besides APIs, as documents by kind and id.

A service keeps them in a table `holdings` (account, region, kind, id, document, maybe more).
"""

from __future__ import annotations

import json
from typing import Any

from cloudarium.core.context import Context

Document = dict[str, Any]

DOMAIN_NAME = "domain_name"
VPC_LINK = "vpc_link"


def get(ctx: Context, kind: str, holding_id: str) -> Document | None:
    """Return one of the caller's holdings, if it is there."""
    row = ctx.db.execute(
        "SELECT document FROM holdings WHERE account = ? AND region = ? AND kind = ? AND id = ?",
        (ctx.account, ctx.region, kind, holding_id),
    ).fetchone()
    return None if row is None else json.loads(row["document"])


def load(ctx: Context, kind: str) -> list[Document]:
    """Return the caller's holdings of a kind by id."""
    rows = ctx.db.execute(
        "SELECT document FROM holdings WHERE account = ? AND region = ? AND kind = ? ORDER BY id",
        (ctx.account, ctx.region, kind),
    )
    return [json.loads(row["document"]) for row in rows]


def put(ctx: Context, kind: str, holding_id: str, document: Document) -> None:
    """Store a holding, replacing one of the same id."""
    ctx.db.execute(
        "INSERT OR REPLACE INTO holdings (account, region, kind, id, document) "
        "VALUES (?, ?, ?, ?, ?)",
        (ctx.account, ctx.region, kind, holding_id, json.dumps(document)),
    )


def delete(ctx: Context, kind: str, holding_id: str) -> None:
    """Forget a holding."""
    ctx.db.execute(
        "DELETE FROM holdings WHERE account = ? AND region = ? AND kind = ? AND id = ?",
        (ctx.account, ctx.region, kind, holding_id),
    )
