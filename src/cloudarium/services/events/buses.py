"""Event buses: rows of `buses`; the default bus is there without a row."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

import orjson

from cloudarium.core.context import Context
from cloudarium.services.events import errors

DEFAULT = "default"


@dataclass(frozen=True)
class Bus:
    """An event bus."""

    account: str
    region: str
    name: str
    description: str | None
    policy: dict[str, Any] | None
    tags: dict[str, str]
    created_at: float | None

    @property
    def arn(self) -> str:
        """The bus's ARN."""
        return f"arn:aws:events:{self.region}:{self.account}:event-bus/{self.name}"


def name_of(request_value: str | None) -> str:
    """Return the bus's name from a name, an ARN or nothing (the default bus)."""
    if not request_value:
        return DEFAULT
    return request_value.rpartition("/")[2] if request_value.startswith("arn:") else request_value


def lookup(ctx: Context, name: str) -> Bus | None:
    """Return the bus called `name`, if there is one."""
    row = ctx.db.execute(
        "SELECT * FROM buses WHERE account = ? AND region = ? AND name = ?",
        (ctx.account, ctx.region, name),
    ).fetchone()
    if row is None and name == DEFAULT:
        return Bus(ctx.account, ctx.region, DEFAULT, None, None, {}, None)
    return _bus(row) if row else None


def find(ctx: Context, name: str) -> Bus:
    """Return the bus called `name`. Raises ResourceNotFoundException."""
    bus = lookup(ctx, name)
    if bus is None:
        raise errors.BusNotFound(name=name)
    return bus


def listed(ctx: Context, prefix: str) -> list[Bus]:
    """Return the buses whose names start with `prefix`, by name."""
    rows = ctx.db.execute(
        "SELECT * FROM buses WHERE account = ? AND region = ? ORDER BY name",
        (ctx.account, ctx.region),
    )
    found = {row["name"]: _bus(row) for row in rows}
    found.setdefault(DEFAULT, find(ctx, DEFAULT))
    return [found[name] for name in sorted(found) if name.startswith(prefix)]


def put(ctx: Context, bus: Bus) -> None:
    """Make or replace a bus."""
    ctx.db.execute(
        "INSERT OR REPLACE INTO buses VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            bus.account,
            bus.region,
            bus.name,
            bus.description,
            orjson.dumps(bus.policy).decode() if bus.policy else None,
            orjson.dumps(bus.tags).decode(),
            ctx.now if bus.created_at is None else bus.created_at,
        ),
    )


def delete(ctx: Context, bus: Bus) -> None:
    """Remove a bus."""
    ctx.db.execute(
        "DELETE FROM buses WHERE account = ? AND region = ? AND name = ?",
        (bus.account, bus.region, bus.name),
    )


def _bus(row: sqlite3.Row) -> Bus:
    return Bus(
        row["account"],
        row["region"],
        row["name"],
        row["description"],
        orjson.loads(row["policy"]) if row["policy"] else None,
        orjson.loads(row["tags"]),
        row["created_at"],
    )
