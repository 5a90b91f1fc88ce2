"""Instance profiles: what lends an EC2 instance a role.

There is no EC2 here; but tools that make and delete roles ask for them.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from cloudarium.core.context import Context
from cloudarium.services.iam import entities
from cloudarium.services.iam.entities import Entity
from cloudarium.services.iam.errors import (
    InstanceProfileExists,
    MustRemoveRoles,
    NoSuchInstanceProfile,
    NoSuchNamedEntity,
    QuotaExceeded,
)
from cloudarium.services.iam.identifiers import unique_id
from cloudarium.services.iam.limits import INSTANCE_PROFILES, ROLES_PER_INSTANCE_PROFILE


@dataclass(frozen=True)
class InstanceProfile:
    """An instance profile; `role_id` is None while it has no role."""

    id: str
    account: str
    name: str
    path: str
    created_at: float
    role_id: str | None

    @property
    def arn(self) -> str:
        """The ARN, path included."""
        return entities.arn_of(self.account, "instance-profile", self.path, self.name)


def lookup(db: sqlite3.Connection, account: str, name: str) -> InstanceProfile | None:
    """Return the instance profile called `name` (not case-sensitive), or None."""
    row = db.execute(
        "SELECT * FROM instance_profiles WHERE account = ? AND name = ?", (account, name)
    ).fetchone()
    return InstanceProfile(**dict(row)) if row else None


def by_arn(db: sqlite3.Connection, arn: str) -> InstanceProfile | None:
    """Return the instance profile with exactly this ARN, or None."""
    account, _, name = arn.rpartition("/")
    found = lookup(db, account.removeprefix("arn:aws:iam::")[:12], name)
    return found if found and found.arn == arn else None


def find(ctx: Context, name: str) -> InstanceProfile:
    """Return the instance profile called `name`. Raises NoSuchEntity."""
    found = lookup(ctx.db, ctx.account, name)
    if found is None:
        raise NoSuchInstanceProfile(name=name)
    return found


def listed(ctx: Context, path_prefix: str = "/") -> list[InstanceProfile]:
    """Return the account's instance profiles whose path starts with `path_prefix`, by name."""
    rows = ctx.db.execute(
        "SELECT * FROM instance_profiles WHERE account = ? AND substr(path, 1, ?) = ?"
        " ORDER BY name COLLATE BINARY",
        (ctx.account, len(path_prefix), path_prefix),
    )
    return [InstanceProfile(**dict(row)) for row in rows]


def of_role(ctx: Context, role: Entity) -> list[InstanceProfile]:
    """Return the instance profiles that hold `role`, by name."""
    rows = ctx.db.execute(
        "SELECT * FROM instance_profiles WHERE role_id = ? ORDER BY name COLLATE BINARY",
        (role.id,),
    )
    return [InstanceProfile(**dict(row)) for row in rows]


def create(ctx: Context, name: str, path: str) -> InstanceProfile:
    """Make an instance profile. Raises EntityAlreadyExists, LimitExceeded."""
    if lookup(ctx.db, ctx.account, name):
        raise InstanceProfileExists(name=name)
    if len(listed(ctx)) >= INSTANCE_PROFILES:
        raise QuotaExceeded(quota="InstanceProfilesPerAccount", limit=INSTANCE_PROFILES)
    ctx.db.execute(
        "INSERT INTO instance_profiles VALUES (?, ?, ?, ?, ?, NULL)",
        (unique_id(ctx.ids, "instance_profile"), ctx.account, name, path, ctx.now),
    )
    return find(ctx, name)


def add_role(ctx: Context, profile: InstanceProfile, role: Entity) -> None:
    """Put a role into an instance profile. Raises LimitExceeded if it has one."""
    if profile.role_id is not None:
        limit = ROLES_PER_INSTANCE_PROFILE
        raise QuotaExceeded(quota="InstanceSessionsPerInstanceProfile", limit=limit)
    _put_role(ctx, profile, role.id)


def remove_role(ctx: Context, profile: InstanceProfile, role: Entity) -> None:
    """Take a role out of an instance profile. Raises NoSuchEntity if it is not in it."""
    if profile.role_id != role.id:
        raise NoSuchNamedEntity(kind="role", name=role.name)
    _put_role(ctx, profile, None)


def _put_role(ctx: Context, profile: InstanceProfile, role_id: str | None) -> None:
    ctx.db.execute("UPDATE instance_profiles SET role_id = ? WHERE id = ?", (role_id, profile.id))


def remove(ctx: Context, profile: InstanceProfile) -> None:
    """Delete an instance profile with its tags. Raises DeleteConflict while it has a role."""
    if profile.role_id is not None:
        raise MustRemoveRoles()
    ctx.db.execute("DELETE FROM tags WHERE owner = ?", (profile.id,))
    ctx.db.execute("DELETE FROM instance_profiles WHERE id = ?", (profile.id,))


def check_unused(ctx: Context, role: Entity) -> None:
    """Raise DeleteConflict while an instance profile holds `role`."""
    if of_role(ctx, role):
        raise MustRemoveRoles()
