"""Transactions, group commit, durability."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cloudarium.core.store import LayoutError, Store

_SCHEMA = "CREATE TABLE numbers (number INTEGER PRIMARY KEY) STRICT;"
_KILLS = 15


@pytest.fixture
def executor() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as pool:
        yield pool


def _numbers(store: Store) -> list[int]:
    return [row[0] for row in store.connection.execute("SELECT number FROM numbers")]


def test_an_exception_rolls_everything_back(tmp_path: Path, executor: ThreadPoolExecutor) -> None:
    store = Store(tmp_path / "x.db", _SCHEMA, executor, durable=False)
    told: list[int] = []
    with pytest.raises(KeyError), store.transaction() as db:
        db.execute("INSERT INTO numbers VALUES (1)")
        store.after_commit(lambda: told.append(1))
        raise KeyError
    with store.transaction() as db:
        db.execute("INSERT INTO numbers VALUES (2)")
        store.after_commit(lambda: told.append(2))
        assert told == []
    assert (_numbers(store), told) == ([2], [2])


def test_transactions_do_not_nest(tmp_path: Path, executor: ThreadPoolExecutor) -> None:
    store = Store(tmp_path / "x.db", _SCHEMA, executor, durable=False)
    with pytest.raises(RuntimeError), store.transaction(), store.transaction():
        pass


def test_commits_that_come_together_share_a_sync(
    tmp_path: Path, executor: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path / "x.db", _SCHEMA, executor, durable=True)
    syncs: list[int] = []
    real = os.fdatasync

    def counted(descriptor: int) -> None:
        syncs.append(descriptor)
        real(descriptor)

    monkeypatch.setattr(os, "fdatasync", counted)

    async def one() -> None:
        with store.transaction() as db:
            db.execute("INSERT INTO numbers VALUES (NULL)")
        await store.durable()

    async def many() -> None:
        await asyncio.gather(*(one() for _ in range(200)))

    asyncio.run(many())
    assert len(_numbers(store)) == 200
    assert 1 <= len(syncs) <= 3


def test_commits_of_turns_that_follow_each_other_share_a_sync_but_not_for_ever(
    tmp_path: Path, executor: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path / "x.db", _SCHEMA, executor, durable=True)
    syncs: list[int] = []
    monkeypatch.setattr(os, "fdatasync", syncs.append)

    def commit() -> None:
        with store.transaction() as db:
            db.execute("INSERT INTO numbers VALUES (NULL)")

    async def after(turns: int) -> None:
        for _ in range(turns):
            await asyncio.sleep(0)
        commit()
        await store.durable()

    async def run() -> None:
        await asyncio.gather(*(after(turns) for turns in range(5)))
        assert len(syncs) == 1
        first = asyncio.ensure_future(after(0))
        for _ in range(100_000):  # somebody else commits in every turn
            await asyncio.sleep(0)
            if first.done():
                break
            commit()
        assert first.done()

    asyncio.run(run())
    store.close()


def test_a_lone_commit_is_synced_at_once_while_the_disk_is_quick(
    tmp_path: Path, executor: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path / "x.db", _SCHEMA, executor, durable=True)
    clock, takes, threads = [0.0], [0.0001], list[str]()

    def synced(descriptor: int) -> None:
        threads.append(threading.current_thread().name)
        clock[0] += takes[0]

    monkeypatch.setattr(os, "fdatasync", synced)
    monkeypatch.setattr("cloudarium.core.syncer.time.perf_counter", lambda: clock[0])

    async def commit() -> None:
        with store.transaction() as db:
            db.execute("INSERT INTO numbers VALUES (NULL)")
        await store.durable()

    async def run() -> None:
        await commit()  # nobody knows yet how quick the disk is
        await commit()
        await asyncio.gather(commit(), commit())
        await commit()  # somebody else may write
        takes[0] = 0.01
        await commit()
        await commit()

    asyncio.run(run())
    store.close()
    loop = threading.current_thread().name
    assert threads == ["sync", loop, "sync", "sync", loop, "sync"]


def test_nothing_acknowledged_is_lost_by_a_kill(
    tmp_path: Path, executor: ThreadPoolExecutor
) -> None:
    path = tmp_path / "x.db"
    acknowledged: list[int] = []
    for kill in range(_KILLS):
        command = [sys.executable, "-m", "tests.core.writer", str(path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            acknowledged += [int(writer.stdout.readline()) for _ in range(3 * kill + 1)]
            writer.kill()
            acknowledged += [int(line) for line in writer.stdout if line.endswith("\n")]
    store = Store(path, _SCHEMA, executor, durable=False)
    assert set(acknowledged) <= set(_numbers(store))
    assert store.connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def test_a_newer_layout_is_refused(tmp_path: Path, executor: ThreadPoolExecutor) -> None:
    with sqlite3.connect(tmp_path / "x.db") as db:
        db.execute("PRAGMA user_version=99")
    with pytest.raises(LayoutError, match=r"written by a newer version.*layout 99"):
        Store(tmp_path / "x.db", _SCHEMA, executor, durable=False)


_GROWN = """
-- A later version's.
CREATE TABLE numbers (
    number INTEGER PRIMARY KEY  -- as before
) STRICT;
CREATE TABLE names (name TEXT NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (name)) STRICT;
CREATE INDEX names_of_number ON names (number);
CREATE UNIQUE INDEX numbers_by_sign ON numbers (number > 0) WHERE number < 0;
"""


def _opened(path: Path, schema: str, executor: ThreadPoolExecutor) -> Store:
    return Store(path, schema, executor, durable=True)


def _objects(path: Path) -> set[str]:
    with sqlite3.connect(path) as db:
        rows = db.execute("SELECT name FROM sqlite_schema WHERE name NOT LIKE 'sqlite%'")
        return {row[0] for row in rows if not row[0].startswith("_")}


def test_what_a_later_schema_adds_is_made_in_an_existing_database(
    tmp_path: Path, executor: ThreadPoolExecutor
) -> None:
    path = tmp_path / "x.db"
    store = _opened(path, _SCHEMA, executor)
    with store.transaction() as db:
        db.execute("INSERT INTO numbers VALUES (7)")
    store.close()
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA application_id=0")  # as versions before the fingerprint left it
        db.execute("DROP INDEX _calls_at")
    store = _opened(path, _GROWN, executor)
    with store.transaction() as db:
        db.execute("INSERT INTO names VALUES ('seven', 7)")
    assert _numbers(store) == [7]
    store.close()
    grown = {"numbers", "names", "names_of_number", "numbers_by_sign"}
    assert _objects(path) == grown
    with sqlite3.connect(path) as db:
        assert db.execute("SELECT 1 FROM sqlite_schema WHERE name = '_calls_at'").fetchone()
    # An earlier version leaves alone what it does not know.
    _opened(path, _SCHEMA, executor).close()
    store = _opened(path, _GROWN, executor)
    assert store.connection.execute("SELECT number FROM names").fetchall()[0][0] == 7
    store.close()


def test_a_schema_that_is_known_is_not_looked_at(
    tmp_path: Path, executor: ThreadPoolExecutor
) -> None:
    path = tmp_path / "x.db"
    _opened(path, _GROWN, executor).close()
    with sqlite3.connect(path) as db:
        db.execute("DROP TABLE names")
    _opened(path, _GROWN, executor).close()
    assert _objects(path) == {"numbers", "numbers_by_sign"}


@pytest.mark.parametrize(
    ("schema", "problem"),
    [
        ("CREATE TABLE numbers (number TEXT PRIMARY KEY) STRICT;", "other columns: number"),
        (
            "CREATE TABLE numbers (number INTEGER PRIMARY KEY, name TEXT) STRICT;",
            "other columns: name",
        ),
        ("CREATE TABLE numbers (id INTEGER PRIMARY KEY) STRICT;", "other columns: id"),
        ("CREATE VIEW numbers AS SELECT 1;", "numbers is not a view"),
        (_SCHEMA + "CREATE INDEX odd ON numbers (number DESC);", "the index odd is another one"),
        (
            _SCHEMA + "CREATE UNIQUE INDEX signs ON numbers (number > 0);",
            "rows do not fit a new index",
        ),
    ],
)
def test_what_another_schema_has_otherwise_is_refused(
    tmp_path: Path, executor: ThreadPoolExecutor, schema: str, problem: str
) -> None:
    path = tmp_path / "x.db"
    before = _SCHEMA + "CREATE INDEX odd ON numbers (number);"
    store = _opened(path, before, executor)
    with store.transaction() as db:
        db.execute("INSERT INTO numbers VALUES (1), (2)")
    store.close()
    later = f"CREATE TABLE more (a TEXT) STRICT;{schema}"
    with pytest.raises(LayoutError, match=f"another version of Cloudarium.*{problem}"):
        _opened(path, later, executor)
    assert _objects(path) == {"numbers", "odd"}
    store = _opened(path, before, executor)
    assert _numbers(store) == [1, 2]
    store.close()


def test_a_column_that_is_no_longer_known_must_fill_itself(
    tmp_path: Path, executor: ThreadPoolExecutor
) -> None:
    path = tmp_path / "x.db"
    old = "CREATE TABLE numbers (number INTEGER PRIMARY KEY, {}) STRICT;"
    _opened(path, old.format("size INTEGER NOT NULL DEFAULT 0"), executor).close()
    _opened(path, _SCHEMA, executor).close()
    other = tmp_path / "y.db"
    _opened(other, old.format("size INTEGER NOT NULL"), executor).close()
    with pytest.raises(LayoutError, match="the table numbers has one column more: size"):
        _opened(other, _SCHEMA, executor)
