"""Contained processes: run a program that sees only what it is given and leaves nothing behind.

    sandbox = Sandbox(folder)                      # one per cloud; processes start on first use
    process = await sandbox.start(ProcessSpec(argv=("/bin/sh", "-c", "make"), mounts=(...)))
    async for line in process.output: ...
    status = await process.wait()                  # as a shell gives it: 128 + n for signal n
    process.kill()                                 # with all its descendants, detached ones too
    await sandbox.close()

Containment is by Linux namespaces where the kernel allows them to this user, else by Landlock,
else (`Sandbox.warning`) only by an own session and a clean environment; see
`nursery/containment.py`.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import shutil
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from cloudarium.functions import installations

_LOG = logging.getLogger(__name__)
_NURSERY = Path(__file__).parent / "nursery" / "nursery.py"
_MESSAGE_BYTES = 1 << 20
_READ_BYTES = 1 << 16
_READS_AT_ONCE = 16  # more than a pipe holds, and an end to it while a program floods its output
_LINE_BYTES = 256 * 1024  # a longer line is cut: CloudWatch Logs takes events up to this size
_NURSERY_DIED = 137
_IDLE_SECONDS = 10.0  # how long the nursery outlives the last program
_STARTS_AT_ONCE = 32  # so that their messages always fit into the socket


class SandboxError(Exception):
    """A program could not be started; the text says why."""


@dataclass(frozen=True)
class Mount:
    """A file or folder the program sees: `source` on this machine, at `target` for the program."""

    source: str
    target: str
    writable: bool = False


@dataclass(frozen=True)
class ProcessSpec:
    """A program to run.

    argv: None runs the sandbox's preloaded bootstrap (Python functions).
    environment: the whole environment; nothing is inherited. PATH and TMPDIR have defaults.
    folder: the working folder, as the program sees it (`Sandbox.view`); "" is its /tmp.
    memory_megabytes: limit of private writable memory (RLIMIT_DATA), 0 for none.
    tmp_megabytes: size of its private /tmp (with namespaces; else it is as big as the disk).
    processes: how many processes and threads, 0 for no limit.
    python: the Python to preload the bootstrap in, None for the one that runs this.
    """

    argv: tuple[str, ...] | None
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: str = ""
    mounts: tuple[Mount, ...] = ()
    memory_megabytes: int = 0
    tmp_megabytes: int = 512
    processes: int = 1024
    open_files: int = 1024
    python: Path | None = None


class Process:
    """A started program. Not made directly: see `Sandbox.start`."""

    def __init__(self, kill: Callable[[], None], on_line: Callable[[bytes], object] | None) -> None:
        loop = asyncio.get_running_loop()
        self.pid = 0
        self._kill = kill
        self._queue: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._on_line = on_line or self._queue.put_nowait
        self._status: asyncio.Future[int] = loop.create_future()
        self._closed: asyncio.Future[None] = loop.create_future()
        self._partial = b""
        self._pipe, self.child_pipe = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        os.set_blocking(self.child_pipe, True)
        self.tmp: Path | None = None
        loop.add_reader(self._pipe, self.drain)

    @property
    def output(self) -> AsyncIterator[bytes]:
        """The lines of stdout and stderr, without line ends, until the program's end."""
        return self._lines()

    async def _lines(self) -> AsyncIterator[bytes]:
        while (line := await self._queue.get()) is not None:
            yield line

    async def wait(self, timeout: float | None = None) -> int:
        """The exit status, once its output is complete. TimeoutError after `timeout` seconds."""
        async with asyncio.timeout(timeout):
            await asyncio.shield(self._closed)
            return await asyncio.shield(self._status)

    @property
    def ended(self) -> bool:
        """Whether the program has ended."""
        return self._status.done()

    def kill(self) -> None:
        """Kill the program with all its descendants; `wait` then answers soon."""
        if not self._status.done():
            self._kill()

    def drain(self) -> None:
        """Read what the program has written so far, now."""
        for _ in range(_READS_AT_ONCE):
            if self._closed.done():
                return
            try:
                data = os.read(self._pipe, _READ_BYTES)
            except BlockingIOError:
                return
            if not data:
                self._close()
                return
            *lines, self._partial = (self._partial + data).split(b"\n")
            for line in lines:
                self._on_line(line)
            if len(self._partial) > _LINE_BYTES:
                self._on_line(self._partial)
                self._partial = b""

    def end(self, status: int) -> None:
        """The nursery reports the end; for `Sandbox` only."""
        if not self._status.done():
            self._status.set_result(status)
        self.drain()
        self._close()

    def _close(self) -> None:
        if self._closed.done():
            return
        asyncio.get_running_loop().remove_reader(self._pipe)
        os.close(self._pipe)
        if self._partial:
            self._on_line(self._partial)
        self._queue.put_nowait(None)
        self._closed.set_result(None)
        if self.tmp:
            shutil.rmtree(self.tmp, ignore_errors=True)


class Sandbox:
    """Starts contained processes, by one nursery process of its own."""

    def __init__(
        self,
        folder: Path,
        bootstrap: Path | None = None,
        containment: str | None = None,
        idle_seconds: float = _IDLE_SECONDS,
        python: Path | None = None,
    ) -> None:
        """`folder` is private scratch space; `bootstrap` is preloaded for specs without argv.

        `containment` chooses a weaker way than the machine offers ("landlock", "none"). Once
        nothing has run for `idle_seconds` the nursery ends, until it is needed again. `python`
        runs it, if not the one that runs this.
        """
        self._folder = folder
        self._bootstrap = bootstrap
        self._wanted = containment
        self._python = python
        self._others: dict[Path, Sandbox] = {}
        self._installation: list[str] = []
        self._starting = asyncio.Lock()
        self._at_once = asyncio.Semaphore(_STARTS_AT_ONCE)
        self._nursery: asyncio.subprocess.Process | None = None
        self._control: socket.socket | None = None
        self._ready: asyncio.Future[str] | None = None
        self._processes: dict[int, Process] = {}
        self._starts: dict[int, asyncio.Future[int]] = {}
        self._count = 0
        self._idle_seconds = idle_seconds
        self._idle: asyncio.TimerHandle | None = None
        self.mode = ""

    @property
    def warning(self) -> str | None:
        """What a user must know about this machine's containment, once something has started."""
        if self.mode == "none":
            return (
                "This machine offers neither user namespaces nor Landlock: functions and builds"
                " can read every file that this user can read."
            )
        return None

    def view(self, mount: Mount) -> str:
        """The path at which the program sees a mount (`start` the sandbox with `ready` first)."""
        return mount.target if self.mode == "namespaces" else mount.source

    @property
    def folder(self) -> Path:
        """Its scratch space."""
        return self._folder

    def _with(self, python: Path) -> Sandbox:
        """The sandbox whose nursery is run by another Python."""
        if python not in self._others:
            folder = self._folder / python.name
            options = (folder, self._bootstrap, self._wanted, self._idle_seconds, python)
            self._others[python] = Sandbox(*options)
        return self._others[python]

    async def ready(self, python: Path | None = None) -> str:
        """Start the nursery (of `ProcessSpec.python`) if it is not running; its containment."""
        if python:
            self.mode = await self._with(python).ready()
            return self.mode
        async with self._starting:
            if self._control is None:
                await self._start_nursery()
        return self.mode

    async def start(
        self,
        spec: ProcessSpec,
        on_line: Callable[[bytes], object] | None = None,
        channel: socket.socket | None = None,
    ) -> Process:
        """Start a program; `on_line` takes its output instead of `Process.output`.

        The program has `channel` as its descriptor 3; it is closed here.
        Raises SandboxError when it could not be started.
        """
        if spec.python:
            other = self._with(spec.python)
            return await other.start(replace(spec, python=None), on_line, channel)
        await self.ready()
        if self._idle:
            self._idle.cancel()
        self._count += 1
        identity = self._count
        process = Process(lambda: self._send({"kill": identity}), on_line)
        message = self._message(identity, spec, process)
        self._processes[identity] = process
        started: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._starts[identity] = started
        async with self._at_once:
            try:
                given = [channel.fileno()] if channel else []
                self._send(message, process.child_pipe, *given)
            except (OSError, SandboxError):
                self._ended(identity, _NURSERY_DIED)
            finally:
                os.close(process.child_pipe)
                if channel:
                    channel.close()
            process.pid = await started
        return process

    def _message(self, identity: int, spec: ProcessSpec, process: Process) -> dict[str, Any]:
        mounts = [*(Mount(path, path) for path in self._installation), *spec.mounts]
        tmp = "/tmp"
        if self.mode != "namespaces":
            process.tmp = Path(tempfile.mkdtemp(dir=self._folder))
            tmp = str(process.tmp)
            mounts.append(Mount(tmp, "/tmp", writable=True))
        limits = {"NOFILE": spec.open_files, "NPROC": spec.processes}
        if spec.memory_megabytes:
            limits["DATA"] = spec.memory_megabytes << 20
        message: dict[str, Any] = {
            "id": identity,
            "environment": {"PATH": "/usr/local/bin:/usr/bin:/bin", "TMPDIR": tmp}
            | dict(spec.environment),
            "folder": spec.folder or tmp,
            "mounts": [(m.source, m.target, m.writable) for m in mounts],
            "limits": {name: value for name, value in limits.items() if value},
            "tmp": spec.tmp_megabytes,
        }
        if spec.argv is not None:
            message["argv"] = list(spec.argv)
        return message

    def _install(self) -> list[str]:
        """Note what programs need to see; the packages that another Python is lent."""
        self._installation = installations.ours()
        if self._python is None:
            return []
        folder = installations.lent(self._folder / "packages", self._python)
        packages = [str(folder)] if folder else []
        self._installation += [*installations.of(self._python), *packages]
        return packages

    async def _start_nursery(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        root = self._folder / "root"
        root.mkdir(exist_ok=True)
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        for end in (ours, theirs):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _MESSAGE_BYTES)
        packages = self._install()
        program = str(self._python or sys.executable)
        argv = [program, "-I", str(_NURSERY), str(theirs.fileno()), str(root)]
        argv += [self._wanted or "namespaces"]
        argv += [str(self._bootstrap), *packages] if self._bootstrap else []
        self._nursery = await asyncio.create_subprocess_exec(
            *argv,
            pass_fds=[theirs.fileno()],
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            env={"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"},
            cwd="/",
            start_new_session=True,
        )
        theirs.close()
        ours.setblocking(False)
        loop = asyncio.get_running_loop()
        self._ready = loop.create_future()
        self._control = ours
        loop.add_reader(ours, self._receive)
        self.mode = await self._ready
        if self.warning:
            _LOG.warning(self.warning)

    def _receive(self) -> None:
        assert self._control is not None
        try:
            data = self._control.recv(_MESSAGE_BYTES)
        except BlockingIOError:
            return
        except ConnectionError:
            data = b""
        if not data:
            self._nursery_ended()
            return
        message = json.loads(data)
        if "mode" in message:
            assert self._ready is not None
            self._ready.set_result(message["mode"])
        elif "pid" in message:
            self._starts.pop(message["id"]).set_result(message["pid"])
        else:
            self._ended(message["id"], message["exit"])

    def _ended(self, identity: int, status: int) -> None:
        started = self._starts.pop(identity, None)
        if started and not started.done():
            started.set_exception(SandboxError("The program could not be started."))
        self._processes.pop(identity).end(status)
        if not self._processes and self._control:
            loop = asyncio.get_running_loop()
            self._idle = loop.call_later(self._idle_seconds, self._end_if_idle)

    def _end_if_idle(self) -> None:
        if not self._processes and self._control:
            self._nursery_ended()

    def _nursery_ended(self) -> None:
        assert self._control is not None
        asyncio.get_running_loop().remove_reader(self._control)
        self._control.close()
        self._control = None
        if self._ready and not self._ready.done():
            self._ready.set_exception(SandboxError("The nursery process did not start."))
        for identity in list(self._processes):
            self._ended(identity, _NURSERY_DIED)

    def _send(self, message: dict[str, Any], *descriptors: int) -> None:
        if self._control is None:
            raise SandboxError("The nursery process has ended.")
        socket.send_fds(self._control, [json.dumps(message).encode()], list(descriptors))

    async def close(self) -> None:
        """End every process and the nursery."""
        for other in self._others.values():
            await other.close()
        async with self._starting:
            if self._idle:
                self._idle.cancel()
            if self._nursery is None:
                return
            if self._control is not None:
                self._control.shutdown(socket.SHUT_WR)
            await self._nursery.wait()
            if self._control is not None:
                self._nursery_ended()
            self._nursery = None
