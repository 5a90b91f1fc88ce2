"""Creating, describing, changing and deleting repositories."""

from __future__ import annotations

from cloudarium.core import pages
from cloudarium.core.context import Context, Request, Response
from cloudarium.services.codecommit import checks, errors, limits, repositories
from cloudarium.services.codecommit.git import bare, lookup


def create_repository(ctx: Context, request: Request) -> Response:
    """Create an empty repository."""
    name = checks.repository_name(request["repositoryName"])
    if "kmsKeyId" in request:
        raise errors.EncryptionKeyNotFound()
    tags = checks.tags(request.get("tags", {}))
    description = checks.description(request.get("repositoryDescription"))
    repository = repositories.insert(ctx, name, description, tags)
    bare.create(repositories.folder(ctx, repository))
    return {"repositoryMetadata": repositories.metadata(ctx, repository)}


def get_repository(ctx: Context, request: Request) -> Response:
    """Describe a repository."""
    repository = repositories.find(ctx, checks.repository_name(request["repositoryName"]))
    return {"repositoryMetadata": repositories.metadata(ctx, repository)}


def batch_get_repositories(ctx: Context, request: Request) -> Response:
    """Describe several repositories, and name those that do not exist."""
    names = request["repositoryNames"]
    if not names:
        raise errors.RepositoryNamesRequired()
    if len(names) > limits.REPOSITORIES_PER_BATCH:
        raise errors.MaximumRepositoryNamesExceeded(limit=limits.REPOSITORIES_PER_BATCH)
    found = {name: repositories.lookup(ctx, checks.repository_name(name)) for name in names}
    return {
        "repositories": [repositories.metadata(ctx, one) for one in found.values() if one],
        "repositoriesNotFound": [name for name, one in found.items() if one is None],
    }


def list_repositories(ctx: Context, request: Request) -> Response:
    """List names and ids, a page at a time."""
    if request.get("sortBy", "repositoryName") not in ("repositoryName", "lastModifiedDate"):
        raise errors.InvalidSortBy()
    if request.get("order", "ascending") not in ("ascending", "descending"):
        raise errors.InvalidOrder()
    found = repositories.every(ctx)
    if request.get("sortBy") == "lastModifiedDate":
        found.sort(key=lambda repository: repository.modified_at)
    if request.get("order") == "descending":
        found.reverse()
    page, token = pages.page(
        found,
        request.get("nextToken"),
        limits.REPOSITORIES_PER_PAGE,
        errors.InvalidContinuationToken(),
    )
    names = [{"repositoryName": one.name, "repositoryId": one.id} for one in page]
    return {"repositories": names, "nextToken": token}


def delete_repository(ctx: Context, request: Request) -> Response:
    """Delete a repository; one that does not exist is answered with no id."""
    repository = repositories.lookup(ctx, checks.repository_name(request["repositoryName"]))
    if repository is None:
        return {}
    repositories.delete(ctx, repository)
    ctx.schedule("remove", {"folder": str(repositories.folder(ctx, repository))})
    return {"repositoryId": repository.id}


def update_repository_name(ctx: Context, request: Request) -> Response:
    """Rename a repository; its URLs change with it."""
    repository = repositories.find(ctx, checks.repository_name(request["oldName"]))
    repositories.rename(ctx, repository, checks.repository_name(request["newName"]))
    return {}


def update_repository_description(ctx: Context, request: Request) -> Response:
    """Set or, without one, remove the description."""
    repository = repositories.find(ctx, checks.repository_name(request["repositoryName"]))
    description = checks.description(request.get("repositoryDescription"))
    repositories.set_description(ctx, repository, description)
    return {}


def update_default_branch(ctx: Context, request: Request) -> Response:
    """Make another existing branch the default one."""
    repository = repositories.find(ctx, checks.repository_name(request["repositoryName"]))
    branch = request["defaultBranchName"]
    repo = bare.opened(repositories.folder(ctx, repository))
    if lookup.branch_tip(repo, branch) is None:
        raise errors.BranchDoesNotExist(name=branch, repository=repository.name)
    bare.set_head(repo, branch)
    repositories.set_default_branch(ctx, repository, branch)
    return {}
