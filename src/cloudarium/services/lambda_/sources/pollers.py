"""Which polls are under way: two of the same name take turns."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from cloudarium.core.context import Context
from cloudarium.core.runtime import ServiceRuntime
from cloudarium.services.lambda_.sources import mappings
from cloudarium.services.lambda_.sources.mappings import Mapping


class Pollers:
    """This cloud's polls, by mapping and worker or shard."""

    def __init__(self, runtime: ServiceRuntime) -> None:
        self._locks: dict[str, asyncio.Lock] = {}
        self._users: dict[str, int] = {}

    @asynccontextmanager
    async def turn(self, name: str) -> AsyncIterator[None]:
        """Wait until no other poll has this name."""
        lock = self._locks.setdefault(name, asyncio.Lock())
        self._users[name] = self._users.get(name, 0) + 1
        try:
            async with lock:
                yield
        finally:
            self._users[name] -= 1
            if not self._users[name]:
                del self._users[name], self._locks[name]

    def is_busy(self, name: str) -> bool:
        """Whether a poll of this name is under way."""
        return name in self._users


def current(ctx: Context, uuid: str) -> Mapping | None:
    """The mapping, if it is still there and enabled."""
    with ctx.transaction():
        mapping = mappings.get(ctx, uuid)
    return mapping if mapping and mapping.enabled else None
