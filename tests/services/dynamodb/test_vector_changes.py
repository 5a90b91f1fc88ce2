"""Vector indexes made and deleted by UpdateTable, and what is in the way of it."""

from __future__ import annotations

from typing import Any

import pytest

from cloudarium.pytest_plugin import CloudUnderTest

from .support import index, invalid, make_table, refused, vector, vector_index

NEAR = {"IndexName": "near"}
ONE_AT_ONCE = (
    "LimitExceededException",
    "Subscriber limit exceeded: "
    "Only 1 online index can be created or deleted simultaneously per table",
)


def made(*names: str) -> dict[str, Any]:
    """Return parameters of UpdateTable that make vector indexes."""
    return {"VectorIndexUpdates": [{"Create": vector_index(name)} for name in names]}


def keyed(name: str, key: str) -> dict[str, Any]:
    """Return parameters of UpdateTable that make a global index."""
    return {
        "AttributeDefinitions": [{"AttributeName": key, "AttributeType": "S"}],
        "GlobalSecondaryIndexUpdates": [{"Create": index(name, key)}],
    }


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"VectorIndexUpdates": [{}]},
            "One or more parameter values were invalid: "
            "One of VectorIndexUpdate.Create, VectorIndexUpdate.Delete must not be null",
        ),
        (
            {"VectorIndexUpdates": [{"Create": vector_index("far"), "Delete": NEAR}]},
            "One or more parameter values were invalid: "
            "Only one vector index action is allowed per VectorIndexUpdate object",
        ),
        (made("near"), "Attempting to create an index which already exists"),
        (keyed("near", "label"), "Attempting to create an index which already exists"),
        (
            keyed("other", "place"),
            "One or more parameter values were invalid: Attributes cannot be redefined. Please "
            "check that your attribute has the same type as previously defined. Existing schema: "
            "VectorIndexSchema:[VectorAttribute: key{place:L:3}] "
            "New schema: Schema:[SchemaElement: key{place:S:HASH}]",
        ),
    ],
)
def test_changes_that_cannot_be(
    cloud: CloudUnderTest, changes: dict[str, Any], message: str
) -> None:
    db = cloud.client("dynamodb", parameter_validation=False)
    make_table(db, "places", "id", VectorIndexes=[vector_index()])
    cloud.settle()
    assert invalid(db.update_table, TableName="places", **changes) == message


def test_an_index_is_allocated_then_filled(cloud: CloudUnderTest, db: Any) -> None:
    make_table(db, "places", "id")
    cloud.settle()
    cloud.run(cloud.kernel.scheduler.stop())
    shown = db.update_table(TableName="places", **made("near"))["TableDescription"]
    [near] = shown["VectorIndexes"]
    assert (shown["TableStatus"], near["IndexStatus"]) == ("UPDATING", "CREATING")
    assert near["Backfilling"] is False
    gone = {"VectorIndexUpdates": [{"Delete": NEAR}]}
    assert refused(db.update_table, TableName="places", **gone) == (
        "ResourceInUseException",
        "Attempt to change a resource which is still in use: Index creation is in resource "
        "allocation phase. Retry deletion during backfilling phase or when the index is active. "
        "Table: places Index: near",
    )
    for other in (made("far"), keyed("far", "label")):
        assert refused(db.update_table, TableName="places", **other) == ONE_AT_ONCE
    search = {"TableName": "places", "IndexName": "near", "SearchVector": vector(1, 0, 0)}
    said = invalid(db.search_vectors, **search, TopK=1)
    assert said == "Cannot search backfilling vector index: near"


def test_one_index_changes_at_once(db: Any) -> None:
    make_table(db, "places", "id")
    for changes in (made("near", "far"), {**made("near"), **keyed("far", "label")}):
        assert refused(db.update_table, TableName="places", **changes) == ONE_AT_ONCE
