"""Which IAM action each operation needs (Service Authorization Reference, AWS CodeCommit)."""

from __future__ import annotations

from collections.abc import Iterable

from cloudarium.core.arn import parse
from cloudarium.core.context import Context, Request
from cloudarium.core.identity import Access
from cloudarium.services.codecommit import repositories
from cloudarium.services.codecommit.git import bare

# The operations whose caller may be limited to certain branches by `codecommit:References`.
_WRITES = frozenset({"CreateBranch", "CreateCommit", "DeleteBranch", "DeleteFile", "PutFile"})


def required(ctx: Context, operation: str, request: Request) -> Iterable[Access]:
    """Yield what the operation needs: its own action on the repository's ARN."""
    if operation == "ListRepositories":
        yield Access("codecommit:ListRepositories", "*")
        return
    conditions: dict[str, str | list[str]] = {}
    if operation in _WRITES:
        conditions["codecommit:References"] = [bare.BRANCHES + request.get("branchName", "")]
    requested = request.get("tags")
    if requested:
        conditions["aws:TagKeys"] = list(requested)
        conditions.update({f"aws:RequestTag/{key}": value for key, value in requested.items()})
    for name in _names(request):
        yield access(ctx, operation, name, conditions)


def access(
    ctx: Context, action: str, name: str, conditions: dict[str, str | list[str]] | None = None
) -> Access:
    """Return the access `codecommit:<action>` on the repository `name` with its tags as keys."""
    repository = repositories.lookup(ctx, name)
    tags = repository.tags if repository else {}
    resource_tags = {f"aws:ResourceTag/{key}": value for key, value in tags.items()}
    arn = repositories.arn(ctx.account, ctx.region, name)
    return Access(f"codecommit:{action}", arn, {**resource_tags, **(conditions or {})})


def _names(request: Request) -> list[str]:
    """Return the names of the repositories a request is about."""
    if "repositoryNames" in request:
        return list(request["repositoryNames"])
    if "resourceArn" in request:
        arn = parse(request["resourceArn"])
        return [arn.resource if arn else request["resourceArn"]]
    return [request.get("oldName") or request.get("repositoryName", "*")]
