"""The cloud's clock: the one source of time, and it can be moved."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson

# An event loop's timer cannot be set further than this without overflowing on some platforms.
_LONGEST_WAIT = 3600.0
_SECTOR = 512  # bytes that a disk writes whole or not at all


def stopwatch() -> float:
    """Return real seconds that only grow, to bound how long a client's work takes."""
    return time.monotonic()


class Clock:
    """Time as the cloud sees it: real time plus an offset, or frozen until moved.

    All values are epoch seconds.
    """

    def __init__(
        self,
        *,
        offset: float = 0.0,
        frozen_at: float | None = None,
        source: Callable[[], float] = time.time,
    ) -> None:
        self._source = source
        self._offset = offset
        self._frozen_at = frozen_at
        self._moved = asyncio.Event()

    def now(self) -> float:
        """Return the cloud's time."""
        return self._source() + self._offset if self._frozen_at is None else self._frozen_at

    def wall(self) -> float:
        """Return real time, for what the outside world dates by its own clock (signatures)."""
        return self._source()

    @property
    def offset(self) -> float:
        """How far the clock is ahead of real time, in seconds."""
        return self.now() - self._source()

    @property
    def frozen(self) -> bool:
        """Whether the clock stands still until it is moved."""
        return self._frozen_at is not None

    def freeze(self) -> None:
        """Stop the clock where it is."""
        self._frozen_at = self.now()
        self._announce()

    def resume(self) -> None:
        """Let a frozen clock run on from where it is."""
        if self._frozen_at is not None:
            self._offset = self._frozen_at - self._source()
            self._frozen_at = None
            self._announce()

    def advance(self, seconds: float) -> None:
        """Move the clock forward. Raises ValueError for a negative number: time has one way."""
        if seconds < 0:
            raise ValueError("the clock only moves forward")
        if self._frozen_at is None:
            self._offset += seconds
        else:
            self._frozen_at += seconds
        self._announce()

    def _announce(self) -> None:
        self._moved.set()
        self._moved = asyncio.Event()

    async def wait_until(self, at: float) -> None:
        """Wait until the clock shows `at`, however it gets there."""
        while (delay := at - self.now()) > 0:
            moved = self._moved
            timeout = None if self.frozen else min(delay, _LONGEST_WAIT)
            try:
                await asyncio.wait_for(moved.wait(), timeout)
            except TimeoutError:
                continue


class KeptClock(Clock):
    """A clock that a restart finds where it was left: moved ahead or frozen.

    It is kept before anything happens at the new time, so that a process killed on the way is
    never followed by one in which time has gone back.
    """

    def __init__(self, path: Path) -> None:
        text = path.read_bytes().strip() if path.exists() else b""
        kept: dict[str, Any] = orjson.loads(text) if text else {}
        self._path = path
        super().__init__(offset=kept.get("offset", 0.0), frozen_at=kept.get("frozen_at"))

    def _announce(self) -> None:
        kept = orjson.dumps({"offset": self._offset, "frozen_at": self._frozen_at})
        # In its place: a new file that takes the name of the old one costs twice as much.
        file = os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o666)
        try:
            os.pwrite(file, kept.ljust(_SECTOR), 0)
            os.fdatasync(file)
        finally:
            os.close(file)
        super()._announce()
