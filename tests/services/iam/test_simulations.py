"""The policy simulator."""

from __future__ import annotations

from typing import Any

from tests.services.iam.support import allow, deny, fails, policy, trust

QUEUE = "arn:aws:sqs:us-east-1:000000000000:jobs"


def _decisions(answer: dict[str, Any]) -> list[str]:
    return [each["EvalDecision"] for each in answer["EvaluationResults"]]


def test_custom_policies(iam: Any) -> None:
    answer = iam.simulate_custom_policy(
        PolicyInputList=[policy(allow("sqs:*"), deny("sqs:DeleteQueue"))],
        ActionNames=["sqs:SendMessage", "sqs:DeleteQueue", "sns:Publish"],
        ResourceArns=[QUEUE],
    )
    assert _decisions(answer) == ["allowed", "explicitDeny", "implicitDeny"]
    first, second, third = answer["EvaluationResults"]
    assert first["EvalActionName"] == "sqs:SendMessage" and first["EvalResourceName"] == QUEUE
    assert first["MatchedStatements"][0]["SourcePolicyId"] == "PolicyInputList.1"
    assert len(second["MatchedStatements"]) == 1 and third["MatchedStatements"] == []
    with fails("MalformedPolicyDocument"):
        iam.simulate_custom_policy(PolicyInputList=["{}"], ActionNames=["sqs:SendMessage"])


def test_context_entries(iam: Any) -> None:
    text = policy(allow("sqs:*", Condition={"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}))

    def simulate(*entries: dict[str, Any]) -> dict[str, Any]:
        answer = iam.simulate_custom_policy(
            PolicyInputList=[text], ActionNames=["sqs:SendMessage"], ContextEntries=entries
        )
        result: dict[str, Any] = answer["EvaluationResults"][0]
        return result

    missing = simulate()
    assert missing["EvalDecision"] == "implicitDeny" and missing["EvalResourceName"] == "*"
    assert missing["MissingContextValues"] == ["aws:SourceIp"]
    entry = {"ContextKeyName": "aws:SourceIp", "ContextKeyType": "ip"}
    assert simulate({**entry, "ContextKeyValues": ["10.1.1.1"]})["EvalDecision"] == "allowed"
    other = simulate({**entry, "ContextKeyValues": ["11.1.1.1"]})
    assert other["EvalDecision"] == "implicitDeny" and other["MissingContextValues"] == []


def test_boundaries_and_resource_policies(iam: Any) -> None:
    answer = iam.simulate_custom_policy(
        PolicyInputList=[policy(allow("sqs:*"))],
        PermissionsBoundaryPolicyInputList=[policy(allow("sqs:Send*"))],
        ActionNames=["sqs:SendMessage", "sqs:DeleteQueue"],
    )
    assert _decisions(answer) == ["allowed", "implicitDeny"]
    details = [
        each["PermissionsBoundaryDecisionDetail"]["AllowedByPermissionsBoundary"]
        for each in answer["EvaluationResults"]
    ]
    assert details == [True, False]
    iam.create_user(UserName="ann")
    arn = "arn:aws:iam::000000000000:user/ann"
    named = policy(allow("sqs:*", QUEUE, Principal={"AWS": arn}))
    answer = iam.simulate_custom_policy(
        PolicyInputList=[policy(allow("sns:*"))],
        ActionNames=["sqs:SendMessage"],
        ResourceArns=[QUEUE],
        ResourcePolicy=named,
        CallerArn=arn,
    )
    assert _decisions(answer) == ["allowed"]
    (specific,) = answer["EvaluationResults"][0]["ResourceSpecificResults"]
    assert (specific["EvalResourceName"], specific["EvalResourceDecision"]) == (QUEUE, "allowed")


def test_policies_of_principals(iam: Any) -> None:
    iam.create_user(UserName="ann")
    iam.create_group(GroupName="devs")
    iam.add_user_to_group(GroupName="devs", UserName="ann")
    iam.put_group_policy(GroupName="devs", PolicyName="p", PolicyDocument=policy(allow("sqs:*")))
    arn = "arn:aws:iam::000000000000:user/ann"
    answer = iam.simulate_principal_policy(
        PolicySourceArn=arn, ActionNames=["sqs:SendMessage", "sns:Publish"]
    )
    assert _decisions(answer) == ["allowed", "implicitDeny"]
    matched = answer["EvaluationResults"][0]["MatchedStatements"]
    assert matched == [{"SourcePolicyId": "group_devs_p", "SourcePolicyType": "IAM Policy"}]
    sns = "arn:aws:iam::aws:policy/AmazonSNSFullAccess"
    iam.put_user_permissions_boundary(UserName="ann", PermissionsBoundary=sns)
    answer = iam.simulate_principal_policy(
        PolicySourceArn=arn, ActionNames=["sqs:SendMessage", "sns:Publish"]
    )
    assert _decisions(answer) == ["implicitDeny", "implicitDeny"]
    iam.create_role(RoleName="job", AssumeRolePolicyDocument=trust())
    iam.attach_role_policy(RoleName="job", PolicyArn=sns)
    first = iam.simulate_principal_policy(
        PolicySourceArn="arn:aws:iam::000000000000:role/job",
        ActionNames=["sns:Publish", "sqs:SendMessage"],
        MaxItems=1,
    )
    assert _decisions(first) == ["allowed"] and first["IsTruncated"]
    with fails("NoSuchEntity", "The user with name bob cannot be found."):
        iam.simulate_principal_policy(
            PolicySourceArn="arn:aws:iam::000000000000:user/bob", ActionNames=["sns:Publish"]
        )


def test_context_keys(iam: Any) -> None:
    own = "arn:aws:iam::*:user/${aws:username}"
    text = policy(
        allow(resource=own, Condition={"StringLike": {"x:Key": "${aws:PrincipalTag/a, 'b'}-${*}"}})
    )
    found = iam.get_context_keys_for_custom_policy(PolicyInputList=[text])
    assert found["ContextKeyNames"] == ["aws:PrincipalTag/a", "aws:username", "x:Key"]
    iam.create_role(RoleName="job", AssumeRolePolicyDocument=trust())
    given = policy(allow(Condition={"Bool": {"aws:SecureTransport": "true"}}))
    iam.put_role_policy(RoleName="job", PolicyName="p", PolicyDocument=given)
    found = iam.get_context_keys_for_principal_policy(
        PolicySourceArn="arn:aws:iam::000000000000:role/job", PolicyInputList=[text]
    )
    assert found["ContextKeyNames"][1] == "aws:SecureTransport"


def test_what_the_simulator_cannot_do_is_refused(iam: Any) -> None:
    iam.create_user(UserName="ann")
    with fails("ValidationError", "PolicyExclusionList is not supported by Cloudarium."):
        iam.simulate_principal_policy(
            PolicySourceArn="arn:aws:iam::000000000000:user/ann",
            ActionNames=["sqs:SendMessage"],
            PolicyExclusionList=[{"PolicyArn": "arn:aws:iam::aws:policy/AmazonSQSFullAccess"}],
        )
