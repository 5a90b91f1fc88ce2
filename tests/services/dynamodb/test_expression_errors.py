"""The expression language refuses, before any item is read, in the service's words."""

from __future__ import annotations

from typing import Any

import pytest

from cloudarium.core.errors import AwsError
from cloudarium.services.dynamodb.expressions.expressions import expressions_of
from cloudarium.services.dynamodb.expressions.reserved import RESERVED

from .support import invalid, make_table

VALUES = {
    ":s": {"S": "x"},
    ":n": {"N": "1"},
    ":m": {"N": "2"},
    ":b": {"B": b"x"},
    ":t": {"BOOL": True},
    ":l": {"L": []},
    ":ss": {"SS": ["x"]},
    ":map": {"M": {}},
}
NAMES = {"#a": "a", "#b": "b"}

CONDITIONS = [
    ("", "The expression can not be empty;"),
    ("a != :n", 'Syntax error; token: "!", near: "a !="'),
    ("a", 'Syntax error; token: "<EOF>", near: "a"'),
    ("attribute_not_exists(", 'Syntax error; token: "<EOF>", near: "("'),
    ("([1", 'Syntax error; token: "[", near: "([1"'),
    ("_a = :n", 'Syntax error; token: "_", near: "_a"'),
    ("a = :n = :n", 'Syntax error; token: "=", near: ":n = :n"'),
    ("user-id = :n", 'Syntax error; token: "-", near: "user-id"'),
    ("((a = :n))", "The expression has redundant parentheses;"),
    ("a = ((:n))", "The expression has redundant parentheses;"),
    ("size((a)) = size(((:n)))", "The expression has redundant parentheses;"),
    ("other_function((a)) = :n", "Invalid function name; function: other_function"),
    ("name = :n", "Attribute name is a reserved keyword; reserved keyword: name"),
    ("Size = :n", "Attribute name is a reserved keyword; reserved keyword: Size"),
    ("a[007] = :n", 'Syntax error; token: "0", near: "007"'),
    (
        "a[4294967294] = a[4294967295]",
        "List index is not within the allowable range; index: [4294967295]",
    ),
    (
        "#x = :n",
        "An expression attribute name used in the document path is not defined; attribute name: #x",
    ),
    (
        "a = :x",
        "An expression attribute value used in expression is not defined; attribute value: :x",
    ),
    ("foo(a)", "Invalid function name; function: foo"),
    ("Size(a) = :n", "Invalid function name; function: Size"),
    (
        "size(a)",
        "The function is not allowed to be used this way in an expression; function: size",
    ),
    (
        "attribute_exists(a) = :t",
        "The function is not allowed to be used this way in an expression; "
        "function: attribute_exists",
    ),
    (
        "attribute_exists(a, b)",
        "Incorrect number of operands for operator or function; "
        "operator or function: attribute_exists, number of operands: 2",
    ),
    (
        "attribute_exists(:n)",
        "Operator or function requires a document path; operator or function: attribute_exists",
    ),
    (
        "begins_with(a, :n)",
        "Incorrect operand type for operator or function; "
        "operator or function: begins_with, operand type: N",
    ),
    (
        "size(:n) = :n",
        "Incorrect operand type for operator or function; "
        "operator or function: size, operand type: N",
    ),
    (
        "attribute_type(a, :n)",
        "Incorrect operand type for operator or function; "
        "operator or function: attribute_type, operand type: N",
    ),
    (
        "attribute_type(a, :s)",
        "Invalid attribute type name found; type: x, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}",
    ),
    (
        "a < :t",
        "Incorrect operand type for operator or function; "
        "operator or function: <, operand type: BOOL",
    ),
    (
        "a = a",
        "The first operand must be distinct from the remaining operands for this operator or "
        "function; operator: =, first operand: [a]",
    ),
    (
        "b[1].c = #b[1].c",
        "The first operand must be distinct from the remaining operands for this operator or "
        "function; operator: =, first operand: [b, [1], c]",
    ),
    (
        "a BETWEEN :m AND :n",
        "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; "
        "lower bound operand: AttributeValue: {N:2}, upper bound operand: AttributeValue: {N:1}",
    ),
    (
        "a BETWEEN :n AND :s",
        "The BETWEEN operator requires same data type for lower and upper bounds; "
        "lower bound operand: AttributeValue: {N:1}, upper bound operand: AttributeValue: {S:x}",
    ),
    ("foo(a) AND name = :n", "Invalid function name; function: foo"),
    (
        "if_not_exists(a, :n) = :n",
        "The function is not allowed in a condition expression; function: if_not_exists",
    ),
    (
        " OR ".join(["a = :n"] * 151),
        "The expression contains too many operators; operator count: 301",
    ),
]

UPDATES = [
    ("SET a = ", 'Syntax error; token: "<EOF>", near: "="'),
    ("SET a = :n,", 'Syntax error; token: "<EOF>", near: ","'),
    ("SET a b = :n", 'Syntax error; token: "b", near: "a b ="'),
    ("a = :n", 'Syntax error; token: "a", near: "a ="'),
    ("ADD a b", 'Syntax error; token: "b", near: "a b"'),
    (
        "SET a = :n SET b = :m",
        'The "SET" section can only be used once in an update expression;',
    ),
    (
        "SET a = :n, a.b = :m",
        "Two document paths overlap with each other; must remove or rewrite one of these paths; "
        "path one: [a], path two: [a, b]",
    ),
    (
        "SET a[1] = :n REMOVE a.b",
        "Two document paths conflict with each other; must remove or rewrite one of these paths; "
        "path one: [a, [1]], path two: [a, b]",
    ),
    (
        "ADD a :s",
        "Incorrect operand type for operator or function; "
        "operator: ADD, operand type: STRING, typeSet: ALLOWED_FOR_ADD_OPERAND",
    ),
    (
        "ADD a :t",
        "Incorrect operand type for operator or function; "
        "operator: ADD, operand type: BOOL, typeSet: ALLOWED_FOR_ADD_OPERAND",
    ),
    (
        "DELETE a :n",
        "Incorrect operand type for operator or function; "
        "operator: DELETE, operand type: NUMBER, typeSet: ALLOWED_FOR_ADD_OPERAND",
    ),
    (
        "SET a = b + :s",
        "Incorrect operand type for operator or function; operator or function: +, operand type: S",
    ),
    (
        "SET a = list_append(b, :n)",
        "Incorrect operand type for operator or function; "
        "operator or function: list_append, operand type: N",
    ),
    (
        "SET a = if_not_exists(:n, :n)",
        "Operator or function requires a document path; operator or function: if_not_exists",
    ),
    (
        "SET a = if_not_exists(b)",
        "Incorrect number of operands for operator or function; "
        "operator or function: if_not_exists, number of operands: 1",
    ),
    (
        "SET a = list_append(list_append(b, :l), :l)",
        "The function is not allowed to be used this way in an expression; function: list_append",
    ),
    (
        "SET a = if_not_exists(b, list_append(b, :l))",
        "The function is not allowed to be used this way in an expression; function: list_append",
    ),
    ("SET a = foo(b)", "Invalid function name; function: foo"),
    (
        "SET a = size(b)",
        "The function is not allowed in an update expression; function: size",
    ),
    ("SET value = :n", "Attribute name is a reserved keyword; reserved keyword: value"),
]

PROJECTIONS = [
    ("!!!", 'Syntax error; token: "!", near: "!!"'),
    ("a,", 'Syntax error; token: "<EOF>", near: ","'),
    (
        "a, a[0]",
        "Two document paths overlap with each other; must remove or rewrite one of these paths; "
        "path one: [a], path two: [a, [0]]",
    ),
    ("a.status", "Attribute name is a reserved keyword; reserved keyword: status"),
]

KEY_CONDITIONS = [
    ("a = :n OR b = :n", "Invalid operator used in KeyConditionExpression: OR"),
    ("a <> :n", "Invalid operator used in KeyConditionExpression: <>"),
    ("NOT a = :n", "Invalid operator used in KeyConditionExpression: NOT"),
    ("NOT NOT a = :n", "Invalid operator used in KeyConditionExpression: NOT"),
    ("a IN (:n)", "Invalid operator used in KeyConditionExpression: IN"),
    ("contains(a, :n)", "Invalid operator used in KeyConditionExpression: contains"),
    (
        "a = :n AND a = :m",
        "Invalid KeyConditionExpression: "
        "KeyConditionExpressions must only contain one condition per key",
    ),
    ("a.b = :n", "KeyConditionExpressions cannot have conditions on nested attributes"),
    ("size(a) = :n", "KeyConditionExpressions cannot contain nested operations"),
    (
        "a = b",
        "Invalid condition in KeyConditionExpression: "
        "Multiple attribute names used in one condition",
    ),
]


def _message(parameter: str, text: str, *, names: bool = True) -> str:
    request: dict[str, Any] = {parameter: text}
    if parameter != "ProjectionExpression":
        request["ExpressionAttributeValues"] = dict(VALUES)
    if names:
        request["ExpressionAttributeNames"] = NAMES
    with pytest.raises(AwsError) as refused:
        expressions_of(request, parameter)
    assert refused.value.code == "ValidationException"
    return refused.value.message


@pytest.mark.parametrize(("text", "message"), CONDITIONS)
def test_conditions_refused(text: str, message: str) -> None:
    assert _message("ConditionExpression", text) == f"Invalid ConditionExpression: {message}"


@pytest.mark.parametrize(("text", "message"), UPDATES)
def test_updates_refused(text: str, message: str) -> None:
    assert _message("UpdateExpression", text) == f"Invalid UpdateExpression: {message}"


@pytest.mark.parametrize(("text", "message"), PROJECTIONS)
def test_projections_refused(text: str, message: str) -> None:
    assert _message("ProjectionExpression", text) == f"Invalid ProjectionExpression: {message}"


@pytest.mark.parametrize(("text", "message"), KEY_CONDITIONS)
def test_key_conditions_refused(text: str, message: str) -> None:
    used = {name: value for name, value in VALUES.items() if name in text}
    request = {"KeyConditionExpression": text, "ExpressionAttributeValues": used or None}
    with pytest.raises(AwsError) as refused:
        expressions_of(request, "KeyConditionExpression")
    assert refused.value.message == message


def _refused(**request: Any) -> str:
    with pytest.raises(AwsError) as refused:
        expressions_of(request, "FilterExpression", "ProjectionExpression")
    return refused.value.message


def test_every_name_and_value_is_used() -> None:
    assert (
        _refused(FilterExpression="a = :n", ExpressionAttributeValues=dict(VALUES, **{":z": {}}))
        == "ExpressionAttributeValues contains invalid value: Supplied AttributeValue is empty, "
        "must contain exactly one of the supported datatypes for key :z"
    )
    assert (
        _refused(
            FilterExpression="a = :n",
            ExpressionAttributeValues={":n": {"N": "1"}, ":m": {"N": "1"}, ":o": {"N": "1"}},
        )
        == "Value provided in ExpressionAttributeValues unused in expressions: keys: {:m, :o}"
    )
    assert (
        _refused(ProjectionExpression="a", ExpressionAttributeNames={"#b": "b"})
        == "Value provided in ExpressionAttributeNames unused in expressions: keys: {#b}"
    )


def test_names_and_values_need_an_expression() -> None:
    assert (
        _refused(ExpressionAttributeNames={"#a": "a"})
        == "ExpressionAttributeNames can only be specified when using expressions"
    )
    assert (
        _refused(ExpressionAttributeValues={":a": {"S": "a"}}, ProjectionExpression="a")
        == "ExpressionAttributeValues can only be specified when using expressions: "
        "FilterExpression is null"
    )
    assert (
        _refused(FilterExpression="a = :a", ExpressionAttributeValues={})
        == "ExpressionAttributeValues must not be empty"
    )
    assert (
        _refused(ProjectionExpression="a", ExpressionAttributeNames={"a": "a"})
        == 'ExpressionAttributeNames contains invalid key: Syntax error; key: "a"'
    )


def test_long_and_deep_expressions_are_refused() -> None:
    assert "Expression size has exceeded" in _message("ConditionExpression", "a" * 4097 + " = :n")
    redundant = "Invalid ConditionExpression: The expression has redundant parentheses;"
    for depth in (2, 200, 2000):
        deep = "(" * depth + "a = :n" + ")" * depth
        assert _message("ConditionExpression", deep) == redundant
    assert _message("ConditionExpression", "(" * 4000) == (
        'Invalid ConditionExpression: Syntax error; token: "<EOF>", near: "("'
    )
    assert "used this way" in _message("ConditionExpression", "size(" * 600 + "a" + ")" * 600)


def test_conditions_nest_as_deep_as_their_operators_last(db: Any) -> None:
    """AWS was seen to take 149 levels; with two operators each, these are all of the 300."""
    make_table(db, "deep", "id")
    asked: dict[str, Any] = {
        "TableName": "deep",
        "Item": {"id": {"S": "a"}},
        "ExpressionAttributeValues": {":v": {"N": "1"}},
    }
    nested = "(a = :v OR " * 149 + "b <> :v" + ")" * 149
    db.put_item(**asked, ConditionExpression=nested)
    negated = "NOT (" * 298 + "b <> :v" + ")" * 298
    db.put_item(**asked, ConditionExpression=negated)
    assert "too many operators" in invalid(
        db.put_item, **asked, ConditionExpression=f"a = :v OR {nested}"
    )
    default = "SET b = " + "if_not_exists(a, " * 220 + ":v" + ")" * 220
    del asked["Item"]
    db.update_item(**asked, Key={"id": {"S": "a"}}, UpdateExpression=default)
    found = db.get_item(TableName="deep", Key={"id": {"S": "a"}})["Item"]
    assert found["b"] == {"N": "1"}


def test_reserved_words_are_aws_own() -> None:
    assert len(RESERVED) in (573, 574)
    assert {"abort", "name", "status", "ttl", "zone"} <= RESERVED
