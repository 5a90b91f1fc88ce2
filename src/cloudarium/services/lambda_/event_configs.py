"""How asynchronous invocations of a function are retried, and where their outcomes go."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, field
from typing import Any

from cloudarium.core.context import Context
from cloudarium.services.lambda_ import errors, limits
from cloudarium.services.lambda_.names import LATEST, Reference


@dataclass(frozen=True)
class EventConfig:
    """Of a function or one qualifier. retries and age (seconds): None is Lambda's default.

    destinations: {"OnSuccess": ARN, "OnFailure": ARN}, each if set. modified: epoch seconds.
    """

    reference: Reference
    retries: int | None = None
    age: int | None = None
    destinations: dict[str, str] = field(default_factory=dict)
    modified: float = 0

    @property
    def retries_allowed(self) -> int:
        """How often a failed event is tried again."""
        return len(limits.RETRY_SECONDS) if self.retries is None else self.retries

    @property
    def seconds_allowed(self) -> int:
        """How long an event may wait."""
        return self.age or limits.EVENT_AGE_SECONDS

    def described(self) -> dict[str, Any]:
        """As FunctionEventInvokeConfig."""
        shown = self.reference.qualified(self.reference.qualifier or LATEST)
        return {
            "LastModified": self.modified,
            "FunctionArn": shown.arn,
            "MaximumRetryAttempts": self.retries,
            "MaximumEventAgeInSeconds": self.age,
            "DestinationConfig": {
                kind: {"Destination": self.destinations[kind]} if kind in self.destinations else {}
                for kind in ("OnSuccess", "OnFailure")
            },
        }


def get(ctx: Context, reference: Reference) -> EventConfig | None:
    """The configuration of exactly this function or qualifier, if there is one."""
    row = ctx.db.execute(
        "SELECT * FROM event_invoke_configs WHERE account = ? AND region = ? AND name = ?"
        " AND qualifier = ?",
        _key(reference),
    ).fetchone()
    return _config(reference, row) if row else None


def find(ctx: Context, reference: Reference) -> EventConfig:
    """The same; raises ResourceNotFoundException."""
    config = get(ctx, reference)
    if config is None:
        shown = reference.qualified(reference.qualifier or LATEST)
        raise errors.event_config_not_found(shown.arn)
    return config


def of_function(ctx: Context, reference: Reference) -> list[EventConfig]:
    """All configurations of a function's qualifiers."""
    rows = ctx.db.execute(
        "SELECT * FROM event_invoke_configs WHERE account = ? AND region = ? AND name = ?"
        " ORDER BY qualifier",
        _key(reference)[:3],
    )
    return [_config(reference.qualified(row["qualifier"]), row) for row in rows]


def put(ctx: Context, config: EventConfig) -> None:
    """Store a configuration, new or changed."""
    ctx.db.execute(
        "INSERT OR REPLACE INTO event_invoke_configs VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *_key(config.reference),
            config.retries,
            config.age,
            json.dumps(config.destinations),
            config.modified,
        ),
    )


def delete(ctx: Context, reference: Reference) -> None:
    """Remove a configuration; raises ResourceNotFoundException."""
    find(ctx, reference)
    ctx.db.execute(
        "DELETE FROM event_invoke_configs WHERE account = ? AND region = ? AND name = ?"
        " AND qualifier = ?",
        _key(reference),
    )


def _key(reference: Reference) -> tuple[str, str, str, str]:
    qualifier = "" if reference.qualifier == LATEST else reference.qualifier
    return reference.account, reference.region, reference.name, qualifier


def _config(reference: Reference, row: sqlite3.Row) -> EventConfig:
    destinations = json.loads(row["destinations"])
    return EventConfig(reference, row["retries"], row["age"], destinations, row["modified"])
