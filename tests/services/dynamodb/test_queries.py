"""Query and Scan, over tables and their indexes."""

from __future__ import annotations

from typing import Any

import pytest

from .support import index, invalid, make_table


def text(value: Any) -> dict[str, str]:
    """Return a string value."""
    return {"S": str(value)}


def number(value: Any) -> dict[str, str]:
    """Return a number value."""
    return {"N": str(value)}


@pytest.fixture
def events(db: Any) -> str:
    """A table of events by user and time, with a local and two global indexes."""
    make_table(
        db,
        "events",
        "user",
        "stamp",
        types="SN",
        also=[
            {"AttributeName": "kind", "AttributeType": "S"},
            {"AttributeName": "cost", "AttributeType": "N"},
        ],
        LocalSecondaryIndexes=[index("by-kind", "user", "kind", projection="KEYS_ONLY")],
        GlobalSecondaryIndexes=[
            index("kinds", "kind", "cost", projection="INCLUDE", non_key=["note"]),
            index("costs", "cost"),
        ],
    )
    for stamp in (-2, 0, 1, 9, 10, 100):
        item = {
            "user": text("ann"),
            "stamp": number(stamp),
            "note": text(f"n{stamp}"),
            "big": text("x"),
        }
        if stamp > 0:
            item |= {"kind": text("even" if stamp % 2 == 0 else "odd"), "cost": number(stamp % 3)}
        db.put_item(TableName="events", Item=item)
    db.put_item(TableName="events", Item={"user": text("bob"), "stamp": number(5)})
    return "events"


def times(answer: Any) -> list[int]:
    """Return the sort keys of the items of an answer."""
    return [int(item["stamp"]["N"]) for item in answer["Items"]]


def query(db: Any, condition: str, **options: Any) -> Any:
    """Query `events`; keyword values that are attribute values define placeholders."""
    values = {f":{k}": v for k, v in options.items() if isinstance(v, dict) and len(k) == 1}
    rest = {k: v for k, v in options.items() if f":{k}" not in values}
    names = {"ExpressionAttributeNames": {"#u": "user"}} if "#u" in condition else {}
    return db.query(
        TableName="events",
        KeyConditionExpression=condition,
        ExpressionAttributeValues=values,
        **names,
        **rest,
    )


def test_a_partition_is_read_in_order_of_its_numbers(db: Any, events: str) -> None:
    ann = text("ann")
    assert times(query(db, "#u = :u", u=ann)) == [-2, 0, 1, 9, 10, 100]
    assert times(query(db, "#u = :u", u=ann, ScanIndexForward=False))[:2] == [100, 10]
    for condition, expected in [
        ("stamp = :a", [9]),
        ("stamp < :a", [-2, 0, 1]),
        ("stamp <= :a", [-2, 0, 1, 9]),
        ("stamp > :a", [10, 100]),
        ("stamp >= :a", [9, 10, 100]),
        (":a < stamp", [10, 100]),
        ("stamp BETWEEN :b AND :a", [0, 1, 9]),
    ]:
        values = {"a": number("9.0")} | ({"b": number(0)} if ":b" in condition else {})
        found = query(db, f"#u = :u AND {condition}", u=ann, **values)
        assert times(found) == expected, condition
        assert found["Count"] == found["ScannedCount"] == len(expected)


def test_strings_by_their_beginning(db: Any) -> None:
    make_table(db, "files", "folder", "name")
    for name in ("a", "ab", "ab\x00c", "abc", "b", "aé"):
        db.put_item(TableName="files", Item={"folder": text("/"), "name": text(name)})
    found = db.query(
        TableName="files",
        KeyConditionExpression="folder = :f AND begins_with(#n, :n)",
        ExpressionAttributeNames={"#n": "name"},
        ExpressionAttributeValues={":f": text("/"), ":n": text("ab")},
    )
    assert [item["name"]["S"] for item in found["Items"]] == ["ab", "ab\x00c", "abc"]


def test_filters_count_after_reading(db: Any, events: str) -> None:
    found = query(db, "#u = :u", u=text("ann"), c=number(0), FilterExpression="cost = :c")
    assert times(found) == [9]
    assert (found["Count"], found["ScannedCount"]) == (1, 6)
    counted = query(db, "#u = :u", u=text("ann"), Select="COUNT")
    assert "Items" not in counted
    assert counted["Count"] == 6


def test_pages_by_limit(db: Any, events: str) -> None:
    pages = db.get_paginator("query").paginate(
        TableName="events",
        KeyConditionExpression="#u = :u",
        ExpressionAttributeNames={"#u": "user"},
        ExpressionAttributeValues={":u": text("ann")},
        ScanIndexForward=False,
        PaginationConfig={"PageSize": 4},
    )
    assert [times(page) for page in pages] == [[100, 10, 9, 1], [0, -2]]
    found = query(db, "#u = :u", u=text("ann"), Limit=6)
    assert found["LastEvaluatedKey"] == {"user": text("ann"), "stamp": number(100)}


def test_pages_end_at_a_megabyte(db: Any) -> None:
    make_table(db, "blobs", "id", "n", types="SN")
    for n in range(4):
        item = {"id": text("x"), "n": number(n), "b": {"B": b"x" * 390_000}}
        db.put_item(TableName="blobs", Item=item)
    params = {
        "TableName": "blobs",
        "KeyConditionExpression": "id = :i",
        "ExpressionAttributeValues": {":i": text("x")},
    }
    first = db.query(**params)
    assert first["Count"] == 2
    rest = db.query(**params, ExclusiveStartKey=first["LastEvaluatedKey"])
    assert [item["n"]["N"] for item in rest["Items"]] == ["2", "3"]
    assert "LastEvaluatedKey" not in rest


def test_global_indexes_are_sparse_and_projected(db: Any, events: str) -> None:
    found = query(db, "kind = :k", k=text("odd"), IndexName="kinds")
    assert found["Items"] == [
        {
            "user": text("ann"),
            "stamp": number(stamp),
            "kind": text("odd"),
            "cost": number(stamp % 3),
            "note": text(f"n{stamp}"),
        }
        for stamp in (9, 1)
    ]
    ties = query(db, "cost = :c", c=number(1), IndexName="costs", Limit=1)
    seen = times(ties)
    while "LastEvaluatedKey" in ties:
        assert set(ties["LastEvaluatedKey"]) == {"user", "stamp", "cost"}
        start = ties["LastEvaluatedKey"]
        ties = query(
            db, "cost = :c", c=number(1), IndexName="costs", Limit=1, ExclusiveStartKey=start
        )
        seen += times(ties)
    assert sorted(seen) == [1, 10, 100]


def test_indexes_follow_changes(db: Any, events: str) -> None:
    key = {"user": text("ann"), "stamp": number(9)}
    db.update_item(TableName="events", Key=key, UpdateExpression="REMOVE kind")
    assert times(query(db, "kind = :k", k=text("odd"), IndexName="kinds")) == [1]
    db.update_item(
        TableName="events",
        Key=key,
        UpdateExpression="SET kind = :k",
        ExpressionAttributeValues={":k": text("even")},
    )
    assert times(query(db, "kind = :k", k=text("even"), IndexName="kinds")) == [9, 10, 100]
    db.delete_item(TableName="events", Key=key)
    assert times(query(db, "kind = :k", k=text("even"), IndexName="kinds")) == [10, 100]
    shown = db.describe_table(TableName="events")["Table"]
    counts = {each["IndexName"]: each["ItemCount"] for each in shown["GlobalSecondaryIndexes"]}
    assert counts == {"kinds": 3, "costs": 3}


def test_local_indexes_fetch_what_they_lack(db: Any, events: str) -> None:
    options = {"u": text("ann"), "k": text("even"), "IndexName": "by-kind"}
    condition = "#u = :u AND kind = :k"
    assert set(query(db, condition, **options)["Items"][0]) == {"user", "stamp", "kind"}
    whole = query(db, condition, **options, Select="ALL_ATTRIBUTES", ConsistentRead=True)
    assert whole["Items"][0]["note"] == text("n10")
    some = query(db, condition, **options, ProjectionExpression="note")
    assert some["Items"] == [{"note": text("n10")}, {"note": text("n100")}]


USER = {"ExpressionAttributeNames": {"#user": "user"}}


def test_index_keys_must_have_their_type(db: Any, events: str) -> None:
    item = {"user": text("x"), "stamp": number(1), "kind": number(1)}
    assert invalid(db.put_item, TableName="events", Item=item) == (
        "One or more parameter values were invalid: Type mismatch for Index Key kind "
        "Expected: S Actual: N IndexName: by-kind"
    )
    update = {"TableName": "events", "Key": {"user": text("x"), "stamp": number(1)}}
    for given in (
        {"UpdateExpression": "SET cost = :c", "ExpressionAttributeValues": {":c": text("x")}},
        {"AttributeUpdates": {"cost": {"Value": text("x")}}},
    ):
        assert invalid(db.update_item, **update, **given) == (
            "One or more parameter values were invalid: Type mismatch for Index Key cost "
            "Expected: N Actual: S IndexName: costs"
        )
    assert invalid(db.update_item, **update, UpdateExpression="SET cost = #user", **USER) == (
        "The update expression attempted to update the secondary index key to unsupported type"
    )


ANN = {"u": text("ann")}
AT = "#u = :u AND stamp > :a"
START = "The provided starting key"
REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("stamp = :a", {"a": number(1)}, "Query condition missed key schema element: user"),
    ("#u > :u", ANN, "Query key condition not supported"),
    (
        "#u = :u AND note = :n",
        {**ANN, "n": text(1)},
        "Query condition missed key schema element: stamp",
    ),
    (
        AT,
        {**ANN, "a": text(1)},
        "One or more parameter values were invalid: "
        "Condition parameter type does not match schema type",
    ),
    ("#u = :u", {**ANN, "IndexName": "none"}, "The table does not have the specified index: none"),
    (
        "cost = :c",
        {"c": number(1), "IndexName": "costs", "ConsistentRead": True},
        "Consistent reads are not supported on global secondary indexes",
    ),
    (
        "#u = :u",
        {**ANN, "a": number(1), "FilterExpression": "stamp = :a"},
        "Filter Expression can only contain non-primary key attributes: "
        "Primary key attribute: stamp",
    ),
    (
        "#u = :u",
        {**ANN, "Select": "ALL_PROJECTED_ATTRIBUTES"},
        "1 validation error detected: "
        "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName",
    ),
    (
        "#u = :u",
        {**ANN, "Select": "COUNT", "ProjectionExpression": "stamp"},
        "1 validation error detected: "
        "Cannot specify the ProjectionExpression when choosing to get only the Count",
    ),
    (
        "kind = :k",
        {"k": text("odd"), "IndexName": "kinds", "Select": "ALL_ATTRIBUTES"},
        "One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported "
        "for global secondary index kinds because its projection type is not ALL",
    ),
    (
        "#u = :u",
        {**ANN, "ExclusiveStartKey": {"user": text("ann")}},
        "Exclusive Start Key must have same size as table's key schema",
    ),
    (
        "#u = :u",
        {**ANN, "ExclusiveStartKey": {"user": text("ann"), "stamp": text(1)}},
        START + " is invalid",
    ),
    (
        "#u = :u",
        {**ANN, "ExclusiveStartKey": {"user": text("bob"), "stamp": number(1)}},
        START + " is outside query boundaries based on provided conditions",
    ),
    (
        AT,
        {**ANN, "a": number(5), "ExclusiveStartKey": {"user": text("ann"), "stamp": number(1)}},
        START + " does not match the range key predicate",
    ),
]


def test_queries_that_do_not_fit_are_refused(db: Any, events: str) -> None:
    for condition, options, message in REFUSED:
        names = {"ExpressionAttributeNames": {"#u": "user"}} if "#u" in condition else {}
        values = {f":{k}": v for k, v in options.items() if len(k) == 1}
        rest = {k: v for k, v in options.items() if len(k) > 1}
        found = invalid(
            db.query,
            TableName="events",
            KeyConditionExpression=condition,
            ExpressionAttributeValues=values,
            **names,
            **rest,
        )
        assert found == message, condition
    assert invalid(db.query, TableName="events") == (
        "Either the KeyConditions or KeyConditionExpression parameter must be specified "
        "in the request."
    )


def test_a_scan_reads_everything_once(db: Any, events: str) -> None:
    everything = db.scan(TableName="events")
    assert (everything["Count"], everything["ScannedCount"]) == (7, 7)
    pages = db.get_paginator("scan").paginate(TableName="events", PaginationConfig={"PageSize": 3})
    assert sorted(stamp for page in pages for stamp in times(page)) == [-2, 0, 1, 5, 9, 10, 100]
    indexed = db.scan(TableName="events", IndexName="kinds")
    assert sorted(times(indexed)) == [1, 9, 10, 100]
    filtered = db.scan(
        TableName="events",
        FilterExpression="stamp > :a",
        ExpressionAttributeValues={":a": number(9)},
        ProjectionExpression="stamp",
    )
    assert sorted(times(filtered)) == [10, 100]
    assert all(set(item) == {"stamp"} for item in filtered["Items"])


def test_segments_of_a_scan_are_disjoint_and_complete(db: Any) -> None:
    make_table(db, "many", "id")
    for n in range(40):
        db.put_item(TableName="many", Item={"id": text(n)})
    found: list[str] = []
    for segment in range(3):
        params: dict[str, Any] = {"TotalSegments": 3, "Segment": segment, "Limit": 5}
        for page in db.get_paginator("scan").paginate(TableName="many", **params):
            found += [item["id"]["S"] for item in page["Items"]]
    assert sorted(found, key=int) == [str(n) for n in range(40)]


def test_scans_that_do_not_fit_are_refused(db: Any, events: str) -> None:
    assert invalid(db.scan, TableName="events", Segment=0) == (
        "The TotalSegments parameter is required but was not present in the request "
        "when Segment parameter is present"
    )
    assert invalid(db.scan, TableName="events", TotalSegments=2) == (
        "The Segment parameter is required but was not present in the request "
        "when parameter TotalSegments is present"
    )
    assert invalid(db.scan, TableName="events", TotalSegments=2, Segment=2) == (
        "The Segment parameter is zero-based and must be less than parameter TotalSegments"
    )
    found = [
        invalid(
            db.scan,
            TableName="events",
            TotalSegments=2,
            Segment=segment,
            ExclusiveStartKey={"user": text("ann"), "stamp": number(1)},
        )
        for segment in (0, 1)
        if segment != _segment_of_ann(db)
    ]
    assert found == [
        "The provided starting key is invalid: Invalid ExclusiveStartKey. Please use "
        "ExclusiveStartKey with correct Segment. "
        f"TotalSegments: 2 Segment: {1 - _segment_of_ann(db)}"
    ]


def _segment_of_ann(db: Any) -> int:
    items = db.scan(TableName="events", TotalSegments=2, Segment=0)["Items"]
    return 0 if any(item["user"] == text("ann") for item in items) else 1
