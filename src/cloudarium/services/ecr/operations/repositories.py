"""CreateRepository, DescribeRepositories, DeleteRepository and a repository's settings."""

from __future__ import annotations

from cloudarium.core import pages
from cloudarium.core.context import Context, Request, Response
from cloudarium.core.tags import from_list
from cloudarium.services.ecr import errors, repositories
from cloudarium.services.ecr.repositories import Repository

_PAGE = 100  # DescribeRepositories, maxResults
_MUTABILITIES = ("MUTABLE", "IMMUTABLE")


def create_repository(ctx: Context, request: Request) -> Response:
    """Make a repository."""
    name = request["repositoryName"]
    encryption = request.get("encryptionConfiguration", {}).get("encryptionType", "AES256")
    if encryption != "AES256":
        raise errors.Unsupported(name=f"encryptionType {encryption}")
    if request.get("registryId", ctx.account) != ctx.account:
        raise errors.Unsupported(name="A registryId other than the caller's")
    if repositories.lookup(ctx, name) is not None:
        raise errors.RepositoryAlreadyExists(name=name, registry=ctx.account)
    made = Repository(
        name=name,
        created_at=ctx.now,
        mutability=_mutability(request),
        scan_on_push=request.get("imageScanningConfiguration", {}).get("scanOnPush", False),
        policy="",
        lifecycle="",
        tags=from_list(request.get("tags")),
    )
    return {"repository": repositories.put(ctx, made).shown(ctx)}


def _mutability(request: Request) -> str:
    wanted = str(request.get("imageTagMutability", "MUTABLE"))
    if wanted not in _MUTABILITIES or request.get("imageTagMutabilityExclusionFilters"):
        raise errors.Unsupported(name="An exclusion from imageTagMutability")
    return wanted


def describe_repositories(ctx: Context, request: Request) -> Response:
    """Return the repositories named, or all."""
    if request.get("registryId", ctx.account) != ctx.account:
        raise errors.Unsupported(name="A registryId other than the caller's")
    names = request.get("repositoryNames")
    if names:
        return {"repositories": [repositories.find(ctx, name).shown(ctx) for name in names]}
    size = request.get("maxResults") or _PAGE
    found = repositories.everything(ctx)
    page, token = pages.page(found, request.get("nextToken"), size, errors.BadToken())
    return {"repositories": [each.shown(ctx) for each in page], "nextToken": token}


def delete_repository(ctx: Context, request: Request) -> Response:
    """Remove a repository."""
    found = repositories.asked(ctx, request)
    repositories.delete(ctx, found)
    return {"repository": found.shown(ctx)}


def put_image_tag_mutability(ctx: Context, request: Request) -> Response:
    """Say whether tags can be overwritten."""
    found = repositories.asked(ctx, request)
    kept = repositories.put(ctx, found, mutability=_mutability(request))
    return {**kept.named(ctx), "imageTagMutability": kept.mutability}


def put_image_scanning_configuration(ctx: Context, request: Request) -> Response:
    """Say whether images are scanned when they are pushed."""
    wanted = request["imageScanningConfiguration"].get("scanOnPush", False)
    kept = repositories.put(ctx, repositories.asked(ctx, request), scan_on_push=wanted)
    return {**kept.named(ctx), "imageScanningConfiguration": {"scanOnPush": wanted}}
