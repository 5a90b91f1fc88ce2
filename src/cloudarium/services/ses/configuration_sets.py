"""Configuration sets with their event destinations."""

from __future__ import annotations

import json
import re
import sqlite3
from dataclasses import dataclass
from typing import Any

from cloudarium.core.context import Context
from cloudarium.services.ses import errors, limits

_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True)
class ConfigurationSet:
    """A configuration set; `destinations` are the API's EventDestinations."""

    name: str
    settings: dict[str, Any]
    destinations: list[dict[str, Any]]

    @property
    def sends(self) -> bool:
        """Whether mail may be sent with it."""
        return bool(self.settings.get("SendingEnabled", True))

    def destination(self, name: str) -> dict[str, Any] | None:
        """Return the event destination `name`, or None."""
        return next((each for each in self.destinations if each["Name"] == name), None)


def _configuration_set(row: sqlite3.Row) -> ConfigurationSet:
    return ConfigurationSet(
        row["name"], json.loads(row["settings"]), json.loads(row["destinations"])
    )


def lookup(ctx: Context, name: str) -> ConfigurationSet | None:
    """Return the configuration set `name`, or None."""
    row = ctx.db.execute(
        "SELECT * FROM configuration_sets WHERE account = ? AND region = ? AND name = ?",
        (ctx.account, ctx.region, name),
    ).fetchone()
    return _configuration_set(row) if row else None


def find(ctx: Context, name: str) -> ConfigurationSet:
    """Return the configuration set `name`. Raises ConfigurationSetDoesNotExist."""
    found = lookup(ctx, name)
    if found is None:
        raise errors.ConfigurationSetDoesNotExist(members={"ConfigurationSetName": name}, name=name)
    return found


def names(ctx: Context) -> list[str]:
    """Return the names of this account's and region's configuration sets."""
    rows = ctx.db.execute(
        "SELECT name FROM configuration_sets WHERE account = ? AND region = ? ORDER BY name",
        (ctx.account, ctx.region),
    )
    return [row["name"] for row in rows]


def create(ctx: Context, name: str) -> None:
    """Make a configuration set. Raises what forbids it."""
    if not _NAME.fullmatch(name):
        raise errors.InvalidConfigurationSet(name=name)
    existing = names(ctx)
    if name in existing:
        raise errors.ConfigurationSetAlreadyExists(
            members={"ConfigurationSetName": name}, name=name
        )
    if len(existing) >= limits.CONFIGURATION_SETS:
        raise errors.LimitExceeded(what="configuration sets", limit=limits.CONFIGURATION_SETS)
    ctx.db.execute(
        "INSERT INTO configuration_sets VALUES (?, ?, ?, '{}', '[]')",
        (ctx.account, ctx.region, name),
    )


def set_settings(ctx: Context, name: str, **settings: Any) -> None:
    """Set options of a configuration set. Raises ConfigurationSetDoesNotExist."""
    found = find(ctx, name)
    ctx.db.execute(
        "UPDATE configuration_sets SET settings = ? WHERE account = ? AND region = ? AND name = ?",
        (json.dumps({**found.settings, **settings}), ctx.account, ctx.region, name),
    )


def set_destinations(ctx: Context, name: str, destinations: list[dict[str, Any]]) -> None:
    """Replace a configuration set's event destinations."""
    ctx.db.execute(
        "UPDATE configuration_sets SET destinations = ?"
        " WHERE account = ? AND region = ? AND name = ?",
        (json.dumps(destinations), ctx.account, ctx.region, name),
    )


def delete(ctx: Context, name: str) -> None:
    """Remove a configuration set."""
    ctx.db.execute(
        "DELETE FROM configuration_sets WHERE account = ? AND region = ? AND name = ?",
        (ctx.account, ctx.region, name),
    )


def arn(ctx: Context, name: str) -> str:
    """Return a configuration set's ARN."""
    return ctx.arn(f"configuration-set/{name}", "ses")
