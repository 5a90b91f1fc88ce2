"""PutItem, GetItem, UpdateItem and DeleteItem."""

from __future__ import annotations

import re
from typing import Any

import pytest

from .support import invalid, make_table, refused

KEY = {"id": {"S": "1"}}
ONE = "1 validation error detected: "
VALUE = "One or more parameter values were invalid: "


@pytest.fixture
def users(db: Any) -> str:
    """A table with the key `id`."""
    make_table(db, "users", "id")
    return "users"


def put(db: Any, **attributes: Any) -> None:
    """Put the item with key 1 and these attributes."""
    db.put_item(TableName="users", Item={**KEY, **attributes})


def got(db: Any, **options: Any) -> Any:
    """Get the item with key 1."""
    return db.get_item(TableName="users", Key=KEY, **options).get("Item")


def update(db: Any, expression: str, returns: str = "ALL_NEW", **values: Any) -> Any:
    """Update the item with key 1; `n={"N": "1"}` defines `:n`."""
    given = {f":{name}": value for name, value in values.items()}
    params = {"ExpressionAttributeValues": given} if given else {}
    return db.update_item(
        TableName="users",
        Key=KEY,
        UpdateExpression=expression,
        ReturnValues=returns,
        **params,
    ).get("Attributes")


def test_every_type_comes_back_as_it_went_in(db: Any, users: str) -> None:
    attributes = {
        "s": {"S": ""},
        "n": {"N": "-1.5"},
        "b": {"B": b""},
        "t": {"BOOL": False},
        "z": {"NULL": True},
        "l": {"L": [{"S": "é"}, {"B": b"\x00"}, {"L": []}]},
        "m": {"M": {"": {"N": "0"}, "x": {"M": {"y": {"BS": [b"1", b"2"]}}}}},
        "ss": {"SS": ["a", "b"]},
        "ns": {"NS": ["1", "2.5"]},
    }
    put(db, **attributes)
    assert got(db) == {**KEY, **attributes}
    assert got(db, ConsistentRead=True, ProjectionExpression="m.x, l[2], l[0], q") == {
        "m": {"M": {"x": {"M": {"y": {"BS": [b"1", b"2"]}}}}},
        "l": {"L": [{"S": "é"}, {"L": []}]},
    }


def test_numbers_are_stored_canonically(db: Any) -> None:
    make_table(db, "numbers", "id", types="N")
    db.put_item(TableName="numbers", Item={"id": {"N": "1e3"}, "x": {"NS": ["1.0", "2e1"]}})
    found = db.get_item(TableName="numbers", Key={"id": {"N": "1000.0"}})["Item"]
    assert found == {"id": {"N": "1000"}, "x": {"NS": ["1", "20"]}}


def test_what_is_not_there_is_left_out(db: Any, users: str) -> None:
    assert got(db) is None
    assert "Attributes" not in db.delete_item(TableName="users", Key=KEY, ReturnValues="ALL_OLD")
    assert "Attributes" not in db.put_item(TableName="users", Item=KEY, ReturnValues="ALL_OLD")
    assert db.put_item(TableName="users", Item=KEY, ReturnValues="ALL_OLD")["Attributes"] == KEY


WRONG_ITEMS: list[tuple[Any, str]] = [
    ({}, VALUE + "Missing the key id in the item"),
    ({"id": {"N": "1"}}, VALUE + "Type mismatch for key id expected: S actual: N"),
    (
        {"id": {"S": ""}},
        "One or more parameter values are not valid. The AttributeValue for a key attribute "
        "cannot contain an empty string value. Key: id",
    ),
    (
        {"id": {"S": "x" * 2049}},
        VALUE + "Size of hashkey has exceeded the maximum size limit of2048 bytes",
    ),
    (
        {"id": {"S": "1"}, "x": {}},
        ONE
        + "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes",
    ),
    (
        {"id": {"S": "1"}, "x": {"S": "1", "N": "1"}},
        ONE + "Supplied AttributeValue has more than one datatypes set, "
        "must contain exactly one of the supported datatypes",
    ),
    ({"id": {"S": "1"}, "x": {"SS": []}}, ONE + VALUE + "An string set  may not be empty"),
    (
        {"id": {"S": "1"}, "x": {"NULL": False}},
        ONE + VALUE + "Null attribute value types must have the value of true",
    ),
    (
        {"id": {"S": "1"}, "x": {"S": "x" * 409600}},
        "Item size has exceeded the maximum allowed size",
    ),
]


def test_wrong_items_are_refused(db: Any, users: str) -> None:
    for item, message in WRONG_ITEMS:
        assert invalid(db.put_item, TableName="users", Item=item) == message


def test_deep_items_are_refused(db: Any, users: str) -> None:
    value: dict[str, Any] = {"S": "x"}
    for _ in range(31):
        value = {"L": [value]}
    put(db, x=value)
    assert got(db)["x"] == value
    message = (
        "Nesting Levels have exceeded supported limits: "
        "Attributes in the item have nested levels beyond supported limit"
    )
    assert (
        invalid(db.put_item, TableName="users", Item={**KEY, "x": {"L": [value]}}) == ONE + message
    )


def test_keys_must_fit(db: Any, users: str) -> None:
    message = "The provided key element does not match the schema"
    for key in ({}, {"x": {"S": "1"}}, {"id": {"N": "1"}}, {**KEY, "x": {"S": "1"}}):
        for operation in (db.get_item, db.delete_item, db.update_item):
            assert invalid(operation, TableName="users", Key=key) == message


CONDITIONS = [
    ("attribute_exists(s) AND attribute_not_exists(q)", True),
    ("attribute_type(s, :S)", True),
    ("begins_with(s, :ab) AND contains(s, :bc)", True),
    ("contains(ss, :x) AND contains(l, :one)", True),
    ("contains(ss, :ab)", False),
    ("size(s) = :three AND size(l) = :one AND size(q) = :one", False),
    ("size(s) > :one", True),
    ("size(u) = :three", True),
    ("n = :one OR n = :three", True),
    ("NOT n = :one", False),
    ("NOT NOT NOT n = :one", False),
    ("NOT NOT NOT NOT n = :one", True),
    ("NOT (n = :three) AND s <> :ab", True),
    ("q <> :one", True),
    ("q = :one", False),
    ("n BETWEEN :one AND :three AND s IN (:x, :abc)", True),
    ("n < s", False),
    ("l[0] = :one AND m.k = :x", True),
    ("l[1] = :one", False),
    ("ss = :set", True),
    ("n = :ab OR (s = :abc AND (m.k = :x))", True),
]


CONDITION_VALUES: dict[str, Any] = {
    ":one": {"N": "1"},
    ":three": {"N": "3e0"},
    ":ab": {"S": "ab"},
    ":abc": {"S": "abc"},
    ":bc": {"S": "bc"},
    ":x": {"S": "x"},
    ":S": {"S": "S"},
    ":set": {"SS": ["y", "x"]},
}


def test_conditions_decide(db: Any, users: str) -> None:
    put(
        db,
        s={"S": "abc"},
        u={"S": "a😀"},
        n={"N": "1.0"},
        l={"L": [{"N": "1"}]},
        m={"M": {"k": {"S": "x"}}},
        ss={"SS": ["x", "y"]},
    )
    for condition, holds in CONDITIONS:
        used = set(re.findall(r":\w+", condition))
        params: dict[str, Any] = {"TableName": "users", "Key": KEY}
        if used:
            params["ExpressionAttributeValues"] = {name: CONDITION_VALUES[name] for name in used}
        if holds:
            db.update_item(ConditionExpression=condition, **params)
        else:
            answer = refused(db.update_item, ConditionExpression=condition, **params)
            assert answer == (
                "ConditionalCheckFailedException",
                "The conditional request failed",
            ), condition


def test_a_failed_condition_can_show_the_item(db: Any, users: str) -> None:
    put(db, n={"N": "1"})
    with pytest.raises(db.exceptions.ConditionalCheckFailedException) as caught:
        db.delete_item(
            TableName="users",
            Key=KEY,
            ConditionExpression="attribute_not_exists(id)",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    assert caught.value.response["Item"] == {**KEY, "n": {"N": "1"}}


def test_updates_make_what_is_missing(db: Any, users: str) -> None:
    one = {"N": "1"}
    assert update(db, "SET a = :a ADD n :n, t :t", a={"S": "x"}, n=one, t={"NS": ["1"]}) == {
        **KEY,
        "a": {"S": "x"},
        "n": one,
        "t": {"NS": ["1"]},
    }
    assert update(db, "ADD n :n, t :t", "UPDATED_NEW", n={"N": "0.5"}, t={"NS": ["1", "2"]}) == {
        "n": {"N": "1.5"},
        "t": {"NS": ["1", "2"]},
    }
    assert update(db, "DELETE t :t REMOVE a", "UPDATED_OLD", t={"NS": ["1", "2"]}) == {
        "t": {"NS": ["1", "2"]},
        "a": {"S": "x"},
    }
    assert got(db) == {**KEY, "n": {"N": "1.5"}}
    assert update(db, "SET n = n - :n, z = if_not_exists(z, n)", n=one) == {
        **KEY,
        "n": {"N": "0.5"},
        "z": {"N": "1.5"},
    }


def test_updates_reach_into_documents(db: Any, users: str) -> None:
    numbers = [{"N": str(n)} for n in range(4)]
    put(db, l={"L": numbers}, m={"M": {"a": {"M": {}}, "b": {"S": "x"}}})
    changed = update(
        db,
        "SET m.a.c = :x, l[9] = :x, l[1] = :x REMOVE l[0], l[2], m.b",
        "UPDATED_NEW",
        x={"S": "y"},
    )
    assert changed["m"] == {"M": {"a": {"M": {"c": {"S": "y"}}}}}
    assert got(db)["l"] == {"L": [{"S": "y"}, {"N": "3"}, {"S": "y"}]}
    assert got(db)["m"] == {"M": {"a": {"M": {"c": {"S": "y"}}}}}
    assert update(db, "SET l = list_append(:x, l)", x={"L": [{"N": "9"}]})["l"]["L"][0] == {
        "N": "9"
    }
    assert update(db, "SET m.a.c = :x", "UPDATED_OLD", x={"N": "1"}) == {
        "m": {"M": {"a": {"M": {"c": {"S": "y"}}}}}
    }


WRONG_UPDATES: list[tuple[str, str]] = [
    (
        "SET a = q",
        "The provided expression refers to an attribute that does not exist in the item",
    ),
    (
        "SET q.r = :n",
        "The document path provided in the update expression is invalid for update",
    ),
    (
        "SET s.r = :n",
        "The document path provided in the update expression is invalid for update",
    ),
    ("SET s = s + :n", "An operand in the update expression has an incorrect data type"),
    ("ADD s :n", "An operand in the update expression has an incorrect data type"),
    (
        "SET big = big + :n",
        "Number overflow. Attempting to store a number with magnitude larger than supported range",
    ),
    ("SET id = :n", VALUE + "Cannot update attribute id. This attribute is part of the key"),
]


def test_updates_that_do_not_fit_change_nothing(db: Any, users: str) -> None:
    before = {"s": {"S": "x"}, "big": {"N": "1" + "0" * 38}}
    put(db, **before)
    for expression, message in WRONG_UPDATES:
        params: dict[str, Any] = {"TableName": "users", "Key": KEY}
        if ":n" in expression:
            params["ExpressionAttributeValues"] = {":n": {"N": "1"}}
        assert invalid(db.update_item, UpdateExpression=expression, **params) == message
    assert got(db) == {**KEY, **before}


def test_an_update_without_expression_makes_the_item(db: Any, users: str) -> None:
    db.update_item(TableName="users", Key=KEY)
    assert got(db) == KEY


@pytest.mark.parametrize(
    "change",
    [
        {"UpdateExpression": "REMOVE a"},
        {"UpdateExpression": "REMOVE m.a, l[1]"},
        {"UpdateExpression": "DELETE s :s", "ExpressionAttributeValues": {":s": {"SS": ["a"]}}},
        {"AttributeUpdates": {"a": {"Action": "DELETE"}}},
        {"AttributeUpdates": {"s": {"Action": "DELETE", "Value": {"NS": ["4"]}}}},
    ],
)
def test_an_update_that_only_takes_away_makes_no_item(
    db: Any, users: str, change: dict[str, Any]
) -> None:
    answer = db.update_item(TableName="users", Key=KEY, ReturnValues="ALL_NEW", **change)
    assert "Attributes" not in answer
    if "UpdateExpression" in change:
        db.transact_write_items(
            TransactItems=[{"Update": {"TableName": "users", "Key": KEY, **change}}]
        )
    assert "Item" not in db.get_item(TableName="users", Key=KEY)


def test_return_values_must_fit(db: Any, users: str) -> None:
    message = ONE + "ReturnValues can only be ALL_OLD or NONE"
    assert invalid(db.put_item, TableName="users", Item=KEY, ReturnValues="ALL_NEW") == message
    assert (
        invalid(db.delete_item, TableName="users", Key=KEY, ReturnValues="UPDATED_OLD") == message
    )
