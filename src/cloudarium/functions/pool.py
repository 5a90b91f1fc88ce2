"""The environments of a cloud: kept warm, used again, ended."""

from __future__ import annotations

import asyncio
from functools import partial

from cloudarium.functions.environments import Environment
from cloudarium.functions.launch import Launch
from cloudarium.functions.runtimes import Runtimes
from cloudarium.functions.sandbox import Sandbox
from cloudarium.wire.deadlines import Deadline, Deadlines

KEEP_ALIVE_SECONDS = 300.0


class Pool:
    """All environments of a cloud: idle ones are used again and end after the keep-alive."""

    def __init__(self, sandbox: Sandbox, keep_alive: float = KEEP_ALIVE_SECONDS) -> None:
        self._sandbox = sandbox
        self._runtimes = Runtimes(sandbox.folder)
        self._keep_alive = keep_alive
        self._idle: dict[str, list[Environment]] = {}
        self._deadlines = Deadlines()
        self._keeping: dict[Environment, Deadline | None] = {}
        self._busy: set[Environment] = set()

    def take(self, key: str, now: float) -> Environment | None:
        """A warm environment whose credentials hold at `now` (the cloud's clock)."""
        idle = self._idle.get(key, [])
        while idle:
            environment = idle.pop()
            self._forget(environment)
            if environment.alive and environment.launch.expires_at > now:
                self._busy.add(environment)
                return environment
            environment.close()
        return None

    def add(self, launch: Launch) -> Environment:
        """A new environment; it starts with its first invocation."""
        environment = Environment(launch, self._sandbox, self._runtimes, self._deadlines)
        self._busy.add(environment)
        return environment

    def release(self, environment: Environment) -> None:
        """Give an environment back after its invocation."""
        self._busy.discard(environment)
        if environment.retired or not environment.alive:
            environment.close()
            return
        self._idle.setdefault(environment.launch.key, []).append(environment)
        stays, expire = environment.launch.stays, partial(self._expire, environment)
        deadline = None if stays else self._deadlines.after(self._keep_alive, expire)
        self._keeping[environment] = deadline

    def _forget(self, environment: Environment) -> None:
        deadline = self._keeping.pop(environment)
        if deadline:
            deadline.cancel()

    def retire(self, function: str) -> None:
        """End the idle environments of a function, and the busy ones after their invocation."""
        for environment in self._busy:
            environment.retired |= environment.launch.function == function
        for environment in list(self._keeping):
            if environment.launch.function == function:
                self._expire(environment)

    def _expire(self, environment: Environment) -> None:
        self._forget(environment)
        key = environment.launch.key
        self._idle[key].remove(environment)
        if not self._idle[key]:
            del self._idle[key]
        environment.close()

    def idle(self, key: str) -> int:
        """How many warm environments wait for an invocation."""
        return len(self._idle.get(key, []))

    def count(self, key: str) -> int:
        """How many environments there are, waiting or at work."""
        return self.idle(key) + sum(busy.launch.key == key for busy in self._busy)

    def trim(self, key: str, count: int) -> None:
        """End waiting environments until there are `count` at most."""
        for environment in self._idle.get(key, [])[: max(self.count(key) - count, 0)]:
            self._expire(environment)

    async def close(self) -> None:
        """End every environment."""
        ending = [*self._keeping, *self._busy]
        for environment in [*self._keeping]:
            self._expire(environment)
        for environment in self._busy:
            environment.close()
        await asyncio.gather(*(environment.closed() for environment in ending))
        await self._sandbox.close()
