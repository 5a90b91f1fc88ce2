"""Keys at which a read is to start and that do not fit what is read."""

from __future__ import annotations

from typing import Any

import pytest

from .support import index, invalid, make_table

START = "The provided starting key is invalid"
SIZE = "Exclusive Start Key must have same size as table's key schema"
ID, SORT, KIND = {"id": {"S": "a"}}, {"sort": {"S": "b"}}, {"kind": {"S": "c"}}


@pytest.fixture
def table(db: Any) -> dict[str, str]:
    """A table with an index."""
    also = [{"AttributeName": "kind", "AttributeType": "S"}]
    make_table(
        db, "starts", "id", "sort", also=also, GlobalSecondaryIndexes=[index("kinds", "kind")]
    )
    return {"TableName": "starts"}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (ID, SIZE),
        ({}, SIZE),
        ({**ID, **KIND}, START),
        ({**ID, "sort": {"N": "1"}}, START),
        ({**ID, **SORT, **KIND}, START),
    ],
)
def test_of_a_table(db: Any, table: dict[str, str], given: dict[str, Any], message: str) -> None:
    asked = {"KeyConditionExpression": "id = :a", "ExpressionAttributeValues": {":a": {"S": "a"}}}
    assert invalid(db.query, **table, **asked, ExclusiveStartKey=given) == message
    assert invalid(db.scan, **table, ExclusiveStartKey=given) == message


def test_values_are_looked_at_before_the_table_and_keys_before_conditions(
    db: Any, table: dict[str, str]
) -> None:
    asked = {"KeyConditionExpression": "x = :a", "ExpressionAttributeValues": {":a": {"S": "a"}}}
    wrong = {"ExclusiveStartKey": {"id": {"N": "x"}}}
    message = "The parameter cannot be converted to a numeric value: x"
    assert invalid(db.query, TableName="none", **asked, **wrong) == message
    assert invalid(db.scan, TableName="none", Segment=1, **wrong) == message
    empty: dict[str, Any] = {"ExclusiveStartKey": {"id": {"SS": []}}}
    assert invalid(db.scan, TableName="none", Segment=1, **empty, FilterExpression="") == (
        "One or more parameter values were invalid: An string set  may not be empty"
    )
    assert "TotalSegments" in invalid(db.scan, **table, Segment=1, FilterExpression="")
    assert invalid(db.query, **table, **asked, ExclusiveStartKey=ID) == SIZE


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ("id = :a", "The provided starting key is outside query boundaries based on provided "),
        ("id = :a AND sort > :b", "The provided starting key does not match the range key predi"),
        ("id = :a AND sort = :b", "The query can return at most one row and cannot be restarted"),
    ],
)
def test_of_another_partition(db: Any, table: dict[str, str], condition: str, message: str) -> None:
    values = {":a": {"S": "other"}, ":b": {"S": "b"}}
    if ":b" not in condition:
        del values[":b"]
    asked = {"KeyConditionExpression": condition, "ExpressionAttributeValues": values}
    assert invalid(db.query, **table, **asked, ExclusiveStartKey={**ID, **SORT}).startswith(message)


@pytest.mark.parametrize("given", [ID, {**ID, **SORT}, {**ID, **SORT, "kind": {"N": "1"}}])
def test_of_an_index(db: Any, table: dict[str, str], given: dict[str, Any]) -> None:
    asked = {"KeyConditionExpression": "kind = :a", "ExpressionAttributeValues": {":a": {"S": "a"}}}
    of = {**table, "IndexName": "kinds", "ExclusiveStartKey": given}
    assert invalid(db.query, **of, **asked) == START
    assert invalid(db.scan, **of) == START
