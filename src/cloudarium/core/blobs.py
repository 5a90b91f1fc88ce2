"""Blobs: bytes kept beside the databases, named by their SHA-256."""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Protocol

from cloudarium.core.ids import Ids

_CHUNK = 1 << 20


class Source(Protocol):
    """An open body: a binary file, or what reads like one."""

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes, none at the end."""

    def __enter__(self) -> Source: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
        /,
    ) -> None: ...


class Readable(Protocol):
    """A body that can be opened and read from its start."""

    def open(self) -> Source:
        """Return the body at its start; the caller closes it."""


@dataclass(frozen=True)
class Blob:
    """A stored blob: hexadecimal SHA-256, size in bytes, hexadecimal MD5."""

    digest: str
    size: int
    md5: str


class Blobs:
    """The blobs of one service. What nobody refers to any more is the service's to delete."""

    def __init__(self, folder: Path, executor: ThreadPoolExecutor, ids: Ids, durable: bool) -> None:
        self._folder = folder
        # What an interrupted `put` left is nobody's.
        shutil.rmtree(folder / "incoming", ignore_errors=True)
        self._executor = executor
        self._ids = ids
        self._durable = durable

    async def put(self, data: bytes | Readable) -> Blob:
        """Store `data`; it is on disk when this returns."""
        temporary = self._folder / "incoming" / self._ids.hex(32)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._executor, self._write, data, temporary)

    def path(self, digest: str) -> Path:
        """Return where the blob lies (a plain file, never changed)."""
        return self._folder / digest[:2] / digest

    def read(self, digest: str) -> bytes:
        """Return the whole blob; for small ones."""
        return self.path(digest).read_bytes()

    def delete(self, digest: str) -> None:
        """Remove the blob if it is there."""
        self.path(digest).unlink(missing_ok=True)

    def _write(self, data: bytes | Readable, temporary: Path) -> Blob:
        temporary.parent.mkdir(parents=True, exist_ok=True)
        sha256, md5, size = hashlib.sha256(), hashlib.md5(usedforsecurity=False), 0
        with temporary.open("wb") as target:
            for chunk in _chunks(data):
                sha256.update(chunk)
                md5.update(chunk)
                size += len(chunk)
                target.write(chunk)
            target.flush()
            if self._durable:
                os.fsync(target.fileno())
        final = self.path(sha256.hexdigest())
        final.parent.mkdir(exist_ok=True)
        temporary.replace(final)
        if self._durable:
            with _opened(final.parent) as descriptor:
                os.fsync(descriptor)
        return Blob(sha256.hexdigest(), size, md5.hexdigest())


def _chunks(data: bytes | Readable) -> Iterator[bytes]:
    if isinstance(data, bytes):
        yield data
        return
    with data.open() as source:
        while chunk := source.read(_CHUNK):
            yield chunk


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
