"""What IAM refuses about policy documents, and its words."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cloudarium.services.iam.evaluation.validation import (
    Malformed,
    identity_policy,
    managed_policy,
    trust_policy,
)

GOOD = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}
TRUST = {
    "Effect": "Allow",
    "Principal": {"Service": "lambda.amazonaws.com"},
    "Action": "sts:AssumeRole",
}
SYNTAX = "Syntax errors in policy."
VENDOR = "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."


def policy(*statements: Any, version: str | None = "2012-10-17", **more: Any) -> str:
    head = {"Version": version} if version else {}
    return json.dumps({**head, "Statement": list(statements), **more})


@pytest.mark.parametrize(
    "text",
    [
        policy(GOOD),
        json.dumps({"Version": "2012-10-17", "Statement": GOOD}),
        policy(GOOD, Id="x"),
        policy(GOOD, version=None),
        policy(GOOD, version="2008-10-17"),
        policy({**GOOD, "Sid": "One"}, {**GOOD, "Sid": "Two"}, {**GOOD, "Sid": ""}),
        policy({**GOOD, "Action": "*", "Resource": "*"}),
        policy({"Effect": "Deny", "NotAction": "iam:*", "NotResource": "arn:aws:s3:::b"}),
        policy({**GOOD, "Condition": {"StringEquals": {"aws:username": ["a", "b"]}}}),
        policy({**GOOD, "Condition": {"Bool": {"aws:SecureTransport": False}}}),
        policy({**GOOD, "Condition": {"ForAnyValue:StringLikeIfExists": {"x:y": "z"}}}),
    ],
)
def test_good_identity_policies(text: str) -> None:
    assert identity_policy(text).statements


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("not json", SYNTAX),
        ('{"Version": "2012-10-17", ', SYNTAX),
        ("[]", SYNTAX),
        ('{"a":' * 20000, SYNTAX),
        (json.dumps({"Version": "2012-10-17"}), SYNTAX),
        (policy(), SYNTAX),
        (policy(GOOD, Surplus=1), SYNTAX),
        (policy({**GOOD, "Surplus": 1}), SYNTAX),
        (policy({**GOOD, "Effect": "Perhaps"}), SYNTAX),
        (policy({**GOOD, "NotAction": "s3:*"}), SYNTAX),
        (policy({**GOOD, "Action": 1}), SYNTAX),
        (policy({**GOOD, "Resource": {"a": 1}}), SYNTAX),
        (policy({**GOOD, "Sid": 1}), SYNTAX),
        (policy({**GOOD, "Condition": []}), SYNTAX),
        (policy({**GOOD, "Condition": {"StringEqual": {"a:b": "c"}}}), SYNTAX),
        (policy({**GOOD, "Condition": {"NullIfExists": {"a:b": "true"}}}), SYNTAX),
        (policy({**GOOD, "Condition": {"StringEquals": {"a:b": {}}}}), SYNTAX),
        (
            '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Effect":"Deny",'
            '"Action":"*","Resource":"*"}}',
            SYNTAX,
        ),
        (policy(GOOD, version="2020-01-01"), SYNTAX),
        (
            policy({**GOOD, "Principal": "*"}),
            "Policy document should not specify a principal.",
        ),
        (policy({"Effect": "Allow", "Resource": "*"}), "Policy statement must contain actions."),
        (policy({**GOOD, "Action": []}), "Policy statement must contain actions."),
        (
            policy({"Effect": "Allow", "Action": "s3:*"}),
            "Policy statement must contain resources.",
        ),
        (policy({**GOOD, "Action": "GetObject"}), VENDOR),
        (policy({**GOOD, "Action": ""}), VENDOR),
        (policy({**GOOD, "Action": "s3:Get:x"}), "Actions/Condition can contain only one colon."),
        (policy({**GOOD, "Action": "a a:Get"}), "Vendor a a is not valid"),
        (policy({**GOOD, "Resource": "b"}), 'Resource b must be in ARN format or "*".'),
        (
            policy({**GOOD, "Resource": "arn:moon:s3:::b"}),
            'Partition "moon" is not valid for resource "arn:moon:s3:::b".',
        ),
        (
            policy({**GOOD, "Resource": "arn:aws:s*:::b"}),
            "Resource vendor must be fully qualified and cannot contain regexes.",
        ),
        (
            policy({**GOOD, "Resource": "arn:aws:iam:us-east-1:1:user/a"}),
            "IAM resource arn:aws:iam:us-east-1:1:user/a cannot contain region information.",
        ),
        (
            policy({**GOOD, "Resource": "arn:aws:s3:us-east-1::b"}),
            "Resource arn:aws:s3:us-east-1::b can not contain region information.",
        ),
        (
            policy({**GOOD, "Sid": "a b"}),
            "Statement IDs (SID) must be alpha-numeric. "
            "Check that your input satisfies the regular expression [0-9A-Za-z]*",
        ),
        (
            policy({**GOOD, "Sid": "a"}, {**GOOD, "Sid": "a"}),
            "Statement IDs (SID) in a single policy must be unique.",
        ),
    ],
)
def test_malformed_identity_policies(text: str, message: str) -> None:
    with pytest.raises(Malformed) as refused:
        identity_policy(text)
    assert str(refused.value) == message


@pytest.mark.parametrize("version", [None, "2008-10-17"])
def test_managed_policies_speak_the_present_language(version: str | None) -> None:
    assert managed_policy(policy(GOOD)).statements
    with pytest.raises(Malformed, match=r"must be version 2012-10-17 or greater\.$"):
        managed_policy(policy(GOOD, version=version))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nothing", "This policy contains invalid Json"),
        ('{"Version": ', "This policy contains invalid Json"),
        (policy({**TRUST, "Resource": "*"}), "Has prohibited field Resource"),
        (policy({"Effect": "Allow", "Action": "sts:*"}), "Missing required field Principal"),
        (
            policy({"Effect": "Deny", "Action": "sts:*", "NotPrincipal": "*"}),
            "Has prohibited field NotPrincipal",
        ),
        (
            policy({**TRUST, "Action": "s3:GetObject"}),
            "AssumeRole policy may only specify STS AssumeRole actions.",
        ),
        (
            policy({**TRUST, "Principal": {"Service": "lambda"}}),
            'Invalid principal in policy: "SERVICE":"lambda"',
        ),
        (
            policy({**TRUST, "Principal": {"AWS": "ann"}}),
            'Invalid principal in policy: "AWS":"ann"',
        ),
        (policy({**TRUST, "Principal": {"Person": "ann"}}), SYNTAX),
        (policy({**TRUST, "Principal": "ann"}), SYNTAX),
    ],
)
def test_malformed_trust_policies(text: str, message: str) -> None:
    with pytest.raises(Malformed) as refused:
        trust_policy(text)
    assert str(refused.value) == message


def test_good_trust_policies() -> None:
    assert trust_policy(policy(TRUST, version="2008-10-17")).version == "2008-10-17"
    accounts = {"AWS": ["111122223333", "arn:aws:iam::111122223333:root"]}
    assert trust_policy(policy({**TRUST, "Principal": accounts}))
