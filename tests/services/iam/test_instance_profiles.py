"""Instance profiles: their life and the role they hold."""

from __future__ import annotations

from typing import Any

from tests.services.iam.support import allow, fails, policy, trust

from cloudarium.pytest_plugin import CloudUnderTest


def test_an_instance_profiles_life(iam: Any) -> None:
    profile = iam.create_instance_profile(
        InstanceProfileName="web", Path="/x/", Tags=[{"Key": "a", "Value": "b"}]
    )["InstanceProfile"]
    assert profile["Arn"] == "arn:aws:iam::000000000000:instance-profile/x/web"
    assert profile["InstanceProfileId"].startswith("AIPA") and profile["Roles"] == []
    assert iam.get_instance_profile(InstanceProfileName="web")["InstanceProfile"] == profile
    del profile["Tags"]
    assert iam.list_instance_profiles()["InstanceProfiles"] == [profile]
    assert iam.list_instance_profiles(PathPrefix="/y/")["InstanceProfiles"] == []
    iam.tag_instance_profile(InstanceProfileName="web", Tags=[{"Key": "c", "Value": "d"}])
    iam.untag_instance_profile(InstanceProfileName="web", TagKeys=["a"])
    tags = iam.list_instance_profile_tags(InstanceProfileName="web")["Tags"]
    assert tags == [{"Key": "c", "Value": "d"}]
    with fails("EntityAlreadyExists", "Instance Profile web already exists."):
        iam.create_instance_profile(InstanceProfileName="web")
    iam.delete_instance_profile(InstanceProfileName="web")
    with fails("NoSuchEntity", "Instance Profile web cannot be found."):
        iam.get_instance_profile(InstanceProfileName="web")


def test_it_holds_one_role(iam: Any) -> None:
    iam.create_instance_profile(InstanceProfileName="web")
    for name in ("one", "two"):
        iam.create_role(
            RoleName=name, AssumeRolePolicyDocument=trust({"Service": "ec2.amazonaws.com"})
        )
    assert iam.list_instance_profiles_for_role(RoleName="one")["InstanceProfiles"] == []
    iam.add_role_to_instance_profile(InstanceProfileName="web", RoleName="one")
    with fails("LimitExceeded", "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1"):
        iam.add_role_to_instance_profile(InstanceProfileName="web", RoleName="two")
    (found,) = iam.list_instance_profiles_for_role(RoleName="one")["InstanceProfiles"]
    assert [role["RoleName"] for role in found["Roles"]] == ["one"]
    details = iam.get_account_authorization_details(Filter=["Role"])["RoleDetailList"]
    assert [role["InstanceProfileList"] for role in details] == [[found], []]
    assert iam.get_account_summary()["SummaryMap"]["InstanceProfiles"] == 1
    message = "Cannot delete entity, must remove roles from instance profile first."
    with fails("DeleteConflict", message):
        iam.delete_role(RoleName="one")
    with fails("DeleteConflict", message):
        iam.delete_instance_profile(InstanceProfileName="web")
    with fails("NoSuchEntity"):
        iam.remove_role_from_instance_profile(InstanceProfileName="web", RoleName="two")
    iam.remove_role_from_instance_profile(InstanceProfileName="web", RoleName="one")
    iam.delete_role(RoleName="one")


def test_the_role_has_to_be_passed(cloud: CloudUnderTest, iam: Any) -> None:
    iam.create_instance_profile(InstanceProfileName="web")
    iam.create_role(
        RoleName="one", AssumeRolePolicyDocument=trust({"Service": "ec2.amazonaws.com"})
    )
    iam.create_user(UserName="ann")
    rights = policy(allow("iam:AddRoleToInstanceProfile"))
    iam.put_user_policy(UserName="ann", PolicyName="p", PolicyDocument=rights)
    key = iam.create_access_key(UserName="ann")["AccessKey"]
    ann = cloud.client("iam", credentials=(key["AccessKeyId"], key["SecretAccessKey"]))
    with fails("AccessDenied"):
        ann.add_role_to_instance_profile(InstanceProfileName="web", RoleName="one")
    passing = policy(allow("iam:AddRoleToInstanceProfile"), allow("iam:PassRole"))
    iam.put_user_policy(UserName="ann", PolicyName="p", PolicyDocument=passing)
    ann.add_role_to_instance_profile(InstanceProfileName="web", RoleName="one")
