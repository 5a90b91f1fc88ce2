"""The thread that puts a store's commits on disk."""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue

log = logging.getLogger(__name__)
Work = Callable[[], None]


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
        self.start()

    def sync(self, database: int | None, take: Callable[[], Work] | None) -> None:
        """Sync the database's log, if it needs it, then do the work the partner gives, if any."""
        try:
            work = take() if take is not None else None
        except Exception as caught:
            log.exception("%s cannot be written", self._path)
            self._finish(_failed(caught))
        else:
            self._queue.put((database, work))

    def stop(self) -> None:
        """End when all is synced."""
        self._queue.put(None)
        self.join()

    def run(self) -> None:
        """Sync what is queued; tell the loop of each whether it went well."""
        while (work := self._queue.get()) is not None:
            database, partner = work
            error = None
            try:
                if database is not None:
                    os.fdatasync(database)
                if partner is not None:
                    partner()
            except Exception as caught:
                log.exception("%s cannot be written", self._path)
                error = _failed(caught)
            self._loop.call_soon_threadsafe(self._finish, error)


def _failed(caught: Exception) -> NotOnDisk:
    return SyncLost(caught) if isinstance(caught, OSError) else NotOnDisk(caught)
