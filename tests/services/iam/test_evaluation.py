"""The decision tables: who may do what by which policies, and how a denial is explained."""

from __future__ import annotations

from typing import Any

import pytest
from tests.services.iam.decisions import (
    ANN,
    HERE,
    JOB,
    LAMBDA,
    QUEUE,
    ROLE,
    STRANGER,
    THERE,
    Statement,
    allow,
    allowed,
    deny,
    message,
    rules,
)

from cloudarium.core.identity import ANONYMOUS, Principal, root, service_principal
from cloudarium.services.iam.evaluation.document import NotAPolicy
from cloudarium.services.iam.evaluation.rules import Rules


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
        (allow("sqs:*", []), "sqs:SendMessage", QUEUE, False),
        ({"Effect": "Allow", "Action": "sqs:*"}, "sqs:SendMessage", QUEUE, True),
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
        (LAMBDA, {"Service": "lambda.us-east-1.amazonaws.com"}, {}, True),
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
    assert "perform: s3:ListAllMyBuckets because" in message(ANN, "s3:ListAllMyBuckets", "*")
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
