"""Paths into key attributes, which hold scalars."""

from __future__ import annotations

from typing import Any

import pytest

from .support import index, invalid, make_table

KEY = {"id": {"S": "x"}}
SCALARS = (
    "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: "
)
ONE = {"ExpressionAttributeValues": {":one": {"N": "1"}}}
QUERY = {"KeyConditionExpression": "id = :id", "ExpressionAttributeValues": {":id": {"S": "x"}}}


@pytest.fixture
def table(db: Any) -> dict[str, str]:
    """A table with an index."""
    also = [{"AttributeName": "tag", "AttributeType": "S"}]
    make_table(db, "scalars", "id", also=also, GlobalSecondaryIndexes=[index("tags", "tag")])
    return {"TableName": "scalars"}


@pytest.mark.parametrize(("name", "kind"), [("id", "Key"), ("tag", "IndexKey")])
def test_nothing_is_read_inside(db: Any, table: dict[str, str], name: str, kind: str) -> None:
    message = f"{SCALARS}{kind}: {name}"
    for path in (f"{name}.deep", f"a, {name}[0]"):
        projection = {"ProjectionExpression": path}
        assert invalid(db.get_item, **table, Key=KEY, **projection) == message
        assert invalid(db.query, **table, **QUERY, **projection) == message
        assert invalid(db.scan, **table, **projection) == message
        batch = {"scalars": {"Keys": [KEY], **projection}}
        assert invalid(db.batch_get_item, RequestItems=batch) == message
    filtered = {"FilterExpression": f"attribute_exists({name}.deep)"}
    assert invalid(db.scan, **table, **filtered) == message
    assert invalid(db.query, **table, **QUERY, **filtered) == (
        message
        if kind == "IndexKey"
        else "Filter Expression can only contain non-primary key attributes: "
        "Primary key attribute: id"
    )


@pytest.mark.parametrize("expression", ["SET tag.a = :one", "ADD tag[1] :one", "SET n = tag[0]"])
def test_nothing_is_updated_inside(db: Any, table: dict[str, str], expression: str) -> None:
    values = ONE if ":one" in expression else {}
    update = {**table, "Key": KEY, "UpdateExpression": expression, **values}
    assert invalid(db.update_item, **update) == f"{SCALARS}IndexKey: tag"
