"""One git command over SSH: bytes to and fro between the client and git itself."""

from __future__ import annotations

import asyncio
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.services.codecommit import repositories
from cloudarium.services.codecommit.git import access, packets, processes, pushes
from cloudarium.services.codecommit.repositories import Repository

if TYPE_CHECKING:
    import asyncssh


class Session:
    """A client's session with a repository it may use."""

    def __init__(
        self,
        ctx: Context,
        repository: Repository,
        client: asyncssh.SSHServerProcess[bytes],
        protocol: str,
    ) -> None:
        self._ctx = ctx
        self._repository = repository
        self._client = client
        self._protocol = protocol
        self._folder = repositories.folder(ctx, repository)
        self._held: list[bytes] | None = None

    async def upload(self) -> int:
        """Serve a clone or fetch; return git's exit status."""
        service = "git-upload-pack"
        async with processes.running(service, self._folder, protocol=self._protocol) as process:
            feeding = asyncio.ensure_future(processes.feed(process, self._input()))
            try:
                await self._forward(process)
                return await process.wait()
            finally:
                feeding.cancel()

    async def receive(self) -> int:
        """Take a push; return git's exit status.

        git's report is held back until what the push changed is announced and on disk.
        """
        service = "git-receive-pack"
        async with processes.running(service, self._folder, protocol=self._protocol) as process:
            forwarding = asyncio.ensure_future(self._forward(process))
            try:
                commands = await packets.read_commands(self._read)
                if not commands.references:
                    await processes.feed(process, packets.chained(commands.data, self._input()))
                    await forwarding
                    return await process.wait()
                access.check_references(self._ctx, self._repository, commands.references)
                self._held = []
                async with pushes.announced(self._ctx, self._repository):
                    await self._complete(process, commands, forwarding)
                self._client.stdout.writelines(self._held)
                return await process.wait()
            except AwsError as error:
                return await self._refuse(packets.refusal(commands, error.message))
            finally:
                forwarding.cancel()

    async def _complete(
        self, process: Process, commands: packets.Commands, forwarding: asyncio.Future[None]
    ) -> None:
        """Let git take the pack. It ends by itself, while the client waits for its report."""
        chunks = packets.chained(commands.data, self._input())
        feeding = asyncio.ensure_future(processes.feed(process, chunks))
        try:
            await forwarding
            await process.wait()
        finally:
            feeding.cancel()

    async def _refuse(self, report: bytes) -> int:
        """Send a report of refusal, and take the rest of the push so that the client reads it."""
        self._client.stdout.write(report)
        async for _ in self._input():
            continue
        return 0

    async def _read(self) -> bytes:
        data: bytes = await self._client.stdin.read(processes.CHUNK)
        return data

    async def _input(self) -> AsyncIterator[bytes]:
        while chunk := await self._read():
            yield chunk

    async def _forward(self, process: Process) -> None:
        """Pass on what git writes, both streams, until it closes them."""
        await asyncio.gather(self._forward_output(process), self._forward_errors(process))

    async def _forward_output(self, process: Process) -> None:
        async for chunk in processes.output(process.stdout):
            if self._held is None:
                self._client.stdout.write(chunk)
                await self._client.stdout.drain()
            else:
                self._held.append(chunk)

    async def _forward_errors(self, process: Process) -> None:
        async for chunk in processes.output(process.stderr):
            self._client.stderr.write(chunk)
