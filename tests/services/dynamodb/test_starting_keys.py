"""Keys at which a read is to start and that do not fit what is read."""

from __future__ import annotations

from typing import Any

import pytest

from .support import index, invalid, make_table

START = "The provided starting key is invalid"
MISFIT = f"{START}: The provided key element does not match the schema"
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
    ("given", "queried"),
    [
        (ID, SIZE),
        ({}, SIZE),
        ({**ID, **KIND}, START),
        ({**ID, "sort": {"N": "1"}}, START),
        ({**ID, **SORT, **KIND}, START),
    ],
)
def test_of_a_table(db: Any, table: dict[str, str], given: dict[str, Any], queried: str) -> None:
    asked = {"KeyConditionExpression": "id = :a", "ExpressionAttributeValues": {":a": {"S": "a"}}}
    assert invalid(db.query, **table, **asked, ExclusiveStartKey=given) == queried
    assert invalid(db.scan, **table, ExclusiveStartKey=given) == MISFIT


@pytest.mark.parametrize("given", [ID, {**ID, **SORT}, {**ID, **SORT, "kind": {"N": "1"}}])
def test_of_an_index(db: Any, table: dict[str, str], given: dict[str, Any]) -> None:
    asked = {"KeyConditionExpression": "kind = :a", "ExpressionAttributeValues": {":a": {"S": "a"}}}
    of = {**table, "IndexName": "kinds", "ExclusiveStartKey": given}
    assert invalid(db.query, **of, **asked) == START
    assert invalid(db.scan, **of) == START
