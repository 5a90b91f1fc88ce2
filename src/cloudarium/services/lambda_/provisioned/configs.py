"""Provisioned concurrency configurations: rows of `provisioned`."""

from __future__ import annotations

import math
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cloudarium.core.context import Context
from cloudarium.services.lambda_ import aliases, errors
from cloudarium.services.lambda_.names import Reference

IN_PROGRESS, READY, FAILED = "IN_PROGRESS", "READY", "FAILED"


@dataclass(frozen=True)
class Provision:
    """What a version or alias (`reference.qualifier`) has. modified: epoch seconds."""

    reference: Reference
    requested: int
    modified: float
    allocated: int = 0
    status: str = IN_PROGRESS
    reason: str = ""

    def described(self, busy: int = 0) -> dict[str, Any]:
        """As the API shows it; `busy` of its environments are at work."""
        shown: dict[str, Any] = {
            "RequestedProvisionedConcurrentExecutions": self.requested,
            "AllocatedProvisionedConcurrentExecutions": self.allocated,
            "AvailableProvisionedConcurrentExecutions": max(self.allocated - busy, 0),
            "Status": self.status,
            "LastModified": datetime.fromtimestamp(self.modified, UTC).strftime(
                "%Y-%m-%dT%H:%M:%S+0000"
            ),
        }
        if self.reason:
            shown["StatusReason"] = self.reason
        return shown


def get(ctx: Context, reference: Reference) -> Provision | None:
    """The configuration of exactly this version or alias, if there is one."""
    row = ctx.db.execute(
        "SELECT * FROM provisioned WHERE account = ? AND region = ? AND name = ? AND qualifier = ?",
        _key(reference),
    ).fetchone()
    return _provision(row) if row else None


def find(ctx: Context, reference: Reference) -> Provision:
    """The same; raises ProvisionedConcurrencyConfigNotFoundException."""
    found = get(ctx, reference)
    if found is None:
        raise errors.provision_not_found()
    return found


def of_function(ctx: Context, reference: Reference) -> list[Provision]:
    """All configurations of a function, by qualifier."""
    rows = ctx.db.execute(
        "SELECT * FROM provisioned WHERE account = ? AND region = ? AND name = ?"
        " ORDER BY qualifier",
        _key(reference)[:3],
    )
    return [_provision(row) for row in rows]


def versions_of(ctx: Context, reference: Reference) -> list[str]:
    """The numbers of the versions that a version's or alias's configuration is for."""
    if not aliases.is_alias(reference.qualifier):
        return [reference.qualifier]
    alias = aliases.get(ctx, reference)
    return [alias.version, *alias.weights] if alias else []


def requested(ctx: Context, reference: Reference, version: str) -> int:
    """How many environments a version is to have ready."""
    found = of_function(ctx, reference)
    return sum(_shares(ctx, provision).get(version, 0) for provision in found)


def _shares(ctx: Context, provision: Provision) -> dict[str, int]:
    """How many environments each version gets: two versions of an alias by their weights.

    A version with all the weight leaves none to the other, unless the alias moves to that one.
    """
    if not aliases.is_alias(provision.reference.qualifier):
        return {provision.reference.qualifier: provision.requested}
    alias = aliases.get(ctx, provision.reference)
    if alias is None:
        return {}
    shares = {v: math.ceil(provision.requested * weight) for v, weight in alias.weights.items()}
    if provision.status == IN_PROGRESS and alias.is_moving:
        return {**shares, alias.version: provision.requested}
    return {**shares, alias.version: provision.requested - sum(shares.values())}


def put(ctx: Context, provision: Provision) -> None:
    """Store a configuration, new or changed."""
    ctx.db.execute(
        "INSERT OR REPLACE INTO provisioned VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *_key(provision.reference),
            provision.requested,
            provision.allocated,
            provision.status,
            provision.reason,
            provision.modified,
        ),
    )


def delete(ctx: Context, reference: Reference) -> None:
    """Remove a configuration if it is there."""
    ctx.db.execute(
        "DELETE FROM provisioned WHERE account = ? AND region = ? AND name = ? AND qualifier = ?",
        _key(reference),
    )


def everywhere(ctx: Context) -> list[Provision]:
    """Every account's configurations."""
    return [_provision(row) for row in ctx.db.execute("SELECT * FROM provisioned")]


def _key(reference: Reference) -> tuple[str, str, str, str]:
    return reference.account, reference.region, reference.name, reference.qualifier


def _provision(row: sqlite3.Row) -> Provision:
    return Provision(
        Reference(row["account"], row["region"], row["name"], row["qualifier"]),
        row["requested"],
        row["modified"],
        row["allocated"],
        row["status"],
        row["reason"],
    )
