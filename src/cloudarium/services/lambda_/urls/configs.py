"""Function URLs: rows of `urls`."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cloudarium.core.context import Context
from cloudarium.services.lambda_ import errors
from cloudarium.services.lambda_.names import Reference

_PORT = 4566


@dataclass(frozen=True)
class FunctionUrl:
    """A function's or alias's URL. cors: as the API shows it. Times are epoch seconds."""

    id: str
    reference: Reference
    auth: str
    cors: dict[str, Any]
    mode: str
    created: float
    modified: float

    @property
    def host(self) -> str:
        """Its host name, without a port."""
        return f"{self.id}.lambda-url.{self.reference.region}.localhost"

    def described(self, ctx: Context) -> dict[str, Any]:
        """As FunctionUrlConfig."""
        port = ctx.cloud.ports.get("http") or _PORT
        return {
            "FunctionUrl": f"http://{self.host}:{port}/",
            "FunctionArn": self.reference.arn,
            "AuthType": self.auth,
            "Cors": self.cors or None,
            "CreationTime": _time(self.created),
            "LastModifiedTime": _time(self.modified),
            "InvokeMode": self.mode,
        }


def _time(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def by_id(ctx: Context, identity: str) -> FunctionUrl | None:
    """The URL whose host begins with this id, in whatever account."""
    row = ctx.db.execute("SELECT * FROM urls WHERE id = ?", (identity,)).fetchone()
    return _url(row) if row else None


def get(ctx: Context, reference: Reference) -> FunctionUrl | None:
    """The URL of exactly this function or alias, if there is one."""
    row = ctx.db.execute(
        "SELECT * FROM urls WHERE account = ? AND region = ? AND name = ? AND qualifier = ?",
        (reference.account, reference.region, reference.name, reference.qualifier),
    ).fetchone()
    return _url(row) if row else None


def find(ctx: Context, reference: Reference) -> FunctionUrl:
    """The same. Raises ResourceNotFoundException."""
    url = get(ctx, reference)
    if url is None:
        raise errors.policy_not_found()
    return url


def of_function(ctx: Context, reference: Reference) -> list[FunctionUrl]:
    """All URLs of a function and its aliases."""
    rows = ctx.db.execute(
        "SELECT * FROM urls WHERE account = ? AND region = ? AND name = ? ORDER BY qualifier",
        (reference.account, reference.region, reference.name),
    )
    return [_url(row) for row in rows]


def put(ctx: Context, url: FunctionUrl) -> None:
    """Store a URL, new or changed."""
    reference = url.reference
    ctx.db.execute(
        "INSERT OR REPLACE INTO urls VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            url.id,
            reference.account,
            reference.region,
            reference.name,
            reference.qualifier,
            url.auth,
            json.dumps(url.cors),
            url.mode,
            url.created,
            url.modified,
        ),
    )


def delete(ctx: Context, url: FunctionUrl) -> None:
    """Remove a URL."""
    ctx.db.execute("DELETE FROM urls WHERE id = ?", (url.id,))


def _url(row: sqlite3.Row) -> FunctionUrl:
    return FunctionUrl(
        row["id"],
        Reference(row["account"], row["region"], row["name"], row["qualifier"]),
        row["auth"],
        json.loads(row["cors"]),
        row["mode"],
        row["created"],
        row["modified"],
    )
