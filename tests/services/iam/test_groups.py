"""Groups: their life and their users."""

from __future__ import annotations

from typing import Any

from tests.services.iam.support import allow, fails, policy


def test_a_groups_life(iam: Any) -> None:
    group = iam.create_group(GroupName="devs", Path="/x/")["Group"]
    assert group["Arn"] == "arn:aws:iam::000000000000:group/x/devs"
    assert group["GroupId"].startswith("AGPA")
    assert iam.list_groups()["Groups"] == [group]
    assert iam.list_groups(PathPrefix="/y/")["Groups"] == []
    iam.update_group(GroupName="devs", NewGroupName="ops", NewPath="/")
    found = iam.get_group(GroupName="ops")
    assert found["Group"]["Arn"] == "arn:aws:iam::000000000000:group/ops"
    assert found["Users"] == [] and not found["IsTruncated"]
    with fails("EntityAlreadyExists", "Group with name OPS already exists."):
        iam.create_group(GroupName="OPS")
    iam.delete_group(GroupName="ops")
    with fails("NoSuchEntity", "The group with name ops cannot be found."):
        iam.get_group(GroupName="ops")


def test_users_come_and_go(iam: Any) -> None:
    iam.create_group(GroupName="devs")
    for name in ("ann", "bob"):
        iam.create_user(UserName=name)
        iam.add_user_to_group(GroupName="devs", UserName=name)
    iam.add_user_to_group(GroupName="devs", UserName="ann")
    users = iam.get_group(GroupName="devs", MaxItems=1)
    assert [user["UserName"] for user in users["Users"]] == ["ann"] and users["IsTruncated"]
    groups = iam.list_groups_for_user(UserName="bob")["Groups"]
    assert [group["GroupName"] for group in groups] == ["devs"]
    iam.remove_user_from_group(GroupName="devs", UserName="bob")
    assert iam.list_groups_for_user(UserName="bob")["Groups"] == []
    with fails("NoSuchEntity"):
        iam.remove_user_from_group(GroupName="devs", UserName="bob")
    with fails("DeleteConflict", "Cannot delete entity, must remove users from group first."):
        iam.delete_group(GroupName="devs")


def test_a_user_is_in_ten_groups_at_most(iam: Any) -> None:
    iam.create_user(UserName="ann")
    for number in range(11):
        iam.create_group(GroupName=f"g{number}")
    for number in range(10):
        iam.add_user_to_group(GroupName=f"g{number}", UserName="ann")
    with fails("LimitExceeded", "Cannot exceed quota for GroupsPerUser: 10"):
        iam.add_user_to_group(GroupName="g10", UserName="ann")
    iam.add_user_to_group(GroupName="g9", UserName="ann")


def test_a_group_with_policies_is_not_deleted(iam: Any) -> None:
    iam.create_group(GroupName="devs")
    iam.put_group_policy(GroupName="devs", PolicyName="p", PolicyDocument=policy(allow()))
    with fails("DeleteConflict", "Cannot delete entity, must delete policies first."):
        iam.delete_group(GroupName="devs")
