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
LEGACY = "The policy failed legacy parsing"
NO_ARN = 'Resource b must be in ARN format or "*".'
DATES = ["2026", "2026-01", "2026-01-01T00:00Z", "2026-01-01T00:00:00.000+09:00", "01T"]
NO_DATES = ["tomorrow", "2026/01/01", "2026-13-45", "234-13", "9223372036854775808"]
VENDOR_WILDCARD = "Action vendors (e.g., aws, ec2, etc.) must not contain wildcards."
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
        policy({**GOOD, "Condition": {"x": {}, "DateGreaterThan": {"a": []}}}),
        policy({**GOOD, "Action": ["s3.s:Get*", "s3-s:?", "iam: a b "]}),
        policy({**GOOD, "Resource": ["arn:aws:madeup", "arn:*:s3:::b", "arn:aws:ec2:r:a-b:i/*"]}),
        policy({**GOOD, "Resource": "arn:aws:s3:us-east-1:111122223333:accesspoint/a"}),
        policy({**GOOD, "Resource": "arn:aws:s3:us-east-1:111122223333:job/*"}),
        policy({**GOOD, "Resource": "arn:aws:iam::${aws:PrincipalAccount}:user/${aws:username}"}),
        policy({**GOOD, "Resource": ["arn:aws:iam::aws:policy/p", "arn:aws:iam::*:*"]}),
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
        (policy({**GOOD, "Action": "*:GetObject"}), VENDOR_WILDCARD),
        (policy({**GOOD, "Action": "s3?:Get"}), VENDOR_WILDCARD),
        (policy({**GOOD, "Action": "s:3:Get", "Resource": "b"}), NO_ARN),
        (policy({"Effect": "Allow", "Action": "GetObject"}), VENDOR),
        (
            policy({**GOOD, "Resource": "a:moon"}),
            'Partition "moon" is not valid for resource "arn:moon:*:*:*:*".',
        ),
        (
            policy({**GOOD, "Resource": "aws:s3:::b"}),
            'Partition "s3" is not valid for resource "arn:s3:::b:*".',
        ),
        (
            policy({**GOOD, "Resource": "arn:aws"}),
            "Resource vendor must be fully qualified and cannot contain regexes.",
        ),
        (
            policy({**GOOD, "Resource": "arn:aws:s3:my-bucket"}),
            "Resource arn:aws:s3:my-bucket:*:* can not contain region information.",
        ),
        (
            policy({**GOOD, "Resource": "arn:aws:s3::111122223333:b"}),
            "Resource arn:aws:s3::111122223333:b cannot contain an account id.",
        ),
        (
            policy({**GOOD, "Resource": "arn:aws:route53:us-east-1::hostedzone/z"}),
            "Resource arn:aws:route53:us-east-1::hostedzone/z can not contain region information.",
        ),
        (
            policy({**GOOD, "Resource": "arn:aws:iam:::ann"}),
            'IAM resource path must either be "*" or start with user/, federated-user/, role/, '
            "group/, instance-profile/, mfa/, server-certificate/, policy/, sms-mfa/, "
            "saml-provider/, oidc-provider/, report/, access-report/.",
        ),
        (policy({**GOOD, "Resource": "b"}), NO_ARN),
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


@pytest.mark.parametrize(
    ("operator", "good", "bad"),
    [
        ("NumericLessThan", ["10", 10, "10.5", "-1", "1e3"], ["abc", " 10", "0x10"]),
        (
            "DateGreaterThan",
            [*DATES, "1767225600", "-292275054", "2016-12-13t2:00:00.593194+23"],
            [*NO_DATES, "2016-12-13t2:00:00.593194+1", "2016-12-13t2:00:00.1999999999+10:59"],
        ),
        (
            "NotIpAddressIfExists",
            ["203.0.113.0/24", "203.0.113.5", "0.0.0.0/0", "2001:db8::/32", "::/0"],
            ["203.0.113.999/24", "example.com", "1.2.3", "10.0.0.0/33", "10.0.0.1 "],
        ),
        (
            "ForAnyValue:ArnLike",
            ["arn:*:s3:::b", "arn:aws:*:*:*:*", "*"],
            ["nope", "arn:aws:s3:b", "${aws:PrincipalArn}"],
        ),
    ],
)
def test_values_that_conditions_compare(operator: str, good: list[Any], bad: list[str]) -> None:
    assert identity_policy(policy({**GOOD, "Condition": {operator: {"a:b": good}}})).statements
    for value in bad:
        with pytest.raises(Malformed, match=f"^{LEGACY}$"):
            identity_policy(policy({**GOOD, "Condition": {operator: {"a:b": [good[0], value]}}}))


def test_binary_values_of_conditions_are_base64() -> None:
    def of(value: str) -> str:
        return policy({**GOOD, "Condition": {"BinaryEquals": {"a:b": value}}})

    assert identity_policy(of("YWJj")) and identity_policy(of("YWJjZA=="))
    for value in ("!!!", "abc", "YWJj=="):
        with pytest.raises(Malformed, match=f"^{SYNTAX}$"):
            identity_policy(of(value))


@pytest.mark.parametrize(
    "text",
    [
        policy({**GOOD, "Effect": "denY"}),
        policy({"Effect": "allow", "Resource": "arn:aws:s3:us-east-1::b"}),
        policy({**GOOD, "Resource": "arn:aws:s3::example_bucket"}),
        policy({"Effect": "Allow", "Resource": "arn:aws:s3::example_bucket"}),
        policy({**GOOD, "Resource": "arn:aws::::b"}),
        policy({**GOOD, "Resource": "arn:aws:sqs:us-east-1:AIDAEXAMPLE:q"}),
        policy({"Effect": "Allow", "Condition": {"DateLessThan": {"a": "soon"}}}),
    ],
)
def test_what_the_older_parser_cannot_read_comes_first(text: str) -> None:
    with pytest.raises(Malformed, match=f"^{LEGACY}$"):
        identity_policy(text)


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
        *(
            (
                policy({**TRUST, "Action": action}),
                "AssumeRole policy may only specify STS AssumeRole actions.",
            )
            for action in ("sts:*", "*", "sts:GetCallerIdentity", "sts:assumerole")
        ),
        *(
            (
                policy({**TRUST, "Principal": {"AWS": value}}),
                f'Invalid principal in policy: "AWS":"{value}"',
            )
            for value in (
                "12345",
                "arn:aws:iam::111122223333:user/*",
                "arn:aws:iam::111122223333:*",
                "arn:aws:iam::111122223333:root ",
            )
        ),
        (
            policy({**TRUST, "Principal": "*"}),
            'AssumeRolepolicy contained an invalid principal: "STAR":"*".',
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
    accounts = {"AWS": ["*", "111122223333", "1111-2222-3333", "arn:aws:iam::111122223333:root"]}
    actions = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity", "sts:SetContext"]
    assert trust_policy(policy({**TRUST, "Principal": accounts, "Action": actions}))
