"""Users, groups and roles."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from cloudarium.core.context import Context
from cloudarium.services.iam.errors import (
    EntityExists,
    NoBoundary,
    NoSuchNamedEntity,
    QuotaExceeded,
    ReservedPath,
)
from cloudarium.services.iam.identifiers import unique_id
from cloudarium.services.iam.limits import GROUPS, ROLES, USERS

Kind = Literal["user", "group", "role"]
_QUOTAS = {
    "user": ("UsersPerAccount", USERS),
    "group": ("GroupsPerAccount", GROUPS),
    "role": ("RolesPerAccount", ROLES),
}
SERVICE_LINKED = "/aws-service-role/"


@dataclass(frozen=True)
class Entity:
    """A user, group or role. Times are epoch seconds."""

    id: str
    account: str
    kind: Kind
    name: str
    path: str
    created_at: float
    boundary: str | None
    trust_policy: str | None
    description: str | None
    max_session_duration: int | None
    last_used_at: float | None
    last_used_region: str | None

    @property
    def arn(self) -> str:
        """The ARN, path included."""
        return arn_of(self.account, self.kind, self.path, self.name)

    @property
    def trust(self) -> Mapping[str, Any]:
        """A role's trust policy as an object."""
        parsed: dict[str, Any] = json.loads(self.trust_policy or "{}")
        return parsed


def arn_of(account: str, kind: str, path: str, name: str) -> str:
    """Return the ARN of a user, group, role or policy."""
    return f"arn:aws:iam::{account}:{kind}{path}{name}"


def _entity(row: sqlite3.Row) -> Entity:
    return Entity(**dict(row))


def lookup(db: sqlite3.Connection, account: str, kind: Kind, name: str) -> Entity | None:
    """Return the entity called `name` (not case-sensitive), or None."""
    row = db.execute(
        "SELECT * FROM entities WHERE account = ? AND kind = ? AND name = ?", (account, kind, name)
    ).fetchone()
    return _entity(row) if row else None


def by_id(db: sqlite3.Connection, identifier: str) -> Entity | None:
    """Return the entity with this unique id, or None."""
    row = db.execute("SELECT * FROM entities WHERE id = ?", (identifier,)).fetchone()
    return _entity(row) if row else None


def by_arn(db: sqlite3.Connection, arn: str) -> Entity | None:
    """Return the user, group or role with exactly this ARN, or None."""
    parts = arn.split(":", 5)
    if len(parts) != 6 or parts[2] != "iam" or "/" not in parts[5]:
        return None
    kinds: dict[str, Kind] = {"user": "user", "group": "group", "role": "role"}
    kind = kinds.get(parts[5].partition("/")[0])
    if kind is None:
        return None
    entity = lookup(db, parts[4], kind, parts[5].rpartition("/")[2])
    return entity if entity and entity.arn == arn else None


def is_missing(db: sqlite3.Connection, account: str, arn: str) -> bool:
    """Tell whether `arn` names a user or role of `account` that is not there."""
    own = f"arn:aws:iam::{account}:"
    return arn.startswith((f"{own}user/", f"{own}role/")) and by_arn(db, arn) is None


def find(ctx: Context, kind: Kind, name: str) -> Entity:
    """Return the entity called `name` in the caller's account. Raises NoSuchEntity."""
    entity = lookup(ctx.db, ctx.account, kind, name)
    if entity is None:
        raise NoSuchNamedEntity(kind=kind, name=name)
    return entity


def listed(ctx: Context, kind: Kind, path_prefix: str = "/") -> list[Entity]:
    """Return the account's entities of `kind` whose path starts with `path_prefix`, by name."""
    rows = ctx.db.execute(
        "SELECT * FROM entities WHERE account = ? AND kind = ? AND substr(path, 1, ?) = ?"
        " ORDER BY name COLLATE BINARY",
        (ctx.account, kind, len(path_prefix), path_prefix),
    )
    return [_entity(row) for row in rows]


def count(ctx: Context, kind: Kind) -> int:
    """Return how many entities of `kind` the account has."""
    row = ctx.db.execute(
        "SELECT count(*) FROM entities WHERE account = ? AND kind = ?", (ctx.account, kind)
    ).fetchone()
    return int(row[0])


def create(
    ctx: Context,
    kind: Kind,
    name: str,
    path: str,
    boundary: str | None = None,
    trust_policy: str | None = None,
    description: str | None = None,
    max_session_duration: int | None = None,
    *,
    service_linked: bool = False,
) -> Entity:
    """Make an entity. Raises EntityAlreadyExists, LimitExceeded.

    Only roles that are `service_linked` go below the path of those.
    """
    if path.startswith(SERVICE_LINKED) and not service_linked:
        raise ReservedPath()
    if lookup(ctx.db, ctx.account, kind, name):
        raise EntityExists(kind=kind.capitalize(), name=name)
    quota, limit = _QUOTAS[kind]
    if count(ctx, kind) >= limit:
        raise QuotaExceeded(quota=quota, limit=limit)
    ctx.db.execute(
        "INSERT INTO entities (id, account, kind, name, path, created_at, boundary, trust_policy,"
        " description, max_session_duration) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            unique_id(ctx.ids, kind),
            ctx.account,
            kind,
            name,
            path,
            ctx.now,
            boundary,
            trust_policy,
            description,
            max_session_duration,
        ),
    )
    return find(ctx, kind, name)


def rename(ctx: Context, entity: Entity, name: str, path: str) -> None:
    """Give `entity` another name and path. Raises EntityAlreadyExists."""
    other = lookup(ctx.db, ctx.account, entity.kind, name)
    if other and other.id != entity.id:
        raise EntityExists(kind=entity.kind.capitalize(), name=name)
    ctx.db.execute("UPDATE entities SET name = ?, path = ? WHERE id = ?", (name, path, entity.id))


def change(ctx: Context, entity: Entity, **columns: str | int | None) -> None:
    """Set some columns of `entity`, such as `trust_policy` or `boundary`."""
    assignments = ", ".join(f"{column} = ?" for column in columns)
    ctx.db.execute(
        f"UPDATE entities SET {assignments} WHERE id = ?", (*columns.values(), entity.id)
    )


def remove_boundary(ctx: Context, entity: Entity) -> None:
    """Take the permissions boundary away. Raises NoSuchEntity if there is none."""
    if entity.boundary is None:
        raise NoBoundary(kind=entity.kind, name=entity.name)
    change(ctx, entity, boundary=None)


def remove(ctx: Context, entity: Entity) -> None:
    """Delete `entity` with its tags."""
    ctx.db.execute("DELETE FROM tags WHERE owner = ?", (entity.id,))
    ctx.db.execute("DELETE FROM entities WHERE id = ?", (entity.id,))


def groups_of(ctx: Context, user: Entity) -> list[Entity]:
    """Return the groups `user` is in, by name."""
    rows = ctx.db.execute(
        "SELECT entities.* FROM entities JOIN memberships ON group_id = id WHERE user_id = ?"
        " ORDER BY name COLLATE BINARY",
        (user.id,),
    )
    return [_entity(row) for row in rows]


def members_of(ctx: Context, group: Entity) -> list[Entity]:
    """Return the users in `group`, by name."""
    rows = ctx.db.execute(
        "SELECT entities.* FROM entities JOIN memberships ON user_id = id WHERE group_id = ?"
        " ORDER BY name COLLATE BINARY",
        (group.id,),
    )
    return [_entity(row) for row in rows]


def join(ctx: Context, group: Entity, user: Entity) -> None:
    """Put `user` into `group`; no change if it is in it."""
    ctx.db.execute("INSERT OR IGNORE INTO memberships VALUES (?, ?)", (group.id, user.id))


def leave(ctx: Context, group: Entity, user: Entity) -> bool:
    """Take `user` out of `group`; tell whether it was in it."""
    deleted = ctx.db.execute(
        "DELETE FROM memberships WHERE group_id = ? AND user_id = ?", (group.id, user.id)
    )
    return deleted.rowcount > 0
