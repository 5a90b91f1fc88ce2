"""Condition operators, condition keys and policy variables."""

from __future__ import annotations

from typing import Any

import pytest
from tests.services.iam.decisions import ANN, HERE, JOB, allow, allowed, rules

from cloudarium.core.identity import Principal
from cloudarium.services.iam.evaluation.rules import Rules


def condition(operator: str, key: str, value: Any) -> Rules:
    return rules(allow(Condition={operator: {key: value}}))


@pytest.mark.parametrize(
    ("operator", "wanted", "given", "expected"),
    [
        ("StringEquals", "a", "a", True),
        ("StringEquals", ["b", "a"], "a", True),
        ("StringEquals", "a", "A", False),
        ("StringEquals", "a*", "ab", False),
        ("StringNotEquals", "a", "b", True),
        ("StringNotEquals", ["a", "b"], "b", False),
        ("StringEqualsIgnoreCase", "a", "A", True),
        ("StringNotEqualsIgnoreCase", "a", "A", False),
        ("StringLike", "a*c?", "abbcd", True),
        ("StringLike", "a*", "ba", False),
        ("StringNotLike", "a*", "ab", False),
        ("StringNotLike", "a*", "b", True),
        ("NumericEquals", "10", "10.0", True),
        ("NumericNotEquals", 10, "11", True),
        ("NumericLessThan", "10", "9", True),
        ("NumericLessThan", "10", "10", False),
        ("NumericLessThanEquals", "10", "10", True),
        ("NumericGreaterThan", "10", "x", False),
        ("NumericGreaterThanEquals", 10, "10", True),
        ("DateEquals", "2026-01-01T00:00:00Z", "1767225600", True),
        ("DateNotEquals", "2026-01-01T00:00:00Z", "1767225600", False),
        ("DateLessThan", "2026-01-01T00:00:00Z", "2025-12-31T23:59:59Z", True),
        ("DateLessThanEquals", "2026-01-01", "2026-01-01T00:00:01Z", False),
        ("DateGreaterThan", "2026-01-01T00:00:00+01:00", "2026-01-01T00:00:00Z", True),
        ("DateGreaterThanEquals", "2026-01-01T00:00:00Z", "soon", False),
        ("Bool", "true", "true", True),
        ("Bool", True, "True", True),
        ("Bool", "false", "true", False),
        ("BinaryEquals", "QmFzZTY0", "QmFzZTY0", True),
        ("IpAddress", "203.0.113.0/24", "203.0.113.9", True),
        ("IpAddress", ["10.0.0.0/8", "2001:db8::/32"], "2001:db8::1", True),
        ("IpAddress", "203.0.113.0/24", "unknown", False),
        ("NotIpAddress", "203.0.113.0/24", "203.0.113.9", False),
        ("ArnEquals", "arn:aws:sns:*:1:t", "arn:aws:sns:us-east-1:1:t", True),
        ("ArnLike", "arn:aws:s*:1:t", "arn:aws:sns:us-east-1:1:t", False),
        ("ArnNotEquals", "arn:aws:sns:*:1:t", "arn:aws:sns:us-east-1:1:u", True),
        ("ArnNotLike", "arn:aws:sns:*:1:*", "arn:aws:sns:us-east-1:1:u", False),
        ("Null", "true", "x", False),
        ("Null", "false", "x", True),
        ("ForAnyValue:StringEquals", ["a", "b"], ["z", "a"], True),
        ("ForAnyValue:StringEquals", ["a", "b"], ["z"], False),
        ("ForAllValues:StringEquals", ["a", "b"], ["b", "a"], True),
        ("ForAllValues:StringEquals", ["a", "b"], ["a", "z"], False),
        ("ForAllValues:StringNotLike", ["a*"], ["b", "c"], True),
        ("ForAllValues:StringNotLike", ["a*"], ["b", "ab"], False),
        ("ForAnyValue:StringNotEquals", ["a"], ["a", "b"], True),
        ("StringEqualsIfExists", "a", "b", False),
    ],
)
def test_condition_operators(operator: str, wanted: Any, given: Any, expected: bool) -> None:
    identity = condition(operator, "x:Key", wanted)
    assert allowed(ANN, identity=identity, **{"X__kEY": given}) is expected


@pytest.mark.parametrize(
    ("operator", "expected"),
    [
        ("StringEquals", False),
        ("StringNotEquals", True),
        ("StringLike", False),
        ("StringEqualsIfExists", True),
        ("StringNotEqualsIfExists", True),
        ("NumericLessThan", False),
        ("NumericLessThanIfExists", True),
        ("IpAddress", False),
        ("NotIpAddress", True),
        ("ArnLike", False),
        ("ArnNotLike", True),
        ("Bool", False),
        ("BoolIfExists", True),
        ("ForAllValues:StringEquals", True),
        ("ForAnyValue:StringEquals", False),
        ("ForAnyValue:StringEqualsIfExists", True),
    ],
)
def test_conditions_on_a_key_the_request_lacks(operator: str, expected: bool) -> None:
    assert allowed(ANN, identity=condition(operator, "x:Key", "1")) is expected


def test_null_asks_whether_the_key_is_there() -> None:
    assert allowed(ANN, identity=condition("Null", "x:Key", "true"))
    assert not allowed(ANN, identity=condition("Null", "x:Key", "false"))


def test_all_keys_and_operators_of_a_condition_must_hold() -> None:
    identity = rules(
        allow(Condition={"StringEquals": {"x:A": "1", "x:B": "2"}, "Bool": {"x:C": "true"}})
    )
    assert allowed(ANN, identity=identity, x__A="1", x__B="2", x__C="true")
    assert not allowed(ANN, identity=identity, x__A="1", x__B="2", x__C="false")
    assert not allowed(ANN, identity=identity, x__A="1", x__B="3", x__C="true")


@pytest.mark.parametrize(
    ("principal", "key", "value"),
    [
        (ANN, "aws:username", "ann"),
        (ANN, "aws:userid", "AIDAANN"),
        (ANN, "aws:PrincipalArn", f"arn:aws:iam::{HERE}:user/ann"),
        (ANN, "aws:PrincipalAccount", HERE),
        (ANN, "aws:PrincipalType", "User"),
        (JOB, "aws:PrincipalArn", f"arn:aws:iam::{HERE}:role/job"),
        (JOB, "aws:userid", "AROAJOB:run"),
        (JOB, "aws:PrincipalTag/team", "blue"),
        (JOB, "aws:PrincipalType", "AssumedRole"),
        (ANN, "aws:CurrentTime", "2023-11-14T22:13:20Z"),
        (ANN, "aws:EpochTime", "1700000000"),
    ],
)
def test_global_condition_keys(principal: Principal, key: str, value: str) -> None:
    assert allowed(principal, identity=condition("StringEquals", key, value))
    assert not allowed(principal, identity=condition("StringNotEquals", key, value))


def test_policy_variables() -> None:
    home = rules(allow("s3:*", "arn:aws:s3:::home/${aws:username}/*"))
    assert allowed(ANN, "s3:GetObject", "arn:aws:s3:::home/ann/x", identity=home)
    assert not allowed(ANN, "s3:GetObject", "arn:aws:s3:::home/bob/x", identity=home)
    assert not allowed(JOB, "s3:GetObject", "arn:aws:s3:::home//x", identity=home)
    same = rules(allow(Condition={"StringEquals": {"x:Team": "${aws:PrincipalTag/team, 'none'}"}}))
    assert allowed(JOB, identity=same, x__Team="blue")
    assert allowed(ANN, identity=same, x__Team="none")
    literal = rules(allow("s3:*", "arn:aws:s3:::b/${*}"))
    assert allowed(ANN, "s3:GetObject", "arn:aws:s3:::b/*", identity=literal)
    assert not allowed(ANN, "s3:GetObject", "arn:aws:s3:::b/x", identity=literal)
    old = rules(allow("s3:*", "arn:aws:s3:::${aws:username}"), version="2008-10-17")
    assert not allowed(ANN, "s3:ListBucket", "arn:aws:s3:::ann", identity=old)
    assert allowed(ANN, "s3:ListBucket", "arn:aws:s3:::${aws:username}", identity=old)


def test_a_variables_value_is_not_a_wildcard() -> None:
    sly = Principal("user", f"arn:aws:iam::{HERE}:user/*", HERE, id="AIDASLY", name="*")
    home = rules(allow("s3:*", "arn:aws:s3:::home/${aws:username}"))
    assert not allowed(sly, "s3:GetObject", "arn:aws:s3:::home/ann", identity=home)
    assert allowed(sly, "s3:GetObject", "arn:aws:s3:::home/*", identity=home)
