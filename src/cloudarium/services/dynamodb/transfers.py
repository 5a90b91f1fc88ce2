"""Exports and imports as they are kept: an ARN and what is answered of them."""

import base64
from dataclasses import asdict
from typing import Any

import orjson

from cloudarium.core.context import Context
from cloudarium.core.identity import Principal

from . import backup_errors, limits

_MOST_LISTED = 10**9  # what no list has; no page begins there

Description = dict[str, Any]


def label(ctx: Context) -> str:
    """The last part of a new export's or import's ARN."""
    return f"{int(ctx.now * 1000):014}-{ctx.ids.hex(8)}"


def repeated(ctx: Context, kind: str, token: str | None) -> Description | None:
    """What was begun in the last eight hours with this client token, or None."""
    row = ctx.db.execute(
        "SELECT description FROM transfers "
        "WHERE account = ? AND region = ? AND kind = ? AND token = ? ORDER BY arn DESC",
        (ctx.account, ctx.region, kind, token),
    ).fetchone()
    known = _loaded(row[0]) if row else {"StartTime": 0.0}
    return known if known["StartTime"] > ctx.now - limits.TRANSFER_TOKEN_SECONDS else None


def differs(known: Any, given: Any) -> bool:
    """Whether what is given is not, member by member, what is known."""
    if isinstance(known, dict) and isinstance(given, dict):
        return any(differs(known.get(name), value) for name, value in given.items())
    return bool(known != given)


def save(ctx: Context, kind: str, arn: str, description: Description) -> None:
    """Keeps what is to be answered of an export or import."""
    known = {name: value for name, value in description.items() if value is not None}
    row = (ctx.account, ctx.region, arn, kind, known["TableArn"], known.get("ClientToken"))
    ctx.db.execute(
        "INSERT OR REPLACE INTO transfers VALUES (?, ?, ?, ?, ?, ?, ?)",
        (*row, orjson.dumps(known, default=portable)),
    )


def find(ctx: Context, kind: str, arn: str) -> Description | None:
    """What is to be answered of an export or import, or None."""
    row = ctx.db.execute(
        "SELECT description FROM transfers "
        "WHERE account = ? AND region = ? AND kind = ? AND arn = ?",
        (ctx.account, ctx.region, kind, arn),
    ).fetchone()
    return _loaded(row[0]) if row else None


def _loaded(kept: bytes) -> Description:
    """A description as it was saved. An export's filter can have binary values."""
    description: Description = orjson.loads(kept)
    given = description.get("FilterSpecification", {}).get("ExpressionAttributeValues", {})
    for value in given.values():
        restore(value)
    return description


def page(
    found: list[Description], token: str | None, size: int, base: int
) -> tuple[list[Description], int | None]:
    """A page of a list, and where the next begins (None: there is none).

    A token is a number to this base. ValidationException if it is none.
    """
    start = 0 if token is None else _start(token, base)
    end = start + size
    return found[start:end], end if len(found) > end else None


def _start(token: str, base: int) -> int:
    try:
        start = int(token, base)
    except ValueError:
        start = 0
    if not 0 < start < _MOST_LISTED:
        raise backup_errors.BadPageToken(token=token)
    return start


def listed(ctx: Context, kind: str, table_arn: str | None) -> list[Description]:
    """All exports or imports, of one table or any, the latest first."""
    rows = ctx.db.execute(
        "SELECT table_arn, description FROM transfers "
        "WHERE account = ? AND region = ? AND kind = ? ORDER BY arn DESC",
        (ctx.account, ctx.region, kind),
    )
    return [_loaded(row[1]) for row in rows if table_arn in (None, row[0])]


def packed(principal: Principal) -> dict[str, Any]:
    """A principal as a job's payload can hold it."""
    return {**asdict(principal), "tags": dict(principal.tags)}


def unpacked(kept: dict[str, Any]) -> Principal:
    """The principal a job goes as."""
    return Principal(**{**kept, "session_policies": tuple(kept["session_policies"])})


def portable(value: Any) -> str:
    """A binary value as DynamoDB's JSON has it."""
    return base64.b64encode(value).decode()


def restore(value: Any) -> None:
    """Makes the Base64 of binary values bytes. ValueError and others if it is no value."""
    ((kind, held),) = value.items()
    if kind == "B":
        value["B"] = base64.b64decode(held, validate=True)
    elif kind == "BS":
        value["BS"] = [base64.b64decode(member, validate=True) for member in held]
    elif kind in ("L", "M"):
        for element in held if kind == "L" else held.values():
            restore(element)
    elif kind not in ("S", "N", "SS", "NS", "BOOL", "NULL"):
        raise ValueError(kind)
