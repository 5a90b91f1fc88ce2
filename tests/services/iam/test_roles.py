"""Roles: their life and trust policies."""

from __future__ import annotations

import json
from typing import Any

from tests.services.iam.support import allow, fails, policy, trust

from cloudarium.pytest_plugin import CloudUnderTest


def test_a_roles_life(cloud: CloudUnderTest, iam: Any) -> None:
    role = iam.create_role(
        RoleName="job",
        AssumeRolePolicyDocument=trust(),
        Description="does things",
        MaxSessionDuration=7200,
        Tags=[{"Key": "team", "Value": "a"}],
    )["Role"]
    assert role["Arn"] == "arn:aws:iam::000000000000:role/job"
    assert role["RoleId"].startswith("AROA")
    assert role["AssumeRolePolicyDocument"] == json.loads(trust())
    assert role["MaxSessionDuration"] == 7200 and role["Tags"] == [{"Key": "team", "Value": "a"}]
    assert "RoleLastUsed" not in role
    got = iam.get_role(RoleName="job")["Role"]
    assert got == {**role, "RoleLastUsed": {}}
    listed = iam.list_roles(PathPrefix="/")["Roles"]
    assert [each["RoleName"] for each in listed] == ["job"] and "Tags" not in listed[0]
    iam.update_role(RoleName="job", Description="", MaxSessionDuration=3600)
    changed = iam.get_role(RoleName="job")["Role"]
    assert changed["MaxSessionDuration"] == 3600 and "Description" not in changed
    described = iam.update_role_description(RoleName="job", Description="again")["Role"]
    assert described["Description"] == "again"
    iam.delete_role(RoleName="job")
    with fails("NoSuchEntity", "The role with name job cannot be found.", 404):
        iam.get_role(RoleName="job")


def test_defaults(iam: Any) -> None:
    role = iam.create_role(RoleName="job", AssumeRolePolicyDocument=trust())["Role"]
    assert role["MaxSessionDuration"] == 3600 and role["Path"] == "/"
    with fails("EntityAlreadyExists", "Role with name job already exists."):
        iam.create_role(RoleName="job", AssumeRolePolicyDocument=trust())


def test_trust_policies_are_checked(iam: Any) -> None:
    with fails("MalformedPolicyDocument", "This policy contains invalid Json", 400):
        iam.create_role(RoleName="job", AssumeRolePolicyDocument="x")
    with fails("MalformedPolicyDocument", "Has prohibited field Resource"):
        iam.create_role(RoleName="job", AssumeRolePolicyDocument=trust(Resource="*"))
    missing = "arn:aws:iam::000000000000:user/ann"
    with fails("MalformedPolicyDocument", f'Invalid principal in policy: "AWS":"{missing}"'):
        iam.create_role(RoleName="job", AssumeRolePolicyDocument=trust({"AWS": missing}))
    with fails("LimitExceeded", "Cannot exceed quota for ACLSizePerRole: 2048"):
        iam.create_role(RoleName="job", AssumeRolePolicyDocument=trust(Sid="x" * 2048))
    assert iam.list_roles()["Roles"] == []
    iam.create_user(UserName="ann")
    iam.create_role(RoleName="job", AssumeRolePolicyDocument=trust({"AWS": missing}))


def test_a_trust_policy_is_replaced(iam: Any) -> None:
    iam.create_role(RoleName="job", AssumeRolePolicyDocument=trust())
    other = trust({"Service": "events.amazonaws.com"})
    iam.update_assume_role_policy(RoleName="job", PolicyDocument=other)
    found = iam.get_role(RoleName="job")["Role"]["AssumeRolePolicyDocument"]
    assert found == json.loads(other)
    with fails("MalformedPolicyDocument"):
        iam.update_assume_role_policy(RoleName="job", PolicyDocument=policy(allow()))


def test_tags_and_boundaries(iam: Any) -> None:
    iam.create_role(RoleName="job", AssumeRolePolicyDocument=trust())
    iam.tag_role(RoleName="job", Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}])
    iam.untag_role(RoleName="job", TagKeys=["a"])
    assert iam.list_role_tags(RoleName="job")["Tags"] == [{"Key": "b", "Value": "2"}]
    arn = "arn:aws:iam::aws:policy/AmazonSQSFullAccess"
    iam.put_role_permissions_boundary(RoleName="job", PermissionsBoundary=arn)
    found = iam.get_role(RoleName="job")["Role"]["PermissionsBoundary"]
    assert found["PermissionsBoundaryArn"] == arn
    iam.delete_role_permissions_boundary(RoleName="job")
    assert "PermissionsBoundary" not in iam.get_role(RoleName="job")["Role"]


def test_a_role_with_policies_is_not_deleted(iam: Any) -> None:
    iam.create_role(RoleName="job", AssumeRolePolicyDocument=trust())
    arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
    iam.attach_role_policy(RoleName="job", PolicyArn=arn)
    with fails("DeleteConflict", "Cannot delete entity, must detach all policies first."):
        iam.delete_role(RoleName="job")
