"""BatchGetItem, BatchWriteItem, TransactGetItems and TransactWriteItems."""

from __future__ import annotations

import re
from typing import Any

import pytest

from cloudarium.pytest_plugin import CloudUnderTest

from .support import invalid, make_table, refused


def key(value: Any) -> dict[str, Any]:
    """Return a key of table `a` or `b`."""
    return {"id": {"S": str(value)}}


@pytest.fixture
def both(db: Any) -> None:
    """Two tables, `aaa` and `bbb`, each with the items 1 and 2."""
    for table in ("aaa", "bbb"):
        make_table(db, table, "id")
        for n in (1, 2):
            db.put_item(TableName=table, Item={**key(n), "n": {"N": "1"}, "t": {"S": table}})


def present(db: Any, table: str) -> list[str]:
    """Return the ids of a table's items."""
    return sorted(item["id"]["S"] for item in db.scan(TableName=table)["Items"])


@pytest.mark.usefixtures("both")
def test_a_batch_reads_several_tables(db: Any) -> None:
    answer = db.batch_get_item(
        RequestItems={
            "aaa": {"Keys": [key(1), key(9)], "ConsistentRead": True},
            "bbb": {"Keys": [key(2)], "ProjectionExpression": "t"},
        },
        ReturnConsumedCapacity="TOTAL",
    )
    assert answer["Responses"]["aaa"] == [{**key(1), "n": {"N": "1"}, "t": {"S": "aaa"}}]
    assert answer["Responses"]["bbb"] == [{"t": {"S": "bbb"}}]
    assert answer["UnprocessedKeys"] == {}
    assert answer["ConsumedCapacity"] == [
        {"TableName": "aaa", "CapacityUnits": 2.0},
        {"TableName": "bbb", "CapacityUnits": 0.5},
    ]


@pytest.mark.usefixtures("both")
def test_a_batch_writes_several_tables(db: Any) -> None:
    answer = db.batch_write_item(
        RequestItems={
            "aaa": [{"PutRequest": {"Item": key(3)}}, {"DeleteRequest": {"Key": key(1)}}],
            "bbb": [{"DeleteRequest": {"Key": key(2)}}],
        },
        ReturnConsumedCapacity="TOTAL",
    )
    assert answer["UnprocessedItems"] == {}
    assert [each["CapacityUnits"] for each in answer["ConsumedCapacity"]] == [2.0, 1.0]
    assert (present(db, "aaa"), present(db, "bbb")) == (["2", "3"], ["1"])


@pytest.mark.usefixtures("both")
def test_wrong_batches_change_nothing(db: Any) -> None:
    put = {"PutRequest": {"Item": key(3)}}
    assert invalid(
        db.batch_write_item, RequestItems={"aaa": [put, {"DeleteRequest": {"Key": key(3)}}]}
    ) == ("Provided list of item keys contains duplicates")
    bad = {"PutRequest": {"Item": {"x": {"S": "1"}}}}
    message = invalid(db.batch_write_item, RequestItems={"aaa": [put, bad]})
    assert message == "The provided key element does not match the schema"
    assert invalid(db.batch_get_item, RequestItems={"aaa": {"Keys": [key(1), key(1)]}}) == (
        "Provided list of item keys contains duplicates"
    )
    assert refused(db.batch_get_item, RequestItems={"none": {"Keys": [key(1)]}}) == (
        "ResourceNotFoundException",
        "Requested resource not found",
    )
    assert invalid(db.batch_get_item, RequestItems={"none": {"Keys": [key(1), key(1)]}}) == (
        "Provided list of item keys contains duplicates"
    )
    many = {
        table: [{"PutRequest": {"Item": key(n)}} for n in range(13)] for table in ("aaa", "bbb")
    }
    assert invalid(db.batch_write_item, RequestItems=many) == (
        "Too many items requested for the BatchWriteItem call"
    )
    keys = {table: {"Keys": [key(n) for n in range(51)]} for table in ("aaa", "bbb")}
    assert invalid(db.batch_get_item, RequestItems=keys) == (
        "Too many items requested for the BatchGetItem call"
    )
    assert present(db, "aaa") == ["1", "2"]


def test_batches_quote_what_names_no_table(db: Any) -> None:
    constraint = (
        "at 'requestItems' failed to satisfy constraint: Map keys must satisfy constraint: "
        "[Member must have length less than or equal to 255, "
        "Member must have length greater than or equal to 3, "
        "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+]"
    )
    one = "1 validation error detected: Value "
    assert invalid(db.batch_get_item, RequestItems={"no!": {"Keys": [key(1)]}}) == (
        f"""{one}'{{"no!":{{"Keys":[{{"id":{{"S":"1"}}}}]}}}}' {constraint}"""
    )
    put = {"PutRequest": {"Item": key(1)}}
    message = invalid(db.batch_write_item, RequestItems={"no!": [put]})
    assert re.sub("@[0-9a-f]+", "@hash", message) == (
        f"{one}'{{no!=[WriteRequest(putRequest=PutRequest(item={{id="
        "com.amazonaws.dynamodb.v20120810.AttributeValue@hash}, workloadProfileName=null), "
        f"deleteRequest=null)]}}' {constraint}"
    )


def test_a_batch_of_large_items_comes_in_parts(db: Any) -> None:
    make_table(db, "aaa", "id")
    for n in range(45):
        db.put_item(TableName="aaa", Item={**key(n), "b": {"B": b"x" * 400_000}})
    answer = db.batch_get_item(RequestItems={"aaa": {"Keys": [key(n) for n in range(45)]}})
    assert len(answer["Responses"]["aaa"]) == 41
    assert answer["UnprocessedKeys"] == {"aaa": {"Keys": [key(n) for n in range(41, 45)]}}


def action(kind: str, table: str, n: int, **more: Any) -> dict[str, Any]:
    """Return a transaction's action."""
    given = {"Item": key(n)} if kind == "Put" else {"Key": key(n)}
    return {kind: {"TableName": table, **given, **more}}


EXISTS = {"ConditionExpression": "attribute_exists(id)"}
MISSING = {"ConditionExpression": "attribute_not_exists(id)"}
ADD = {"UpdateExpression": "ADD n :n", "ExpressionAttributeValues": {":n": {"N": "1"}}}


@pytest.mark.usefixtures("both")
def test_a_transaction_does_all(db: Any) -> None:
    answer = db.transact_write_items(
        TransactItems=[
            action("Put", "aaa", 3, **MISSING),
            action("Update", "aaa", 1, **ADD),
            action("Delete", "bbb", 1, **EXISTS),
            action("ConditionCheck", "bbb", 2, **EXISTS),
        ],
        ReturnConsumedCapacity="TOTAL",
    )
    assert answer["ConsumedCapacity"] == [
        {"TableName": "aaa", "CapacityUnits": 4.0, "WriteCapacityUnits": 4.0},
        {"TableName": "bbb", "CapacityUnits": 4.0, "WriteCapacityUnits": 4.0},
    ]
    assert (present(db, "aaa"), present(db, "bbb")) == (["1", "2", "3"], ["2"])
    read = db.transact_get_items(
        TransactItems=[
            {"Get": {"TableName": "aaa", "Key": key(1), "ProjectionExpression": "n"}},
            {"Get": {"TableName": "bbb", "Key": key(1)}},
        ],
        ReturnConsumedCapacity="TOTAL",
    )
    assert read["Responses"] == [{"Item": {"n": {"N": "2"}}}, {}]
    assert [each["ReadCapacityUnits"] for each in read["ConsumedCapacity"]] == [2.0, 2.0]


@pytest.mark.usefixtures("both")
def test_a_transaction_does_nothing_and_says_why(db: Any) -> None:
    with pytest.raises(db.exceptions.TransactionCanceledException) as caught:
        db.transact_write_items(
            TransactItems=[
                action("Put", "aaa", 3),
                action(
                    "Delete", "bbb", 1, **MISSING, ReturnValuesOnConditionCheckFailure="ALL_OLD"
                ),
                action(
                    "Update",
                    "aaa",
                    1,
                    UpdateExpression="SET x = t + :n",
                    ExpressionAttributeValues={":n": {"N": "1"}},
                ),
            ]
        )
    response = caught.value.response
    assert response["Error"]["Message"] == (
        "Transaction cancelled, please refer cancellation reasons for specific reasons "
        "[None, ConditionalCheckFailed, ValidationError]"
    )
    assert response["CancellationReasons"] == [
        {"Code": "None"},
        {
            "Code": "ConditionalCheckFailed",
            "Message": "The conditional request failed",
            "Item": {**key(1), "n": {"N": "1"}, "t": {"S": "bbb"}},
        },
        {
            "Code": "ValidationError",
            "Message": "An operand in the update expression has an incorrect data type",
        },
    ]
    assert (present(db, "aaa"), present(db, "bbb")) == (["1", "2"], ["1", "2"])


@pytest.mark.usefixtures("both")
def test_wrong_transactions_are_refused(db: Any) -> None:
    write = db.transact_write_items
    twice = [action("Put", "aaa", 1), action("Delete", "aaa", 1)]
    assert invalid(write, TransactItems=twice) == (
        "Transaction request cannot include multiple operations on one item"
    )
    assert invalid(write, TransactItems=[{}]) == (
        "Invalid Request: TransactWriteRequest should contain Delete or Put or Update request"
    )
    both = {**action("Put", "aaa", 1), **action("Delete", "aaa", 2)}
    assert invalid(write, TransactItems=[both]) == (
        "TransactItems can only contain one of Check, Put, Update or Delete"
    )
    misfit = {"Delete": {"TableName": "aaa", "Key": {"x": {"S": "1"}}}}
    code, message = refused(write, TransactItems=[action("Put", "aaa", 3), misfit])
    assert code == "TransactionCanceledException"
    assert message.endswith("[None, ValidationError]")
    broken = action("ConditionCheck", "aaa", 1, ConditionExpression="attribute_not_exists(")
    assert invalid(write, TransactItems=[broken]) == (
        'Invalid ConditionExpression: Syntax error; token: "<EOF>", near: "("'
    )


@pytest.mark.usefixtures("both")
def test_a_token_makes_a_transaction_happen_once(cloud: CloudUnderTest, db: Any) -> None:
    add = {"TransactItems": [action("Update", "aaa", 1, **ADD)], "ClientRequestToken": "t1"}
    for _ in range(2):
        db.transact_write_items(**add)
    assert db.get_item(TableName="aaa", Key=key(1))["Item"]["n"] == {"N": "2"}
    other = {**add, "TransactItems": [action("Update", "aaa", 2, **ADD)]}
    assert refused(db.transact_write_items, **other)[0] == "IdempotentParameterMismatchException"
    cloud.advance(601)
    db.transact_write_items(**other)
    assert db.get_item(TableName="aaa", Key=key(2))["Item"]["n"] == {"N": "2"}


def test_transactions_say_what_is_wrong_with_them_first(db: Any) -> None:
    make_table(db, "aaa", "id")
    get = {"Get": {"TableName": "aaa", "Key": {"id": {"S": "1"}}}}
    assert invalid(db.transact_get_items, TransactItems=[get, get]) == (
        "Transaction request cannot include multiple operations on one item"
    )
    put = {"Put": {"TableName": "none", "Item": {"id": {"S": "1"}}}}
    check = {"TableName": "aaa", "Key": {"id": {"S": "1"}}, "ConditionExpression": "size("}
    transaction: list[Any] = [put, {"ConditionCheck": check}]
    assert "Syntax error" in invalid(db.transact_write_items, TransactItems=transaction)
    empty: list[Any] = [{"Delete": {"TableName": "aaa", "Key": {"id": {"S": ""}}}}]
    assert "empty string value" in invalid(db.transact_write_items, TransactItems=empty)
    large: list[Any] = [
        {"Put": {"TableName": "aaa", "Item": {"id": {"S": "1"}, "x": {"S": "x" * 410_000}}}}
    ]
    assert "Item size" in invalid(db.transact_write_items, TransactItems=large)
    assert "regular expression" in invalid(db.get_item, TableName="a b", Key={"id": {"S": "1"}})
