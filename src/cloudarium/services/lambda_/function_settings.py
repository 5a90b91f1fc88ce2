"""What is only kept for a function and shown: rows of `function_settings`, values as JSON."""

from __future__ import annotations

import json
from typing import Any

from cloudarium.core.context import Context
from cloudarium.services.lambda_.names import Reference

RECURSION, RUNTIME, CODE_SIGNING = "recursion", "runtime", "code_signing"


def put(ctx: Context, name: Reference, setting: str, value: dict[str, Any]) -> dict[str, Any]:
    """Keep a setting of a function or of one qualifier; return it."""
    ctx.db.execute(
        "INSERT OR REPLACE INTO function_settings VALUES (?, ?, ?, ?, ?, ?)",
        (*_key(name), setting, json.dumps(value)),
    )
    return value


def get(ctx: Context, name: Reference, setting: str) -> dict[str, Any] | None:
    """The setting, if it was made."""
    row = ctx.db.execute(
        "SELECT value FROM function_settings WHERE account = ? AND region = ? AND name = ?"
        " AND qualifier = ? AND setting = ?",
        (*_key(name), setting),
    ).fetchone()
    return json.loads(row["value"]) if row else None


def delete(ctx: Context, name: Reference, setting: str) -> None:
    """Forget a setting if it is there."""
    ctx.db.execute(
        "DELETE FROM function_settings WHERE account = ? AND region = ? AND name = ?"
        " AND qualifier = ? AND setting = ?",
        (*_key(name), setting),
    )


def having(ctx: Context, setting: str, value: dict[str, Any]) -> list[Reference]:
    """The account's functions of this region with this value, by name."""
    rows = ctx.db.execute(
        "SELECT name FROM function_settings WHERE account = ? AND region = ? AND setting = ?"
        " AND value = ? ORDER BY name",
        (ctx.account, ctx.region, setting, json.dumps(value)),
    )
    return [Reference(ctx.account, ctx.region, row["name"]) for row in rows]


def _key(name: Reference) -> tuple[str, str, str, str]:
    return name.account, name.region, name.name, name.qualifier
