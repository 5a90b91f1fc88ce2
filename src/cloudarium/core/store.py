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
from collections.abc import Callable, Sized
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Protocol

from cloudarium.core.schema import SchemaError, complete
from cloudarium.core.syncer import NotOnDisk, Syncer, SyncLost

_LAYOUT = 1
_COMMITS_BETWEEN_CHECKPOINTS = 1000
_GATHERING_TURNS = 8
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
    """The state folder was written by a version whose databases this one cannot read."""


class Partner(Protocol):
    """A second store whose changes commit together with the database's, or not at all.

    It is written and synced after the database's log. `saw_pending` is whether the transaction
    read what has committed but is not on disk yet.
    """

    saw_pending: bool

    @property
    def changes(self) -> Sized:
        """Those of the transaction under way."""

    def prepare(self, db: sqlite3.Connection, *, wrote: bool) -> bool:
        """Get ready to commit; `wrote` is whether the database changes. Tell whether this does."""

    def committed(self) -> None:
        """Keep the transaction's changes."""

    def rolled_back(self) -> None:
        """Forget the transaction's changes."""

    def take(self, *, at_once: bool) -> Callable[[], None]:
        """Return what a worker thread has to do so that all that has committed is on disk.

        With `at_once` the database's log has nothing that must be on disk before. What could not
        be written, here or there, is taken again the next time.
        """

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
        self._connection = _open(path)
        self._create(schema)
        self.in_transaction = False
        self.partner: Partner | None = None
        self.seen = 0
        self._begun = False
        self._changes_before = 0
        self._after_commit: list[Callable[[], None]] = []
        self._committed = 0
        self._logged = 0
        self._synced = 0
        self._checkpointed = 0
        self._checkpoint: Future[None] | None = None
        self._target = 0
        self._is_alone = False  # the last sync was of one commit
        self._syncing: asyncio.Future[None] | None = None
        self._next: asyncio.Future[None] | None = None
        self._wal: int | None = None
        self._syncer: Syncer | None = None
        self._lost: SyncLost | None = None

    def _create(self, schema: str) -> None:
        (layout,) = self._connection.execute("PRAGMA user_version").fetchone()
        if layout > _LAYOUT:
            raise LayoutError(
                f"{self.path} was written by a newer version of Cloudarium "
                f"(layout {layout}; this version reads {_LAYOUT})"
            )
        try:
            written = complete(self._connection, _SYSTEM_TABLES + schema, _LAYOUT)
        except SchemaError as error:
            raise LayoutError(
                f"{self.path} was written by another version of Cloudarium, and this one cannot "
                f"read it: {error}"
            ) from error
        if written and self._durable:
            _sync_file(self.path.with_name(self.path.name + "-wal"))
            _sync_file(self.path.parent)

    # Transactions

    @property
    def connection(self) -> sqlite3.Connection:
        """The database; within a transaction SQLite's own begins when this is first asked for."""
        if self.in_transaction and not self._begun:
            self._changes_before = self._connection.total_changes
            self._connection.execute("BEGIN")
            self._begun = True
        return self._connection

    def transaction(self) -> Transaction:
        """Run the body as one transaction: commit at its end, roll back if it raises."""
        return Transaction(self)

    def unit(self) -> Unit:
        """Run the body as one transaction, which may turn out not to need SQLite's."""
        return Unit(self)

    def begin(self) -> None:
        """Begin a transaction. Raises RuntimeError within another one."""
        if self.in_transaction:
            raise RuntimeError("transactions do not nest")
        self.in_transaction = True

    def commit(self) -> None:
        """Commit, then call what waits for that; roll back if that fails."""
        if not (self._begun or self._after_commit) and self._unchanged():
            self.in_transaction = False
            self._look(False)
            return
        wrote = joined = False
        try:
            if self._begun:
                wrote = self._connection.total_changes != self._changes_before
            if self.partner is not None:
                joined = self.partner.prepare(self._connection, wrote=wrote)
            if self._begun:
                self._connection.execute("COMMIT")
        except BaseException:
            self.rollback()
            raise
        self.in_transaction = self._begun = False
        if wrote or joined:
            self._committed += 1
        if wrote:
            self._logged = self._committed
        self._look(joined)
        if self.partner is not None:
            self.partner.committed()
        if self._after_commit:
            callbacks, self._after_commit = self._after_commit, []
            for callback in callbacks:
                callback()

    def _unchanged(self) -> bool:
        return self.partner is None or not self.partner.changes

    def rollback(self) -> None:
        """Undo the transaction."""
        self._after_commit.clear()
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")
        self.in_transaction = self._begun = False
        self._look(False)
        if self.partner is not None:
            self.partner.rolled_back()

    def _look(self, joined: bool) -> None:
        """Note in `seen` the last commit that the transaction made or may have read."""
        self.seen = self._logged
        if self.partner is not None and (joined or self.partner.saw_pending):
            self.seen = self._committed
            self.partner.saw_pending = False

    def after_commit(self, callback: Callable[[], None]) -> None:
        """Call `callback` once the present transaction has committed; never if it rolls back."""
        self._after_commit.append(callback)

    # Durability

    def unsynced(self, seen: int | None = None) -> asyncio.Future[None] | None:
        """Return what is done when every commit so far is on disk; None if that is so already.

        With `seen`, as it was after a transaction, only those that one made or may have read.
        The future raises NotOnDisk if they cannot be written.
        """
        target = self._committed if seen is None else seen
        if self._synced >= target or not self._durable:
            return None
        if self._lost is not None:
            lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            lost.set_exception(self._lost)
            return lost
        if self._syncing is not None and target <= self._target:
            return self._syncing
        if self._next is None:
            loop = asyncio.get_running_loop()
            self._next = loop.create_future()
            if self._syncing is None:
                self._sync_soon()
        return self._next

    def _sync_soon(self) -> None:
        """Sync once a turn of the loop brings no further commit, or after some that did.

        Clients that were answered together come back shortly after each other. Who was alone the
        last time waits for nobody.
        """
        loop = asyncio.get_running_loop()
        if self._is_alone:
            loop.call_soon(self._sync)
        else:
            loop.call_soon(self._gather, _GATHERING_TURNS, None)

    def _gather(self, turns: int, committed: int | None) -> None:
        if turns and committed != self._committed:
            loop = asyncio.get_running_loop()
            loop.call_soon(self._gather, turns - 1, self._committed)
        else:
            self._sync()

    async def durable(self, seen: int | None = None) -> None:
        """Return when every commit so far, or those of `seen`, are on disk. Raises NotOnDisk."""
        waited = self.unsynced(seen)
        if waited is not None:
            await asyncio.shield(waited)

    def _sync(self) -> None:
        self._syncing, self._next = self._next, None
        was_alone, self._is_alone = self._is_alone, self._committed - self._synced == 1
        is_alone = self._is_alone and was_alone
        self._target = self._committed
        log = self._log() if self._logged > self._synced else None
        take = partial(self.partner.take, at_once=log is None) if self.partner else None
        if self._syncer is None:
            self._syncer = Syncer(self.path, asyncio.get_running_loop(), self._finish)
        self._syncer.sync(log, take, is_alone=is_alone)

    def _log(self) -> int:
        if self._wal is None:
            self._wal = os.open(f"{self.path}-wal", os.O_RDONLY)
        return self._wal

    def _finish(self, error: NotOnDisk | None) -> None:
        waited, self._syncing = self._syncing, None
        if isinstance(error, SyncLost):
            self._lost = error
        if error is None:
            if self.partner is not None:
                self.partner.stored()
            self._synced = self._target
        if self._next is not None:
            self._sync_soon()
        if waited is not None and not waited.done():
            if error is None:
                waited.set_result(None)
            else:
                waited.set_exception(error)
        self._checkpoint_at_times()

    def _checkpoint_at_times(self) -> None:
        under_way = self._checkpoint is not None and not self._checkpoint.done()
        if not under_way and self._logged - self._checkpointed >= _COMMITS_BETWEEN_CHECKPOINTS:
            self._checkpointed = self._logged
            self._checkpoint = self._executor.submit(_checkpoint, self.path)

    def close(self) -> None:
        """Close the database; SQLite folds the log into it."""
        if self._syncer is not None:
            self._syncer.stop()
        if self._checkpoint is not None:
            self._checkpoint.result()
        self._connection.close()
        if self._wal is not None:
            os.close(self._wal)


class Unit:
    """A transaction as a context manager; SQLite's own begins when the database is asked for."""

    __slots__ = ("_store",)

    def __init__(self, store: Store) -> None:
        self._store = store

    def __enter__(self) -> object:
        self._store.begin()
        return None

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._store.commit()
        else:
            self._store.rollback()


class Transaction(Unit):
    """A transaction whose value is the database."""

    __slots__ = ()

    def __enter__(self) -> sqlite3.Connection:
        self._store.begin()
        return self._store.connection


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
