"""The account: its alias, its summary, all its authorization details."""

from __future__ import annotations

import json
from typing import Any

from tests.services.iam.support import allow, fails, policy, trust


def test_the_account_has_one_alias(iam: Any) -> None:
    assert iam.list_account_aliases()["AccountAliases"] == []
    iam.create_account_alias(AccountAlias="first")
    iam.create_account_alias(AccountAlias="second")
    assert iam.list_account_aliases()["AccountAliases"] == ["second"]
    with fails("EntityAlreadyExists", "The account alias second already exists.", 409):
        iam.create_account_alias(AccountAlias="second")
    iam.delete_account_alias(AccountAlias="second")
    with fails("NoSuchEntity", "The account alias with name second cannot be found.", 404):
        iam.delete_account_alias(AccountAlias="second")


def test_the_summary_counts(iam: Any) -> None:
    iam.create_user(UserName="ann")
    iam.create_role(RoleName="job", AssumeRolePolicyDocument=trust())
    iam.create_policy(PolicyName="p", PolicyDocument=policy(allow()))
    found = iam.get_account_summary()["SummaryMap"]
    assert (found["Users"], found["Groups"], found["Roles"], found["Policies"]) == (1, 0, 1, 1)
    assert found["AccessKeysPerUserQuota"] == 2 and found["PolicyVersionsInUse"] == 1


def test_authorization_details(iam: Any) -> None:
    document = policy(allow("sqs:*"))
    aws = "arn:aws:iam::aws:policy/AmazonSQSFullAccess"
    own = iam.create_policy(PolicyName="p", PolicyDocument=document)["Policy"]["Arn"]
    iam.create_group(GroupName="devs")
    iam.create_user(UserName="ann", PermissionsBoundary=own)
    iam.add_user_to_group(GroupName="devs", UserName="ann")
    iam.put_user_policy(UserName="ann", PolicyName="i", PolicyDocument=document)
    iam.create_role(RoleName="job", AssumeRolePolicyDocument=trust())
    iam.attach_role_policy(RoleName="job", PolicyArn=aws)
    found = iam.get_account_authorization_details()
    (user,) = found["UserDetailList"]
    assert user["GroupList"] == ["devs"]
    assert user["UserPolicyList"] == [{"PolicyName": "i", "PolicyDocument": json.loads(document)}]
    assert user["PermissionsBoundary"]["PermissionsBoundaryArn"] == own
    (role,) = found["RoleDetailList"]
    assert role["AssumeRolePolicyDocument"] == json.loads(trust())
    assert role["AttachedManagedPolicies"] == [
        {"PolicyName": "AmazonSQSFullAccess", "PolicyArn": aws}
    ]
    assert [group["GroupName"] for group in found["GroupDetailList"]] == ["devs"]
    assert {each["Arn"] for each in found["Policies"]} == {own, aws}
    version = next(each for each in found["Policies"] if each["Arn"] == own)
    assert version["PolicyVersionList"][0]["Document"] == json.loads(document)
    users = iam.get_account_authorization_details(Filter=["User"])
    assert len(users["UserDetailList"]) == 1 and users["Policies"] == []
    pages = iam.get_paginator("get_account_authorization_details").paginate(
        PaginationConfig={"PageSize": 2}
    )
    names = ("UserDetailList", "RoleDetailList", "GroupDetailList", "Policies")
    assert [sum(len(page[name]) for name in names) for page in pages] == [2, 2, 1]
