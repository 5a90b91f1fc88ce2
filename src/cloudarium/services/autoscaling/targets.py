"""Scalable targets: rows of `targets`."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson

from cloudarium.core.context import Context, Request
from cloudarium.services.autoscaling import dimensions, errors
from cloudarium.services.autoscaling.dimensions import Dimension


class Key(NamedTuple):
    """What a target is known by."""

    namespace: str
    resource: str
    dimension: str

    @classmethod
    def of(cls, request: Request) -> Key:
        """Return the key a request names."""
        return cls(request["ServiceNamespace"], request["ResourceId"], request["ScalableDimension"])

    @property
    def shown(self) -> dict[str, str]:
        """The members of answers."""
        return dict(zip(("ServiceNamespace", "ResourceId", "ScalableDimension"), self, strict=True))


@dataclass(frozen=True)
class Target:
    """A scalable target: its capacity stays between `least` and `most`."""

    account: str
    region: str
    key: Key
    id: str
    least: int
    most: int
    suspended: dict[str, bool]
    tags: dict[str, str]
    created_at: float

    @property
    def arn(self) -> str:
        """The target's ARN."""
        prefix = f"arn:aws:application-autoscaling:{self.region}:{self.account}"
        return f"{prefix}:scalable-target/{self.id}"

    @property
    def kind(self) -> Dimension:
        """Its dimension."""
        return dimensions.DIMENSIONS[self.key.dimension]

    def bounded(self, capacity: int) -> int:
        """Return the nearest capacity it may have."""
        return min(max(capacity, self.least), self.most)

    def is_suspended(self, what: str) -> bool:
        """Tell whether `DynamicScalingIn`, `DynamicScalingOut` or `ScheduledScaling` is off."""
        return self.suspended.get(f"{what}Suspended", False)


def lookup(ctx: Context, key: Key) -> Target | None:
    """Return the target, if it is registered."""
    row = ctx.db.execute(
        "SELECT * FROM targets WHERE account = ? AND region = ? AND namespace = ?"
        " AND resource = ? AND dimension = ?",
        (ctx.account, ctx.region, *key),
    ).fetchone()
    return _target(row) if row else None


def find(ctx: Context, key: Key) -> Target:
    """Return the target. Raises ObjectNotFoundException."""
    target = lookup(ctx, key)
    if target is None:
        raise errors.TargetNotFound(**key._asdict())
    return target


def by_arn(ctx: Context, arn: str) -> Target:
    """Return the target with an ARN. Raises ResourceNotFoundException."""
    row = ctx.db.execute(
        "SELECT * FROM targets WHERE account = ? AND region = ? AND id = ?",
        (ctx.account, ctx.region, arn.rpartition("/")[2]),
    ).fetchone()
    if row is None:
        raise errors.ArnNotFound(members={"ResourceName": arn})
    return _target(row)


def listed(ctx: Context, namespace: str) -> list[Target]:
    """Return the targets of a service namespace, by resource and dimension."""
    rows = ctx.db.execute(
        "SELECT * FROM targets WHERE account = ? AND region = ? AND namespace = ?"
        " ORDER BY resource, dimension",
        (ctx.account, ctx.region, namespace),
    )
    return [_target(row) for row in rows]


def put(ctx: Context, target: Target) -> None:
    """Make or replace a target."""
    ctx.db.execute(
        "INSERT OR REPLACE INTO targets VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(target.account, target.region, *target.key, target.id, target.least, target.most),
            orjson.dumps(target.suspended).decode(),
            orjson.dumps(target.tags).decode(),
            target.created_at,
        ),
    )


def delete(ctx: Context, target: Target) -> None:
    """Remove a target; its policies and scheduled actions are the caller's to remove."""
    ctx.db.execute(
        "DELETE FROM targets WHERE account = ? AND region = ? AND namespace = ?"
        " AND resource = ? AND dimension = ?",
        (target.account, target.region, *target.key),
    )


def _target(row: sqlite3.Row) -> Target:
    values: dict[str, Any] = dict(row)
    key = Key(values.pop("namespace"), values.pop("resource"), values.pop("dimension"))
    for name in ("suspended", "tags"):
        values[name] = orjson.loads(values[name])
    return Target(key=key, **values)
