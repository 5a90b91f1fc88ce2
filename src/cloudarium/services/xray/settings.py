"""What an account has one of in a region: rows of `settings`."""

from __future__ import annotations

from typing import Any

import orjson

from cloudarium.core.context import Context


def get(ctx: Context, name: str) -> Any:
    """Return a setting's value, None if it was never set."""
    row = ctx.db.execute(
        "SELECT value FROM settings WHERE account = ? AND region = ? AND name = ?",
        (ctx.account, ctx.region, name),
    ).fetchone()
    return orjson.loads(row["value"]) if row else None


def put(ctx: Context, name: str, value: Any) -> None:
    """Set a setting to a JSON value."""
    ctx.db.execute(
        "INSERT OR REPLACE INTO settings VALUES (?, ?, ?, ?)",
        (ctx.account, ctx.region, name, orjson.dumps(value).decode()),
    )
