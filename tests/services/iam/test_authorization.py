"""Real calls by users and roles with and without the right to make them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.services.iam.support import SignIn, allow, deny, fails, policy, trust

from cloudarium.core.errors import AwsError
from cloudarium.core.identity import ANONYMOUS, Access, service_principal
from cloudarium.pytest_plugin import CloudUnderTest

ANN = "arn:aws:iam::000000000000:user/ann"


def _denied(action: str, resource: str, why: str) -> str:
    return f"User: {ANN} is not authorized to perform: {action} on resource: {resource} {why}"


def test_without_a_right_nothing_with_it_all(
    cloud: CloudUnderTest, iam: Any, sign_in: SignIn
) -> None:
    mine = cloud.client("iam", credentials=sign_in("ann"))
    why = "because no identity-based policy allows the iam:CreateUser action"
    bob = "arn:aws:iam::000000000000:user/bob"
    with fails("AccessDenied", _denied("iam:CreateUser", bob, why), 403):
        mine.create_user(UserName="bob")
    with fails("NoSuchEntity"):
        iam.get_user(UserName="bob")
    document = policy(allow("iam:CreateUser", bob))
    iam.put_user_policy(UserName="ann", PolicyName="p", PolicyDocument=document)
    mine.create_user(UserName="bob")
    with fails("AccessDenied"):
        mine.create_user(UserName="carl")
    iam.delete_user_policy(UserName="ann", PolicyName="p")
    with fails("AccessDenied"):
        mine.create_user(UserName="bob")


def test_rights_come_by_groups_and_managed_policies(
    cloud: CloudUnderTest, iam: Any, sign_in: SignIn
) -> None:
    mine = cloud.client("iam", credentials=sign_in("ann"))
    iam.create_group(GroupName="readers")
    arn = "arn:aws:iam::aws:policy/IAMReadOnlyAccess"
    iam.attach_group_policy(GroupName="readers", PolicyArn=arn)
    with fails("AccessDenied"):
        mine.list_roles()
    iam.add_user_to_group(GroupName="readers", UserName="ann")
    assert mine.list_roles()["Roles"] == []
    iam.remove_user_from_group(GroupName="readers", UserName="ann")
    with fails("AccessDenied"):
        mine.list_roles()
    own = iam.create_policy(PolicyName="p", PolicyDocument=policy(allow("iam:ListRoles")))
    own_arn = own["Policy"]["Arn"]
    iam.attach_user_policy(UserName="ann", PolicyArn=own_arn)
    mine.list_roles()
    other = policy(allow("iam:ListUsers"))
    iam.create_policy_version(PolicyArn=own_arn, PolicyDocument=other, SetAsDefault=True)
    mine.list_users()
    with fails("AccessDenied"):
        mine.list_roles()


def test_read_only_access_reads_and_no_more(
    cloud: CloudUnderTest, iam: Any, sign_in: SignIn
) -> None:
    keys = sign_in("ann")
    arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    iam.attach_user_policy(UserName="ann", PolicyArn=arn)
    mine, tables = (cloud.client(name, credentials=keys) for name in ("iam", "dynamodb"))
    assert [user["UserName"] for user in mine.list_users()["Users"]] == ["ann"]
    assert tables.list_tables()["TableNames"] == []
    with fails("AccessDenied"):
        mine.create_user(UserName="bob")
    with fails("AccessDeniedException"):
        tables.delete_table(TableName="things")


def test_an_explicit_deny_wins(cloud: CloudUnderTest, iam: Any, sign_in: SignIn) -> None:
    mine = cloud.client("iam", credentials=sign_in("ann", allow(), deny("iam:ListRoles")))
    mine.list_users()
    roles = "arn:aws:iam::000000000000:role/"
    why = "with an explicit deny in an identity-based policy"
    with fails("AccessDenied", _denied("iam:ListRoles", roles, why)):
        mine.list_roles()
    no = iam.create_policy(PolicyName="no", PolicyDocument=policy(deny("iam:ListUsers")))
    arn = no["Policy"]["Arn"]
    iam.attach_user_policy(UserName="ann", PolicyArn=arn)
    with fails(
        "AccessDenied",
        _denied("iam:ListUsers", "arn:aws:iam::000000000000:user/", f"{why}: {arn}"),
    ):
        mine.list_users()


def test_a_boundary_limits(cloud: CloudUnderTest, iam: Any, sign_in: SignIn) -> None:
    mine = cloud.client("iam", credentials=sign_in("ann", allow("iam:*")))
    edge = iam.create_policy(PolicyName="edge", PolicyDocument=policy(allow("iam:List*")))
    arn = edge["Policy"]["Arn"]
    iam.put_user_permissions_boundary(UserName="ann", PermissionsBoundary=arn)
    mine.list_users()
    why = "because no permissions boundary allows the iam:GetUser action"
    with fails("AccessDenied", _denied("iam:GetUser", ANN, why)):
        mine.get_user(UserName="ann")
    iam.delete_user_permissions_boundary(UserName="ann")
    mine.get_user(UserName="ann")


@pytest.mark.usefixtures("iam")
def test_self_service_by_a_variable(cloud: CloudUnderTest, iam: Any, sign_in: SignIn) -> None:
    own = "arn:aws:iam::*:user/${aws:username}"
    mine = cloud.client("iam", credentials=sign_in("ann", allow("iam:*AccessKey*", own)))
    iam.create_user(UserName="bob")
    assert len(mine.list_access_keys(UserName="ann")["AccessKeyMetadata"]) == 1
    with fails("AccessDenied"):
        mine.list_access_keys(UserName="bob")


def test_conditions_of_iam_itself(cloud: CloudUnderTest, iam: Any, sign_in: SignIn) -> None:
    edge = iam.create_policy(PolicyName="edge", PolicyDocument=policy(allow()))["Policy"]["Arn"]
    sqs = "arn:aws:iam::aws:policy/AmazonSQSFullAccess"
    rights = (
        allow("iam:CreateRole", Condition={"StringEquals": {"iam:PermissionsBoundary": edge}}),
        allow("iam:AttachRolePolicy", Condition={"ArnEquals": {"iam:PolicyARN": sqs}}),
        allow("iam:GetPolicy", Condition={"StringEquals": {"aws:ResourceTag/team": "blue"}}),
        allow("iam:TagRole", Condition={"StringEquals": {"aws:RequestTag/team": "blue"}}),
        allow("iam:DeleteRole", Condition={"StringEquals": {"aws:ResourceTag/team": "blue"}}),
    )
    mine = cloud.client("iam", credentials=sign_in("ann", *rights))
    with fails("AccessDenied"):
        mine.create_role(RoleName="r", AssumeRolePolicyDocument=trust())
    mine.create_role(RoleName="r", AssumeRolePolicyDocument=trust(), PermissionsBoundary=edge)
    with fails("AccessDenied"):
        mine.attach_role_policy(
            RoleName="r", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess"
        )
    mine.attach_role_policy(RoleName="r", PolicyArn=sqs)
    with fails("AccessDenied"):
        mine.get_policy(PolicyArn=edge)
    iam.tag_policy(PolicyArn=edge, Tags=[{"Key": "team", "Value": "blue"}])
    mine.get_policy(PolicyArn=edge)
    iam.detach_role_policy(RoleName="r", PolicyArn=sqs)
    with fails("AccessDenied"):
        mine.tag_role(RoleName="r", Tags=[{"Key": "team", "Value": "red"}])
    with fails("AccessDenied"):
        mine.create_role(
            RoleName="tagged",
            AssumeRolePolicyDocument=trust(),
            PermissionsBoundary=edge,
            Tags=[{"Key": "team", "Value": "red"}],
        )
    with fails("AccessDenied"):
        mine.delete_role(RoleName="r")
    mine.tag_role(RoleName="r", Tags=[{"Key": "team", "Value": "blue"}])
    mine.delete_role(RoleName="r")


def test_a_deleted_and_remade_user_has_no_old_rights(
    cloud: CloudUnderTest, iam: Any, sign_in: SignIn
) -> None:
    key = sign_in("ann", allow("iam:*"))
    mine = cloud.client("iam", credentials=key)
    mine.list_users()
    iam.delete_user_policy(UserName="ann", PolicyName="own")
    iam.delete_access_key(UserName="ann", AccessKeyId=key[0])
    iam.delete_user(UserName="ann")
    iam.create_user(UserName="ann")
    with fails("InvalidClientTokenId"):
        mine.list_users()


def test_a_decision_is_cheap(cloud: CloudUnderTest, iam: Any, sign_in: SignIn) -> None:
    """A decision with compiled policies compiles nothing again and reads no row."""
    key = sign_in("ann", allow("sqs:*", "arn:aws:sqs:*:*:jobs"))
    statements: list[str] = []

    async def decide() -> bool:
        identity = cloud.kernel.identity
        principal = identity.credential(key[0], None).principal
        access = Access("sqs:SendMessage", "arn:aws:sqs:us-east-1:000000000000:jobs")
        identity.allowed(principal, access, {})
        connection = cloud.kernel.runtime("iam").store.connection
        connection.set_trace_callback(statements.append)
        answer: bool = identity.allowed(principal, access, {})
        connection.set_trace_callback(None)
        return answer

    assert cloud.run(decide())
    assert statements == []


def test_trust_is_asked_for_services(cloud: CloudUnderTest, iam: Any) -> None:
    iam.create_role(RoleName="job", AssumeRolePolicyDocument=trust())
    document = json.dumps({"Version": "2012-10-17", "Statement": allow("sqs:*")})
    arn = "arn:aws:iam::000000000000:role/job"

    async def assume(service: str) -> Any:
        principal = service_principal(service, "000000000000")
        return cloud.kernel.identity.assume_role(principal, arn, "run", document, {})

    session = cloud.run(assume("lambda.amazonaws.com"))
    assert session.arn == "arn:aws:sts::000000000000:assumed-role/job/run"
    assert session.role_arn == arn and session.session_policies == (document,)
    with pytest.raises(AwsError, match="no role trust policy allows the sts:AssumeRole action"):
        cloud.run(assume("events.amazonaws.com"))


@pytest.mark.parametrize(
    ("model", "operation"), [("sts", "GetCallerIdentity"), ("iam", "ListUsers")]
)
def test_anonymous_callers_are_refused(cloud: CloudUnderTest, model: str, operation: str) -> None:
    call = cloud.kernel.dispatch(
        model,
        operation,
        {},
        principal=ANONYMOUS,
        account="000000000000",
        region="us-east-1",
        conditions={},
    )
    with pytest.raises(AwsError, match="Request is missing Authentication Token"):
        cloud.run(call)


def test_a_right_ends_with_its_time(cloud: CloudUnderTest, iam: Any, sign_in: SignIn) -> None:
    until = datetime.fromtimestamp(cloud.now + 60, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    limited = allow("iam:ListRoles", Condition={"DateLessThan": {"aws:CurrentTime": until}})
    mine = cloud.client("iam", credentials=sign_in("ann", limited))
    assert mine.list_roles()["Roles"] == []
    assert mine.list_roles()["Roles"] == []
    cloud.advance(61)
    with fails("AccessDenied"):
        mine.list_roles()
