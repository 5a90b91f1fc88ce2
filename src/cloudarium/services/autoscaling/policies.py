"""Target tracking policies: rows of `policies`."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

import orjson

from cloudarium.core.context import Context
from cloudarium.services.autoscaling import errors
from cloudarium.services.autoscaling.targets import Key


@dataclass(frozen=True)
class Policy:
    """A policy; `alarms` are the names of its alarms, by what they watch. Times: epoch seconds."""

    account: str
    region: str
    key: Key
    name: str
    id: str
    configuration: dict[str, Any]
    alarms: dict[str, str]
    created_at: float
    scaled_out_at: float | None = None
    scaled_in_at: float | None = None

    @property
    def arn(self) -> str:
        """The policy's ARN."""
        prefix = f"arn:aws:autoscaling:{self.region}:{self.account}:scalingPolicy:{self.id}"
        resource = f"resource/{self.key.namespace}/{self.key.resource}"
        return f"{prefix}:{resource}:policyName/{self.name}"

    @property
    def shown_alarms(self) -> list[dict[str, str]]:
        """The alarms as answers have them."""
        prefix = f"arn:aws:cloudwatch:{self.region}:{self.account}:alarm"
        return [
            {"AlarmName": name, "AlarmARN": f"{prefix}:{name}"} for name in self.alarms.values()
        ]


def lookup(ctx: Context, key: Key, name: str) -> Policy | None:
    """Return the policy of a target called `name`, if there is one."""
    return next((policy for policy in of_target(ctx, key) if policy.name == name), None)


def find(ctx: Context, key: Key, name: str) -> Policy:
    """Return the policy of a target called `name`. Raises ObjectNotFoundException."""
    policy = lookup(ctx, key, name)
    if policy is None:
        raise errors.PolicyNotFound(**key._asdict(), name=name)
    return policy


def by_id(ctx: Context, identifier: str) -> Policy | None:
    """Return the policy with an id, if it is still there."""
    row = ctx.db.execute(
        "SELECT * FROM policies WHERE account = ? AND region = ? AND id = ?",
        (ctx.account, ctx.region, identifier),
    ).fetchone()
    return _policy(row) if row else None


def of_target(ctx: Context, key: Key) -> list[Policy]:
    """Return a target's policies, by name."""
    rows = ctx.db.execute(
        "SELECT * FROM policies WHERE account = ? AND region = ? AND namespace = ?"
        " AND resource = ? AND dimension = ? ORDER BY name",
        (ctx.account, ctx.region, *key),
    )
    return [_policy(row) for row in rows]


def listed(ctx: Context, namespace: str) -> list[Policy]:
    """Return the policies of a service namespace, by target and name."""
    rows = ctx.db.execute(
        "SELECT * FROM policies WHERE account = ? AND region = ? AND namespace = ?"
        " ORDER BY resource, dimension, name",
        (ctx.account, ctx.region, namespace),
    )
    return [_policy(row) for row in rows]


def put(ctx: Context, policy: Policy) -> None:
    """Make or replace a policy."""
    ctx.db.execute(
        "INSERT OR REPLACE INTO policies VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(policy.account, policy.region, *policy.key, policy.name, policy.id),
            orjson.dumps(policy.configuration).decode(),
            orjson.dumps(policy.alarms).decode(),
            *(policy.created_at, policy.scaled_out_at, policy.scaled_in_at),
        ),
    )


def delete(ctx: Context, policy: Policy) -> None:
    """Remove a policy; its alarms are the caller's to remove."""
    ctx.db.execute(
        "DELETE FROM policies WHERE account = ? AND region = ? AND id = ?",
        (policy.account, policy.region, policy.id),
    )


def _policy(row: sqlite3.Row) -> Policy:
    values: dict[str, Any] = dict(row)
    key = Key(values.pop("namespace"), values.pop("resource"), values.pop("dimension"))
    for name in ("configuration", "alarms"):
        values[name] = orjson.loads(values[name])
    return Policy(key=key, **values)
