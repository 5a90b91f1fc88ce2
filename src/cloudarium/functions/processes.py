"""A contained program: what it is started with, and what is known of it once it runs."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

_READ_BYTES = 1 << 16
_READS_AT_ONCE = 16  # more than a pipe holds, and an end to it while a program floods its output
_LINE_BYTES = 256 * 1024  # a longer line is cut: CloudWatch Logs takes events up to this size


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
    keeps_tmp: its /tmp outlives it, until `Process.forget`.
    nests: it may make namespaces of its own.
    after: one that has ended and kept its /tmp, which this one has then, with the same mounts.
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
    keeps_tmp: bool = False
    nests: bool = True
    after: Process | None = None


class Reader(Protocol):
    """Takes a program's output."""

    def __call__(self, line: bytes) -> None:
        """Take a line of stdout or stderr, without its end."""

    def has_room(self, go_on: Callable[[], None]) -> bool:
        """Whether it can take more now; if not, it calls `go_on` when it can."""


class Lines:
    """A reader that keeps all lines: for programs that write few."""

    def __init__(self) -> None:
        self.kept: list[bytes] = []

    def __call__(self, line: bytes) -> None:
        """Keep a line."""
        self.kept.append(line)

    def has_room(self, go_on: Callable[[], None]) -> bool:
        """Always."""
        return True


class Process:
    """A started program. Not made directly: see `Sandbox.start`."""

    def __init__(
        self,
        identity: int,
        keeps_tmp: bool,
        tell: Callable[[str, Process], None],
        reader: Reader | None,
    ) -> None:
        loop = asyncio.get_running_loop()
        self.pid = 0
        self.identity = identity
        self._keeps_tmp = keeps_tmp
        self._tell = tell
        self._reader = reader
        self._status: asyncio.Future[int] = loop.create_future()
        self._closed: asyncio.Future[None] = loop.create_future()
        self._partial = b""
        self._pipe, self.child_pipe = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        os.set_blocking(self.child_pipe, True)
        self.tmp: Path | None = None
        self._read_on()

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
            self._tell("kill", self)

    def forget(self) -> None:
        """Let go of its /tmp, if it is kept, as soon as the program has ended."""
        if self._keeps_tmp:
            self._keeps_tmp = False
            self._tell("forget", self)
            if self._closed.done():
                self._remove_tmp()

    def drain(self) -> None:
        """Read what the program has written so far, now."""
        for _ in range(_READS_AT_ONCE):
            if not self._read():
                return

    def _read_on(self) -> None:
        """Read whenever there is something, as long as there is room: the program has to wait."""
        if not self._closed.done():
            asyncio.get_running_loop().add_reader(self._pipe, self._readable)

    def _readable(self) -> None:
        if self._read() and self._reader and not self._reader.has_room(self._read_on):
            asyncio.get_running_loop().remove_reader(self._pipe)

    def _read(self) -> bool:
        """Read once; whether there can be more."""
        if self._closed.done():
            return False
        try:
            data = os.read(self._pipe, _READ_BYTES)
        except BlockingIOError:
            return False
        if not data:
            self._close()
            return False
        *lines, self._partial = (self._partial + data).split(b"\n")
        if len(self._partial) > _LINE_BYTES:
            lines.append(self._partial)
            self._partial = b""
        if self._reader:
            for line in lines:
                self._reader(line)
        return True

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
        if self._partial and self._reader:
            self._reader(self._partial)
        self._closed.set_result(None)
        if not self._keeps_tmp:
            self._remove_tmp()

    def _remove_tmp(self) -> None:
        if self.tmp:
            shutil.rmtree(self.tmp, ignore_errors=True)

    def take_tmp(self) -> Path | None:
        """Its /tmp, where that is a folder of the machine, for another program."""
        self._keeps_tmp = False
        tmp, self.tmp = self.tmp, None
        return tmp
