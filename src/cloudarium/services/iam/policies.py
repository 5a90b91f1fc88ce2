"""Managed policies and their versions: customers' own in the database, AWS's in `aws_managed`."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from cloudarium.core.context import Context
from cloudarium.services.iam import aws_managed
from cloudarium.services.iam.entities import arn_of
from cloudarium.services.iam.errors import (
    AwsPolicyReadOnly,
    DefaultVersion,
    NoSuchPolicy,
    NoSuchPolicyVersion,
    NotAttachable,
    OtherPartition,
    PolicyExists,
    PolicyHasVersions,
    PolicyInUse,
    QuotaExceeded,
    TooManyVersions,
)
from cloudarium.services.iam.identifiers import unique_id
from cloudarium.services.iam.limits import POLICIES, VERSIONS_PER_POLICY


@dataclass(frozen=True)
class Policy:
    """A managed policy. Times are epoch seconds."""

    arn: str
    id: str
    account: str
    name: str
    path: str
    description: str | None
    created_at: float
    updated_at: float
    default_version: int
    next_version: int


@dataclass(frozen=True)
class Version:
    """One version (`v<version>`) of a managed policy."""

    arn: str
    version: int
    document: str
    created_at: float


def _of_aws(policy: aws_managed.AwsPolicy) -> Policy:
    return Policy(
        arn=policy.arn,
        id=policy.id,
        account="aws",
        name=policy.name,
        path=policy.path,
        description=policy.description,
        created_at=policy.created_at,
        updated_at=policy.created_at,
        default_version=1,
        next_version=2,
    )


def is_aws(arn: str) -> bool:
    """Tell whether `arn` names a policy of AWS's own."""
    return arn.startswith("arn:aws:iam::aws:policy/")


def lookup(db: sqlite3.Connection, arn: str) -> Policy | None:
    """Return the managed policy `arn`, or None."""
    if is_aws(arn):
        policy = aws_managed.find(arn)
        return _of_aws(policy) if policy else None
    row = db.execute("SELECT * FROM policies WHERE arn = ?", (arn,)).fetchone()
    return Policy(**dict(row)) if row else None


def find(ctx: Context, arn: str) -> Policy:
    """Return the policy `arn` of this account or of AWS. Raises NoSuchEntity."""
    policy = lookup(ctx.db, arn)
    if policy is None or policy.account not in (ctx.account, "aws"):
        raise NoSuchPolicy(arn=arn)
    return policy


def attachable(ctx: Context, arn: str) -> Policy:
    """Return the policy `arn` to attach it. Raises NoSuchEntity, ValidationError."""
    if not arn.startswith("arn:aws:"):
        raise OtherPartition()
    policy = lookup(ctx.db, arn)
    if policy is None or policy.account not in (ctx.account, "aws"):
        raise NotAttachable(arn=arn)
    return policy


def own(ctx: Context, arn: str) -> Policy:
    """Return the policy `arn` to change it. Raises NoSuchEntity, AccessDenied for AWS's."""
    policy = find(ctx, arn)
    if policy.account == "aws":
        raise AwsPolicyReadOnly(arn=arn)
    return policy


def listed(ctx: Context, scope: str, path_prefix: str) -> list[Policy]:
    """Return the policies of `scope` (`All`, `AWS`, `Local`) below `path_prefix`, by ARN."""
    found = [_of_aws(policy) for policy in aws_managed.everything()] if scope != "Local" else []
    if scope != "AWS":
        rows = ctx.db.execute("SELECT * FROM policies WHERE account = ?", (ctx.account,))
        found += [Policy(**dict(row)) for row in rows]
    below = (policy for policy in found if policy.path.startswith(path_prefix))
    return sorted(below, key=lambda policy: policy.arn)


def create(ctx: Context, name: str, path: str, description: str | None, document: str) -> Policy:
    """Make a policy with its version v1. Raises EntityAlreadyExists, LimitExceeded."""
    row = ctx.db.execute(
        "SELECT count(*), sum(name = ?) FROM policies WHERE account = ?", (name, ctx.account)
    ).fetchone()
    if row[1]:
        raise PolicyExists(name=name)
    if row[0] >= POLICIES:
        raise QuotaExceeded(quota="PoliciesPerAccount", limit=POLICIES)
    arn = arn_of(ctx.account, "policy", path, name)
    ctx.db.execute(
        "INSERT INTO policies VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, 2)",
        (
            arn,
            unique_id(ctx.ids, "policy"),
            ctx.account,
            name,
            path,
            description,
            ctx.now,
            ctx.now,
        ),
    )
    ctx.db.execute("INSERT INTO policy_versions VALUES (?, 1, ?, ?)", (arn, document, ctx.now))
    return find(ctx, arn)


def usage(ctx: Context) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """Return, by policy ARN, to how many entities it is attached, and of how many the boundary."""
    attached = ctx.db.execute(
        "SELECT policy_arn, count(*) FROM attachments JOIN entities ON id = entity_id"
        " WHERE account = ? GROUP BY policy_arn",
        (ctx.account,),
    )
    boundaries = ctx.db.execute(
        "SELECT boundary, count(*) FROM entities WHERE account = ? AND boundary IS NOT NULL"
        " GROUP BY boundary",
        (ctx.account,),
    )
    return dict(attached.fetchall()), dict(boundaries.fetchall())


def remove(ctx: Context, policy: Policy) -> None:
    """Delete `policy`. Raises DeleteConflict while it is used or has further versions."""
    attached, boundaries = usage(ctx)
    if attached.get(policy.arn) or boundaries.get(policy.arn):
        raise PolicyInUse()
    if len(versions(ctx.db, policy)) > 1:
        raise PolicyHasVersions()
    ctx.db.execute("DELETE FROM tags WHERE owner = ?", (policy.id,))
    ctx.db.execute("DELETE FROM policies WHERE arn = ?", (policy.arn,))


def versions(db: sqlite3.Connection, policy: Policy) -> list[Version]:
    """Return all versions, the newest first."""
    if policy.account == "aws":
        document = aws_managed.document(policy.arn)
        return [Version(policy.arn, 1, document, policy.created_at)]
    rows = db.execute(
        "SELECT * FROM policy_versions WHERE arn = ? ORDER BY version DESC", (policy.arn,)
    )
    return [Version(**dict(row)) for row in rows]


def version(ctx: Context, policy: Policy, name: str) -> Version:
    """Return the version called `name` (`v1`). Raises NoSuchEntity."""
    for each in versions(ctx.db, policy):
        if f"v{each.version}" == name:
            return each
    raise NoSuchPolicyVersion(arn=policy.arn, version=name)


def default_document(db: sqlite3.Connection, policy: Policy) -> str:
    """Return the document in force."""
    for each in versions(db, policy):
        if each.version == policy.default_version:
            return each.document
    raise LookupError(policy.arn)


def add_version(ctx: Context, policy: Policy, document: str, default: bool) -> Version:
    """Add a version; `default` puts it in force. Raises LimitExceeded."""
    if len(versions(ctx.db, policy)) >= VERSIONS_PER_POLICY:
        raise TooManyVersions(limit=VERSIONS_PER_POLICY)
    number = policy.next_version
    ctx.db.execute(
        "INSERT INTO policy_versions VALUES (?, ?, ?, ?)",
        (policy.arn, number, document, ctx.now),
    )
    ctx.db.execute(
        "UPDATE policies SET next_version = ?, updated_at = ? WHERE arn = ?",
        (number + 1, ctx.now, policy.arn),
    )
    if default:
        set_default(ctx, policy, number)
    return Version(policy.arn, number, document, ctx.now)


def set_default(ctx: Context, policy: Policy, number: int) -> None:
    """Put version `number` in force."""
    ctx.db.execute(
        "UPDATE policies SET default_version = ?, updated_at = ? WHERE arn = ?",
        (number, ctx.now, policy.arn),
    )


def remove_version(ctx: Context, policy: Policy, number: int) -> None:
    """Delete version `number`. Raises DeleteConflict for the one in force."""
    if number == policy.default_version:
        raise DefaultVersion()
    ctx.db.execute(
        "DELETE FROM policy_versions WHERE arn = ? AND version = ?", (policy.arn, number)
    )
