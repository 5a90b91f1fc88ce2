"""Branches by API."""

from __future__ import annotations

from typing import Any

from cloudarium.core import pages
from cloudarium.core.context import Context, Request, Response
from cloudarium.services.codecommit import checks, errors, limits, references, repositories
from cloudarium.services.codecommit.git import bare, lookup
from cloudarium.services.codecommit.repositories import Repository


def create_branch(ctx: Context, request: Request) -> Response:
    """Make a branch at a commit."""
    repository, repo = _opened(ctx, request)
    name, commit_id = request["branchName"], request["commitId"]
    if not bare.is_branch_name(name):
        raise errors.InvalidBranchName(name=name)
    if lookup.branch_tip(repo, name) is not None:
        raise errors.BranchNameExists(name=name)
    if not lookup.is_commit_id(commit_id):
        raise errors.InvalidCommitId(commit=commit_id)
    commit = lookup.commit(repo, commit_id)
    if any(_nested(name, other) for other in bare.branches(repo)):
        raise errors.InvalidBranchName(name=name)
    repo.references.create(bare.BRANCHES + name, commit.id)
    references.announce(ctx, repository, ctx.principal.arn, [bare.BRANCHES + name])
    return {}


def _nested(name: str, other: str) -> bool:
    """Tell whether git cannot keep both branches, as one would be a folder of the other."""
    return name.startswith(f"{other}/") or other.startswith(f"{name}/")


def get_branch(ctx: Context, request: Request) -> Response:
    """Return the commit at the tip of a branch."""
    if "repositoryName" not in request:
        raise errors.RepositoryNameRequired()
    if "branchName" not in request:
        raise errors.BranchNameRequired()
    repository, repo = _opened(ctx, request)
    tip = _tip(repository, repo, request["branchName"])
    return {"branch": {"branchName": request["branchName"], "commitId": str(tip.id)}}


def list_branches(ctx: Context, request: Request) -> Response:
    """Return the branches' names, a page at a time."""
    _, repo = _opened(ctx, request)
    names = bare.branches(repo)
    page, token = pages.page(
        names, request.get("nextToken"), limits.BRANCHES_PER_PAGE, errors.InvalidContinuationToken()
    )
    return {"branches": list(page), "nextToken": token}


def delete_branch(ctx: Context, request: Request) -> Response:
    """Delete a branch; the default one stays, one that does not exist is answered with nothing."""
    repository, repo = _opened(ctx, request)
    name = request["branchName"]
    if name == repository.default_branch:
        raise errors.DefaultBranchCannotBeDeleted()
    tip = lookup.branch_tip(repo, name)
    if tip is None:
        return {}
    repo.references.delete(bare.BRANCHES + name)
    references.announce(ctx, repository, ctx.principal.arn, [bare.BRANCHES + name])
    return {"deletedBranch": {"branchName": name, "commitId": str(tip.id)}}


def _opened(ctx: Context, request: Request) -> tuple[Repository, Any]:
    repository = repositories.find(ctx, checks.repository_name(request["repositoryName"]))
    return repository, bare.opened(repositories.folder(ctx, repository))


def _tip(repository: Repository, repo: Any, branch: str) -> Any:
    tip = lookup.branch_tip(repo, branch)
    if tip is None:
        raise errors.BranchDoesNotExist(name=branch, repository=repository.name)
    return tip
