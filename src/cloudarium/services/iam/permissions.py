"""Compiles the policies that count for a user or role, from what the database holds."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from cloudarium.services.iam import attachments, policies
from cloudarium.services.iam.entities import Entity
from cloudarium.services.iam.evaluation.document import read
from cloudarium.services.iam.evaluation.rules import Rule, Rules, compile_policy

NOTHING = Rules(())


def of_entity(db: sqlite3.Connection, entity: Entity) -> tuple[Rules, Rules | None]:
    """Return the identity-based policies (groups' included) and the permissions boundary."""
    identity = Rules(rule for holder in _holders(db, entity) for rule in _rules(db, holder))
    if entity.boundary is None:
        return identity, None
    return identity, Rules(_managed(db, entity.boundary))


def _holders(db: sqlite3.Connection, entity: Entity) -> list[str]:
    groups = db.execute("SELECT group_id FROM memberships WHERE user_id = ?", (entity.id,))
    return [entity.id, *(row["group_id"] for row in groups)]


def _rules(db: sqlite3.Connection, holder: str) -> Iterator[Rule]:
    for arn in attachments.attached_arns(db, holder):
        yield from _managed(db, arn)
    for name, document in attachments.inline(db, holder).items():
        yield from compile_policy(read(document), name)


def _managed(db: sqlite3.Connection, arn: str) -> tuple[Rule, ...]:
    policy = policies.lookup(db, arn)
    if policy is None:
        return ()
    return compile_policy(read(policies.default_document(db, policy)), arn)


def session_rules(documents: tuple[str, ...]) -> Rules | None:
    """Return a session's policies, which count as one, or None if it has none."""
    if not documents:
        return None
    return Rules(rule for document in documents for rule in compile_policy(read(document)))
