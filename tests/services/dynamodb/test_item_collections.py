"""Item collections: how large they are said to be, and that they end at 10 GB."""

from __future__ import annotations

from typing import Any

import pytest

from cloudarium.pytest_plugin import CloudUnderTest
from cloudarium.services.dynamodb import keys, layout, tables
from cloudarium.services.dynamodb.engine import Engine
from cloudarium.services.dynamodb.limits import COLLECTION_BYTES, GB

from .support import index, make_table, refused

LOCAL: dict[str, Any] = {
    "also": [{"AttributeName": "at", "AttributeType": "S"}],
    "LocalSecondaryIndexes": [index("by-at", "id", "at", projection="KEYS_ONLY")],
}
FULL = ("ItemCollectionSizeLimitExceededException", "Collection size exceeded.")
PARTITION = keys.partition({"S": "a"})


def item(sort: str, **attributes: str) -> dict[str, Any]:
    """Return an item of collection `a`."""
    return {name: {"S": value} for name, value in {"id": "a", "sort": sort, **attributes}.items()}


@pytest.fixture
def table(db: Any) -> None:
    """A table `table` with a local index, which has one item of collection `a`."""
    make_table(db, "table", "id", "sort", **LOCAL)
    db.put_item(TableName="table", Item=item("first"))


def _place(cloud: CloudUnderTest) -> tuple[Engine, bytes]:
    """Return the engine, and where the size of collection `a` is in its file."""
    runtime = cloud.kernel.runtime("dynamodb")
    (known,) = runtime.state(tables.Definitions).known.values()
    return runtime.state(Engine), layout.place(known.space | 1 << 31, PARTITION, b"")


def counted(cloud: CloudUnderTest) -> int:
    """Return the size that collection `a` is counted to have."""
    engine, place = _place(cloud)
    return int.from_bytes((engine.get(place) or b"")[-8:], "big")


def fill(cloud: CloudUnderTest, size: int) -> None:
    """Have collection `a` be counted as of this size."""
    engine, place = _place(cloud)
    engine._write({place: layout.kept(PARTITION, size.to_bytes(8, "big"))})


def bytes_of(db: Any) -> int:
    """Return how many bytes the table and its local index have."""
    shown = db.describe_table(TableName="table")["Table"]
    total: int = shown["TableSizeBytes"] + shown["LocalSecondaryIndexes"][0]["IndexSizeBytes"]
    return total


@pytest.mark.usefixtures("table")
def test_a_collections_size_is_that_of_its_items_and_entries(
    cloud: CloudUnderTest, db: Any
) -> None:
    assert counted(cloud) == bytes_of(db) == 2 + 1 + 4 + 5
    db.put_item(TableName="table", Item=item("second", at="1", more="x" * 100))
    db.put_item(TableName="table", Item=item("first", at="2"))
    assert counted(cloud) == bytes_of(db)
    update = {"TableName": "table", "Key": item("second")}
    db.update_item(**update, UpdateExpression="REMOVE #at", ExpressionAttributeNames={"#at": "at"})
    assert counted(cloud) == bytes_of(db)
    deleted = [{"Delete": {"TableName": "table", "Key": item(key)}} for key in ("first", "second")]
    db.transact_write_items(TransactItems=deleted)
    assert counted(cloud) == bytes_of(db) == 0


@pytest.mark.usefixtures("table")
def test_a_collection_may_not_grow_past_10_gb(cloud: CloudUnderTest, db: Any) -> None:
    fill(cloud, COLLECTION_BYTES - 20)
    more = item("second", more="x" * 20)
    assert refused(db.put_item, TableName="table", Item=more) == FULL
    update = {
        "Key": item("first"),
        "UpdateExpression": "SET more = :x",
        "ExpressionAttributeValues": {":x": {"S": "x" * 20}},
    }
    assert refused(db.update_item, TableName="table", **update) == FULL
    batch = {"table": [{"PutRequest": {"Item": more}}]}
    assert refused(db.batch_write_item, RequestItems=batch) == FULL
    db.put_item(TableName="table", Item={**more, "id": {"S": "other"}})
    db.delete_item(TableName="table", Key=item("first"))
    assert counted(cloud) == COLLECTION_BYTES - 20 - 12
    assert [each["id"]["S"] for each in db.scan(TableName="table")["Items"]] == ["other"]


@pytest.mark.usefixtures("table")
def test_what_would_overfill_a_collection_cancels_a_transaction(
    cloud: CloudUnderTest, db: Any
) -> None:
    fill(cloud, COLLECTION_BYTES - 20)
    puts = [{"Put": {"TableName": "table", "Item": item(key)}} for key in ("second", "third")]
    with pytest.raises(db.exceptions.TransactionCanceledException) as caught:
        db.transact_write_items(TransactItems=puts)
    reason = {"Code": "ItemCollectionSizeLimitExceeded", "Message": FULL[1]}
    assert caught.value.response["CancellationReasons"] == [{"Code": "None"}, reason]
    insert = "INSERT INTO \"table\" VALUE {'id': 'a', 'sort': 'second', 'more': '0123456789'}"
    assert refused(db.execute_statement, Statement=insert) == FULL
    answer = db.batch_execute_statement(Statements=[{"Statement": insert}])
    assert answer["Responses"][0] == {"Error": reason, "TableName": "table"}
    assert db.scan(TableName="table")["Count"] == 1


@pytest.mark.usefixtures("table")
def test_an_estimate_is_between_whole_gigabytes(cloud: CloudUnderTest, db: Any) -> None:
    asked = {"ReturnItemCollectionMetrics": "SIZE"}
    answer = db.put_item(TableName="table", Item=item("first", more="x"), **asked)
    assert answer["ItemCollectionMetrics"] == {
        "ItemCollectionKey": {"id": {"S": "a"}},
        "SizeEstimateRangeGB": [0.0, 1.0],
    }
    fill(cloud, 5 * GB // 2)
    puts = [{"PutRequest": {"Item": item(key)}} for key in ("b", "c")]
    puts.append({"PutRequest": {"Item": {**item("b"), "id": {"S": "other"}}}})
    shown = db.batch_write_item(RequestItems={"table": puts}, **asked)["ItemCollectionMetrics"]
    assert [each["SizeEstimateRangeGB"] for each in shown["table"]] == [[2.0, 3.0], [0.0, 1.0]]
    make_table(db, "plain", "id")
    plain = db.put_item(TableName="plain", Item={"id": {"S": "a"}}, **asked)
    assert "ItemCollectionMetrics" not in plain


@pytest.mark.usefixtures("table")
def test_a_collection_from_before_they_were_counted_is_counted_when_it_changes(
    cloud: CloudUnderTest, db: Any
) -> None:
    engine, place = _place(cloud)
    (known,) = cloud.kernel.runtime("dynamodb").state(tables.Definitions).known.values()
    known.counts_collections = False
    engine._write({place: None})
    db.put_item(TableName="table", Item=item("second", at="1"))
    assert counted(cloud) == bytes_of(db)


@pytest.mark.usefixtures("table")
def test_a_deleted_tables_counts_are_gone(cloud: CloudUnderTest, db: Any) -> None:
    engine, place = _place(cloud)
    assert counted(cloud) > 0
    db.delete_table(TableName="table")
    cloud.settle()
    assert engine.get(place) is None
