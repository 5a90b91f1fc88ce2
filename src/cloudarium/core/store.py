"""A service's database: SQLite, one connection, one writer, answers after the disk has it.

Commits only write to the write-ahead log; one `fdatasync` in a worker thread then makes all commits
so far durable together (group commit), while the loop goes on. In WAL mode with
`synchronous=NORMAL` a commit that is not yet synced can be lost by a power failure but never
corrupts the database (https://sqlite.org/pragma.html#pragma_synchronous), so a commit followed by
a sync of the log is durable. A `Partner` is a second store that takes part in all of this.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

_LAYOUT = 1
_COMMITS_BETWEEN_CHECKPOINTS = 1000
_SYSTEM_TABLES = """
CREATE TABLE _outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    fact TEXT NOT NULL, account TEXT NOT NULL, region TEXT NOT NULL, body BLOB NOT NULL
) STRICT;
CREATE TABLE _inbox (source TEXT PRIMARY KEY, last_id INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE _jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    job TEXT NOT NULL, key TEXT, account TEXT NOT NULL, region TEXT NOT NULL,
    due REAL NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, payload BLOB NOT NULL
) STRICT;
CREATE INDEX _jobs_due ON _jobs (due);
CREATE UNIQUE INDEX _jobs_key ON _jobs (job, account, region, key) WHERE key IS NOT NULL;
CREATE TABLE _calls (
    key TEXT PRIMARY KEY, answer BLOB NOT NULL, at REAL NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX _calls_at ON _calls (at);
"""


class LayoutError(Exception):
    """The state folder was written by a newer version."""


class Partner(Protocol):
    """A second store whose changes commit together with the database's, or not at all.

    It is written and synced after the database's log, in the same worker thread. `saw_pending` is
    whether the transaction read what has committed but is not on disk yet.
    """

    saw_pending: bool

    def prepare(self, db: sqlite3.Connection, *, wrote: bool) -> bool:
        """Get ready to commit; `wrote` is whether the database changes. Tell whether this does."""

    def committed(self) -> None:
        """Keep the transaction's changes."""

    def rolled_back(self) -> None:
        """Forget the transaction's changes."""

    def take(self) -> Callable[[], None]:
        """Return what a worker thread has to do so that all that has committed is on disk."""

    def stored(self) -> None:
        """Take note that what `take` returned is done."""


class Store:
    """One SQLite database with the core's own tables beside the service's."""

    def __init__(
        self, path: Path, schema: str, executor: ThreadPoolExecutor, durable: bool
    ) -> None:
        self.path = path
        self._executor = executor
        self._durable = durable
        self.connection = _open(path)
        self._create(schema)
        self.in_transaction = False
        self.partner: Partner | None = None
        self.seen = 0
        self._after_commit: list[Callable[[], None]] = []
        self._committed = 0
        self._logged = 0
        self._synced = 0
        self._checkpointed = 0
        self._sync: asyncio.Future[None] | None = None
        self._wal: int | None = None

    def _create(self, schema: str) -> None:
        (layout,) = self.connection.execute("PRAGMA user_version").fetchone()
        if layout > _LAYOUT:
            raise LayoutError(
                f"{self.path} was written by a newer version of Cloudarium "
                f"(layout {layout}; this version reads {_LAYOUT})"
            )
        if layout == 0:
            self.connection.executescript(
                f"BEGIN;{_SYSTEM_TABLES}{schema};PRAGMA user_version={_LAYOUT};COMMIT;"
            )
            if self._durable:
                _sync_file(self.path.with_name(self.path.name + "-wal"))
                _sync_file(self.path.parent)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Run the body as one transaction: commit at its end, roll back if it raises."""
        if self.in_transaction:
            raise RuntimeError("transactions do not nest")
        connection = self.connection
        before = connection.total_changes
        connection.execute("BEGIN")
        self.in_transaction = True
        try:
            yield connection
            wrote = connection.total_changes != before
            joined = self.partner is not None and self.partner.prepare(connection, wrote=wrote)
            connection.execute("COMMIT")
        except BaseException:
            self._after_commit.clear()
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            if self.partner is not None:
                self.partner.rolled_back()
            raise
        finally:
            self.in_transaction = False
        self._commit(wrote, joined)

    def _commit(self, wrote: bool, joined: bool) -> None:
        if wrote or joined:
            self._committed += 1
        if wrote:
            self._logged = self._committed
        self.seen = self._logged
        if self.partner is not None:
            if joined or self.partner.saw_pending:
                self.seen = self._committed
                self.partner.saw_pending = False
            self.partner.committed()
        callbacks, self._after_commit = self._after_commit, []
        for callback in callbacks:
            callback()

    def after_commit(self, callback: Callable[[], None]) -> None:
        """Call `callback` once the present transaction has committed; never if it rolls back."""
        self._after_commit.append(callback)

    async def durable(self, seen: int | None = None) -> None:
        """Return when every commit so far is on disk.

        With `seen`, as it was after a transaction, only those that one made or may have read.
        """
        target = self._committed if seen is None else seen
        if not self._durable:
            return
        while self._synced < target:
            if self._sync is None:
                self._sync = asyncio.ensure_future(self._sync_all())
            await asyncio.shield(self._sync)

    async def _sync_all(self) -> None:
        target = self._committed
        if self._wal is None:
            self._wal = os.open(f"{self.path}-wal", os.O_RDONLY)
        log = self._wal if self._logged > self._synced else None
        partner = self.partner
        work = partner.take() if partner is not None else None
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self._executor, _sync_both, log, work)
            if partner is not None:
                partner.stored()
            self._synced = target
            if self._logged - self._checkpointed >= _COMMITS_BETWEEN_CHECKPOINTS:
                self._checkpointed = target
                await loop.run_in_executor(self._executor, _checkpoint, self.path)
        finally:
            self._sync = None

    def close(self) -> None:
        """Close the database; SQLite folds the log into it."""
        self.connection.close()
        if self._wal is not None:
            os.close(self._wal)


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path, isolation_level=None, check_same_thread=False, cached_statements=512
    )
    connection.row_factory = sqlite3.Row
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "wal_autocheckpoint=0",
        "foreign_keys=ON",
        "cache_size=-4000",
    ):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _sync_both(log: int | None, work: Callable[[], None] | None) -> None:
    """Sync the database's log, then the partner: the database is never behind it."""
    if log is not None:
        os.fdatasync(log)
    if work is not None:
        work()


def _checkpoint(path: Path) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
    finally:
        connection.close()


def _sync_file(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
