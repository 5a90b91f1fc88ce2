"""What DynamoDB says of values that are none, in the words of the operation's framework."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from .support import invalid, make_table

ONE = "1 validation error detected: "
VALUE = "One or more parameter values were invalid: "
KEY = {"id": {"S": "K"}}
NO_NUMBER = "The parameter cannot be converted to a numeric value"
OVER = "Number overflow. Attempting to store a number with magnitude larger than supported range"
UNDER = "Number underflow. Attempting to store a number with magnitude smaller than supported range"
REPEATED = {"SS": ["b", "a", "b", "0"]}
BYTES = {"BS": [b"\xff", b"\x00", b"\xff"]}

# A value, and what the older framework and the newer one say of it.
VALUES: list[tuple[dict[str, Any], str, str]] = [
    ({"N": "ten"}, f"{NO_NUMBER}: ten", f"{NO_NUMBER}: ten"),
    ({"N": ""}, NO_NUMBER, f"{NO_NUMBER}: "),
    ({"N": "1e126"}, OVER, OVER),
    ({"N": "1e-131"}, UNDER, UNDER),
    ({"N": "0e126"}, OVER, OVER),
    ({"N": "1e2147483647"}, UNDER, OVER),
    ({"N": "1.5e2147483648"}, f"{NO_NUMBER}: 1.5e2147483648", OVER),
    ({"N": "1e99999999999"}, f"{NO_NUMBER}: 1e99999999999", OVER),
    ({"N": "1e-99999999999"}, f"{NO_NUMBER}: 1e-99999999999", UNDER),
    ({"N": "1e" + "9" * 20}, f"{NO_NUMBER}: 1e" + "9" * 20, f"{NO_NUMBER}: 1e" + "9" * 20),
    (
        REPEATED,
        f"{VALUE}Input collection [b, a, b, 0] contains duplicates.",
        f'{VALUE}Input collection ["a", "b", "b", "0"] contains duplicates.',
    ),
    (
        BYTES,
        f"{VALUE}Input collection [/w==, AA==, /w==]of type BS contains duplicates.",
        f'{VALUE}Input collection ["AA==","/w==","/w=="]of type BS contains duplicates.',
    ),
    (
        {"NS": ["1", "1.0"]},
        "Input collection contains duplicates",
        f"{VALUE}Input collection contains duplicates.",
    ),
    (
        {"M": {"deep": {"L": [{"SS": []}]}}},
        f"{VALUE}An string set  may not be empty",
        f"{VALUE}An string set  may not be empty",
    ),
]


@pytest.fixture
def db(cloud: Any) -> Any:
    """A client that sends any value."""
    client = cloud.client("dynamodb", parameter_validation=False)
    make_table(client, "table", "id")
    return client


def writes(db: Any, value: Any) -> list[Callable[[], str]]:
    """Return ways to send a value with a single write: in items, keys and comparisons."""
    condition = {
        "ConditionExpression": "x = :v",
        "ExpressionAttributeValues": {":v": value},
    }
    legacy = {"Expected": {"x": {"Value": value}}}
    update = {
        "UpdateExpression": "SET x = :v",
        "ExpressionAttributeValues": {":v": {"L": [value]}},
    }
    asked: list[tuple[Any, dict[str, Any]]] = [
        (db.put_item, {"Item": {**KEY, "x": value}}),
        (db.put_item, {"Item": KEY, **condition}),
        (db.put_item, {"Item": KEY, **legacy}),
        (db.delete_item, {"Key": {"id": value}}),
        (db.delete_item, {"Key": KEY, **condition}),
        (db.update_item, {"Key": KEY, **update}),
        (db.update_item, {"Key": KEY, "AttributeUpdates": {"x": {"Value": value}}}),
    ]
    return [partial(invalid, call, TableName="table", **given) for call, given in asked]


def reads(db: Any, value: Any) -> list[Callable[[], str]]:
    """Return ways to send a value with a read of the newer framework."""
    keys = {"id": {"ComparisonOperator": "EQ", "AttributeValueList": [KEY["id"]]}}
    query = {"TableName": "table", "KeyConditions": keys}
    filtered = {"x": {"ComparisonOperator": "EQ", "AttributeValueList": [value]}}
    condition = {
        "KeyConditionExpression": "id = :v",
        "ExpressionAttributeValues": {":v": value},
    }
    return [
        lambda: invalid(db.get_item, TableName="table", Key={"id": value}),
        lambda: invalid(db.batch_get_item, RequestItems={"table": {"Keys": [{"id": value}]}}),
        lambda: invalid(db.query, TableName="table", **condition),
        lambda: invalid(db.query, **query, ExclusiveStartKey={"id": value}),
        lambda: invalid(db.query, **query, QueryFilter=filtered),
    ]


def older(db: Any, value: Any) -> list[Callable[[], str]]:
    """Return ways to send a value with an operation of the older framework."""
    put = {"TableName": "table", "Item": {**KEY, "x": value}}
    return [
        lambda: invalid(
            db.batch_write_item, RequestItems={"table": [{"PutRequest": {"Item": put["Item"]}}]}
        ),
        lambda: invalid(db.transact_write_items, TransactItems=[{"Put": put}]),
        lambda: invalid(
            db.transact_get_items,
            TransactItems=[{"Get": {"TableName": "table", "Key": {"id": value}}}],
        ),
    ]


@pytest.mark.parametrize(("value", "old", "new"), VALUES)
def test_each_operation_words_values_as_its_framework(
    db: Any, value: dict[str, Any], old: str, new: str
) -> None:
    for send in writes(db, value):
        assert send() == ONE + new
    for send in reads(db, value):
        assert send() == new
    for send in older(db, value):
        assert send() == old


@pytest.mark.parametrize(("value", "old", "new"), VALUES)
def test_older_operations_name_the_placeholder(
    db: Any, value: dict[str, Any], old: str, new: str
) -> None:
    given = {"TableName": "table", "ExpressionAttributeValues": {":v": value}}
    assert invalid(db.scan, **given, FilterExpression="x = :v") == new
    check = {**given, "Key": KEY, "ConditionExpression": "x = :v"}
    message = f"ExpressionAttributeValues contains invalid value: {old} for key :v"
    found = invalid(db.transact_write_items, TransactItems=[{"ConditionCheck": check}])
    assert found == message


def test_values_are_looked_at_before_the_table_is(db: Any) -> None:
    wrong = {"TableName": "none", "Key": {"id": {"N": "x"}}}
    assert invalid(db.get_item, **wrong) == f"{NO_NUMBER}: x"
    assert invalid(db.delete_item, **wrong) == f"{ONE}{NO_NUMBER}: x"
    assert invalid(db.transact_get_items, TransactItems=[{"Get": wrong}]) == f"{NO_NUMBER}: x"


def test_sums_out_of_range_are_no_error_of_the_request(db: Any) -> None:
    db.put_item(TableName="table", Item={**KEY, "n": {"N": "9e125"}})
    found = invalid(
        db.update_item,
        TableName="table",
        Key=KEY,
        UpdateExpression="ADD n :n",
        ExpressionAttributeValues={":n": {"N": "9e125"}},
    )
    assert found == OVER


def test_attributes_have_names(db: Any) -> None:
    put = {"TableName": "table", "Item": {**KEY, "x": {"NS": []}, "": {"S": "x"}}}
    assert invalid(db.put_item, **put) == f"{ONE}Empty attribute name"
    assert invalid(db.transact_write_items, TransactItems=[{"Put": put}]) == "Empty attribute name"
