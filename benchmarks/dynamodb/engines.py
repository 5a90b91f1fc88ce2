"""Which ordered store for the items: RocksDB, LMDB and SQLite on DynamoDB's request mix.

    python benchmarks/dynamodb/engines.py [--items 100000] [--folder FOLDER]

Items of 1 KB in partitions of ten. Writes come in groups of 16 with one synced commit each, as
group commit makes them of 16 connections; an update reads the item first. LMDB is not a dependency
of Cloudarium: without it (`pip install lmdb`) its column is left out.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import os
import random
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import rocksdict

lmdb: Any = importlib.import_module("lmdb") if importlib.util.find_spec("lmdb") else None

_GROUP = 16
_SAMPLE = 20_000
_PAGE = 10
Pairs = list[tuple[bytes, bytes]]


class Engine(Protocol):
    """What is measured of a store."""

    def write(self, pairs: Pairs) -> None:
        """Commit these pairs together, synced."""

    def get(self, key: bytes) -> bytes | None:
        """Return one value."""

    def query(self, start: bytes) -> Pairs:
        """Return ten pairs from `start` on."""


class Rocks:
    """RocksDB by rocksdict."""

    def __init__(self, folder: Path) -> None:
        options = rocksdict.Options(raw_mode=True)
        table = rocksdict.BlockBasedOptions()
        table.set_bloom_filter(10, False)
        options.set_block_based_table_factory(table)
        self.db: Any = rocksdict.Rdict(str(folder / "rocks"), options)
        self.synced = rocksdict.WriteOptions()
        self.synced.sync = True
        self.get = self.db.get

    def write(self, pairs: Pairs) -> None:
        """Commit these pairs together, synced."""
        batch = rocksdict.WriteBatch(raw_mode=True)
        for key, value in pairs:
            batch.put(key, value)
        self.db.write(batch, self.synced)

    def query(self, start: bytes) -> Pairs:
        """Return ten pairs from `start` on."""
        found = []
        for pair in self.db.items(from_key=start):
            found.append(pair)
            if len(found) == _PAGE:
                break
        return found


class Lmdb:
    """LMDB."""

    def __init__(self, folder: Path) -> None:
        self.env = lmdb.open(str(folder / "lmdb"), map_size=1 << 36)

    def write(self, pairs: Pairs) -> None:
        """Commit these pairs together, synced."""
        with self.env.begin(write=True) as transaction:
            for key, value in pairs:
                transaction.put(key, value)

    def get(self, key: bytes) -> bytes | None:
        """Return one value."""
        with self.env.begin() as transaction:
            found: bytes | None = transaction.get(key)
            return found

    def query(self, start: bytes) -> Pairs:
        """Return ten pairs from `start` on."""
        with self.env.begin() as transaction, transaction.cursor() as cursor:
            cursor.set_range(start)
            return [pair for pair, _ in zip(cursor, range(_PAGE), strict=False)]


class Sqlite:
    """SQLite, set up as the services' databases are, synced at each commit."""

    def __init__(self, folder: Path) -> None:
        self.db = sqlite3.connect(folder / "items.db", isolation_level=None)
        self.db.execute("PRAGMA journal_mode=WAL")
        self.db.execute("PRAGMA synchronous=FULL")
        self.db.execute("CREATE TABLE items (k BLOB PRIMARY KEY, v BLOB) STRICT, WITHOUT ROWID")

    def write(self, pairs: Pairs) -> None:
        """Commit these pairs together, synced."""
        self.db.execute("BEGIN")
        self.db.executemany("INSERT OR REPLACE INTO items VALUES (?, ?)", pairs)
        self.db.execute("COMMIT")

    def get(self, key: bytes) -> bytes | None:
        """Return one value."""
        row = self.db.execute("SELECT v FROM items WHERE k = ?", (key,)).fetchone()
        return row[0] if row else None

    def query(self, start: bytes) -> Pairs:
        """Return ten pairs from `start` on."""
        return self.db.execute(
            f"SELECT k, v FROM items WHERE k >= ? ORDER BY k LIMIT {_PAGE}", (start,)
        ).fetchall()


def _key(number: int) -> bytes:
    return b"%08x|%02d" % (number // _PAGE * 2654435761 % 2**32, number % _PAGE)


def _microseconds(count: int, work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) / count * 1e6


def measure(engine: Engine, items: int, value: bytes) -> dict[str, float]:
    """Return microseconds per operation, by name."""
    chosen = [random.randrange(items) for _ in range(_SAMPLE)]
    keys = [_key(number) for number in chosen]
    starts = [_key(number // _PAGE * _PAGE) for number in chosen]
    groups = [keys[at : at + _GROUP] for at in range(0, _SAMPLE, _GROUP)]

    def load() -> None:
        for begin in range(0, items, 1000):
            engine.write([(_key(n), value) for n in range(begin, min(items, begin + 1000))])

    def put() -> None:
        for group in groups:
            engine.write([(key, value) for key in group])

    def update() -> None:
        for group in groups:
            engine.write([(key, (engine.get(key) or b"")[:-1] + b"x") for key in group])

    return {
        "load": _microseconds(items, load),
        "put, 16 a synced commit": _microseconds(_SAMPLE, put),
        "update, 16 a synced commit": _microseconds(_SAMPLE, update),
        "get": _microseconds(_SAMPLE, lambda: [engine.get(key) for key in keys]),
        "query of 10": _microseconds(_SAMPLE, lambda: [engine.query(key) for key in starts]),
    }


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, help="where to write (a temporary folder)")
    given = parser.parse_args()
    engines: dict[str, Callable[[Path], Engine]] = {"RocksDB": Rocks, "SQLite": Sqlite}
    if lmdb is not None:
        engines["LMDB"] = Lmdb
    value = os.urandom(500).hex().encode()
    found = {}
    for name, make in engines.items():
        folder = Path(tempfile.mkdtemp(dir=given.folder))
        try:
            found[name] = measure(make(folder), given.items, value)
        finally:
            shutil.rmtree(folder)
    print(f"{given.items:,} items of 1 KB, microseconds per operation\n")
    print("| operation | " + " | ".join(found) + " |\n| --- |" + " ---: |" * len(found))
    for operation in next(iter(found.values())):
        print(
            f"| {operation} | " + " | ".join(f"{f[operation]:.1f}" for f in found.values()) + " |"
        )


if __name__ == "__main__":
    main()
