"""Client tokens: a request that is sent again is done once, and answered as the first time."""

from __future__ import annotations

from collections.abc import Callable

import orjson

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.scheduler import errors, limits


def once(ctx: Context, operation: str, request: Request, work: Callable[[], Response]) -> Response:
    """Return what `work` answers, or what it answered to the same request and token before.

    Raises ConflictException for a token that came with another request.
    """
    token = request.get("ClientToken")
    if token is None:
        return work()
    text = orjson.dumps(request, option=orjson.OPT_SORT_KEYS).decode()
    row = ctx.db.execute(
        "SELECT request, answer FROM tokens WHERE account = ? AND region = ? AND operation = ?"
        " AND token = ? AND expires > ?",
        (ctx.account, ctx.region, operation, token, ctx.now),
    ).fetchone()
    if row is not None:
        if row["request"] != text:
            raise errors.TokenReused()
        known: Response = orjson.loads(row["answer"])
        return known
    answer = work()
    ctx.db.execute("DELETE FROM tokens WHERE expires <= ?", (ctx.now,))
    ctx.db.execute(
        "INSERT OR REPLACE INTO tokens VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            *(ctx.account, ctx.region, operation, token, text),
            *(orjson.dumps(answer).decode(), ctx.now + limits.TOKEN_SECONDS),
        ),
    )
    return answer
