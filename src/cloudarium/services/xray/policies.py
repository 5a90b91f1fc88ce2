"""Resource policies: rows of `resource_policies`."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from cloudarium.core.context import Context
from cloudarium.core.documents import json_object
from cloudarium.services.xray import errors, limits

_ABSENT = "0"  # the revision id that says there must be no policy yet


@dataclass(frozen=True)
class Policy:
    """A policy; `document` is its JSON, `updated_at` epoch seconds."""

    name: str
    document: str
    revision: str
    updated_at: float

    def told(self) -> dict[str, object]:
        """Return it as the shape `ResourcePolicy`."""
        return {
            "PolicyName": self.name,
            "PolicyDocument": self.document,
            "PolicyRevisionId": self.revision,
            "LastUpdatedTime": self.updated_at,
        }


def put(ctx: Context, name: str, document: str, revision: str | None) -> Policy:
    """Make or replace a policy. Raises the errors of PutResourcePolicy."""
    if len(document.encode()) > limits.POLICY_BYTES:
        raise errors.PolicyTooLarge(limit=limits.POLICY_BYTES)
    found = json_object(document)
    if found is None or not found.get("Statement"):
        raise errors.MalformedPolicy()
    known = {policy.name: policy for policy in listed(ctx)}
    _check_revision(known.get(name), revision)
    if name not in known and len(known) >= limits.RESOURCE_POLICIES:
        raise errors.TooManyPolicies(limit=limits.RESOURCE_POLICIES)
    policy = Policy(name, document, ctx.ids.hex(32), ctx.now)
    ctx.db.execute(
        "INSERT OR REPLACE INTO resource_policies VALUES (?, ?, ?, ?, ?, ?)",
        (ctx.account, ctx.region, name, document, policy.revision, ctx.now),
    )
    return policy


def delete(ctx: Context, name: str, revision: str | None) -> None:
    """Remove a policy. Raises InvalidRequestException, InvalidPolicyRevisionIdException."""
    policy = next((each for each in listed(ctx) if each.name == name), None)
    if policy is None:
        raise errors.PolicyNotFound(name=name)
    _check_revision(policy, revision)
    ctx.db.execute(
        "DELETE FROM resource_policies WHERE account = ? AND region = ? AND name = ?",
        (ctx.account, ctx.region, name),
    )


def _check_revision(policy: Policy | None, revision: str | None) -> None:
    if revision and revision != (policy.revision if policy else _ABSENT):
        raise errors.WrongRevision()


def listed(ctx: Context) -> list[Policy]:
    """Return all policies by name."""
    rows = ctx.db.execute(
        "SELECT * FROM resource_policies WHERE account = ? AND region = ? ORDER BY name",
        (ctx.account, ctx.region),
    )
    return [_policy(row) for row in rows]


def _policy(row: sqlite3.Row) -> Policy:
    return Policy(row["name"], row["document"], row["revision"], row["updated_at"])
