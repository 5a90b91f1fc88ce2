"""Vector indexes: made with tables and later, written with their items, searched."""

from __future__ import annotations

import math
import struct
from typing import Any

import pytest

from cloudarium.pytest_plugin import CloudUnderTest

from .support import invalid, make_table, refused, vector
from .support import vector_index as index

WRONG = "One or more parameter values were invalid: "
UNFIT = "One or more parameter values were invalid. "
SCHEMA = [
    {"AttributeName": "tenant", "SearchSchemaElementType": "HASH"},
    {"AttributeName": "kind", "SearchSchemaElementType": "INLINE_FILTER"},
]
MORE = [{"AttributeName": name, "AttributeType": "S"} for name in ("tenant", "kind")]
TENANT: dict[str, Any] = {
    "SearchConditionExpression": "tenant = :t",
    "ExpressionAttributeValues": {":t": {"S": "one"}},
}


def float32(number: float) -> float:
    """Return the nearest 32-bit float."""
    return float(struct.unpack("f", struct.pack("f", number))[0])


def search(db: Any, name: str = "near", **changes: Any) -> dict[str, Any]:
    """Search for what is like the first axis."""
    wanted = {"SearchVector": vector(1, 0, 0), "TopK": 10, **changes}
    found: dict[str, Any] = db.search_vectors(TableName="places", IndexName=name, **wanted)
    return found


def ids(found: dict[str, Any]) -> list[str]:
    """Return the keys of what a search found, in its order."""
    return [result["Item"]["id"]["S"] for result in found["SearchResults"]]


@pytest.fixture
def places(db: Any) -> str:
    """A table with an index for each distance function and four vectors."""
    functions = ("COSINE", "EUCLIDEAN", "DOT_PRODUCT")
    indexes = [index(name.lower(), DistanceFunction=name) for name in functions]
    make_table(db, "places", "id", VectorIndexes=[*indexes, index()])
    for name, numbers in (
        ("a", (1, 0, 0)),
        ("b", (0, 1, 0)),
        ("c", (-1, 0, 0)),
        ("d", (0.6, 0.8, 0)),
    ):
        item = {"id": {"S": name}, "label": {"S": name}, "place": {"L": vector(*numbers)}}
        db.put_item(TableName="places", Item=item)
    return "places"


def test_each_function_scores_its_way(db: Any, places: str) -> None:
    scores = {
        name: {r["Item"]["id"]["S"]: r["Score"] for r in search(db, name)["SearchResults"]}
        for name in ("cosine", "euclidean", "dot_product")
    }
    assert scores["cosine"] == {"a": 0, "d": pytest.approx(0.4, abs=1e-6), "b": 1, "c": 2}
    assert scores["euclidean"]["d"] == float32(math.dist((1, 0), (float32(0.6), float32(0.8))))
    assert scores["dot_product"] == {"a": 1, "d": float32(0.6), "b": 0, "c": -1}
    assert [list(each) for each in scores.values()] == [["a", "d", "b", "c"]] * 3


def test_a_vector_is_returned_only_if_asked_for(db: Any, places: str) -> None:
    [result] = search(db, TopK=1)["SearchResults"]
    assert result["Item"] == {"id": {"S": "a"}, "label": {"S": "a"}}
    precise = vector("0.1", "16777217", 0)
    db.put_item(TableName="places", Item={"id": {"S": "e"}, "place": {"L": precise}})
    stored = db.get_item(TableName="places", Key={"id": {"S": "e"}})["Item"]
    assert stored["place"]["L"] == precise
    found = search(db, SearchVector=precise, TopK=1, ProjectionExpression="place")
    assert found["SearchResults"][0]["Item"] == {"place": {"L": vector("0.1", "16777216.0", "0.0")}}


def test_capacity_is_in_bytes(db: Any, places: str) -> None:
    assert "ConsumedCapacity" not in search(db)
    assert search(db, ReturnConsumedCapacity="TOTAL")["ConsumedCapacity"] == {
        "VectorSearchRequestBytes": 1024.0
    }
    item = {"id": {"S": "e"}, "place": {"L": vector(0, 0, 1)}}
    write = {"TableName": "places", "Item": item, "ReturnConsumedCapacity": "INDEXES"}
    consumed = db.put_item(**write)["ConsumedCapacity"]
    assert consumed["CapacityUnits"] == consumed["Table"]["CapacityUnits"] == 1
    assert consumed["VectorIndexes"]["near"] == {"VectorWriteRequestBytes": 1024.0}
    assert "VectorIndexes" not in db.put_item(**write)["ConsumedCapacity"]


def test_a_written_vector_is_charged_by_its_dimensions(db: Any, places: str) -> None:
    """Whatever its numbers: reads count those."""
    wide = {"L": vector(*["12345678901234567890123456789012345678"] * 3)}
    rest = len("idx") + len("place") + 4 * 3 + len("more")
    for size, units in ((1024, 1), (1025, 2)):
        item = {"id": {"S": "x"}, "place": wide, "more": {"S": "m" * (size - rest)}}
        write = {"TableName": "places", "Item": item, "ReturnConsumedCapacity": "INDEXES"}
        consumed = db.put_item(**write)["ConsumedCapacity"]
        assert consumed["Table"]["CapacityUnits"] == units
        assert consumed["VectorIndexes"]["near"] == {"VectorWriteRequestBytes": size}
    item["more"] = {"S": "m" * (4096 - rest)}
    db.put_item(TableName="places", Item=item)
    read = {"Key": {"id": {"S": "x"}}, "ConsistentRead": True, "ReturnConsumedCapacity": "TOTAL"}
    consumed = db.get_item(TableName="places", **read)["ConsumedCapacity"]
    assert consumed["CapacityUnits"] == 2


def test_searches_that_do_not_fit_the_index(db: Any, places: str) -> None:
    def said(**changes: Any) -> str:
        return invalid(search, db=db, **changes)

    assert said(TopK=101) == (
        "Provided TopK value '101' is out of valid range. "
        "The value must be between 1 and 100 inclusive"
    )
    assert said(SearchVector=vector(1)) == (
        "Input search vector dimension 1 does not match vector index dimension 3"
    )
    assert said(SearchVector=[{"S": "x"}]) == (
        "Search vector contains invalid values. "
        "All values in the search vector must be a 32-bit floating-point number attribute"
    )
    assert said(**TENANT) == (
        "SearchConditionExpression must not contain any attributes that is not in SearchSchema. "
        "Invalid attribute: tenant"
    )
    assert said(name="far") == "The table does not have the specified index: far"
    assert invalid(db.scan, TableName="places", IndexName="near") == (
        "Scan operation not supported on this index type"
    )


def test_writes_that_do_not_fit_the_index(db: Any, places: str) -> None:
    def said(value: dict[str, Any]) -> str:
        return invalid(db.put_item, TableName="places", Item={"id": {"S": "x"}, "place": value})

    assert said({"L": vector(1)}) == (
        f"{UNFIT}Invalid size for parameter place, Expected: 3, Actual: 1 IndexName: cosine"
    )
    assert said({"L": [*vector(1, 2), {"S": "x"}]}) == (
        f"{UNFIT}Invalid type for parameter place[2], Expected: 32-bit floating point number, "
        "Actual: S. IndexName: cosine"
    )
    assert said({"S": "x"}) == (
        f"{UNFIT}Invalid type for parameter place, "
        "Expected: 32-bit floating point number list IndexName: cosine"
    )


def test_a_search_schema_parts_and_filters(db: Any) -> None:
    make_table(db, "places", "id", also=MORE, VectorIndexes=[index(SearchSchema=SCHEMA)])
    for name, attributes in (
        ("a", {"tenant": {"S": "one"}, "kind": {"S": "x"}}),
        ("b", {"tenant": {"S": "one"}, "kind": {"S": "y"}}),
        ("c", {"tenant": {"S": "two"}, "kind": {"S": "x"}}),
        ("d", {"kind": {"S": "x"}}),
    ):
        item = {"id": {"S": name}, "place": {"L": vector(1, 0, 0)}, **attributes}
        db.put_item(TableName="places", Item=item)
    assert ids(search(db, **TENANT)) == ["a", "b"]
    values = {":t": {"S": "one"}, ":k": {"S": "y"}}
    both: dict[str, Any] = {"SearchConditionExpression": "tenant = :t AND kind = :k"}
    assert ids(search(db, **both, ExpressionAttributeValues=values)) == ["b"]
    assert invalid(search, db=db) == (
        "SearchConditionExpression must be provided when SearchSchema has a HASH key"
    )
    db.update_item(TableName="places", Key={"id": {"S": "a"}}, UpdateExpression="REMOVE place")
    assert ids(search(db, **TENANT)) == ["b"]


@pytest.mark.parametrize(
    ("condition", "value", "message"),
    [
        (
            "tenant < :t",
            {"S": "one"},
            "Invalid SearchConditionExpression: "
            "Invalid comparator used in SearchConditionExpression",
        ),
        (
            "tenant BETWEEN :t AND :t",
            {"S": "one"},
            "Invalid SearchConditionExpression: Invalid operator used in SearchConditionExpression",
        ),
        (
            "tenant = :t",
            {"N": "1"},
            "Type of 'tenant' attribute in SearchConditionExpression (N) "
            "does not match type in search schema (S)",
        ),
        (
            "tenant = :t",
            {"S": ""},
            "One or more parameter values are not valid. The AttributeValue for a key attribute "
            "cannot contain an empty string value. Key: tenant",
        ),
    ],
)
def test_conditions_a_search_cannot_have(
    db: Any, condition: str, value: dict[str, str], message: str
) -> None:
    make_table(db, "places", "id", also=MORE, VectorIndexes=[index(SearchSchema=SCHEMA)])
    wanted: dict[str, Any] = {
        "SearchConditionExpression": condition,
        "ExpressionAttributeValues": {":t": value},
    }
    assert invalid(search, db=db, **wanted) == message


def test_a_filtered_attribute_may_be_empty(db: Any) -> None:
    """But not the one the index is parted by."""
    make_table(db, "places", "id", also=MORE, VectorIndexes=[index(SearchSchema=SCHEMA)])
    item: dict[str, Any] = {"id": {"S": "a"}, "tenant": {"S": "one"}, "kind": {"S": ""}}
    item["place"] = {"L": vector(1, 0, 0)}
    db.put_item(TableName="places", Item=item)
    assert ids(search(db, **TENANT)) == ["a"]
    assert invalid(db.put_item, TableName="places", Item={**item, "tenant": {"S": ""}})


def test_scores_are_the_nearest_there_are(db: Any) -> None:
    """A vector is at no distance of itself, and no score is too big."""
    indexes = [index(name.lower(), DistanceFunction=name) for name in ("COSINE", "DOT_PRODUCT")]
    make_table(db, "places", "id", VectorIndexes=indexes)
    for name, number in (("big", 3e38), ("small", 1e-23), ("zero", 0)):
        item = {"id": {"S": name}, "place": {"L": vector(*[number] * 3)}}
        db.put_item(TableName="places", Item=item)
    found = search(db, "cosine", SearchVector=vector(*[1e-23] * 3))["SearchResults"]
    assert [result["Score"] for result in found] == [0, 0, 1]
    most = 3.4028234663852886e38
    for sign in (1, -1):
        best = search(db, "dot_product", SearchVector=vector(*[sign * 3e38] * 3))["SearchResults"]
        assert sign * most in [result["Score"] for result in best]


def test_what_an_index_does_not_project_is_absent(db: Any) -> None:
    make_table(
        db, "places", "id", VectorIndexes=[index(Projection={"ProjectionType": "KEYS_ONLY"})]
    )
    item = {"id": {"S": "a"}, "label": {"S": "a"}, "place": {"L": vector(1, 0, 0)}}
    db.put_item(TableName="places", Item=item)
    [result] = search(db, ProjectionExpression="label")["SearchResults"]
    assert result["Item"] == {}


def test_dimensions_are_whole(cloud: CloudUnderTest) -> None:
    """A fraction is cut off; but not of a search's `TopK`."""
    db = cloud.client("dynamodb", parameter_validation=False)
    make_table(db, "places", "id", VectorIndexes=[index(Dimensions=3.9)])
    [made] = db.describe_table(TableName="places")["Table"]["VectorIndexes"]
    assert made["Dimensions"] == 3
    code, message = refused(search, db=db, TopK=3.5)
    assert code == "SerializationException"
    assert message.startswith("invalid type: floating point `3.5`, expected i32 at line 1 column")
    assert invalid(search, db=db, name="n", SearchVector=[], TopK=0) == (
        "3 validation errors detected: Value at 'IndexName' failed to satisfy constraint: "
        "Member must have length greater than or equal to 3; Value at 'SearchVector' failed to "
        "satisfy constraint: Member must have length greater than or equal to 1; Value '0' at "
        "'topK' failed to satisfy constraint: Member must have value greater than or equal to 1"
    )


def test_an_index_made_later_is_filled(cloud: CloudUnderTest, db: Any) -> None:
    make_table(db, "places", "id")
    for name, value in (("a", {"L": vector(1, 0, 0)}), ("b", {"S": "x"})):
        db.put_item(TableName="places", Item={"id": {"S": name}, "place": value})
    update = {"TableName": "places", "VectorIndexUpdates": [{"Create": index()}]}
    [made] = db.update_table(**update)["TableDescription"]["VectorIndexes"]
    assert (made["IndexStatus"], made["Backfilling"]) == ("CREATING", False)
    cloud.settle()
    [shown] = db.describe_table(TableName="places")["Table"]["VectorIndexes"]
    assert (shown["IndexStatus"], shown["ItemCount"], shown["Dimensions"]) == ("ACTIVE", 1, 3)
    assert shown["IndexArn"].endswith("table/places/index/near")
    assert ids(search(db)) == ["a"]
    backup = db.create_backup(TableName="places", BackupName="places")["BackupDetails"]
    cloud.settle()
    gone = [{"Delete": {"IndexName": "near"}}]
    db.update_table(TableName="places", VectorIndexUpdates=gone)
    cloud.settle()
    assert "VectorIndexes" not in db.describe_table(TableName="places")["Table"]
    code, _ = refused(db.update_table, TableName="places", VectorIndexUpdates=gone)
    assert code == "ResourceNotFoundException"
    db.delete_table(TableName="places")
    cloud.settle()
    db.restore_table_from_backup(TargetTableName="places", BackupArn=backup["BackupArn"])
    cloud.settle()
    assert ids(search(db)) == ["a"]


@pytest.mark.parametrize(
    ("indexes", "message"),
    [
        ([index(Dimensions=4097)], "Number of dimensions must be between 1 and 4096 inclusive."),
        (
            [index(f"near-{number}") for number in range(6)],
            "VectorIndex count exceeds the per-table limit of 5",
        ),
        (
            [index(), index("far", Dimensions=4)],
            "Conflicting attribute definition for 'place'. All VectorIndexes on the same vector "
            "attribute must use the same dimensions.",
        ),
        (
            [index(SearchSchema=SCHEMA)],
            "One element in SearchSchema is not defined in attribute definitions",
        ),
        ([index(), index()], "Duplicate index name: near"),
        ([], "List of VectorIndexes is empty"),
        (
            [index(SearchSchema=[{**SCHEMA[0], "AttributeName": name} for name in "xy"])],
            "Value '2' at 'SearchSchema' failed to satisfy constraint: "
            "Member must have HASH count less than or equal to 1",
        ),
        (
            [index(SearchSchema=[SCHEMA[0], SCHEMA[0]])],
            "SearchSchema contains a duplicate AttributeName",
        ),
        (
            [index(VectorAttribute={"AttributeName": "id"})],
            "Conflicting attribute definition for 'id'. An attribute cannot be defined in "
            "AttributeDefinitions when used as a VectorAttribute.",
        ),
    ],
)
def test_indexes_that_cannot_be_made(db: Any, indexes: list[Any], message: str) -> None:
    said = invalid(lambda: make_table(db, "places", "id", VectorIndexes=indexes))
    assert said == WRONG + message


def test_only_tables_on_demand_have_vector_indexes(db: Any) -> None:
    units = {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}
    message = f"{WRONG}Vector indexes are only supported for PAY_PER_REQUEST tables"
    wanted = {"VectorIndexes": [index()], "ProvisionedThroughput": units}
    assert invalid(lambda **more: make_table(db, "places", "id", **more), **wanted) == message
    make_table(db, "places", "id", VectorIndexes=[index()])
    change = {"BillingMode": "PROVISIONED", "ProvisionedThroughput": units}
    assert invalid(db.update_table, TableName="places", **change) == (
        f"{WRONG}Tables with vector indexes must be in PAY_PER_REQUEST mode"
    )
