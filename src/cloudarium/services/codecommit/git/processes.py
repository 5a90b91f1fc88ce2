"""Running git itself, in an environment of its own."""

from __future__ import annotations

import asyncio
import os
import re
import signal
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

CHUNK = 64 << 10
_PROTOCOL = re.compile(r"[a-z0-9=:.-]{1,100}")


def _environment(protocol: str) -> dict[str, str]:
    """Return git's environment: nothing of the user's configuration, and the protocol asked for."""
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": "/nonexistent",
        "LC_ALL": "C",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
    }
    if _PROTOCOL.fullmatch(protocol):
        environment["GIT_PROTOCOL"] = protocol
    return environment


@asynccontextmanager
async def running(
    service: str, folder: Path, *options: str, protocol: str = ""
) -> AsyncIterator[Process]:
    """Run `git-upload-pack` or `git-receive-pack` on `folder`; it ends with the block."""
    command = ("git", "-c", "safe.directory=*", service.removeprefix("git-"), *options)
    process = await asyncio.create_subprocess_exec(
        *command,
        str(folder),
        stdin=PIPE,
        stdout=PIPE,
        stderr=PIPE,
        env=_environment(protocol),
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            _kill(process)
        await process.wait()


def _kill(process: Process) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return


async def feed(process: Process, chunks: AsyncIterator[bytes]) -> None:
    """Write `chunks` to the process and close its input; one that ended early is fine."""
    assert process.stdin is not None
    try:
        async for chunk in chunks:
            process.stdin.write(chunk)
            await process.stdin.drain()
    except (BrokenPipeError, ConnectionResetError):
        return
    finally:
        process.stdin.close()


async def output(stream: asyncio.StreamReader | None) -> AsyncIterator[bytes]:
    """Yield what a process writes until it closes the stream."""
    assert stream is not None
    while chunk := await stream.read(CHUNK):
        yield chunk


async def text(stream: asyncio.StreamReader | None) -> bytes:
    """Return all a process writes."""
    return b"".join([chunk async for chunk in output(stream)])
