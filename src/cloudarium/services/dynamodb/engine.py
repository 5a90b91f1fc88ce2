"""The items' file: RocksDB, an ordered map of bytes that commits together with the database.

A transaction's changes gather in memory. When it commits they join those of other transactions, and
one write, synced in a worker thread, then makes them all durable (group commit), after the log of
the database is synced. Until then reads find them here, so that they always see what has committed.

A transaction that changes the database as well also keeps there, in `ahead`, all that the file does
not have yet. So the database is never behind the file, and what the file lacks after a crash is
taken from it: no crash leaves half a transaction (docs/decisions/0003-dynamodb-storage.md).
"""

import logging
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import rocksdict

from cloudarium.core.runtime import ServiceRuntime
from cloudarium.core.store import LayoutError
from cloudarium.core.syncer import NotOnDisk

from . import layout, migration
from .log import Log

log = logging.getLogger(__name__)
_LAYOUT = 1
_LAYOUT_KEY, _AHEAD_KEY = b"\0\0\0\0layout", b"\0\0\0\0ahead"
_LOG = "log"
_MB = 1 << 20
_CACHE_BYTES, _BUFFER_BYTES, _BLOCK_BYTES = 96 * _MB, 24 * _MB, 8 << 10

Changes = dict[bytes, bytes | None]
"""Values by key; None where the key is removed."""


class DamagedError(Exception):
    """The items' file is missing."""


class Engine:
    """The items' file of one cloud; it joins the transactions of the service's database."""

    def __init__(self, runtime: ServiceRuntime) -> None:
        self._runtime = runtime
        self._is_durable = runtime.kernel.is_durable
        self.changes: Changes = {}
        self._grown: dict[int, tuple[int, int]] = {}  # what the changes add to spaces' totals
        self._gathered: Changes = {}  # of those that have committed
        self._leaving: Changes = {}  # being written
        self._applied = 0
        self._is_failing = False  # the last write failed
        self.saw_pending = False
        path = runtime.database.with_suffix(".items")
        store = runtime.store
        if not store.in_transaction:
            _check_presence(store.connection, path)
        self._db = _open(path)
        self._log = Log(path / _LOG)
        self._check_layout(path)
        if not store.in_transaction:
            self._catch_up(store.connection)
        store.partner = self

    def _check_layout(self, path: Path) -> None:
        found = int(self._db.get(_LAYOUT_KEY) or 0)
        if found > _LAYOUT:
            raise LayoutError(f"{path} has layout {found}; this version reads {_LAYOUT}")
        if not found:
            self._write_layout()

    def _write_layout(self) -> None:
        """Writes what is the same each time: it tells whether the file takes writes."""
        self._write({_LAYOUT_KEY: b"%d" % _LAYOUT})

    def _catch_up(self, db: sqlite3.Connection) -> None:
        """Takes from the database what the file lacks after a crash or of an older layout."""
        migration.run(db, self._store)
        self._applied = int(self._db.get(_AHEAD_KEY) or 0)
        rows = db.execute("SELECT key, value FROM ahead WHERE id > ?", (self._applied,))
        self._write(dict(rows.fetchall()))
        db.execute("DELETE FROM ahead WHERE id <= ?", (self._applied,))

    # Reading and changing, within a transaction

    def get(self, key: bytes) -> bytes | None:
        """The value of a key, or None."""
        if self.changes and key in self.changes:
            return self.changes[key]
        if self._gathered or self._leaving:
            for pending in (self._gathered, self._leaving):
                if key in pending:
                    self.saw_pending = True
                    return pending[key]
        found: bytes | None = self._db.get(key)
        return found

    def put(self, key: bytes, value: bytes | None) -> None:
        """Sets the value of a key; None removes it."""
        self.changes[key] = value

    def totals(self, space: int) -> tuple[int, int]:
        """How many entries a space has, and the sum of their sizes as told to `grow`."""
        found = self.get(layout.counter(space))
        entries, size = (0, 0) if found is None else layout.totals(found)
        added, grown = self._grown.get(space, (0, 0))
        return entries + added, size + grown

    def grow(self, space: int, added: int, grown: int) -> None:
        """Adds to a space's totals."""
        before = self._grown.get(space, (0, 0))
        self._grown[space] = (before[0] + added, before[1] + grown)

    def between(
        self, low: bytes, high: bytes, *, forward: bool = True
    ) -> Iterator[tuple[bytes, bytes]]:
        """Keys with low <= key < high and their values, in order or in reverse, as of now."""
        newer: Changes = {}
        for pending in (self._leaving, self._gathered, self.changes):
            found = [key for key in pending if low <= key < high]
            newer.update((key, pending[key]) for key in found)
            if found and pending is not self.changes:
                self.saw_pending = True
        stored = self._stored(low, high, forward)
        return _merged(stored, newer, forward) if newer else stored

    def _stored(self, low: bytes, high: bytes, forward: bool) -> Iterator[tuple[bytes, bytes]]:
        if forward:
            for pair in self._db.items(from_key=low):
                if pair[0] >= high:
                    return
                yield pair
            return
        for pair in self._db.items(backwards=True, from_key=high):
            if pair[0] < low:
                return
            if pair[0] != high:
                yield pair

    # Committing, as the database's partner (core/store.py)

    def prepare(self, db: sqlite3.Connection, *, wrote: bool) -> bool:
        """Before a commit: keeps what the file lacks, if the database changes too.

        Raises while the file takes no writes, so that no more gathers than when it began to fail.
        """
        if self._is_failing and (self.changes or self._grown):
            self._write_layout()
        for space in self._grown:
            self.changes[layout.counter(space)] = layout.counts(*self.totals(space))
        self._grown = {}
        if wrote and (self.changes or self._gathered or self._leaving):
            number = (
                db.execute("SELECT ifnull(max(id), 0) FROM ahead").fetchone()[0] or self._applied
            ) + 1
            self.changes[_AHEAD_KEY] = b"%d" % number
            lacking = {**self._leaving, **self._gathered, **self.changes}
            db.execute("DELETE FROM ahead WHERE id <= ?", (self._applied,))
            db.executemany(
                "INSERT OR REPLACE INTO ahead VALUES (?, ?, ?)",
                ((number, key, value) for key, value in lacking.items()),
            )
        return bool(self.changes)

    def committed(self) -> None:
        """After a commit: the changes await the next write."""
        if self.changes:
            self._gathered.update(self.changes)
            self.changes = {}
            if not self._is_durable:
                self.take(at_once=True)
                self.stored()

    def rolled_back(self) -> None:
        """After a rollback: the changes are forgotten."""
        self.changes, self._grown = {}, {}

    def take(self, *, at_once: bool) -> Callable[[], None]:
        """What a worker thread has to do next, so that all that has gathered is on disk.

        It is written here if it may be `at_once`: the sync alone needs no interpreter's lock.
        """
        self._leaving.update(self._gathered)
        self._gathered = {}
        if not at_once:
            return partial(self._store, self._leaving)
        self._write(self._leaving)
        return partial(os.fdatasync, self._log.written())

    def stored(self) -> None:
        """What `take` gave is done."""
        applied = self._leaving.get(_AHEAD_KEY)
        if applied is not None:
            self._applied = int(applied)
        self._leaving = {}

    def _store(self, changes: Changes) -> None:
        self._write(changes)
        if changes and self._is_durable:
            os.fdatasync(self._log.written())

    def _write(self, changes: Changes) -> None:
        if not changes:
            return
        batch = rocksdict.WriteBatch(raw_mode=True)
        for key, value in changes.items():
            if value is None:
                batch.delete(key)
            else:
                batch.put(key, value)
        try:
            self._db.write(batch)
        except BaseException:
            self._is_failing = True
            raise
        self._is_failing = False

    async def close(self) -> None:
        """Writes what is pending and closes the file."""
        with suppress(NotOnDisk):  # nobody was told that it is
            await self._runtime.store.durable()
        self._runtime.store.partner = None
        self._log.close()
        if self._is_failing:
            del self._db  # it closes, without raising once more what its last write raised
        else:
            self._db.close()


async def open_existing(runtime: ServiceRuntime) -> None:
    """Opens the items' file of an earlier run, at the start and outside any transaction.

    Raises if the file is missing, damaged or of a newer layout: nothing is served from it then.
    """
    runtime.state(Engine)


def _check_presence(db: sqlite3.Connection, path: Path) -> None:
    has_tables = db.execute("SELECT 1 FROM tables LIMIT 1").fetchone() is not None
    if has_tables and not path.exists() and not migration.is_due(db):
        raise DamagedError(f"{path} is missing, which has the items of DynamoDB's tables")


def _open(path: Path) -> Any:
    """The file, checked by RocksDB as it is opened: a torn or corrupted one raises an exception."""
    database: Any = None
    try:
        database = rocksdict.Rdict(str(path), _options(path))
    finally:
        if database is None:
            log.critical("%s cannot be opened: the items of DynamoDB's tables are damaged", path)
    return database


def _options(path: Path) -> rocksdict.Options:
    table = rocksdict.BlockBasedOptions()
    table.set_block_cache(rocksdict.Cache(_CACHE_BYTES))
    table.set_block_size(_BLOCK_BYTES)
    table.set_bloom_filter(10, False)
    # Indexes and filters in small parts: a whole one is larger than a part of the cache can hold.
    table.set_index_type(rocksdict.BlockBasedIndexType.two_level_index_search())
    table.set_partition_filters(True)
    table.set_metadata_block_size(4096)
    table.set_cache_index_and_filter_blocks(True)
    table.set_pin_l0_filter_and_index_blocks_in_cache(True)
    options = rocksdict.Options(raw_mode=True)
    options.set_block_based_table_factory(table)
    options.set_wal_dir(str(path / _LOG))
    options.set_write_buffer_size(_BUFFER_BYTES)
    options.set_max_write_buffer_number(4)
    options.set_max_background_jobs(2)
    # A write must not wait for compaction: it holds the interpreter's lock meanwhile.
    options.set_level_zero_slowdown_writes_trigger(200)
    options.set_level_zero_stop_writes_trigger(400)
    options.set_max_open_files(512)
    options.set_keep_log_file_num(2)
    options.set_compression_type(rocksdict.DBCompressionType.lz4())
    # A write cut short at the end of the log was never acknowledged; any other flaw is an error.
    options.set_wal_recovery_mode(rocksdict.DBRecoveryMode.tolerate_corrupted_tail_records())
    return options


def _merged(
    stored: Iterator[tuple[bytes, bytes]], newer: Changes, forward: bool
) -> Iterator[tuple[bytes, bytes]]:
    """What is stored, with newer changes put over it."""
    waiting = sorted(newer, reverse=forward)
    for key, value in stored:
        while waiting and (waiting[-1] < key if forward else waiting[-1] > key):
            yield from _present(newer, waiting.pop())
        if key not in newer:
            yield key, value
    while waiting:
        yield from _present(newer, waiting.pop())


def _present(newer: Changes, key: bytes) -> Iterator[tuple[bytes, bytes]]:
    value = newer[key]
    if value is not None:
        yield key, value
