"""What lies on disk: group commit, what a crash leaves, damage, layouts."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from cloudarium.core.store import LayoutError
from cloudarium.pytest_plugin import CloudUnderTest
from cloudarium.services.dynamodb import layout
from cloudarium.services.dynamodb.engine import DamagedError, Engine

from .support import index, make_table


def _engine(cloud: CloudUnderTest) -> Engine:
    found: Engine = cloud.kernel.runtime("dynamodb").state(Engine)
    return found


def _put(db: Any, name: str, **attributes: Any) -> None:
    db.put_item(TableName="table", Item={"id": {"S": name}, **attributes})


def _names(db: Any, **source: Any) -> list[str]:
    return sorted(item["id"]["S"] for item in db.scan(TableName="table", **source)["Items"])


def _hold_back(cloud: CloudUnderTest) -> Engine:
    """Have the engine gather commits without ever writing them, as a crash would find it."""
    engine = _engine(cloud)
    engine._is_durable = True
    return engine


@pytest.fixture
def crashed(tmp_path: Path) -> Any:
    """Return a function that gives the cloud that starts from another one's files as they are."""
    started: list[CloudUnderTest] = []

    def crash(
        cloud: CloudUnderTest, alter: Callable[[Path], None] = lambda _: None
    ) -> CloudUnderTest:
        shutil.copytree(cloud.folder, tmp_path / "crashed")
        alter(tmp_path / "crashed" / "services")
        started.append(CloudUnderTest(tmp_path / "crashed"))
        return started[0]

    yield crash
    for cloud in started:
        cloud.close()


def test_reads_find_what_has_committed_but_is_not_on_disk_yet(
    cloud: CloudUnderTest, db: Any
) -> None:
    definition = {"AttributeName": "g", "AttributeType": "S"}
    make_table(db, "table", "id", also=[definition], GlobalSecondaryIndexes=[index("by-g", "g")])
    for name in ("a", "c", "e"):
        _put(db, name, g={"S": "x"})
    _hold_back(cloud)
    _put(db, "b", g={"S": "x"})
    _put(db, "d")
    db.delete_item(TableName="table", Key={"id": {"S": "c"}})
    assert _names(db) == ["a", "b", "d", "e"]
    assert _names(db, IndexName="by-g") == ["a", "b", "e"]
    assert "Item" not in db.get_item(TableName="table", Key={"id": {"S": "c"}})
    assert db.describe_table(TableName="table")["Table"]["ItemCount"] == 4


def test_what_a_crash_left_behind_is_taken_from_the_database(
    cloud: CloudUnderTest, db: Any, crashed: Any
) -> None:
    make_table(db, "table", "id")
    _put(db, "before")
    _hold_back(cloud)
    _put(db, "gathered")
    write = {"Put": {"TableName": "table", "Item": {"id": {"S": "with-token"}}}}
    db.transact_write_items(TransactItems=[write], ClientRequestToken="token")
    _put(db, "lost")
    again = crashed(cloud).client("dynamodb")
    assert _names(again) == ["before", "gathered", "with-token"]
    assert again.describe_table(TableName="table")["Table"]["ItemCount"] == 3


def test_a_refused_write_leaves_nothing(cloud: CloudUnderTest, db: Any) -> None:
    make_table(db, "table", "id")
    writes = [
        {"Put": {"TableName": "table", "Item": {"id": {"S": "a"}}}},
        {
            "ConditionCheck": {
                "TableName": "table",
                "Key": {"id": {"S": "b"}},
                "ConditionExpression": "attribute_exists(id)",
            }
        },
    ]
    with pytest.raises(db.exceptions.TransactionCanceledException):
        db.transact_write_items(TransactItems=writes)
    assert _names(db) == []
    assert db.describe_table(TableName="table")["Table"]["ItemCount"] == 0


def test_items_outlive_a_restart(cloud: CloudUnderTest, db: Any) -> None:
    make_table(db, "table", "id")
    for name in "abc":
        _put(db, name)
    cloud.restart()
    assert _names(cloud.client("dynamodb")) == ["a", "b", "c"]


def _damage(path: Path) -> None:
    (log,) = (path / "log").glob("*.log")
    data = bytearray(log.read_bytes())
    data[len(data) // 2] ^= 0xFF
    log.write_bytes(data)


def test_a_damaged_file_is_not_served(cloud: CloudUnderTest, db: Any, tmp_path: Path) -> None:
    make_table(db, "table", "id")
    for name in "abcdef":
        _put(db, name, text={"S": "x" * 1000})
    folder = tmp_path / "damaged"
    shutil.copytree(cloud.folder, folder)
    _damage(folder / "services" / "dynamodb.items")
    with pytest.raises(Exception, match="Corruption"):
        CloudUnderTest(folder)


def test_a_missing_file_is_not_served(cloud: CloudUnderTest, db: Any, tmp_path: Path) -> None:
    make_table(db, "table", "id")
    _put(db, "a")
    folder = tmp_path / "missing"
    shutil.copytree(cloud.folder, folder)
    shutil.rmtree(folder / "services" / "dynamodb.items")
    with pytest.raises(DamagedError, match="is missing"):
        CloudUnderTest(folder)


def test_a_newer_layout_is_refused(cloud: CloudUnderTest, db: Any, crashed: Any) -> None:
    make_table(db, "table", "id")
    _engine(cloud)._write({b"\0\0\0\0layout": b"2"})
    with pytest.raises(LayoutError, match="layout 2"):
        crashed(cloud)


def test_items_that_were_rows_of_the_database_are_migrated(
    cloud: CloudUnderTest, db: Any, crashed: Any
) -> None:
    make_table(db, "table", "id", "n", types="SN")
    for number in range(5):
        _put(db, "a", n={"N": str(number)}, text={"S": "x" * number})
    size = db.describe_table(TableName="table")["Table"]["TableSizeBytes"]
    again = crashed(cloud, partial(_to_rows, _engine(cloud))).client("dynamodb")
    found = again.query(
        TableName="table",
        KeyConditionExpression="id = :i",
        ExpressionAttributeValues={":i": {"S": "a"}},
    )["Items"]
    assert [item["n"]["N"] for item in found] == ["0", "1", "2", "3", "4"]
    shown = again.describe_table(TableName="table")["Table"]
    assert (shown["ItemCount"], shown["TableSizeBytes"]) == (5, size)


def _to_rows(engine: Engine, services: Path) -> None:
    """Bring the files of a cloud to the layout that had the items in the database."""
    with sqlite3.connect(services / "dynamodb.db") as database:
        database.executescript(
            "PRAGMA application_id=0;"
            "DROP TABLE ahead;"
            "ALTER TABLE spaces ADD COLUMN entries INTEGER NOT NULL DEFAULT 0;"
            "ALTER TABLE spaces ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;"
            "CREATE TABLE entries (space INTEGER NOT NULL, partition BLOB NOT NULL,"
            " sort BLOB NOT NULL, value BLOB NOT NULL,"
            " PRIMARY KEY (space, partition, sort)) STRICT, WITHOUT ROWID;"
        )
        _copy_rows(engine, database)
    shutil.rmtree(services / "dynamodb.items")


def _copy_rows(engine: Engine, database: sqlite3.Connection) -> None:
    for (space,) in database.execute("SELECT space FROM spaces").fetchall():
        for key, value in engine.between(space.to_bytes(4, "big"), (space + 1).to_bytes(4, "big")):
            entry = layout.entry(key, value)
            database.execute("INSERT INTO entries VALUES (?, ?, ?, ?)", (space, *entry))
        totals = engine.get(layout.counter(space))
        if totals is not None:
            row = (*layout.totals(totals), space)
            database.execute("UPDATE spaces SET entries = ?, bytes = ? WHERE space = ?", row)


def test_a_table_that_was_never_read_or_written_survives_a_restart(
    cloud: CloudUnderTest, db: Any
) -> None:
    cloud.run(cloud.kernel.scheduler.stop())
    db.import_table(
        S3BucketSource={"S3Bucket": "bucket"},
        InputFormat="CSV",
        TableCreationParameters={
            "TableName": "table",
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "KeySchema": index("", "id")["KeySchema"],
            "BillingMode": "PAY_PER_REQUEST",
        },
    )
    cloud.restart()
    assert len(db.list_imports()["ImportSummaryList"]) == 1
