"""What DynamoDB says of a request by itself, before it looks at any table."""

from __future__ import annotations

from typing import Any

import pytest

from cloudarium.pytest_plugin import CloudUnderTest

from .support import invalid, make_table

ONE = "1 validation error detected: "
VALUE = "One or more parameter values were invalid: "
NAME = {"TableName": "requests"}
KEY = {"id": {"S": "x"}}
SOME = {"S": "a"}
WRITES = {
    "put_item": {**NAME, "Item": KEY},
    "update_item": {**NAME, "Key": KEY},
    "delete_item": {**NAME, "Key": KEY},
}
LONG = "a" * 4097
NAMES_ALONE = "ExpressionAttributeNames can only be specified when using expressions"
VALUES_ALONE = "ExpressionAttributeValues can only be specified when using expressions"
NAMED = {"ExpressionAttributeNames": {"#a": "a"}}
VALUED = {"ExpressionAttributeValues": {":a": SOME}}
MIXED = "Can not use both expression and non-expression parameters in the same request: "
BY_KEY = {"KeyConditionExpression": "id = :id", "ExpressionAttributeValues": {":id": SOME}}
NESTED = (
    "Nesting Levels have exceeded supported limits: "
    "Attributes in the item have nested levels beyond supported limit"
)


@pytest.fixture
def db(cloud: CloudUnderTest) -> Any:
    """A client that sends whatever it is told to."""
    client = cloud.client("dynamodb", parameter_validation=False)
    make_table(client, "requests", "id")
    return client


@pytest.mark.parametrize("operation", WRITES)
def test_writes_put_what_is_wrong_among_violations(db: Any, operation: str) -> None:
    write = getattr(db, operation)
    condition = {**WRITES[operation], "ConditionExpression": "a = "}
    syntax = 'Invalid ConditionExpression: Syntax error; token: "<EOF>", near: "="'
    assert invalid(write, **condition) == ONE + syntax
    expected = {**WRITES[operation], "Expected": {"a": {"Exists": True}}}
    assert invalid(write, **expected) == (
        f"{ONE}{VALUE}Value must be provided when Exists is true for Attribute: a"
    )


def test_reads_say_what_is_wrong_alone(db: Any) -> None:
    wrong = {"ProjectionExpression": "a,"}
    syntax = 'Invalid ProjectionExpression: Syntax error; token: "<EOF>", near: ","'
    assert invalid(db.get_item, **NAME, Key=KEY, **wrong) == syntax
    assert invalid(db.batch_get_item, RequestItems={"requests": {"Keys": [KEY], **wrong}}) == syntax
    assert invalid(db.query, **NAME, **BY_KEY, **wrong) == syntax
    assert invalid(db.scan, **NAME, **wrong) == syntax


EXPECTATIONS: list[tuple[dict[str, Any], str]] = [
    (
        {"ComparisonOperator": "LT"},
        "Value or AttributeValueList must be used with ComparisonOperator: LT for Attribute: a",
    ),
    (
        {"ComparisonOperator": "LT", "Exists": True},
        "Exists and ComparisonOperator cannot be used together for Attribute: a",
    ),
    (
        {"ComparisonOperator": "EQ", "Value": SOME, "AttributeValueList": [SOME]},
        "Value and AttributeValueList cannot be used together for Attribute: a",
    ),
    (
        {"Value": SOME, "AttributeValueList": []},
        "Value and AttributeValueList cannot be used together for Attribute: a",
    ),
    (
        {"AttributeValueList": []},
        "AttributeValueList can only be used with a ComparisonOperator for Attribute: a",
    ),
    (
        {"ComparisonOperator": "NULL", "Value": SOME},
        "Invalid number of argument(s) for the NULL ComparisonOperator",
    ),
    (
        {"ComparisonOperator": "BETWEEN", "AttributeValueList": [{"L": []}]},
        "Invalid number of argument(s) for the BETWEEN ComparisonOperator",
    ),
    (
        {"ComparisonOperator": "IN", "AttributeValueList": [SOME, {"N": "1"}]},
        "AttributeValues inside AttributeValueList must be of same type",
    ),
]


@pytest.mark.parametrize(("given", "message"), EXPECTATIONS)
def test_expectations_that_cannot_be(db: Any, given: dict[str, Any], message: str) -> None:
    found = invalid(db.put_item, **WRITES["put_item"], Expected={"a": given})
    assert found == ONE + VALUE + message


def test_a_mixture_is_listed_in_the_order_of_the_service(db: Any) -> None:
    wrong = {
        "ConditionalOperator": "AND",
        "Expected": {"a": {"Value": SOME}},
        "AttributeUpdates": {"b": {"Value": SOME}},
        "ConditionExpression": "a = :a",
        "UpdateExpression": "SET b = :a",
    }
    assert invalid(db.update_item, **WRITES["update_item"], **wrong) == (
        f"{ONE}{MIXED}Non-expression parameters: {{AttributeUpdates, Expected, "
        "ConditionalOperator}} Expression parameters: {UpdateExpression, ConditionExpression}"
    ).replace("}}", "}")
    wrong = {"ConditionalOperator": "AND", "KeyConditions": {}, "FilterExpression": "a = :a"}
    assert invalid(db.query, **NAME, **wrong) == (
        f"{MIXED}Non-expression parameters: {{ConditionalOperator, KeyConditions}} "
        "Expression parameters: {FilterExpression}"
    )


def test_key_conditions_go_with_other_expressions(db: Any) -> None:
    db.put_item(**NAME, Item={**KEY, "a": SOME})
    keys = {"id": {"ComparisonOperator": "EQ", "AttributeValueList": [{"S": "x"}]}}
    found = db.query(
        **NAME, KeyConditions=keys, FilterExpression="a = :a", ProjectionExpression="a", **VALUED
    )
    assert found["Items"] == [{"a": SOME}]
    assert invalid(db.query, **NAME, KeyConditions=keys, **BY_KEY) == (
        f"{MIXED}Non-expression parameters: {{KeyConditions}} "
        "Expression parameters: {KeyConditionExpression}"
    )


def test_names_and_values_need_an_expression(db: Any) -> None:
    for operation, asked in WRITES.items():
        write = getattr(db, operation)
        assert invalid(write, **asked, **NAMED) == ONE + NAMES_ALONE
        assert invalid(write, **asked, **VALUED) == ONE + VALUES_ALONE
    assert invalid(db.get_item, **NAME, Key=KEY, **NAMED) == NAMES_ALONE
    keys = {"id": {"ComparisonOperator": "EQ", "AttributeValueList": [{"S": "x"}]}}
    assert invalid(db.query, **NAME, KeyConditions=keys, **VALUED) == VALUES_ALONE
    assert invalid(db.scan, **NAME, **NAMED) == NAMES_ALONE
    assert invalid(db.scan, **NAME, **VALUED) == VALUES_ALONE


def test_a_transaction_takes_names_and_values_without_expression(db: Any) -> None:
    given = {**NAMED, **VALUED}
    db.transact_write_items(TransactItems=[{"Put": {**WRITES["put_item"], **given}}])
    answer = db.transact_get_items(TransactItems=[{"Get": {**NAME, "Key": KEY, **NAMED}}])
    assert answer["Responses"] == [{"Item": KEY}]


def test_keys_and_items_are_looked_at_before_expressions_but_after_their_mixture(db: Any) -> None:
    number = {"id": {"N": "x"}}
    message = "The parameter cannot be converted to a numeric value: x"
    wrong = {"ConditionExpression": "", "ExpressionAttributeNames": {}}
    for operation, given in (("put_item", "Item"), ("update_item", "Key"), ("delete_item", "Key")):
        asked = {**NAME, given: number}
        assert invalid(getattr(db, operation), **asked, **wrong) == ONE + message
        found = invalid(getattr(db, operation), **asked, **wrong, Expected={})
        assert found.startswith(ONE + MIXED)
    assert invalid(db.get_item, **NAME, Key=number, ProjectionExpression="") == message
    both = {"id": {"S": "a", "N": "x"}}
    assert invalid(db.get_item, **NAME, Key=both) == message


def test_updates_are_looked_at_before_expectations(db: Any) -> None:
    wrong: dict[str, Any] = {"AttributeUpdates": {"a": {}}, "Expected": {"a": {}}}
    assert invalid(db.update_item, **WRITES["update_item"], **wrong) == (
        f"{ONE}{VALUE}Only DELETE action is allowed when no attribute value is specified"
    )


def test_a_query_looks_at_its_key_conditions_first(db: Any) -> None:
    wrong = {"KeyConditionExpression": "", "FilterExpression": "", "ProjectionExpression": ""}
    assert invalid(db.query, **NAME, **wrong) == (
        "Invalid KeyConditionExpression: The expression can not be empty;"
    )


KEYS_OF_MAPS: list[tuple[dict[str, Any], str]] = [
    (
        {"ExpressionAttributeNames": {"#" + "a" * 255: "a"}},
        "ExpressionAttributeNames contains invalid key: The expression attribute map contains "
        "a key that is too long; size of key: 256",
    ),
    (
        {"ExpressionAttributeValues": {":" + "a" * 255: SOME}},
        "ExpressionAttributeValues contains invalid key: The expression attribute map contains "
        "a key that is too long;",
    ),
    (
        {"ExpressionAttributeNames": {"#a": ""}},
        "ExpressionAttributeNames contains invalid value: Empty attribute name for key #a",
    ),
]


@pytest.mark.parametrize(("given", "message"), KEYS_OF_MAPS)
def test_keys_of_names_and_values(db: Any, given: dict[str, Any], message: str) -> None:
    asked = {**WRITES["delete_item"], "ConditionExpression": "attribute_exists(a)", **given}
    assert invalid(db.delete_item, **asked) == ONE + message


@pytest.mark.parametrize(
    ("operation", "asked", "message"),
    [
        (
            "scan",
            {"FilterExpression": f"attribute_exists({LONG})"},
            "Invalid FilterExpression: Expression size has exceeded the maximum allowed size; "
            "expression size: 4115",
        ),
        (
            "query",
            {"KeyConditionExpression": f"{LONG} = :a", **VALUED},
            "Invalid KeyConditionExpression: "
            "Expression size has exceeded the maximum allowed size;",
        ),
        (
            "delete_item",
            {"Key": KEY, "ConditionExpression": f"attribute_exists({LONG})"},
            f"{ONE}Invalid ConditionExpression: "
            "Expression size has exceeded the maximum allowed size; expression size: 4115",
        ),
    ],
)
def test_expressions_too_long(db: Any, operation: str, asked: dict[str, Any], message: str) -> None:
    assert invalid(getattr(db, operation), **NAME, **asked) == message


def test_what_is_selected_must_fit_what_is_projected(db: Any) -> None:
    counted = {"Select": "COUNT", "AttributesToGet": ["a"]}
    message = "Cannot specify the AttributesToGet when choosing to get only the Count"
    keys = {"KeyConditions": {"id": {"ComparisonOperator": "EQ", "AttributeValueList": [SOME]}}}
    assert invalid(db.query, **NAME, **keys, **counted) == ONE + message
    assert invalid(db.scan, **NAME, **counted) == ONE + message
    specific = {"Select": "SPECIFIC_ATTRIBUTES"}
    message = (
        "Must specify the AttributesToGet or ProjectionExpression "
        "when choosing to get SPECIFIC_ATTRIBUTES"
    )
    assert invalid(db.query, **NAME, **keys, **specific) == ONE + message
    assert invalid(db.scan, TableName="none", **specific) == ONE + message


def test_the_operator_of_conditions(db: Any) -> None:
    message = "Failed to satisfy constraint: Member must satisfy enum value set: [ALL, OR]"
    wrong = {"ConditionalOperator": "XOR"}
    assert invalid(db.put_item, **WRITES["put_item"], **wrong) == ONE + message
    assert invalid(db.query, **NAME, **BY_KEY, **wrong, Limit=0) == message


def test_an_update_without_a_key_is_answered_as_before(db: Any) -> None:
    bad = "SOMETHING"
    assert invalid(db.update_item, **NAME, ReturnValues=bad, ReturnConsumedCapacity=bad) == (
        f"3 validation errors detected: Value '{bad}' at 'returnConsumedCapacity' failed to "
        "satisfy constraint: Member must satisfy enum value set: [INDEXES, TOTAL, NONE]; "
        f"Value '{bad}' at 'returnValues' failed to satisfy constraint: "
        "Member must satisfy enum value set: "
        "[ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]; "
        "Value null at 'key' failed to satisfy constraint: Member must not be null"
    )


def test_a_request_that_nests_too_deep_is_answered_as_before(db: Any) -> None:
    value: dict[str, Any] = {"S": "x"}
    for depth in range(1, 101):
        value = {"M": {"a": value}}
        if depth in (40, 100):
            before = ONE if depth == 40 else ""
            found = invalid(db.put_item, **NAME, Item={**KEY, "deep": value})
            assert found == before + NESTED
