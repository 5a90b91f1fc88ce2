"""Scheduled actions: rows of `scheduled_actions`."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

import orjson

from cloudarium.core.context import Context
from cloudarium.services.autoscaling import errors
from cloudarium.services.autoscaling.targets import Key


@dataclass(frozen=True)
class ScheduledAction:
    """A scheduled action; `settings` has the members of PutScheduledAction."""

    account: str
    region: str
    key: Key
    name: str
    id: str
    settings: dict[str, Any]
    created_at: float

    @property
    def arn(self) -> str:
        """The action's ARN."""
        prefix = f"arn:aws:autoscaling:{self.region}:{self.account}:scheduledAction:{self.id}"
        resource = f"resource/{self.key.namespace}/{self.key.resource}"
        return f"{prefix}:{resource}:scheduledActionName/{self.name}"


def lookup(ctx: Context, key: Key, name: str) -> ScheduledAction | None:
    """Return the action of a target called `name`, if there is one."""
    return next((action for action in of_target(ctx, key) if action.name == name), None)


def find(ctx: Context, key: Key, name: str) -> ScheduledAction:
    """Return the action of a target called `name`. Raises ObjectNotFoundException."""
    action = lookup(ctx, key, name)
    if action is None:
        raise errors.ActionNotFound(**key._asdict(), name=name)
    return action


def of_target(ctx: Context, key: Key) -> list[ScheduledAction]:
    """Return a target's scheduled actions, by name."""
    rows = ctx.db.execute(
        "SELECT * FROM scheduled_actions WHERE account = ? AND region = ? AND namespace = ?"
        " AND resource = ? AND dimension = ? ORDER BY name",
        (ctx.account, ctx.region, *key),
    )
    return [_action(row) for row in rows]


def listed(ctx: Context, namespace: str) -> list[ScheduledAction]:
    """Return the scheduled actions of a service namespace, by target and name."""
    rows = ctx.db.execute(
        "SELECT * FROM scheduled_actions WHERE account = ? AND region = ? AND namespace = ?"
        " ORDER BY resource, dimension, name",
        (ctx.account, ctx.region, namespace),
    )
    return [_action(row) for row in rows]


def put(ctx: Context, action: ScheduledAction) -> None:
    """Make or replace a scheduled action."""
    ctx.db.execute(
        "INSERT OR REPLACE INTO scheduled_actions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(action.account, action.region, *action.key, action.name, action.id),
            orjson.dumps(action.settings).decode(),
            action.created_at,
        ),
    )


def delete(ctx: Context, action: ScheduledAction) -> None:
    """Remove a scheduled action; its next moment is the caller's to cancel."""
    ctx.db.execute(
        "DELETE FROM scheduled_actions WHERE account = ? AND region = ? AND id = ?",
        (action.account, action.region, action.id),
    )


def _action(row: sqlite3.Row) -> ScheduledAction:
    values: dict[str, Any] = dict(row)
    key = Key(values.pop("namespace"), values.pop("resource"), values.pop("dimension"))
    values["settings"] = orjson.loads(values["settings"])
    return ScheduledAction(key=key, **values)
