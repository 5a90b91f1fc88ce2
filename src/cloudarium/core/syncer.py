"""Puts a store's commits on disk: in a thread, or at once where that is sooner.

To hand a sync to the thread and to hear from it takes some 100 µs, as much as a quick disk needs.
So what one client alone has committed is synced on the loop as long as the disk was quick the last
time; what several have, or a slow disk has to write, never holds the loop up.
"""

from __future__ import annotations

import asyncio
import logging
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue

log = logging.getLogger(__name__)
Work = Callable[[], None]

_QUICK_SECONDS = 0.001


class NotOnDisk(Exception):
    """What has committed could not be written; the store's partner still has it, to try again."""


class SyncLost(NotOnDisk):
    """The disk itself failed.

    Linux then forgets what it could not write, and the next sync says that all is well
    (https://wiki.postgresql.org/wiki/Fsync_Errors). Only what a new start reads can be relied on.
    """


class Syncer(threading.Thread):
    """Syncs a store: first the database's log, then its partner, which is never ahead of it.

    The thread asks for the interpreter's lock as seldom as can be, for the loop's thread has it
    most of the time and gives it only between two of its callbacks.
    """

    def __init__(
        self,
        path: Path,
        loop: asyncio.AbstractEventLoop,
        finish: Callable[[NotOnDisk | None], None],
    ) -> None:
        super().__init__(name="sync", daemon=True)
        self._path = path
        self._loop = loop
        self._finish = finish
        self._queue: SimpleQueue[tuple[int | None, Work | None] | None] = SimpleQueue()
        self._is_quick = False
        self.start()

    def sync(
        self, database: int | None, take: Callable[[], Work] | None, *, is_alone: bool
    ) -> None:
        """Sync the database's log, if it needs it, then do the work the partner gives, if any.

        `is_alone` is whether this is one commit, as the one before was: nobody else writes.
        """
        try:
            work = take() if take is not None else None
        except Exception as caught:
            log.exception("%s cannot be written", self._path)
            self._finish(_failed(caught))
        else:
            if is_alone and self._is_quick:
                self._finish(self._synced(database, work))
            else:
                self._queue.put((database, work))

    def stop(self) -> None:
        """End when all is synced."""
        self._queue.put(None)
        self.join()

    def run(self) -> None:
        """Sync what is queued; tell the loop of each whether it went well."""
        while (work := self._queue.get()) is not None:
            self._loop.call_soon_threadsafe(self._finish, self._synced(*work))

    def _synced(self, database: int | None, partner: Work | None) -> NotOnDisk | None:
        began = time.perf_counter()
        try:
            if database is not None:
                os.fdatasync(database)
            if partner is not None:
                partner()
        except Exception as caught:
            log.exception("%s cannot be written", self._path)
            return _failed(caught)
        self._is_quick = time.perf_counter() - began < _QUICK_SECONDS
        return None


def _failed(caught: Exception) -> NotOnDisk:
    return SyncLost(caught) if isinstance(caught, OSError) else NotOnDisk(caught)
