"""The policies of users, groups and roles: attached (managed) and embedded (inline)."""

from __future__ import annotations

import sqlite3

from cloudarium.core.context import Context
from cloudarium.services.iam import documents, policies
from cloudarium.services.iam.entities import Entity
from cloudarium.services.iam.errors import (
    MustDeletePolicies,
    MustDetachPolicies,
    NoSuchInlinePolicy,
    NoSuchPolicy,
    QuotaExceeded,
)
from cloudarium.services.iam.limits import ATTACHED_POLICIES
from cloudarium.services.iam.policies import Policy


def attach(ctx: Context, entity: Entity, arn: str) -> None:
    """Attach a managed policy; no change if it is attached. Raises NoSuchEntity, LimitExceeded."""
    policy = policies.attachable(ctx, arn)
    present = attached_arns(ctx.db, entity.id)
    if policy.arn in present:
        return
    limit = ATTACHED_POLICIES[entity.kind]
    if len(present) >= limit:
        raise QuotaExceeded(quota=f"PoliciesPer{entity.kind.capitalize()}", limit=limit)
    ctx.db.execute("INSERT INTO attachments VALUES (?, ?)", (entity.id, policy.arn))


def detach(ctx: Context, entity: Entity, arn: str) -> None:
    """Detach a managed policy. Raises NoSuchEntity if it is not attached."""
    deleted = ctx.db.execute(
        "DELETE FROM attachments WHERE entity_id = ? AND policy_arn = ?", (entity.id, arn)
    )
    if not deleted.rowcount:
        raise NoSuchPolicy(arn=arn)


def attached_arns(db: sqlite3.Connection, entity_id: str) -> list[str]:
    """Return the ARNs of the managed policies attached to an entity."""
    rows = db.execute("SELECT policy_arn FROM attachments WHERE entity_id = ?", (entity_id,))
    return [row["policy_arn"] for row in rows]


def attached(ctx: Context, entity: Entity) -> list[Policy]:
    """Return the managed policies attached to `entity`, by name."""
    found = [policies.find(ctx, arn) for arn in attached_arns(ctx.db, entity.id)]
    return sorted(found, key=lambda policy: policy.name)


def entities_with(ctx: Context, arn: str, boundary: bool) -> list[Entity]:
    """Return the entities `arn` is attached to, or with `boundary` those whose boundary it is."""
    condition = (
        "boundary = ?"
        if boundary
        else "id IN (SELECT entity_id FROM attachments WHERE policy_arn = ?)"
    )
    rows = ctx.db.execute(
        f"SELECT * FROM entities WHERE {condition} AND account = ? ORDER BY kind, name",
        (arn, ctx.account),
    )
    return [Entity(**dict(row)) for row in rows]


def put_inline(ctx: Context, entity: Entity, name: str, document: str) -> None:
    """Add or replace an inline policy. Raises MalformedPolicyDocument, LimitExceeded."""
    rest = [text for other, text in inline(ctx.db, entity.id).items() if other != name]
    documents.check_inline(entity, document, sum(map(documents.size, rest)))
    ctx.db.execute(
        "INSERT INTO inline_policies VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET document = ?",
        (entity.id, name, document, document),
    )


def inline(db: sqlite3.Connection, entity_id: str) -> dict[str, str]:
    """Return the inline policies of an entity, by name."""
    rows = db.execute(
        "SELECT name, document FROM inline_policies WHERE entity_id = ?"
        " ORDER BY name COLLATE BINARY",
        (entity_id,),
    )
    return {row["name"]: row["document"] for row in rows}


def inline_document(ctx: Context, entity: Entity, name: str) -> str:
    """Return the document of an inline policy. Raises NoSuchEntity."""
    row = ctx.db.execute(
        "SELECT document FROM inline_policies WHERE entity_id = ? AND name = ?",
        (entity.id, name),
    ).fetchone()
    if row is None:
        raise NoSuchInlinePolicy(kind=entity.kind, name=name)
    return str(row["document"])


def remove_inline(ctx: Context, entity: Entity, name: str) -> None:
    """Delete an inline policy. Raises NoSuchEntity."""
    inline_document(ctx, entity, name)
    ctx.db.execute(
        "DELETE FROM inline_policies WHERE entity_id = ? AND name = ?", (entity.id, name)
    )


def check_unused(ctx: Context, entity: Entity) -> None:
    """Raise DeleteConflict while `entity` has policies."""
    if attached_arns(ctx.db, entity.id):
        raise MustDetachPolicies()
    if inline(ctx.db, entity.id):
        raise MustDeletePolicies()
