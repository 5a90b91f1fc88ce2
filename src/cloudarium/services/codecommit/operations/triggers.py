"""Triggers of repositories."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.codecommit import checks, repositories, triggers


def put_repository_triggers(ctx: Context, request: Request) -> Response:
    """Replace all triggers of a repository."""
    repository = repositories.find(ctx, checks.repository_name(request["repositoryName"]))
    checked = triggers.checked(ctx, request["triggers"])
    return {"configurationId": repositories.set_triggers(ctx, repository, checked)}


def get_repository_triggers(ctx: Context, request: Request) -> Response:
    """Return the triggers and the id of this configuration."""
    repository = repositories.find(ctx, checks.repository_name(request["repositoryName"]))
    return {"configurationId": repository.triggers_id, "triggers": repository.triggers}


async def test_repository_triggers(ctx: Context, request: Request) -> Response:
    """Send every given trigger a test message and tell which arrived; nothing is kept."""
    with ctx.transaction():
        repository = repositories.find(ctx, checks.repository_name(request["repositoryName"]))
        checked = triggers.checked(ctx, request["triggers"])
    succeeded, failed = [], []
    for trigger in checked:
        why = await triggers.test(ctx, repository, trigger)
        if why is None:
            succeeded.append(trigger["name"])
        else:
            failed.append({"trigger": trigger["name"], "failureMessage": why})
    return {"successfulExecutions": succeeded, "failedExecutions": failed}
