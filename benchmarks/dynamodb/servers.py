"""The servers that are measured: ours, dynalite, a bare one, one that answers a constant body."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

DYNALITE = "dynalite@4.0.0"
_PATIENCE = 60.0


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running(command: list[str], port: int, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server in a process group of its own until the body is done."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=output, start_new_session=True, env=_environment()
        )
    try:
        _await(process, port, log)
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(_PATIENCE)


def _environment() -> dict[str, str]:
    return {**os.environ, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}


def _await(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    give_up = time.monotonic() + _PATIENCE
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        if process.poll() is not None or time.monotonic() > give_up:
            raise RuntimeError(f"{process.args!r} does not listen:\n{log.read_text()}")
        time.sleep(0.05)


def ours(folder: Path, port: int) -> list[str]:
    """Return the command of a durable Cloudarium on `folder`."""
    up = [str(Path(sys.executable).with_name("cloudarium")), "up", "--dir", str(folder)]
    return [*up, "--port", str(port), "--ssh-port", "0", "--smtp-port", "0"]


def floor(_: Path, port: int) -> list[str]:
    """Return the command of our HTTP server with a constant body of 1 KB."""
    return [sys.executable, "-m", "benchmarks.dynamodb.servers", str(port)]


def bare(folder: Path, port: int) -> list[str]:
    """Return the command of the least that a DynamoDB in Python can do (bare.py)."""
    return [sys.executable, "-m", "benchmarks.dynamodb.bare", str(port), str(folder)]


def dynalite(folder: Path, port: int) -> list[str]:
    """Return the command of dynalite on LevelDB in `folder`; installed first if it is not there."""
    program = folder / "node_modules" / ".bin" / "dynalite"
    if not program.exists():
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            ["npm", "install", "--no-save", "--silent", "--prefix", str(folder), DYNALITE],
            check=True,
        )
    return [str(program), "--port", str(port), "--path", str(folder / f"data-{port}")]


async def _floor(port: int) -> None:
    from cloudarium.wire.http import HttpRequest, HttpResponse
    from cloudarium.wire.server import serve

    body = b"x" * 1024

    def answer(request: HttpRequest) -> HttpResponse:
        return HttpResponse(200, [("content-type", "application/x-amz-json-1.0")], body)

    await serve(answer, port=port)
    await asyncio.Event().wait()


def main() -> None:
    """Serve the floor on a port."""
    import uvloop

    uvloop.run(_floor(int(sys.argv[1])))


if __name__ == "__main__":
    main()
