"""Values that cannot be the index keys they would be: alone, in batches and in transactions."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudarium.pytest_plugin import CloudUnderTest

from .support import index, invalid, make_table

KEY = {"id": {"S": "x"}}
UNFIT = (
    "One or more parameter values were invalid: "
    "Type mismatch for Index Key tag Expected: S Actual: N IndexName: alpha"
)
EMPTY = (
    "One or more parameter values are not valid. A value specified for a secondary index key is "
    "not supported. The AttributeValue for a key attribute cannot contain an empty string value. "
    "IndexName: alpha, IndexKey: tag"
)
EMPTY_UPDATE = (
    "One or more parameter values are not valid. The update expression attempted to update "
    "a secondary index key to a value that is not supported. "
    "The AttributeValue for a key attribute cannot contain an empty string value."
)


@pytest.fixture
def table(db: Any) -> str:
    """A table with two indexes on one attribute; the first by name was made last."""
    make_table(
        db,
        "tagged",
        "id",
        also=[{"AttributeName": "tag", "AttributeType": "S"}],
        GlobalSecondaryIndexes=[index("beta", "tag"), index("alpha", "tag")],
    )
    return "tagged"


def update(table: str, value: dict[str, Any]) -> dict[str, Any]:
    """Return an update that sets the index key."""
    return {
        "TableName": table,
        "Key": KEY,
        "UpdateExpression": "SET tag = :v",
        "ExpressionAttributeValues": {":v": value},
    }


def reasons(db: Any, action: dict[str, Any]) -> list[tuple[str, str]]:
    """Return why a transaction of one action was cancelled."""
    with pytest.raises(ClientError) as caught:
        db.transact_write_items(TransactItems=[action])
    assert caught.value.response["Error"]["Code"] == "TransactionCanceledException"
    found = caught.value.response["CancellationReasons"]
    return [(reason["Code"], reason["Message"]) for reason in found]


def test_the_first_index_by_name_is_told(db: Any, table: str) -> None:
    for value, message in (({"N": "1"}, UNFIT), ({"S": ""}, EMPTY)):
        item = {**KEY, "tag": value}
        assert invalid(db.put_item, TableName=table, Item=item) == message
        batch = {table: [{"PutRequest": {"Item": item}}]}
        assert invalid(db.batch_write_item, RequestItems=batch) == message


def test_a_wrong_type_cancels_a_transaction(db: Any, table: str) -> None:
    put = {"Put": {"TableName": table, "Item": {**KEY, "tag": {"N": "1"}}}}
    assert reasons(db, put) == [("ValidationError", UNFIT)]
    assert reasons(db, {"Update": update(table, {"N": "1"})}) == [("ValidationError", UNFIT)]


def test_an_empty_value_is_refused_before_a_transaction_begins(db: Any, table: str) -> None:
    put = {"Put": {"TableName": table, "Item": {**KEY, "tag": {"S": ""}}}}
    assert invalid(db.transact_write_items, TransactItems=[put]) == EMPTY
    changed = update(table, {"S": ""})
    assert invalid(db.transact_write_items, TransactItems=[{"Update": changed}]) == EMPTY_UPDATE
    assert invalid(db.update_item, **changed) == EMPTY_UPDATE


def test_what_can_be_no_key_is_left_out_of_a_later_index(db: Any, cloud: CloudUnderTest) -> None:
    make_table(db, "later", "id")
    values: list[dict[str, Any]] = [{"S": "x"}, {"S": ""}, {"N": "1"}, {"S": "x" * 66000}]
    for at, value in enumerate(values):
        db.put_item(TableName="later", Item={"id": {"S": str(at)}, "kind": value})
    db.update_table(
        TableName="later",
        AttributeDefinitions=[{"AttributeName": "kind", "AttributeType": "S"}],
        GlobalSecondaryIndexUpdates=[{"Create": index("kinds", "kind")}],
    )
    cloud.settle()
    for gone in ("1", "2", "3"):
        assert db.scan(TableName="later", IndexName="kinds")["Count"] == 1
        db.delete_item(TableName="later", Key={"id": {"S": gone}})
    made = db.describe_table(TableName="later")["Table"]["GlobalSecondaryIndexes"][0]
    assert made["ItemCount"] == db.scan(TableName="later", IndexName="kinds")["Count"] == 1


def test_a_later_index_has_keys_as_long_as_they_may_be(db: Any, cloud: CloudUnderTest) -> None:
    make_table(db, "later", "id")
    for size in (1024, 1025, 2048, 2049):
        item = {"id": {"S": str(size)}, "all": {"S": "x"}, "kind": {"S": "x" * size}}
        db.put_item(TableName="later", Item=item)
    kinds = [{"AttributeName": name, "AttributeType": "S"} for name in ("all", "kind")]
    for made in (index("hashed", "kind"), index("ranged", "all", "kind")):
        db.update_table(
            TableName="later",
            AttributeDefinitions=kinds,
            GlobalSecondaryIndexUpdates=[{"Create": made}],
        )
        cloud.settle()
    for name, count in (("hashed", 3), ("ranged", 1)):
        assert db.scan(TableName="later", IndexName=name)["Count"] == count


def test_a_later_index_keeps_the_types_of_keys(db: Any, table: str) -> None:
    made = {"Create": index("gamma", "id", "tag")}
    for name, kind, old in (
        ("tag", "N", "SchemaElement: key{tag:S:HASH}"),
        ("id", "B", "SchemaElement: key{id:S:HASH}"),
    ):
        types = {"id": "S", "tag": "S", name: kind}
        message = invalid(
            db.update_table,
            TableName=table,
            AttributeDefinitions=[
                {"AttributeName": each, "AttributeType": types[each]} for each in types
            ],
            GlobalSecondaryIndexUpdates=[made],
        )
        assert message == (
            "One or more parameter values were invalid: Attributes cannot be redefined. Please "
            "check that your attribute has the same type as previously defined. "
            f"Existing schema: Schema:[{old}] New schema: Schema:[SchemaElement: "
            f"key{{id:{types['id']}:HASH}}, SchemaElement: key{{tag:{types['tag']}:RANGE}}]"
        )
