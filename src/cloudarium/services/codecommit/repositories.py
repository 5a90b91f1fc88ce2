"""Repositories as rows: names, descriptions, default branches, tags and triggers."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cloudarium.core.context import Context
from cloudarium.services.codecommit import errors

_HTTP_PORT = 4566
_SSH_PORT = 4522


@dataclass(frozen=True)
class Repository:
    """A repository. `created_at` and `modified_at` are epoch seconds."""

    account: str
    region: str
    name: str
    id: str
    description: str | None
    default_branch: str | None
    created_at: float
    modified_at: float
    tags: dict[str, str]
    triggers: list[dict[str, Any]]
    triggers_id: str | None

    @property
    def arn(self) -> str:
        """The repository's ARN."""
        return arn(self.account, self.region, self.name)


def arn(account: str, region: str, name: str) -> str:
    """Return the ARN of the repository `name`, whether it exists or not."""
    return f"arn:aws:codecommit:{region}:{account}:{name}"


def folder(ctx: Context, repository: Repository) -> Path:
    """Return where the bare git repository of `repository` lies."""
    place = Path(ctx.cloud.folder) / "git" / repository.account / repository.region
    return place / f"{repository.id}.git"


def find(ctx: Context, name: str) -> Repository:
    """Return the repository `name` of the caller's account and region, or raise."""
    repository = lookup(ctx, name)
    if repository is None:
        raise errors.RepositoryDoesNotExist(name=name)
    return repository


def lookup(ctx: Context, name: str) -> Repository | None:
    """Return the repository `name` of the caller's account and region, if there is one."""
    row = ctx.db.execute(
        "SELECT * FROM repositories WHERE account = ? AND region = ? AND name = ?",
        (ctx.account, ctx.region, name),
    ).fetchone()
    return None if row is None else _repository(row)


def by_id(ctx: Context, repository_id: str) -> Repository | None:
    """Return the repository with the id `repository_id`, if there is one."""
    row = ctx.db.execute("SELECT * FROM repositories WHERE id = ?", (repository_id,)).fetchone()
    return None if row is None else _repository(row)


def in_account(ctx: Context, account: str, name: str) -> list[Repository]:
    """Return the repositories `name` of `account` in all regions, the oldest first."""
    rows = ctx.db.execute(
        "SELECT * FROM repositories WHERE account = ? AND name = ? ORDER BY created_at, region",
        (account, name),
    )
    return [_repository(row) for row in rows]


def every(ctx: Context) -> list[Repository]:
    """Return all repositories of the caller's account and region by name."""
    rows = ctx.db.execute(
        "SELECT * FROM repositories WHERE account = ? AND region = ? ORDER BY name",
        (ctx.account, ctx.region),
    )
    return [_repository(row) for row in rows]


def insert(ctx: Context, name: str, description: str | None, tags: dict[str, str]) -> Repository:
    """Record a new repository and return it. Raises if the name is taken."""
    if lookup(ctx, name) is not None:
        raise errors.RepositoryNameExists(name=name)
    ctx.db.execute(
        "INSERT INTO repositories"
        " (account, region, name, id, description, created_at, modified_at, tags)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            ctx.account,
            ctx.region,
            name,
            ctx.ids.uuid(),
            description,
            ctx.now,
            ctx.now,
            json.dumps(tags),
        ),
    )
    return find(ctx, name)


def delete(ctx: Context, repository: Repository) -> None:
    """Forget `repository` and what was announced of it."""
    ctx.db.execute("DELETE FROM announced WHERE repository_id = ?", (repository.id,))
    ctx.db.execute("DELETE FROM repositories WHERE id = ?", (repository.id,))


def rename(ctx: Context, repository: Repository, name: str) -> None:
    """Give `repository` another name. Raises if it is taken."""
    if lookup(ctx, name) is not None:
        raise errors.RepositoryNameExists(name=name)
    _update(ctx, repository, "name", name)


def set_description(ctx: Context, repository: Repository, description: str | None) -> None:
    """Change the description."""
    _update(ctx, repository, "description", description)


def set_default_branch(ctx: Context, repository: Repository, branch: str) -> None:
    """Change the default branch."""
    _update(ctx, repository, "default_branch", branch)


def set_tags(ctx: Context, repository: Repository, tags: dict[str, str]) -> None:
    """Replace the tags."""
    _update(ctx, repository, "tags", json.dumps(tags))


def set_triggers(ctx: Context, repository: Repository, triggers: list[dict[str, Any]]) -> str:
    """Replace the triggers and return the id of this configuration."""
    configuration_id: str = ctx.ids.uuid()
    _update(ctx, repository, "triggers", json.dumps(triggers))
    _update(ctx, repository, "triggers_id", configuration_id)
    return configuration_id


def touch(ctx: Context, repository: Repository) -> None:
    """Record that the repository was modified now."""
    _update(ctx, repository, "name", repository.name)


def _update(ctx: Context, repository: Repository, column: str, value: str | None) -> None:
    ctx.db.execute(
        f"UPDATE repositories SET {column} = ?, modified_at = ? WHERE id = ?",
        (value, ctx.now, repository.id),
    )


def metadata(ctx: Context, repository: Repository) -> dict[str, Any]:
    """Return the API's RepositoryMetadata."""
    path = f"/v1/repos/{repository.name}"
    return {
        "accountId": repository.account,
        "repositoryId": repository.id,
        "repositoryName": repository.name,
        "repositoryDescription": repository.description,
        "defaultBranch": repository.default_branch,
        "lastModifiedDate": repository.modified_at,
        "creationDate": repository.created_at,
        "cloneUrlHttp": f"http://127.0.0.1:{ctx.cloud.ports.get('http', _HTTP_PORT)}{path}",
        "cloneUrlSsh": f"ssh://127.0.0.1:{ctx.cloud.ports.get('ssh', _SSH_PORT)}{path}",
        "Arn": repository.arn,
    }


def _repository(row: sqlite3.Row) -> Repository:
    values = dict(row)
    values["tags"] = json.loads(values["tags"])
    values["triggers"] = json.loads(values["triggers"])
    return Repository(**values)
