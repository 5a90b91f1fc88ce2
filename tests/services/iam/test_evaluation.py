"""The decision tables: who may do what by which policies, and how a denial is explained."""

from __future__ import annotations

from typing import Any

import pytest

from cloudarium.core.identity import ANONYMOUS, Principal, root, service_principal
from cloudarium.services.iam.evaluation.decision import (
    Decision,
    Permissions,
    Question,
    decide,
)
from cloudarium.services.iam.evaluation.document import NotAPolicy, read
from cloudarium.services.iam.evaluation.explain import explain
from cloudarium.services.iam.evaluation.facts import RequestFacts, of_principal, of_time
from cloudarium.services.iam.evaluation.rules import Rules, compile_policy

HERE, THERE = "111122223333", "444455556666"
ANN = Principal("user", f"arn:aws:iam::{HERE}:user/ann", HERE, id="AIDAANN", name="ann")
JOB = Principal(
    "role",
    f"arn:aws:sts::{HERE}:assumed-role/job/run",
    HERE,
    id="AROAJOB:run",
    name="run",
    role_arn=f"arn:aws:iam::{HERE}:role/job",
    tags={"team": "blue"},
)
STRANGER = Principal("user", f"arn:aws:iam::{THERE}:user/eve", THERE, id="AIDAEVE", name="eve")
LAMBDA = service_principal("lambda.amazonaws.com", HERE)
QUEUE = f"arn:aws:sqs:us-east-1:{HERE}:jobs"
ROLE = f"arn:aws:iam::{HERE}:role/deploy"

Statement = dict[str, Any]


def rules(*statements: Statement, version: str = "2012-10-17", name: str = "") -> Rules:
    return Rules(compile_policy(read({"Version": version, "Statement": list(statements)}), name))


def allow(action: Any = "*", resource: Any = "*", **more: Any) -> Statement:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: Any = "*", resource: Any = "*", **more: Any) -> Statement:
    return {"Effect": "Deny", "Action": action, "Resource": resource, **more}


def ask(
    principal: Principal,
    action: str = "sqs:SendMessage",
    resource: str = QUEUE,
    *,
    identity: Rules | None = None,
    boundary: Rules | None = None,
    session: Rules | None = None,
    policy: Rules | None = None,
    owner: str = HERE,
    **context: str | list[str],
) -> tuple[Question, Decision]:
    keys = {key.replace("__", ":"): value for key, value in context.items()}
    facts = RequestFacts(of_time(1_700_000_000), of_principal(principal), keys)
    question = Question(principal, action, resource, owner, facts)
    everything = principal.kind == "root"
    permissions = Permissions(identity or rules(deny("none:*")), boundary, session, everything)
    return question, decide(question, permissions, policy)


def allowed(*args: Any, **kwargs: Any) -> bool:
    return ask(*args, **kwargs)[1].allowed


def message(*args: Any, **kwargs: Any) -> str:
    return explain(*ask(*args, **kwargs))


@pytest.mark.parametrize(
    ("statement", "action", "resource", "expected"),
    [
        (allow("sqs:SendMessage", QUEUE), "sqs:SendMessage", QUEUE, True),
        (allow("SQS:sendmessage", QUEUE), "sqs:SendMessage", QUEUE, True),
        (allow("sqs:Send*", QUEUE), "sqs:SendMessage", QUEUE, True),
        (allow("sqs:Sen?Message", QUEUE), "sqs:SendMessage", QUEUE, True),
        (allow("sqs:Get*", QUEUE), "sqs:SendMessage", QUEUE, False),
        (allow("sns:*", QUEUE), "sqs:SendMessage", QUEUE, False),
        (allow("*", QUEUE), "sqs:SendMessage", QUEUE, True),
        (allow(["sns:*", "sqs:*"], QUEUE), "sqs:SendMessage", QUEUE, True),
        (allow("sqs:*", f"arn:aws:sqs:*:{HERE}:*"), "sqs:SendMessage", QUEUE, True),
        (allow("sqs:*", QUEUE.upper()), "sqs:SendMessage", QUEUE, False),
        (allow("sqs:*", f"{QUEUE}?"), "sqs:SendMessage", QUEUE, False),
        (allow("s3:*", "arn:aws:s3:::b/*/x"), "s3:GetObject", "arn:aws:s3:::b/1/2/x", True),
        (allow("s3:*", "arn:aws:s3:::b"), "s3:GetObject", "arn:aws:s3:::b/x", False),
        (
            {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"},
            "sqs:SendMessage",
            QUEUE,
            True,
        ),
        (
            {"Effect": "Allow", "NotAction": ["iam:*", "sqs:*"], "Resource": "*"},
            "sqs:SendMessage",
            QUEUE,
            False,
        ),
        (
            {"Effect": "Allow", "Action": "*", "NotResource": QUEUE},
            "sqs:SendMessage",
            QUEUE,
            False,
        ),
        (
            {"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:sqs:*:*:other"},
            "sqs:SendMessage",
            QUEUE,
            True,
        ),
    ],
)
def test_actions_and_resources(
    statement: Statement, action: str, resource: str, expected: bool
) -> None:
    assert allowed(ANN, action, resource, identity=rules(statement)) is expected


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


def granting(who: Any, **more: Any) -> Rules:
    return rules(allow("sqs:*", QUEUE, Principal=who, **more))


ANYTHING, NOTHING = rules(allow()), rules(allow("none:None"))


@pytest.mark.parametrize(
    ("principal", "who", "more", "expected"),
    [
        # A policy that names the very principal is enough within the account.
        (ANN, {"AWS": ANN.arn}, {}, True),
        (ANN, "*", {}, True),
        (ANN, {"AWS": "*"}, {}, True),
        # Naming the account delegates to its identity-based policies.
        (ANN, {"AWS": HERE}, {}, False),
        (ANN, {"AWS": HERE}, {"identity": ANYTHING}, True),
        (ANN, {"AWS": f"arn:aws:iam::{HERE}:root"}, {}, False),
        (ANN, {"AWS": f"arn:aws:iam::{HERE}:user/bob"}, {}, False),
        # A user named is not stopped by its boundary's silence, a role named is.
        (ANN, {"AWS": ANN.arn}, {"boundary": NOTHING}, True),
        (JOB, {"AWS": JOB.role_arn}, {}, True),
        (JOB, {"AWS": JOB.role_arn}, {"boundary": NOTHING}, False),
        (JOB, {"AWS": JOB.role_arn}, {"session": NOTHING}, False),
        (JOB, {"AWS": JOB.arn}, {"session": NOTHING, "boundary": NOTHING}, True),
        # Across accounts both sides must allow.
        (STRANGER, {"AWS": STRANGER.arn}, {}, False),
        (STRANGER, {"AWS": STRANGER.arn}, {"identity": ANYTHING}, True),
        (STRANGER, {"AWS": THERE}, {"identity": ANYTHING}, True),
        (STRANGER, {"AWS": HERE}, {"identity": ANYTHING}, False),
        (root(THERE), {"AWS": THERE}, {}, True),
        (root(THERE), {"AWS": HERE}, {}, False),
        # Services and anonymous callers have nothing but the resource's policy.
        (LAMBDA, {"Service": "lambda.amazonaws.com"}, {}, True),
        (LAMBDA, {"Service": ["s3.amazonaws.com", "lambda.amazonaws.com"]}, {}, True),
        (LAMBDA, {"Service": "s3.amazonaws.com"}, {}, False),
        (LAMBDA, {"AWS": HERE}, {}, False),
        (LAMBDA, "*", {}, True),
        (ANONYMOUS, "*", {}, True),
        (ANONYMOUS, {"AWS": HERE}, {}, False),
    ],
)
def test_resource_policies(
    principal: Principal, who: Any, more: dict[str, Any], expected: bool
) -> None:
    assert allowed(principal, policy=granting(who), **more) is expected


def test_a_service_may_be_held_to_a_source() -> None:
    policy = granting(
        {"Service": "sns.amazonaws.com"},
        Condition={"ArnEquals": {"aws:SourceArn": "arn:aws:sns:us-east-1:111122223333:t"}},
    )
    sns = service_principal("sns.amazonaws.com", HERE)
    right = "arn:aws:sns:us-east-1:111122223333:t"
    assert allowed(sns, policy=policy, aws__SourceArn=right)
    assert not allowed(sns, policy=policy, aws__SourceArn=right + "2")
    assert not allowed(sns, policy=policy)


def test_not_principal() -> None:
    others = rules(deny("sqs:*", QUEUE, NotPrincipal={"AWS": ANN.arn}))
    assert allowed(ANN, identity=ANYTHING, policy=others)
    assert not allowed(JOB, identity=ANYTHING, policy=others)


def test_boundary_and_session_policies_limit_and_do_not_grant() -> None:
    assert not allowed(ANN, boundary=ANYTHING)
    assert not allowed(JOB, session=ANYTHING)
    assert allowed(JOB, identity=ANYTHING, boundary=ANYTHING, session=ANYTHING)
    assert not allowed(JOB, identity=ANYTHING, boundary=NOTHING, session=ANYTHING)
    assert not allowed(JOB, identity=ANYTHING, boundary=ANYTHING, session=NOTHING)


@pytest.mark.parametrize("layer", ["identity", "boundary", "session", "policy"])
def test_an_explicit_deny_wins_wherever_it_stands(layer: str) -> None:
    everywhere: dict[str, Any] = {
        "identity": ANYTHING,
        "boundary": ANYTHING,
        "session": ANYTHING,
        "policy": granting("*"),
    }
    assert allowed(JOB, **everywhere)
    denying = deny("sqs:*", QUEUE, **({"Principal": "*"} if layer == "policy" else {}))
    assert not allowed(JOB, **{**everywhere, layer: rules(allow(Principal="*"), denying)})


def test_the_root_user_may_do_all_but_what_a_resource_denies() -> None:
    assert allowed(root(HERE))
    assert not allowed(root(THERE))
    closed = rules(deny("*", "*", Principal="*"))
    assert not allowed(root(HERE), policy=closed)
    assert allowed(root(HERE), "s3:DeleteBucketPolicy", "arn:aws:s3:::b", policy=closed)


@pytest.mark.parametrize(
    ("principal", "who", "identity", "expected"),
    [
        (ANN, {"AWS": ANN.arn}, NOTHING, True),
        (ANN, {"AWS": HERE}, NOTHING, False),
        (ANN, {"AWS": HERE}, ANYTHING, True),
        (ANN, {"AWS": JOB.role_arn}, ANYTHING, False),
        (JOB, {"AWS": JOB.role_arn}, NOTHING, True),
        (LAMBDA, {"Service": "lambda.amazonaws.com"}, NOTHING, True),
        (LAMBDA, {"Service": "ec2.amazonaws.com"}, NOTHING, False),
        (STRANGER, {"AWS": THERE}, ANYTHING, True),
        (STRANGER, {"AWS": THERE}, NOTHING, False),
        (root(HERE), {"AWS": HERE}, NOTHING, True),
        (root(HERE), {"Service": "lambda.amazonaws.com"}, NOTHING, False),
    ],
)
def test_trust_policies(principal: Principal, who: Any, identity: Rules, expected: bool) -> None:
    statement = {"Effect": "Allow", "Principal": who, "Action": "sts:AssumeRole"}
    trust = rules(statement)
    assert allowed(principal, "sts:AssumeRole", ROLE, identity=identity, policy=trust) is expected


HEAD = f"User: {ANN.arn} is not authorized to perform: sqs:SendMessage on resource: {QUEUE}"
DENY = rules(deny("sqs:*"), allow())
MANAGED = rules(deny("sqs:*"), allow(), name=f"arn:aws:iam::{HERE}:policy/no")
NO = "the sqs:SendMessage action"


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({}, f"because no identity-based policy allows {NO}"),
        (
            {"identity": ANYTHING, "boundary": NOTHING},
            f"because no permissions boundary allows {NO}",
        ),
        ({"identity": ANYTHING, "session": NOTHING}, f"because no session policy allows {NO}"),
        (
            {"identity": ANYTHING, "owner": THERE},
            f"because no resource-based policy allows {NO}",
        ),
        ({"identity": DENY}, "with an explicit deny in an identity-based policy"),
        (
            {"identity": MANAGED},
            f"with an explicit deny in an identity-based policy: arn:aws:iam::{HERE}:policy/no",
        ),
        (
            {"identity": ANYTHING, "boundary": MANAGED},
            f"with an explicit deny in a permissions boundary: arn:aws:iam::{HERE}:policy/no",
        ),
        (
            {"identity": ANYTHING, "session": DENY},
            "with an explicit deny in a session policy",
        ),
        (
            {"identity": ANYTHING, "policy": rules(deny("sqs:*", Principal="*"))},
            "with an explicit deny in a resource-based policy",
        ),
    ],
)
def test_denials_are_explained(given: dict[str, Any], why: str) -> None:
    assert message(ANN, **given) == f"{HEAD} {why}"


def test_denials_by_trust_policies_and_of_s3_have_their_own_words() -> None:
    head = f"User: {ANN.arn} is not authorized to perform: sts:AssumeRole on resource: {ROLE}"
    trust = rules({"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole"})
    assert message(ANN, "sts:AssumeRole", ROLE, identity=ANYTHING) == (
        f"{head} because no role trust policy allows the sts:AssumeRole action"
    )
    assert message(ANN, "sts:AssumeRole", ROLE, policy=trust) == (
        f"{head} with an explicit deny in the role trust policy"
    )
    assert 'on resource: "arn:aws:s3:::b" because' in message(
        ANN, "s3:ListBucket", "arn:aws:s3:::b"
    )


def test_a_statement_of_a_resource_policy_without_principal_is_nobodys() -> None:
    assert not allowed(ANN, policy=rules(allow()))
    assert allowed(ANN, identity=ANYTHING, policy=rules(deny()))


def test_unknown_condition_operators_make_no_policy() -> None:
    with pytest.raises(NotAPolicy):
        rules(allow(Condition={"StringEqual": {"aws:username": "ann"}}))


def test_anonymous_callers_are_called_so() -> None:
    assert message(ANONYMOUS).startswith("User: anonymous is not authorized to perform: ")


def test_remembered_actions_do_not_grow_without_end() -> None:
    many = rules(allow("a:*"))
    for number in range(1200):
        assert many.about(f"a:Do{number}")[1]
    assert len(many._by_action) <= 500
