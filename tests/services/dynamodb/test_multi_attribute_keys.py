"""Global indexes whose keys have several attributes."""

from __future__ import annotations

from typing import Any

import pytest

from .support import invalid, make_table, refused

ITEMS = [
    {"id": "p1", "a": "T", "b": "live", "c": "b"},
    {"id": "p2", "a": "T", "b": "live", "c": "a"},
    {"id": "p3", "a": "T", "b": "draft", "c": "c"},
    {"id": "p4", "a": "F", "b": "live", "c": "a"},
    {"id": "p5", "a": "T", "b": "live"},
]
VALUES = {":h": "x", ":i": "y", ":a": "T", ":b": "live", ":c": "a"}


def _schema(hashes: str, ranges: str) -> list[dict[str, str]]:
    return [{"AttributeName": name, "KeyType": "HASH"} for name in hashes] + [
        {"AttributeName": name, "KeyType": "RANGE"} for name in ranges
    ]


def _index(hashes: str, ranges: str) -> dict[str, Any]:
    return {
        "IndexName": "several",
        "KeySchema": _schema(hashes, ranges),
        "Projection": {"ProjectionType": "ALL"},
    }


@pytest.fixture
def query(db: Any) -> Any:
    """Queries an index with a key of two and three attributes; the items' ids."""
    also = [{"AttributeName": name, "AttributeType": "S"} for name in "hiabc"]
    indexes = [_index("hi", "abc")]
    make_table(db, "things", "id", also=also, GlobalSecondaryIndexes=indexes)
    for item in ITEMS:
        whole = {**item, "h": "x", "i": "y"}
        db.put_item(TableName="things", Item={name: {"S": v} for name, v in whole.items()})

    def run(condition: str, **options: Any) -> Any:
        used = {name: {"S": value} for name, value in VALUES.items() if name in condition}
        return {
            "TableName": "things",
            "IndexName": "several",
            "KeyConditionExpression": f"h = :h AND i = :i{condition}",
            "ExpressionAttributeValues": {":h": {"S": "x"}, ":i": {"S": "y"}, **used},
            **options,
        }

    return run


def _ids(db: Any, request: dict[str, Any]) -> list[str]:
    return [item["id"]["S"] for item in db.query(**request)["Items"]]


@pytest.mark.parametrize(
    ("condition", "ids"),
    [
        ("", ["p4", "p3", "p2", "p1"]),
        (" AND a = :a", ["p3", "p2", "p1"]),
        (" AND b = :b AND a = :a", ["p2", "p1"]),
        (" AND a = :a AND b < :b", ["p3"]),
        (" AND a = :a AND b = :b AND c > :c", ["p1"]),
        (" AND a = :a AND b = :b AND begins_with(c, :c)", ["p2"]),
    ],
)
def test_items_sort_by_one_attribute_after_the_other(
    db: Any, query: Any, condition: str, ids: list[str]
) -> None:
    assert _ids(db, query(condition)) == ids
    assert _ids(db, query(condition, ScanIndexForward=False)) == ids[::-1]


def test_pages_and_the_schema_name_every_attribute(db: Any, query: Any) -> None:
    page = db.query(**query(" AND a = :a", Limit=2))
    assert set(page["LastEvaluatedKey"]) == set("hiabc") | {"id"}
    rest = query(" AND a = :a", ExclusiveStartKey=page["LastEvaluatedKey"])
    assert _ids(db, rest) == ["p1"]
    shown = db.describe_table(TableName="things")["Table"]["GlobalSecondaryIndexes"][0]
    assert shown["KeySchema"] == _schema("hi", "abc")


def test_conditions_leave_no_gap(db: Any, query: Any) -> None:
    for condition in (" AND a = :a AND c = :c", " AND a = :a AND b > :b AND c = :c"):
        assert invalid(db.query, **query(condition)).endswith(
            "RANGE key attributes b must have equality conditions specified in the query "
            "because a condition is present on key attribute c"
        )
    request = {**query(""), "KeyConditionExpression": "h = :h"}
    request["ExpressionAttributeValues"] = {":h": {"S": "x"}}
    assert invalid(db.query, **request) == "Query condition missed key schema element: i"
    statement = 'SELECT * FROM things."several" WHERE h = 1'
    assert "multi-attribute" in invalid(db.execute_statement, Statement=statement)


def test_key_conditions_of_old_read_it_too(db: Any, query: Any) -> None:
    def equal(value: str) -> dict[str, Any]:
        return {"AttributeValueList": [{"S": value}], "ComparisonOperator": "EQ"}

    request = {name: query("")[name] for name in ("TableName", "IndexName")}
    hashes = {"h": equal("x"), "i": equal("y")}
    assert _ids(db, {**request, "KeyConditions": hashes}) == ["p4", "p3", "p2", "p1"]
    conditions = {**hashes, "a": equal("T"), "b": equal("live")}
    assert _ids(db, {**request, "KeyConditions": conditions}) == ["p2", "p1"]
    del conditions["a"]
    assert invalid(db.query, **request, KeyConditions=conditions) == (
        "One or more parameter values were invalid: RANGE key attributes a must have equality "
        "conditions specified in the query because a condition is present on key attribute b"
    )


def test_a_key_has_at_most_four_of_each(db: Any) -> None:
    definitions = [{"AttributeName": name, "AttributeType": "S"} for name in "kabcde"]
    for hashes, ranges in (("abcde", ""), ("", "ab")):
        code, _ = refused(
            db.create_table,
            TableName="things",
            BillingMode="PAY_PER_REQUEST",
            KeySchema=_schema("k", ""),
            AttributeDefinitions=definitions,
            GlobalSecondaryIndexes=[_index(hashes, ranges)],
        )
        assert code == "ValidationException"
    twice = _index("aa", "b")
    message = invalid(
        db.create_table,
        TableName="things",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=_schema("k", ""),
        AttributeDefinitions=[each for each in definitions if each["AttributeName"] in "kab"],
        GlobalSecondaryIndexes=[twice],
    )
    assert message == "The KeySchema contains multiple key attributes with the same name"
    message = invalid(
        db.create_table,
        TableName="things",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=_schema("k", "ab"),
        AttributeDefinitions=definitions,
    )
    assert message.endswith(
        "'keySchema' failed to satisfy constraint: Member must have length less than or equal to 2"
    )
