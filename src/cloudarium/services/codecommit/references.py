"""Announcing what became of branches and tags.

Git moves references on its own, outside any transaction. What was last announced of each
reference is kept in the database; whatever differs from it on disk is an event still to be told.
So an event is neither lost nor told twice, wherever the process was killed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cloudarium.contracts.events import AwsEvent
from cloudarium.core.context import Context
from cloudarium.services.codecommit import repositories, triggers
from cloudarium.services.codecommit.git import bare
from cloudarium.services.codecommit.repositories import Repository


def announce(
    ctx: Context, repository: Repository, caller_arn: str, only: Iterable[str] | None = None
) -> None:
    """Emit an event for every reference (or those in `only`) that changed since the last one."""
    repo = bare.opened(repositories.folder(ctx, repository))
    now, before = bare.references(repo), _announced(ctx, repository)
    names = sorted(now.keys() | before.keys()) if only is None else only
    changes = [
        {"name": name, "old": before.get(name), "new": now.get(name)}
        for name in names
        if now.get(name) != before.get(name)
    ]
    if not changes:
        return
    for change in changes:
        _record(ctx, repository, change)
        ctx.emit(_event(repo, repository, change, caller_arn))
    _adopt_default_branch(ctx, repository, repo)
    repositories.touch(ctx, repository)
    triggers.schedule(ctx, repository, changes, caller_arn)


def _announced(ctx: Context, repository: Repository) -> dict[str, str]:
    rows = ctx.db.execute(
        "SELECT name, commit_id FROM announced WHERE repository_id = ?", (repository.id,)
    )
    return {row["name"]: row["commit_id"] for row in rows}


def _record(ctx: Context, repository: Repository, change: dict[str, Any]) -> None:
    if change["new"] is None:
        ctx.db.execute(
            "DELETE FROM announced WHERE repository_id = ? AND name = ?",
            (repository.id, change["name"]),
        )
    else:
        ctx.db.execute(
            "INSERT OR REPLACE INTO announced VALUES (?, ?, ?)",
            (repository.id, change["name"], change["new"]),
        )


def _event(repo: Any, repository: Repository, change: dict[str, Any], caller_arn: str) -> AwsEvent:
    """Return the event as "Monitoring CodeCommit events" in the user guide shows it."""
    full_name, old, new = change["name"], change["old"], change["new"]
    is_branch = full_name.startswith(bare.BRANCHES)
    detail = {
        "event": _kind(old, new),
        "repositoryName": repository.name,
        "repositoryId": repository.id,
        "referenceType": "branch" if is_branch else "tag",
        "referenceName": full_name.removeprefix(bare.BRANCHES if is_branch else bare.TAGS),
        "referenceFullName": full_name,
        "callerUserArn": caller_arn,
    }
    if new is not None:
        detail["commitId"] = _commit_id(repo, new)
    if old is not None:
        detail["oldCommitId"] = _commit_id(repo, old)
    return AwsEvent(
        "aws.codecommit", "CodeCommit Repository State Change", detail, [repository.arn]
    )


def _kind(old: str | None, new: str | None) -> str:
    if new is None:
        return "referenceDeleted"
    return "referenceCreated" if old is None else "referenceUpdated"


def _commit_id(repo: Any, object_id: str) -> str:
    """Return the commit an annotated tag stands for; anything else is itself."""
    import pygit2

    found = repo.get(object_id)
    return str(found.peel(pygit2.Commit).id) if isinstance(found, pygit2.Tag) else object_id


def _adopt_default_branch(ctx: Context, repository: Repository, repo: Any) -> None:
    """Make the first branch the default one, as AWS does; of several, main or master."""
    if repository.default_branch is not None:
        return
    names = bare.branches(repo)
    for name in ("main", "master", *names):
        if name in names:
            repositories.set_default_branch(ctx, repository, name)
            bare.set_head(repo, name)
            return
