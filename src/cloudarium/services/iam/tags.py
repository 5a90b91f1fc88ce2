"""Tags of users, roles and policies."""

from __future__ import annotations

import sqlite3
from typing import Any

from cloudarium.core.context import Context
from cloudarium.core.tags import to_list
from cloudarium.services.iam.errors import DuplicateTags, QuotaExceeded
from cloudarium.services.iam.limits import TAGS


def of(db: sqlite3.Connection, owner: str) -> dict[str, str]:
    """Return the tags of the user, role or policy with id `owner`, by key."""
    rows = db.execute(
        "SELECT key, value FROM tags WHERE owner = ? ORDER BY key COLLATE BINARY", (owner,)
    )
    return {row["key"]: row["value"] for row in rows}


def shown(ctx: Context, owner: str) -> list[dict[str, str]]:
    """Return the tags as AWS lists them."""
    return to_list(of(ctx.db, owner))


def put(ctx: Context, owner: str, tags: list[dict[str, Any]] | None) -> None:
    """Add or replace tags. Raises InvalidInput for a key given twice, LimitExceeded."""
    tags = tags or []
    if len({tag["Key"].lower() for tag in tags}) != len(tags):
        raise DuplicateTags()
    for tag in tags:
        ctx.db.execute(
            "INSERT INTO tags (owner, key, value) VALUES (?, ?, ?) ON CONFLICT (owner, key)"
            " DO UPDATE SET key = excluded.key, value = excluded.value",
            (owner, tag["Key"], tag["Value"]),
        )
    (total,) = ctx.db.execute("SELECT count(*) FROM tags WHERE owner = ?", (owner,)).fetchone()
    if total > TAGS:
        raise QuotaExceeded(quota="TagsPerResource", limit=TAGS)


def remove(ctx: Context, owner: str, keys: list[str]) -> None:
    """Remove the tags with these keys; others are ignored."""
    for key in keys:
        ctx.db.execute("DELETE FROM tags WHERE owner = ? AND key = ?", (owner, key))
