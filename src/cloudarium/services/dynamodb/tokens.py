"""ClientRequestTokens: a transaction sent again within ten minutes is done once.

As measured on the service, TransactWriteItems and ExecuteTransaction share them. A request is the
same as one that writes its numbers otherwise or asks for nothing where that one leaves it open;
what is done again reads the larger of each item before and after, as it was then; and a cancelled
transaction can be sent again as it is, but no other one by its token.
"""

import hashlib
from base64 import b64encode
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson

from cloudarium.core.context import Context, Request
from cloudarium.core.errors import AwsError
from cloudarium.core.runtime import ServiceRuntime

from . import errors, limits

_TOKEN = "ClientRequestToken"
_OPTIONS = (
    "ReturnConsumedCapacity",
    "ReturnItemCollectionMetrics",
    "ReturnValuesOnConditionCheckFailure",
)
_DIGEST_BYTES = 32


class Cancelled:
    """The digests of cancelled transactions, and until when they are kept: the newest of them."""

    def __init__(self, runtime: ServiceRuntime) -> None:
        self._known: OrderedDict[tuple[str, str, str], tuple[bytes, float]] = OrderedDict()

    def keep(self, ctx: Context, token: str, digest: bytes) -> None:
        """Keep what was asked by a token for ten minutes."""
        place = (ctx.account, ctx.region, token)
        self._known[place] = digest, ctx.now + limits.TOKEN_SECONDS
        self._known.move_to_end(place)
        if len(self._known) > limits.CANCELLED_TOKENS:
            self._known.popitem(last=False)

    def digest(self, ctx: Context, token: str) -> bytes | None:
        """Return what was asked by a token, if that is known."""
        digest, until = self._known.get((ctx.account, ctx.region, token), (None, 0.0))
        return digest if until > ctx.now else None


def sizes_of_done(ctx: Context, request: Request) -> list[int] | None:
    """The sizes `remember` was told of if this request's transaction has been done, else None.

    Its values are admitted. Raises IdempotentParameterMismatchException if another transaction was
    done by its token.
    """
    token = request.get(_TOKEN)
    if token is None:
        return None
    row = ctx.db.execute(
        "SELECT request FROM tokens WHERE account = ? AND region = ? AND token = ? AND expires > ?",
        (ctx.account, ctx.region, token, ctx.now),
    ).fetchone()
    known = row[0] if row is not None else ctx.state(Cancelled).digest(ctx, token)
    if known is not None and known[:_DIGEST_BYTES] != _digest(request):
        raise errors.TokenReused()
    if row is None:
        return None
    found: list[int] = orjson.loads(row[0][_DIGEST_BYTES:] or b"[]")
    return found


def remember(ctx: Context, request: Request, sizes: list[int]) -> None:
    """Notes that a request's transaction has been done, and drops tokens past their time."""
    token = request.get(_TOKEN)
    if token is None:
        return
    kept = _digest(request) + orjson.dumps(sizes)
    ctx.db.execute("DELETE FROM tokens WHERE expires <= ?", (ctx.now,))
    ctx.db.execute(
        "INSERT OR REPLACE INTO tokens VALUES (?, ?, ?, ?, ?)",
        (ctx.account, ctx.region, token, kept, ctx.now + limits.TOKEN_SECONDS),
    )


@contextmanager
def kept_if_cancelled(ctx: Context, request: Request) -> Iterator[None]:
    """Keeps the token for the request also if it is cancelled within this block."""
    try:
        yield
    except AwsError as error:
        token = request.get(_TOKEN)
        if token is not None and errors.TransactionCancelled.matches(error):
            ctx.state(Cancelled).keep(ctx, token, _digest(request))
        raise


def _digest(request: Request) -> bytes:
    text = orjson.dumps(_plain(request), default=_text, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(text).digest()


def _plain(given: Any) -> Any:
    """What is asked, without the token and what says no more than its default."""
    if isinstance(given, list):
        return [_plain(each) for each in given]
    if not isinstance(given, dict):
        return given
    return {
        name: value.strip() if name == "Statement" and isinstance(value, str) else _plain(value)
        for name, value in given.items()
        if name != _TOKEN and not (name in _OPTIONS and value == "NONE")
    }


def _text(value: bytes) -> str:
    return b64encode(value).decode()
