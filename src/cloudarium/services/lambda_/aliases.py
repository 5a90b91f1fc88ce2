"""Aliases: names for versions, and how they share out invocations."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, field, replace
from typing import Any

from cloudarium.core.context import Context
from cloudarium.services.lambda_ import errors
from cloudarium.services.lambda_.names import LATEST, Reference

_RANDOM_BYTES = 4


@dataclass(frozen=True)
class Alias:
    """An alias; `reference.qualifier` is its name. `weights`: further versions' shares, 0 to 1."""

    reference: Reference
    version: str
    description: str = ""
    weights: dict[str, float] = field(default_factory=dict)
    revision_id: str = ""

    @property
    def is_moving(self) -> bool:
        """Whether all goes to the other version.

        So it is until environments of an alias's new version are provisioned.
        """
        return 1.0 in self.weights.values()

    def described(self) -> dict[str, Any]:
        """The alias as AliasConfiguration."""
        routing = {"AdditionalVersionWeights": self.weights} if self.weights else None
        return {
            "AliasArn": self.reference.arn,
            "Name": self.reference.qualifier,
            "FunctionVersion": self.version,
            "Description": self.description,
            "RoutingConfig": routing,
            "RevisionId": self.revision_id,
        }


def is_alias(qualifier: str) -> bool:
    """Whether a qualifier can name an alias; else it is a version's (with a `$`, `$LATEST`'s)."""
    return bool(qualifier) and "$" not in qualifier and not qualifier.isdigit()


def get(ctx: Context, reference: Reference) -> Alias | None:
    """The alias that the reference's qualifier names, if it exists."""
    row = ctx.db.execute(
        "SELECT * FROM aliases WHERE account = ? AND region = ? AND name = ? AND alias = ?",
        _key(reference),
    ).fetchone()
    return _alias(reference, row) if row else None


def find(ctx: Context, reference: Reference) -> Alias:
    """The alias; raises ResourceNotFoundException."""
    alias = get(ctx, reference)
    if alias is None:
        raise errors.alias_not_found(reference.arn)
    return alias


def of_function(ctx: Context, reference: Reference) -> list[Alias]:
    """The function's aliases, by name."""
    rows = ctx.db.execute(
        "SELECT * FROM aliases WHERE account = ? AND region = ? AND name = ? ORDER BY alias",
        _key(reference)[:3],
    )
    return [_alias(reference, row) for row in rows]


def put(ctx: Context, alias: Alias) -> None:
    """Store an alias, new or changed."""
    ctx.db.execute(
        "INSERT OR REPLACE INTO aliases VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *_key(alias.reference),
            alias.version,
            alias.description,
            json.dumps(alias.weights),
            alias.revision_id,
        ),
    )


def renew(ctx: Context, alias: Alias) -> None:
    """Store that an alias, or its resource policy, has changed."""
    put(ctx, replace(alias, revision_id=ctx.ids.uuid()))


def delete(ctx: Context, reference: Reference) -> None:
    """Remove an alias if it is there."""
    ctx.db.execute(
        "DELETE FROM aliases WHERE account = ? AND region = ? AND name = ? AND alias = ?",
        _key(reference),
    )


def checked_weights(routing: dict[str, Any] | None, version: str) -> dict[str, float]:
    """The weights of a RoutingConfig; raises InvalidParameterValueException."""
    weights: dict[str, float] = (routing or {}).get("AdditionalVersionWeights") or {}
    if len(weights) > 1:
        raise errors.invalid(errors.WEIGHTS_TOO_MANY)
    if weights and (version == LATEST or LATEST in weights):
        raise errors.invalid(errors.WEIGHTS_OF_LATEST)
    if version in weights:
        raise errors.invalid(errors.WEIGHT_OF_ITSELF.format(version=version))
    return weights


def chosen_version(ctx: Context, alias: Alias) -> str:
    """The version that serves the next invocation."""
    if not alias.weights:
        return alias.version
    share = int.from_bytes(ctx.ids.bytes(_RANDOM_BYTES)) / 256**_RANDOM_BYTES
    for version, weight in alias.weights.items():
        if share < weight:
            return version
        share -= weight
    return alias.version


def _key(reference: Reference) -> tuple[str, str, str, str]:
    return reference.account, reference.region, reference.name, reference.qualifier


def _alias(reference: Reference, row: sqlite3.Row) -> Alias:
    return Alias(
        reference.qualified(row["alias"]),
        row["version"],
        row["description"],
        json.loads(row["weights"]),
        row["revision_id"],
    )
