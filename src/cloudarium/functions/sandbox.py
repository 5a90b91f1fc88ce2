"""Contained processes: run a program that sees only what it is given and leaves nothing behind.

    sandbox = Sandbox(folder)                      # one per cloud; processes start on first use
    process = await sandbox.start(ProcessSpec(argv=("/bin/sh", "-c", "make"), mounts=(...)))
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
import socket
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from cloudarium.functions import installations
from cloudarium.functions.processes import Mount, Process, ProcessSpec, Reader

_LOG = logging.getLogger(__name__)
_NURSERY = Path(__file__).parent / "nursery" / "nursery.py"
_MESSAGE_BYTES = 1 << 20
_NURSERY_DIED = 137
_IDLE_SECONDS = 10.0  # how long the nursery outlives the last program
_STARTS_AT_ONCE = 32  # so that their messages always fit into the socket


class SandboxError(Exception):
    """A program could not be started; the text says why."""


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
        self._kept: set[int] = set()  # whose /tmp is to outlive them
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
        reader: Reader | None = None,
        channel: socket.socket | None = None,
    ) -> Process:
        """Start a program; `reader` takes its output, nobody if it is None.

        The program has `channel` as its descriptor 3; it is closed here.
        Raises SandboxError when it could not be started.
        """
        if spec.python:
            other = self._with(spec.python)
            return await other.start(replace(spec, python=None), reader, channel)
        await self.ready()
        if self._idle:
            self._idle.cancel()
        self._count += 1
        identity = self._count
        process = Process(identity, spec.keeps_tmp, self._tell, reader)
        message = self._message(identity, spec, process)
        self._processes[identity] = process
        if spec.keeps_tmp:
            self._kept.add(identity)
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

    def _tell(self, what: str, process: Process) -> None:
        """Have the nursery kill a program, or forget it once it has ended."""
        if what == "forget":
            if process.identity not in self._kept:
                return
            self._kept.discard(process.identity)
            self._end_soon()
        self._send({what: process.identity})

    def _message(self, identity: int, spec: ProcessSpec, process: Process) -> dict[str, Any]:
        mounts = [*(Mount(path, path) for path in self._installation), *spec.mounts]
        tmp, after = "/tmp", spec.after
        taken = after.take_tmp() if after else None
        if self.mode != "namespaces":
            process.tmp = taken or Path(tempfile.mkdtemp(dir=self._folder))
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
            "keeps_tmp": spec.keeps_tmp,
            "nests": spec.nests,
        }
        if after and after.identity in self._kept:
            self._kept.discard(after.identity)
            message["after"] = after.identity
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
            self._kept.discard(identity)
            started.set_exception(SandboxError("The program could not be started."))
        self._processes.pop(identity).end(status)
        self._end_soon()

    @property
    def _is_idle(self) -> bool:
        return self._control is not None and not self._processes and not self._kept

    def _end_soon(self) -> None:
        """End the nursery, if nothing needs it any more, after a while."""
        if self._is_idle:
            loop = asyncio.get_running_loop()
            self._idle = loop.call_later(self._idle_seconds, self._end_if_idle)

    def _end_if_idle(self) -> None:
        if self._is_idle:
            self._nursery_ended()

    def _nursery_ended(self) -> None:
        assert self._control is not None
        asyncio.get_running_loop().remove_reader(self._control)
        self._control.close()
        self._control = None
        if self._ready and not self._ready.done():
            self._ready.set_exception(SandboxError("The nursery process did not start."))
        self._kept.clear()
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
