"""ClientRequestTokens: a transaction sent again within ten minutes is done once."""

import hashlib
from base64 import b64encode
from typing import Any

import orjson

from cloudarium.core.context import Context

from . import errors, limits


def is_repeated(ctx: Context, token: str, request: list[dict[str, Any]]) -> bool:
    """Whether this token's transaction has been done.

    Raises IdempotentParameterMismatchException if it was another transaction.
    """
    row = ctx.db.execute(
        "SELECT request FROM tokens WHERE account = ? AND region = ? AND token = ? AND expires > ?",
        (ctx.account, ctx.region, token, ctx.now),
    ).fetchone()
    if row is None:
        return False
    if row[0] != _digest(request):
        raise errors.TokenReused()
    return True


def remember(ctx: Context, token: str, request: list[dict[str, Any]]) -> None:
    """Notes that this token's transaction has been done, and drops tokens past their time."""
    ctx.db.execute("DELETE FROM tokens WHERE expires <= ?", (ctx.now,))
    ctx.db.execute(
        "INSERT OR REPLACE INTO tokens VALUES (?, ?, ?, ?, ?)",
        (ctx.account, ctx.region, token, _digest(request), ctx.now + limits.TOKEN_SECONDS),
    )


def _digest(request: list[dict[str, Any]]) -> bytes:
    text = orjson.dumps(request, default=_text, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(text).digest()


def _text(value: bytes) -> str:
    return b64encode(value).decode()
