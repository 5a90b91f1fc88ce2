"""The parameters that expressions replaced."""

from __future__ import annotations

from typing import Any

import pytest

from .support import invalid, make_table, refused

ONE = "1 validation error detected: "
VALUE = "One or more parameter values were invalid: "


def item(n: int, **attributes: Any) -> dict[str, Any]:
    """Return the n-th item of `aaa`."""
    return {"id": {"S": "x"}, "n": {"N": str(n)}, **attributes}


@pytest.fixture(autouse=True)
def _table(db: Any) -> None:
    make_table(db, "aaa", "id", "n", types="SN")
    db.put_item(TableName="aaa", Item=item(1, s={"S": "abc"}, t={"SS": ["p", "q"]}))
    db.put_item(TableName="aaa", Item=item(2, s={"S": "b"}))
    db.put_item(TableName="aaa", Item=item(3))


def compared(operator: str, *values: str) -> dict[str, Any]:
    """Return a condition."""
    return {
        "ComparisonOperator": operator,
        "AttributeValueList": [{"S": value} for value in values],
    }


FILTERS = [
    ({"s": compared("EQ", "b")}, [2]),
    ({"s": compared("NE", "b")}, [1, 3]),
    ({"s": compared("IN", "b", "abc")}, [1, 2]),
    ({"s": compared("BETWEEN", "a", "az")}, [1]),
    ({"s": compared("BEGINS_WITH", "ab")}, [1]),
    ({"s": compared("CONTAINS", "c")}, [1]),
    ({"t": compared("CONTAINS", "q")}, [1]),
    ({"s": compared("NOT_CONTAINS", "c")}, [2]),
    ({"s": compared("GT", "abc")}, [2]),
    ({"s": {"ComparisonOperator": "NULL"}}, [3]),
    ({"s": {"ComparisonOperator": "NOT_NULL"}, "t": {"ComparisonOperator": "NULL"}}, [2]),
]


def test_filters_choose(db: Any) -> None:
    for given, expected in FILTERS:
        found = db.scan(TableName="aaa", ScanFilter=given)["Items"]
        assert [int(each["n"]["N"]) for each in found] == expected, given
    either = {"s": compared("EQ", "b"), "t": {"ComparisonOperator": "NOT_NULL"}}
    found = db.scan(TableName="aaa", ScanFilter=either, ConditionalOperator="OR")
    assert found["Count"] == 2


def test_key_conditions_choose(db: Any) -> None:
    conditions = {
        "id": compared("EQ", "x"),
        "n": {"ComparisonOperator": "GE", "AttributeValueList": [{"N": "2"}]},
    }
    found = db.query(TableName="aaa", KeyConditions=conditions, AttributesToGet=["n"])
    assert found["Items"] == [{"n": {"N": "2"}}, {"n": {"N": "3"}}]
    only = {"id": compared("EQ", "x")}
    filtered = {"s": compared("EQ", "b")}
    assert db.query(TableName="aaa", KeyConditions=only, QueryFilter=filtered)["Count"] == 1
    key = {"id": compared("EQ", "x")}
    assert invalid(db.query, TableName="aaa", KeyConditions=only, QueryFilter=key) == (
        "QueryFilter can only contain non-primary key attributes: Primary key attribute: id"
    )
    wrong = {"id": compared("NE", "x")}
    assert invalid(db.query, TableName="aaa", KeyConditions=wrong) == (
        "Attempted conditional constraint is not an indexable operation"
    )


def test_attribute_updates_add_to_lists_and_say_what_does_not_fit(db: Any) -> None:
    update = {"TableName": "aaa", "Key": {"id": {"S": "new"}, "n": {"N": "1"}}}
    for values in (["a"], ["b", "c"]):
        added = {"Action": "ADD", "Value": {"L": [{"S": value} for value in values]}}
        db.update_item(**update, AttributeUpdates={"l": added, "s": {"Value": {"SS": ["x"]}}})
    got = db.get_item(TableName="aaa", Key=update["Key"], AttributesToGet=["l"])
    assert got["Item"] == {"l": {"L": [{"S": "a"}, {"S": "b"}, {"S": "c"}]}}
    for action in ("ADD", "DELETE"):
        wrong = {"s": {"Action": action, "Value": {"NS": ["1"]}}}
        message = invalid(db.update_item, **update, AttributeUpdates=wrong)
        assert message == "Type mismatch for attribute to update"


def test_whether_key_conditions_can_be_is_said_of_a_table(db: Any) -> None:
    none = {"id": {"ComparisonOperator": "NULL"}}
    code, _ = refused(db.query, TableName="none", KeyConditions=none)
    assert code == "ResourceNotFoundException"
    several = {"id": compared("EQ", "x"), "s": {"ComparisonOperator": "NULL"}}
    assert invalid(db.query, TableName="aaa", KeyConditions=several) == (
        "Query condition missed key schema element: n"
    )
    four = {name: {"ComparisonOperator": "NULL"} for name in ("a", "b", "c")}
    wrong = {"z": compared("EQ"), **four}
    assert invalid(db.query, TableName="aaa", KeyConditions=wrong) == (
        VALUE + "Invalid number of argument(s) for the EQ ComparisonOperator"
    )


def test_filters_look_for_booleans_in_lists(db: Any) -> None:
    true = {"BOOL": True}
    db.put_item(TableName="aaa", Item=item(7, l={"L": [true]}))
    conditions = {"l": {"ComparisonOperator": "CONTAINS", "AttributeValueList": [true]}}
    assert db.scan(TableName="aaa", ScanFilter=conditions)["Count"] == 1


def test_attribute_updates_change(db: Any) -> None:
    updates = {
        "s": {"Action": "DELETE"},
        "t": {"Action": "DELETE", "Value": {"SS": ["p"]}},
        "c": {"Action": "ADD", "Value": {"N": "1"}},
        "u": {"Value": {"S": "new"}},
    }
    key = {"id": {"S": "x"}, "n": {"N": "1"}}
    answer = db.update_item(
        TableName="aaa", Key=key, AttributeUpdates=updates, ReturnValues="ALL_NEW"
    )
    assert answer["Attributes"] == item(1, t={"SS": ["q"]}, c={"N": "1"}, u={"S": "new"})
    for given, message in (
        ({"Action": "PUT"}, "Only DELETE action is allowed when no attribute value is specified"),
        (
            {"Action": "ADD", "Value": {"S": "x"}},
            "ADD action is not supported for the type S",
        ),
    ):
        found = invalid(db.update_item, TableName="aaa", Key=key, AttributeUpdates={"a": given})
        assert found == ONE + VALUE + message


def test_expectations_decide(db: Any) -> None:
    put = {"TableName": "aaa", "Item": item(2)}
    failed = "ConditionalCheckFailedException"
    assert refused(db.put_item, Expected={"s": {"Exists": False}}, **put)[0] == failed
    assert refused(db.put_item, Expected={"s": {"Value": {"S": "c"}}}, **put)[0] == failed
    for given, message in (
        ({"Exists": True}, "Value must be provided when Exists is true for Attribute: s"),
        (
            {"Exists": False, "Value": {"S": "b"}},
            "Value cannot be used when Exists is false for Attribute: s",
        ),
        (
            compared("BETWEEN", "a"),
            "Invalid number of argument(s) for the BETWEEN ComparisonOperator",
        ),
        (
            {"ComparisonOperator": "LT", "AttributeValueList": [{"BOOL": True}]},
            "ComparisonOperator LT is not valid for BOOL AttributeValue type",
        ),
    ):
        assert invalid(db.put_item, Expected={"s": given}, **put) == ONE + VALUE + message
    db.put_item(Expected={"s": {"Value": {"S": "b"}}}, **put)
    assert db.get_item(TableName="aaa", Key=item(2), AttributesToGet=["n"])["Item"] == {
        "n": {"N": "2"}
    }


def test_legacy_and_expressions_do_not_mix(db: Any) -> None:
    assert invalid(
        db.get_item, TableName="aaa", Key=item(1), AttributesToGet=["n"], ProjectionExpression="n"
    ) == (
        "Can not use both expression and non-expression parameters in the same request: "
        "Non-expression parameters: {AttributesToGet} Expression parameters: {ProjectionExpression}"
    )
    assert invalid(db.scan, TableName="aaa", ConditionalOperator="OR") == (
        "ConditionalOperator cannot be used without Filter or Expected"
    )
    one = {"s": compared("EQ", "b")}
    assert invalid(db.scan, TableName="aaa", ScanFilter=one, ConditionalOperator="OR") == (
        "ConditionalOperator can only be used when Filter or Expected has two or more elements"
    )
