"""Who may reach which repository over git: found by name, checked by IAM."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloudarium.core.context import Context
from cloudarium.core.identity import Principal
from cloudarium.services.codecommit import authorization, errors, repositories
from cloudarium.services.codecommit.repositories import Repository

if TYPE_CHECKING:
    from cloudarium.core.runtime import ServiceRuntime

ACTIONS = {"git-upload-pack": "GitPull", "git-receive-pack": "GitPush"}
# A git URL of one machine names no region: without a repository this is the one asked about.
DEFAULT_REGION = "us-east-1"


def candidates(runtime: ServiceRuntime, account: str, name: str) -> list[Repository]:
    """Return the repositories a git URL may mean: those called `name`, in whatever region."""
    ctx = runtime.context(account, DEFAULT_REGION, _nobody(account))
    with ctx.transaction():
        return repositories.in_account(ctx, account, name)


def _nobody(account: str) -> Principal:
    return Principal("service", "codecommit.amazonaws.com", account)


def admitted(
    runtime: ServiceRuntime, principal: Principal, client: str, service: str, name: str
) -> tuple[Context, Repository]:
    """Return the repository and a context for `principal`, who may use `service` on it.

    Raises AccessDenied, or RepositoryDoesNotExistException to those who may know.
    """
    found = candidates(runtime, principal.account, name)
    region = found[0].region if found else DEFAULT_REGION
    ctx = runtime.context(principal.account, region, principal, conditions={"aws:SourceIp": client})
    with ctx.transaction():
        ctx.authorize(authorization.access(ctx, ACTIONS[service], name))
    if not found:
        raise errors.RepositoryDoesNotExist(name=name)
    return ctx, found[0]


def check_references(ctx: Context, repository: Repository, references: tuple[str, ...]) -> None:
    """Raise AccessDenied unless the caller may push to all of `references`.

    `codecommit:References` is there only now: on AWS too a push is checked a first time before
    its references are known, which is why policies on it say `"Null": {...: "false"}`.
    """
    with ctx.transaction():
        conditions: dict[str, str | list[str]] = {"codecommit:References": list(references)}
        ctx.authorize(authorization.access(ctx, "GitPush", repository.name, conditions))
