"""One push at a time per repository, and no push unannounced."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cloudarium.core.context import Context
from cloudarium.services.codecommit import references, repositories
from cloudarium.services.codecommit.git import bare
from cloudarium.services.codecommit.repositories import Repository

if TYPE_CHECKING:
    from cloudarium.core.runtime import ServiceRuntime

_LOOK_AGAIN_SECONDS = 1.0


class Pushes:
    """The pushes under way in this process: a lock per repository id."""

    def __init__(self, runtime: ServiceRuntime) -> None:
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    def lock(self, repository_id: str) -> asyncio.Lock:
        """Return the lock of a repository."""
        return self._locks[repository_id]


@asynccontextmanager
async def announced(ctx: Context, repository: Repository) -> AsyncIterator[None]:
    """Hold the repository for one push; afterwards, what it changed is announced and on disk.

    A job to do the same is recorded first: should the process be killed after git has moved a
    reference, the job finds the difference at the next start.
    """
    payload = {"repository": repository.id, "caller": ctx.principal.arn}
    async with ctx.state(Pushes).lock(repository.id):
        with ctx.transaction():
            ctx.schedule("announce", payload, ctx.now + _LOOK_AGAIN_SECONDS, repository.id)
        await ctx.runtime.store.durable()
        try:
            yield
        finally:
            with ctx.transaction():
                _announce(ctx, payload)
                ctx.cancel("announce", repository.id)
            await ctx.runtime.store.durable()


def announce_later(ctx: Context, payload: dict[str, Any]) -> None:
    """Announce what a push has left, unless it still runs."""
    if ctx.state(Pushes).lock(payload["repository"]).locked():
        at = ctx.now + _LOOK_AGAIN_SECONDS
        ctx.schedule("announce", payload, at, payload["repository"])
    else:
        _announce(ctx, payload)


def _announce(ctx: Context, payload: dict[str, Any]) -> None:
    repository = repositories.by_id(ctx, payload["repository"])
    if repository is not None:
        references.announce(ctx, repository, payload["caller"])


async def remove_folder(ctx: Context, payload: dict[str, Any]) -> None:
    """Delete a deleted repository's folder."""
    await asyncio.to_thread(bare.remove, Path(payload["folder"]))
