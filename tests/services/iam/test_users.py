"""Users: their life, tags and boundaries."""

from __future__ import annotations

from typing import Any

from tests.services.iam.support import SignIn, allow, fails, policy

from cloudarium.pytest_plugin import CloudUnderTest


def test_a_users_life(cloud: CloudUnderTest, iam: Any) -> None:
    made = iam.create_user(UserName="ann", Path="/staff/", Tags=[{"Key": "team", "Value": "a"}])
    user = made["User"]
    assert user["Arn"] == "arn:aws:iam::000000000000:user/staff/ann"
    assert user["UserId"].startswith("AIDA") and len(user["UserId"]) == 21
    assert user["CreateDate"].timestamp() == cloud.now
    assert iam.get_user(UserName="ANN")["User"] == user
    iam.update_user(UserName="ann", NewUserName="anna", NewPath="/")
    renamed = iam.get_user(UserName="anna")["User"]
    assert renamed["Arn"] == "arn:aws:iam::000000000000:user/anna"
    assert renamed["UserId"] == user["UserId"] and renamed["Tags"] == user["Tags"]
    iam.delete_user(UserName="anna")
    with fails("NoSuchEntity", "The user with name anna cannot be found.", 404):
        iam.get_user(UserName="anna")


def test_names_are_unique_whatever_their_case(iam: Any) -> None:
    iam.create_user(UserName="ann")
    with fails("EntityAlreadyExists", "User with name Ann already exists.", 409):
        iam.create_user(UserName="Ann")
    iam.create_user(UserName="bob")
    with fails("EntityAlreadyExists"):
        iam.update_user(UserName="bob", NewUserName="ann")


def test_bad_names_and_reserved_paths_are_refused(iam: Any) -> None:
    with fails("ValidationError", status=400):
        iam.create_user(UserName="a b")
    reserved = "Paths beginning with '/aws-service-role' are reserved for AWS Service Linked Roles"
    with fails("InvalidInput", reserved, 400):
        iam.create_user(UserName="ann", Path="/aws-service-role/x/")
    assert iam.list_users()["Users"] == []


def test_lists_come_in_pages_below_a_path(iam: Any) -> None:
    for number in range(5):
        iam.create_user(UserName=f"u{number}", Path="/a/" if number % 2 else "/b/")
    first = iam.list_users(MaxItems=2)
    assert [user["UserName"] for user in first["Users"]] == ["u0", "u1"]
    assert first["IsTruncated"]
    rest = iam.list_users(Marker=first["Marker"])
    assert [user["UserName"] for user in rest["Users"]] == ["u2", "u3", "u4"]
    assert not rest["IsTruncated"] and "Marker" not in rest
    below = iam.list_users(PathPrefix="/a/")["Users"]
    assert [user["UserName"] for user in below] == ["u1", "u3"]
    pages = iam.get_paginator("list_users").paginate(PaginationConfig={"PageSize": 2})
    assert sum(len(page["Users"]) for page in pages) == 5
    with fails("ValidationError", "Invalid Marker."):
        iam.list_users(Marker="nonsense")


def test_tags(iam: Any) -> None:
    iam.create_user(UserName="ann")
    assert "Tags" not in iam.get_user(UserName="ann")["User"]
    iam.tag_user(UserName="ann", Tags=[{"Key": "b", "Value": "1"}, {"Key": "a", "Value": "2"}])
    iam.tag_user(UserName="ann", Tags=[{"Key": "B", "Value": "3"}])
    tags = iam.list_user_tags(UserName="ann")["Tags"]
    assert tags == [{"Key": "B", "Value": "3"}, {"Key": "a", "Value": "2"}]
    iam.untag_user(UserName="ann", TagKeys=["b", "missing"])
    assert iam.list_user_tags(UserName="ann")["Tags"] == [{"Key": "a", "Value": "2"}]
    with fails("InvalidInput"):
        iam.tag_user(UserName="ann", Tags=[{"Key": k, "Value": ""} for k in ("x", "X")])
    many = [{"Key": f"k{number}", "Value": ""} for number in range(50)]
    with fails("LimitExceeded", "Cannot exceed quota for TagsPerResource: 50"):
        iam.tag_user(UserName="ann", Tags=many)
    assert len(iam.list_user_tags(UserName="ann")["Tags"]) == 1


def test_a_user_is_deleted_only_when_nothing_hangs_on_it(iam: Any) -> None:
    iam.create_user(UserName="ann")
    iam.put_user_policy(UserName="ann", PolicyName="p", PolicyDocument=policy(allow()))
    with fails("DeleteConflict", "Cannot delete entity, must delete policies first.", 409):
        iam.delete_user(UserName="ann")
    iam.delete_user_policy(UserName="ann", PolicyName="p")
    arn = "arn:aws:iam::aws:policy/AmazonSQSFullAccess"
    iam.attach_user_policy(UserName="ann", PolicyArn=arn)
    with fails("DeleteConflict", "Cannot delete entity, must detach all policies first."):
        iam.delete_user(UserName="ann")
    iam.detach_user_policy(UserName="ann", PolicyArn=arn)
    key = iam.create_access_key(UserName="ann")["AccessKey"]["AccessKeyId"]
    with fails("DeleteConflict", "Cannot delete entity, must delete access keys first."):
        iam.delete_user(UserName="ann")
    iam.delete_access_key(UserName="ann", AccessKeyId=key)
    iam.create_group(GroupName="g")
    iam.add_user_to_group(GroupName="g", UserName="ann")
    with fails("DeleteConflict", "Cannot delete entity, must remove users from group first."):
        iam.delete_user(UserName="ann")
    iam.remove_user_from_group(GroupName="g", UserName="ann")
    iam.delete_user(UserName="ann")


def test_boundaries_of_users(iam: Any) -> None:
    arn = "arn:aws:iam::aws:policy/AmazonSQSFullAccess"
    made = iam.create_user(UserName="ann", PermissionsBoundary=arn)["User"]
    assert made["PermissionsBoundary"] == {
        "PermissionsBoundaryType": "Policy",
        "PermissionsBoundaryArn": arn,
    }
    iam.delete_user_permissions_boundary(UserName="ann")
    assert "PermissionsBoundary" not in iam.get_user(UserName="ann")["User"]
    with fails("NoSuchEntity"):
        iam.delete_user_permissions_boundary(UserName="ann")
    missing = "arn:aws:iam::000000000000:policy/missing"
    with fails("NoSuchEntity", f"Policy {missing} does not exist or is not attachable."):
        iam.put_user_permissions_boundary(UserName="ann", PermissionsBoundary=missing)
    iam.put_user_permissions_boundary(UserName="ann", PermissionsBoundary=arn)
    found = iam.get_user(UserName="ann")["User"]["PermissionsBoundary"]
    assert found["PermissionsBoundaryArn"] == arn


def test_a_user_need_not_name_itself(cloud: CloudUnderTest, iam: Any, sign_in: SignIn) -> None:
    mine = cloud.client("iam", credentials=sign_in("ann", allow("iam:*")))
    assert mine.get_user()["User"]["UserName"] == "ann"
    assert len(mine.list_access_keys()["AccessKeyMetadata"]) == 1
    with fails("ValidationError", "Must specify userName when calling with non-User credentials"):
        iam.get_user()


def test_accounts_are_apart(cloud: CloudUnderTest, iam: Any) -> None:
    iam.create_user(UserName="ann")
    other = cloud.client("iam", credentials=("111122223333", "test"))
    assert other.list_users()["Users"] == []
    made = other.create_user(UserName="ann")["User"]
    assert made["Arn"] == "arn:aws:iam::111122223333:user/ann"


def test_users_outlive_a_restart(cloud: CloudUnderTest, iam: Any, sign_in: SignIn) -> None:
    key = sign_in("ann", allow("iam:GetUser"))
    cloud.restart()
    assert cloud.client("iam", credentials=key).get_user()["User"]["UserName"] == "ann"
