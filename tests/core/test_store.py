"""Transactions, group commit, durability."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
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
