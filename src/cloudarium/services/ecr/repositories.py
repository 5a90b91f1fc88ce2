"""Repositories: all the SQL. They have no images, for there is no registry to push them to."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from cloudarium.core.context import Context
from cloudarium.services.ecr import errors

_TAGS = 50  # TooManyTagsException, ECR API Reference


@dataclass(frozen=True)
class Repository:
    """A repository. `policy` and `lifecycle` are JSON as given, or empty."""

    name: str
    created_at: float
    mutability: str
    scan_on_push: bool
    policy: str
    lifecycle: str
    tags: Mapping[str, str]

    def named(self, ctx: Context) -> dict[str, Any]:
        """Return the members every answer about a repository has."""
        return {"registryId": ctx.account, "repositoryName": self.name}

    def shown(self, ctx: Context) -> dict[str, Any]:
        """Return it as the API's `Repository`."""
        host = f"{ctx.account}.dkr.ecr.{ctx.region}.amazonaws.com"
        return {
            **self.named(ctx),
            "repositoryArn": arn_of(ctx, self.name),
            "repositoryUri": f"{host}/{self.name}",
            "createdAt": self.created_at,
            "imageTagMutability": self.mutability,
            "imageScanningConfiguration": {"scanOnPush": self.scan_on_push},
            "encryptionConfiguration": {"encryptionType": "AES256"},
        }


def arn_of(ctx: Context, name: str) -> str:
    """Return the ARN of the repository `name`, of this account and region."""
    return ctx.arn(f"repository/{name}", service="ecr")


def _of(row: sqlite3.Row) -> Repository:
    return Repository(
        name=row["name"],
        created_at=row["created_at"],
        mutability=row["mutability"],
        scan_on_push=bool(row["scan_on_push"]),
        policy=row["policy"],
        lifecycle=row["lifecycle"],
        tags=json.loads(row["tags"]),
    )


def lookup(ctx: Context, name: str) -> Repository | None:
    """Return the repository `name`, or None."""
    row = ctx.db.execute(
        "SELECT * FROM repositories WHERE account = ? AND region = ? AND name = ?",
        (ctx.account, ctx.region, name),
    ).fetchone()
    return _of(row) if row else None


def find(ctx: Context, name: str) -> Repository:
    """Return the repository `name`. Raises RepositoryNotFoundException."""
    found = lookup(ctx, name)
    if found is None:
        raise errors.RepositoryNotFound(name=name, registry=ctx.account)
    return found


def asked(ctx: Context, request: Mapping[str, Any]) -> Repository:
    """Return the request's repository, of the caller's own registry."""
    if request.get("registryId", ctx.account) != ctx.account:
        name, registry = request["repositoryName"], request["registryId"]
        raise errors.RepositoryNotFound(name=name, registry=registry)
    return find(ctx, request["repositoryName"])


def everything(ctx: Context) -> list[Repository]:
    """Return all repositories, by name."""
    rows = ctx.db.execute(
        "SELECT * FROM repositories WHERE account = ? AND region = ? ORDER BY name",
        (ctx.account, ctx.region),
    )
    return [_of(row) for row in rows.fetchall()]


def put(ctx: Context, repository: Repository, **changes: Any) -> Repository:
    """Keep a repository, with these changes. Raises TooManyTagsException."""
    kept = replace(repository, **changes)
    if len(kept.tags) > _TAGS:
        raise errors.TooManyTags()
    ctx.db.execute(
        "INSERT OR REPLACE INTO repositories VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            ctx.account,
            ctx.region,
            kept.name,
            kept.created_at,
            kept.mutability,
            kept.scan_on_push,
            kept.policy,
            kept.lifecycle,
            json.dumps(dict(kept.tags)),
        ),
    )
    return kept


def delete(ctx: Context, repository: Repository) -> None:
    """Remove a repository."""
    ctx.db.execute(
        "DELETE FROM repositories WHERE account = ? AND region = ? AND name = ?",
        (ctx.account, ctx.region, repository.name),
    )
