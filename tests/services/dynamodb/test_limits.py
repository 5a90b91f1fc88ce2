"""How large items, expressions and nested values may be, operation by operation."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from .support import index, invalid, make_table

MOST = 400 * 1024
TOO_LARGE = "Item size has exceeded the maximum allowed size"
UPDATED_TOO_LARGE = "Item size to update has exceeded the maximum allowed size"
ONE = "1 validation error detected: "
UPDATED_TOO_DEEP = "Nesting Levels have exceeded supported limits"
TOO_DEEP = (
    "Nesting Levels have exceeded supported limits: "
    "Attributes in the item have nested levels beyond supported limit"
)


@pytest.fixture
def table(db: Any) -> str:
    """A table with a partition key alone."""
    make_table(db, "limits", "id")
    return "limits"


def text(size: int) -> dict[str, str]:
    """Return a string of so many bytes."""
    return {"S": "x" * size}


def nested(levels: int) -> dict[str, Any]:
    """Return a string in so many maps."""
    value: dict[str, Any] = {"S": "leaf"}
    for _ in range(levels):
        value = {"M": {"n": value}}
    return value


def reason(db: Any, action: dict[str, Any]) -> dict[str, Any]:
    """Return why a transaction of one action was cancelled."""
    with pytest.raises(ClientError) as caught:
        db.transact_write_items(TransactItems=[action])
    [found] = caught.value.response["CancellationReasons"]
    return dict(found)


@pytest.mark.parametrize(
    ("key", "expression", "values", "other", "most"),
    [
        ("K", "SET b = :b", {}, {}, MOST - 19),
        ("K" * 100, "SET b = :b", {}, {}, MOST),
        ("K", "SET b = :b, c = :c", {":c": text(1)}, {}, MOST - 19 - 19),
        ("K", "SET b = :b REMOVE r", {}, {"r": text(1)}, MOST - 19 - 2),
        ("K", "SET b = :b", {}, {"u": text(10)}, MOST - 19 + 11),
    ],
)
def test_an_update_counts_what_it_writes_and_its_clauses(
    db: Any,
    table: str,
    key: str,
    expression: str,
    values: dict[str, Any],
    other: dict[str, Any],
    most: int,
) -> None:
    kept = {name: value for name, value in other.items() if name != "r"}
    rest = 2 + len(key) + 1 + sum(1 + len(v["S"]) for v in (*values.values(), *kept.values()))
    for size in (most, most + 1):
        db.put_item(TableName=table, Item={"id": {"S": key}, **other})
        update = {
            "TableName": table,
            "Key": {"id": {"S": key}},
            "UpdateExpression": expression,
            "ExpressionAttributeValues": {":b": text(size - rest), **values},
        }
        if size == most:
            db.update_item(**update)
        else:
            assert invalid(db.update_item, **update) == UPDATED_TOO_LARGE


def test_other_writes_count_the_item_alone(db: Any, table: str) -> None:
    key = {"id": {"S": "K"}}
    for size, fits in ((MOST - 4, True), (MOST - 3, False)):
        item = {**key, "b": text(size)}
        update = {
            "TableName": table,
            "Key": key,
            "UpdateExpression": "SET b = :b",
            "ExpressionAttributeValues": {":b": text(size)},
        }
        statement = {"Statement": "UPDATE limits SET b = ? WHERE id = 'K'"}
        if fits:
            db.put_item(TableName=table, Item=item)
            db.transact_write_items(TransactItems=[{"Update": update}])
            db.execute_statement(**statement, Parameters=[text(size)])
            continue
        assert invalid(db.put_item, TableName=table, Item=item) == TOO_LARGE
        put = {"Put": {"TableName": table, "Item": item}}
        assert invalid(db.transact_write_items, TransactItems=[put]) == TOO_LARGE
        found = reason(db, {"Update": update})
        assert (found["Code"], found["Message"]) == ("ValidationError", UPDATED_TOO_LARGE)
        parameters = [text(size)]
        assert (
            invalid(db.execute_statement, **statement, Parameters=parameters) == UPDATED_TOO_LARGE
        )


def test_values_nest_32_levels_deep(db: Any, table: str) -> None:
    key = {"id": {"S": "K"}}
    db.put_item(TableName=table, Item={**key, "n": nested(31)})
    assert invalid(db.put_item, TableName=table, Item={**key, "n": nested(32)}) == ONE + TOO_DEEP
    deepened = {
        "TableName": table,
        "Key": key,
        "UpdateExpression": "SET n.n.n = :v",
        "ExpressionAttributeValues": {":v": nested(30)},
    }
    assert invalid(db.update_item, **deepened) == UPDATED_TOO_DEEP


@pytest.mark.parametrize("step", [".b", "[0]"])
def test_paths_lead_32_levels_deep(db: Any, table: str, step: str) -> None:
    asked = {"TableName": table, "Key": {"id": {"S": "K"}}}
    path, deeper = "a" + step * 31, "a" + step * 32
    message = "The document path has too many nesting levels; nesting levels: 33"
    assert "Item" not in db.get_item(**asked, ProjectionExpression=path)
    said = invalid(db.get_item, **asked, ProjectionExpression=deeper)
    assert said == f"Invalid ProjectionExpression: {message}"
    condition = "attribute_not_exists({})"
    db.delete_item(**asked, ConditionExpression=condition.format(path))
    said = invalid(db.delete_item, **asked, ConditionExpression=condition.format(deeper))
    assert said == f"{ONE}Invalid ConditionExpression: {message}"
    said = invalid(db.update_item, **asked, UpdateExpression=f"REMOVE {deeper}")
    assert said == f"{ONE}Invalid UpdateExpression: {message}"


def test_a_transaction_compares_with_values_of_one_level_more(db: Any, table: str) -> None:
    asked = {
        "TableName": table,
        "Key": {"id": {"S": "K"}},
        "ConditionExpression": "n = :v",
        "ExpressionAttributeValues": {":v": nested(32)},
    }
    assert reason(db, {"ConditionCheck": asked})["Code"] == "ConditionalCheckFailed"
    assert invalid(db.delete_item, **asked) == ONE + TOO_DEEP
    deeper = {**asked, "ExpressionAttributeValues": {":v": nested(33)}}
    found = invalid(db.transact_write_items, TransactItems=[{"ConditionCheck": deeper}])
    assert found == f"ExpressionAttributeValues contains invalid value: {TOO_DEEP} for key :v"
    update = {**asked, "UpdateExpression": "SET n = :v"}
    del update["ConditionExpression"]
    why = reason(db, {"Update": update})
    assert (why["Code"], why["Message"]) == ("ValidationError", UPDATED_TOO_DEEP)


def test_an_expression_has_4096_bytes(db: Any, table: str) -> None:
    for size in (4096, 4097):
        names = ["a" * 200] * 18
        wanted = ", ".join(f"{name}{at:02}" for at, name in enumerate(names))
        projection = wanted + "b" * (size - len(wanted))
        request = {
            "TableName": table,
            "Key": {"id": {"S": "K"}},
            "ProjectionExpression": projection,
        }
        if size == 4096:
            assert "Item" not in db.get_item(**request)
        else:
            assert invalid(db.get_item, **request) == (
                "Invalid ProjectionExpression: "
                "Expression size has exceeded the maximum allowed size;"
            )


def test_an_update_expression_too_long_does_not_say_how_long(db: Any, table: str) -> None:
    found = invalid(
        db.update_item,
        TableName=table,
        Key={"id": {"S": "K"}},
        UpdateExpression=f"REMOVE {'a' * 4096}",
    )
    assert found == (
        f"{ONE}Invalid UpdateExpression: Expression size has exceeded the maximum allowed size;"
    )


def test_a_batch_has_expressions_or_the_parameters_before_them(db: Any, table: str) -> None:
    make_table(db, "others", "id")
    key = {"Keys": [{"id": {"S": "K"}}]}
    mixed = {
        "limits": {**key, "ProjectionExpression": "id"},
        "others": {**key, "AttributesToGet": ["id"]},
    }
    assert invalid(db.batch_get_item, RequestItems=mixed) == (
        "Can not use both expression and non-expression parameters in the same request: "
        "Non-expression parameters: {AttributesToGet} Expression parameters: {ProjectionExpression}"
    )


def test_no_condition_may_have_more_parentheses_than_it_needs(db: Any, table: str) -> None:
    query = {"TableName": table, "ExpressionAttributeValues": {":k": {"S": "K"}}}
    assert db.query(**query, KeyConditionExpression="(id = :k)")["Count"] == 0
    message = "The expression has redundant parentheses;"
    found = invalid(db.query, **query, KeyConditionExpression="((id = :k))")
    assert found == f"Invalid KeyConditionExpression: {message}"
    found = invalid(db.scan, **query, FilterExpression="((id = :k))")
    assert found == f"Invalid FilterExpression: {message}"


def test_indexes_project_a_hundred_attributes_by_name(db: Any) -> None:
    keys = [f"key{number}" for number in range(6)]
    indexes = [
        index(key, key, projection="INCLUDE", non_key=[f"{key}{n}" for n in range(20)])
        for key in keys
    ]
    indexes[-1]["Projection"]["NonKeyAttributes"] = ["last"]
    message = invalid(
        db.create_table,
        TableName="things",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "key0", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
        GlobalSecondaryIndexes=indexes,
    )
    assert message == (
        "One or more parameter values were invalid: Number of projected attributes in all indexes "
        "exceeds limit of 100, number of projected attributes:101"
    )
