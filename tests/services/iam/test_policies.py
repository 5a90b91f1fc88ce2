"""Inline, managed and attached policies."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.services.iam.support import allow, deny, fails, policy, trust

# The operations on inline policies: put, list, get, delete.
INLINE = [
    ("user", "put_user_policy", "list_user_policies", "get_user_policy", "delete_user_policy"),
    ("group", "put_group_policy", "list_group_policies", "get_group_policy", "delete_group_policy"),
    ("role", "put_role_policy", "list_role_policies", "get_role_policy", "delete_role_policy"),
]
# The operations on attached policies: attach, list, detach.
ATTACHED = [
    ("user", "attach_user_policy", "list_attached_user_policies", "detach_user_policy"),
    ("group", "attach_group_policy", "list_attached_group_policies", "detach_group_policy"),
    ("role", "attach_role_policy", "list_attached_role_policies", "detach_role_policy"),
]


@pytest.fixture
def holders(iam: Any) -> None:
    """A user, a group and a role, each called `x`."""
    iam.create_user(UserName="x")
    iam.create_group(GroupName="x")
    iam.create_role(RoleName="x", AssumeRolePolicyDocument=trust())


@pytest.mark.parametrize(("kind", "put", "listing", "get", "delete"), INLINE)
@pytest.mark.usefixtures("holders")
def test_inline_policies(
    iam: Any, kind: str, put: str, listing: str, get: str, delete: str
) -> None:
    member = f"{kind.capitalize()}Name"

    def call(operation: str, **more: Any) -> Any:
        return getattr(iam, operation)(**{member: "x"}, **more)

    first, second = policy(allow("sqs:*")), policy(deny("sqs:*"))
    call(put, PolicyName="b", PolicyDocument=first)
    call(put, PolicyName="a", PolicyDocument=first)
    call(put, PolicyName="a", PolicyDocument=second)
    assert call(listing)["PolicyNames"] == ["a", "b"]
    got = call(get, PolicyName="a")
    assert got["PolicyDocument"] == json.loads(second) and got["PolicyName"] == "a"
    assert got[member] == "x"
    call(delete, PolicyName="a")
    with fails("NoSuchEntity", f"The {kind} policy with name a cannot be found.", 404):
        call(get, PolicyName="a")
    with fails("NoSuchEntity"):
        call(delete, PolicyName="a")
    with fails("MalformedPolicyDocument", "Syntax errors in policy.", 400):
        call(put, PolicyName="c", PolicyDocument="{}")
    assert call(listing)["PolicyNames"] == ["b"]


@pytest.mark.usefixtures("holders")
def test_inline_policies_share_their_room(iam: Any) -> None:
    big = policy(allow("sqs:*", [f"arn:aws:sqs:::{'q' * 50}{n}" for n in range(18)]))
    iam.put_user_policy(UserName="x", PolicyName="a", PolicyDocument=big)
    iam.put_user_policy(UserName="x", PolicyName="a", PolicyDocument=big)
    with fails("LimitExceeded", "Maximum policy size of 2048 bytes exceeded for user x"):
        iam.put_user_policy(UserName="x", PolicyName="b", PolicyDocument=big)


@pytest.mark.parametrize(("kind", "attach", "listing", "detach"), ATTACHED)
@pytest.mark.usefixtures("holders")
def test_attached_policies(iam: Any, kind: str, attach: str, listing: str, detach: str) -> None:
    def call(operation: str, **more: Any) -> Any:
        return getattr(iam, operation)(**{f"{kind.capitalize()}Name": "x"}, **more)

    own = iam.create_policy(PolicyName="own", Path="/p/", PolicyDocument=policy(allow()))
    arn = own["Policy"]["Arn"]
    aws = "arn:aws:iam::aws:policy/AmazonSQSFullAccess"
    for each in (arn, aws, aws):
        call(attach, PolicyArn=each)
    assert call(listing)["AttachedPolicies"] == [
        {"PolicyName": "AmazonSQSFullAccess", "PolicyArn": aws},
        {"PolicyName": "own", "PolicyArn": arn},
    ]
    below = call(listing, PathPrefix="/p/")["AttachedPolicies"]
    assert [each["PolicyName"] for each in below] == ["own"]
    with fails("DeleteConflict", "Cannot delete a policy attached to entities."):
        iam.delete_policy(PolicyArn=arn)
    call(detach, PolicyArn=arn)
    with fails("NoSuchEntity", f"Policy {arn} was not found.", 404):
        call(detach, PolicyArn=arn)
    missing = "arn:aws:iam::aws:policy/NoSuchPolicy"
    with fails("NoSuchEntity", f"Policy {missing} does not exist or is not attachable."):
        call(attach, PolicyArn=missing)


@pytest.mark.usefixtures("holders")
def test_so_many_policies_are_attached_at_most(iam: Any) -> None:
    arns = [
        iam.create_policy(PolicyName=f"p{n}", PolicyDocument=policy(allow()))["Policy"]["Arn"]
        for n in range(21)
    ]
    for arn in arns[:20]:
        iam.attach_role_policy(RoleName="x", PolicyArn=arn)
    with fails("LimitExceeded", "Cannot exceed quota for PoliciesPerRole: 20", 409):
        iam.attach_role_policy(RoleName="x", PolicyArn=arns[20])
    for arn in arns[:10]:
        iam.attach_user_policy(UserName="x", PolicyArn=arn)
    with fails("LimitExceeded", "Cannot exceed quota for PoliciesPerUser: 10", 409):
        iam.attach_user_policy(UserName="x", PolicyArn=arns[10])


def test_arns_that_are_no_policies_here(iam: Any) -> None:
    abroad = "arn:aws-cn:iam::aws:policy/ReadOnlyAccess"
    role = {"RoleName": "y", "AssumeRolePolicyDocument": trust()}
    iam.create_user(UserName="x")
    with fails("ValidationError", "Invalid ARN partition"):
        iam.attach_user_policy(UserName="x", PolicyArn=abroad)
    with fails("ValidationError", "Invalid ARN partition"):
        iam.create_role(**role, PermissionsBoundary=abroad)
    with fails("InvalidInput", "ARN arn:aws:iam::000000000000:role/bound is not valid."):
        iam.create_role(**role, PermissionsBoundary="arn:aws:iam::000000000000:role/bound")


def test_names_have_certain_characters(iam: Any) -> None:
    text = "It must contain only alphanumeric characters and/or the following: +=,.@_-"
    with fails("ValidationError", f"The specified value for roleName is invalid. {text}"):
        iam.create_role(RoleName="a b", AssumeRolePolicyDocument=trust())
    with fails("ValidationError", f"The specified value for userName is invalid. {text}"):
        iam.create_user(UserName="a b")


def test_a_managed_policys_life(iam: Any) -> None:
    made = iam.create_policy(
        PolicyName="p",
        Description="of mine",
        PolicyDocument=policy(allow()),
        Tags=[{"Key": "a", "Value": "1"}],
    )["Policy"]
    arn = made["Arn"]
    assert arn == "arn:aws:iam::000000000000:policy/p"
    assert made["PolicyId"].startswith("ANPA") and made["DefaultVersionId"] == "v1"
    assert made["AttachmentCount"] == 0 and made["IsAttachable"]
    got = iam.get_policy(PolicyArn=arn)["Policy"]
    assert got == {**made, "Description": "of mine"}
    iam.tag_policy(PolicyArn=arn, Tags=[{"Key": "b", "Value": "2"}])
    iam.untag_policy(PolicyArn=arn, TagKeys=["a"])
    assert iam.list_policy_tags(PolicyArn=arn)["Tags"] == [{"Key": "b", "Value": "2"}]
    with fails(
        "EntityAlreadyExists",
        "A policy called p already exists. Duplicate names are not allowed.",
        409,
    ):
        iam.create_policy(PolicyName="p", PolicyDocument=policy(allow()))
    iam.delete_policy(PolicyArn=arn)
    with fails("NoSuchEntity", f"Policy {arn} was not found."):
        iam.get_policy(PolicyArn=arn)


def test_versions(iam: Any) -> None:
    first = policy(allow("sqs:*"))
    arn = iam.create_policy(PolicyName="p", PolicyDocument=first)["Policy"]["Arn"]
    second = policy(allow("sns:*"))
    made = iam.create_policy_version(PolicyArn=arn, PolicyDocument=second)["PolicyVersion"]
    assert made["VersionId"] == "v2" and not made["IsDefaultVersion"]
    assert iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"] == "v1"
    iam.set_default_policy_version(PolicyArn=arn, VersionId="v2")
    got = iam.get_policy_version(PolicyArn=arn, VersionId="v2")["PolicyVersion"]
    assert got["Document"] == json.loads(second) and got["IsDefaultVersion"]
    listed = iam.list_policy_versions(PolicyArn=arn)["Versions"]
    assert [each["VersionId"] for each in listed] == ["v2", "v1"]
    with fails("DeleteConflict", "Cannot delete the default version of a policy."):
        iam.delete_policy_version(PolicyArn=arn, VersionId="v2")
    with fails("DeleteConflict"):
        iam.delete_policy(PolicyArn=arn)
    iam.delete_policy_version(PolicyArn=arn, VersionId="v1")
    with fails("NoSuchEntity", f"Policy {arn} version v1 does not exist or is not attachable."):
        iam.get_policy_version(PolicyArn=arn, VersionId="v1")
    for _ in range(4):
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=first, SetAsDefault=True)
    assert iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"] == "v6"
    with fails("LimitExceeded", status=409):
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=first)
    page = iam.list_policy_versions(PolicyArn=arn, MaxItems=2)
    rest = iam.list_policy_versions(PolicyArn=arn, Marker=page["Marker"])
    found = [each["VersionId"] for each in page["Versions"] + rest["Versions"]]
    assert found == ["v6", "v5", "v4", "v3", "v2"]


def test_documents_keep_their_form(iam: Any) -> None:
    text = json.dumps(json.loads(policy(allow())), indent=3)
    arn = iam.create_policy(PolicyName="p", PolicyDocument=text)["Policy"]["Arn"]
    found = iam.get_policy_version(PolicyArn=arn, VersionId="v1")["PolicyVersion"]
    assert found["Document"] == json.loads(text)
    with fails("LimitExceeded", "Cannot exceed quota for PolicySize: 6144"):
        big = policy(allow("sqs:*", [f"arn:aws:sqs:::{'q' * 90}{n}" for n in range(60)]))
        iam.create_policy(PolicyName="q", PolicyDocument=big)


def test_policies_of_aws(iam: Any) -> None:
    arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
    found = iam.get_policy(PolicyArn=arn)["Policy"]
    assert found["PolicyName"] == "AWSLambdaBasicExecutionRole"
    assert found["Path"] == "/service-role/"
    document = iam.get_policy_version(PolicyArn=arn, VersionId="v1")["PolicyVersion"]["Document"]
    assert "logs:PutLogEvents" in document["Statement"][0]["Action"]
    with fails("AccessDenied"):
        iam.delete_policy(PolicyArn=arn)
    with fails("AccessDenied"):
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=policy(allow()))


@pytest.mark.usefixtures("holders")
def test_list_policies(iam: Any) -> None:
    arn = iam.create_policy(PolicyName="p", PolicyDocument=policy(allow()))["Policy"]["Arn"]
    aws = "arn:aws:iam::aws:policy/AmazonSQSFullAccess"
    iam.attach_role_policy(RoleName="x", PolicyArn=aws)
    iam.put_role_permissions_boundary(RoleName="x", PermissionsBoundary=arn)
    assert [each["Arn"] for each in iam.list_policies(Scope="Local")["Policies"]] == [arn]
    attached = iam.list_policies(OnlyAttached=True)["Policies"]
    assert [(each["Arn"], each["AttachmentCount"]) for each in attached] == [(aws, 1)]
    used = iam.list_policies(OnlyAttached=True, PolicyUsageFilter="PermissionsBoundary")
    assert [each["PermissionsBoundaryUsageCount"] for each in used["Policies"]] == [1]
    aws_policies = [
        each
        for page in iam.get_paginator("list_policies").paginate(Scope="AWS", MaxItems=20)
        for each in page["Policies"]
    ]
    names = {each["PolicyName"] for each in aws_policies}
    assert {"AdministratorAccess", "PowerUserAccess", "AWSXRayDaemonWriteAccess"} <= names


@pytest.mark.usefixtures("holders")
def test_entities_for_a_policy(iam: Any) -> None:
    arn = iam.create_policy(PolicyName="p", PolicyDocument=policy(allow()))["Policy"]["Arn"]
    iam.attach_role_policy(RoleName="x", PolicyArn=arn)
    iam.attach_group_policy(GroupName="x", PolicyArn=arn)
    iam.put_user_permissions_boundary(UserName="x", PermissionsBoundary=arn)
    found = iam.list_entities_for_policy(PolicyArn=arn)
    assert [each["RoleName"] for each in found["PolicyRoles"]] == ["x"]
    assert [each["GroupName"] for each in found["PolicyGroups"]] == ["x"]
    assert [each["UserName"] for each in found["PolicyUsers"]] == ["x"]
    permissions = iam.list_entities_for_policy(
        PolicyArn=arn, PolicyUsageFilter="PermissionsPolicy", EntityFilter="Role"
    )
    assert len(permissions["PolicyRoles"]) == 1
    assert permissions["PolicyGroups"] == [] and permissions["PolicyUsers"] == []
