"""IAM's CloudFormation resource types, in stacks."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.services.iam.support import allow, fails, policy, trust

from cloudarium.pytest_plugin import CloudUnderTest

Deploy = Callable[..., dict[str, Any]]


def _document(text: str) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(text)
    return parsed


@pytest.fixture
def deploy(cloud: CloudUnderTest) -> Deploy:
    """Creates or updates the stack `s` from resources; gives its outputs and status."""
    cloudformation = cloud.client("cloudformation")

    def deploy(outputs: dict[str, Any] | None = None, **resources: Any) -> dict[str, Any]:
        template: dict[str, Any] = {"Resources": resources}
        if outputs:
            template["Outputs"] = {name: {"Value": value} for name, value in outputs.items()}
        stacks = cloudformation.describe_stacks()["Stacks"]
        act = cloudformation.update_stack if stacks else cloudformation.create_stack
        act(
            StackName="s",
            TemplateBody=json.dumps(template),
            Capabilities=["CAPABILITY_NAMED_IAM"],
        )
        cloud.settle()
        (stack,) = cloudformation.describe_stacks(StackName="s")["Stacks"]
        found = {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", [])}
        return {"status": stack["StackStatus"], **found}

    return deploy


@pytest.fixture
def undeploy(cloud: CloudUnderTest) -> Callable[[], None]:
    """Deletes the stack `s`."""

    def undeploy() -> None:
        cloud.client("cloudformation").delete_stack(StackName="s")
        cloud.settle()

    return undeploy


def _role(**properties: Any) -> dict[str, Any]:
    trusted = {"AssumeRolePolicyDocument": _document(trust())}
    return {"Type": "AWS::IAM::Role", "Properties": {**trusted, **properties}}


SQS = "arn:aws:iam::aws:policy/AmazonSQSFullAccess"
SNS = "arn:aws:iam::aws:policy/AmazonSNSFullAccess"


def _inline(name: str, action: str) -> dict[str, Any]:
    return {"PolicyName": name, "PolicyDocument": _document(policy(allow(action)))}


def _without_version(name: str, action: str) -> dict[str, Any]:
    """Return an inline policy as the Serverless Application Model's policy templates give it."""
    return {"PolicyName": name, "PolicyDocument": {"Statement": [allow(action)]}}


def test_a_role(iam: Any, deploy: Deploy, undeploy: Callable[[], None]) -> None:
    outputs = {
        "Name": {"Ref": "Job"},
        "Arn": {"Fn::GetAtt": ["Job", "Arn"]},
        "Id": {"Fn::GetAtt": ["Job", "RoleId"]},
    }
    made = deploy(
        outputs,
        Job=_role(
            Policies=[_inline("a", "sqs:*"), _without_version("b", "sns:*")],
            ManagedPolicyArns=[SQS],
            Tags=[{"Key": "x", "Value": "1"}],
            MaxSessionDuration="7200",
            PermissionsBoundary=SNS,
        ),
    )
    assert made["status"] == "CREATE_COMPLETE"
    role = iam.get_role(RoleName=made["Name"])["Role"]
    assert (role["Arn"], role["RoleId"]) == (made["Arn"], made["Id"])
    assert made["Name"].startswith("s-Job-") and role["MaxSessionDuration"] == 7200
    assert role["Tags"] == [{"Key": "x", "Value": "1"}]
    updated = deploy(
        outputs,
        Job=_role(
            Policies=[_inline("b", "events:*"), _inline("c", "sns:*")],
            ManagedPolicyArns=[SNS],
            Tags=[{"Key": "y", "Value": "2"}],
            Description="new",
        ),
    )
    assert updated == {**made, "status": "UPDATE_COMPLETE"}
    role = iam.get_role(RoleName=made["Name"])["Role"]
    assert role["Description"] == "new" and role["MaxSessionDuration"] == 3600
    assert role["Tags"] == [{"Key": "y", "Value": "2"}] and "PermissionsBoundary" not in role
    assert iam.list_role_policies(RoleName=made["Name"])["PolicyNames"] == ["b", "c"]
    attached = iam.list_attached_role_policies(RoleName=made["Name"])["AttachedPolicies"]
    assert [each["PolicyArn"] for each in attached] == [SNS]
    document = iam.get_role_policy(RoleName=made["Name"], PolicyName="b")["PolicyDocument"]
    assert document["Statement"][0]["Action"] == "events:*"
    undeploy()
    with fails("NoSuchEntity"):
        iam.get_role(RoleName=made["Name"])


def test_a_role_that_cannot_be_made_leaves_nothing(iam: Any, deploy: Deploy) -> None:
    broken = {"PolicyName": "a", "PolicyDocument": {"Version": "2012-10-17"}}
    made = deploy(Job=_role(RoleName="job", ManagedPolicyArns=[SQS], Policies=[broken]))
    assert made["status"] == "ROLLBACK_COMPLETE"
    with fails("NoSuchEntity"):
        iam.get_role(RoleName="job")


def test_a_renamed_role_is_another_role(iam: Any, deploy: Deploy) -> None:
    deploy(Job=_role(RoleName="one"))
    deploy(Job=_role(RoleName="two"))
    assert [role["RoleName"] for role in iam.list_roles()["Roles"]] == ["two"]


def test_users_groups_and_keys(
    cloud: CloudUnderTest, iam: Any, deploy: Deploy, undeploy: Callable[[], None]
) -> None:
    def resources(status: str, members: list[Any], path: str) -> dict[str, Any]:
        return {
            "Ann": {
                "Type": "AWS::IAM::User",
                "Properties": {
                    "UserName": "ann",
                    "Path": path,
                    "Groups": [{"Ref": "Devs"}],
                    "Policies": [_inline("p", "iam:GetUser")],
                },
            },
            "Devs": {
                "Type": "AWS::IAM::Group",
                "Properties": {"GroupName": "devs", "Path": path, "ManagedPolicyArns": [SQS]},
            },
            "Ops": {"Type": "AWS::IAM::Group"},
            "Key": {
                "Type": "AWS::IAM::AccessKey",
                "Properties": {"UserName": {"Ref": "Ann"}, "Status": status},
            },
            "Joining": {
                "Type": "AWS::IAM::UserToGroupAddition",
                "Properties": {"GroupName": {"Ref": "Ops"}, "Users": members},
            },
        }

    outputs = {
        "Key": {"Ref": "Key"},
        "Secret": {"Fn::GetAtt": ["Key", "SecretAccessKey"]},
        "Ops": {"Ref": "Ops"},
        "User": {"Fn::GetAtt": ["Ann", "Arn"]},
        "Group": {"Fn::GetAtt": ["Devs", "Arn"]},
    }
    made = deploy(outputs, **resources("Active", [{"Ref": "Ann"}], "/"))
    assert made["status"] == "CREATE_COMPLETE"
    assert made["User"].endswith(":user/ann") and made["Group"].endswith(":group/devs")
    groups = iam.list_groups_for_user(UserName="ann")["Groups"]
    assert {group["GroupName"] for group in groups} == {"devs", made["Ops"]}
    mine = cloud.client("iam", credentials=(made["Key"], made["Secret"]))
    assert mine.get_user()["User"]["Arn"] == made["User"]
    del outputs["Secret"]
    updated = deploy(outputs, **resources("Inactive", [], "/x/"))
    assert updated["status"] == "UPDATE_COMPLETE" and updated["Key"] == made["Key"]
    assert updated["User"].endswith(":user/x/ann")
    with fails("InvalidClientTokenId"):
        mine.get_user()
    assert iam.get_group(GroupName=made["Ops"])["Users"] == []
    undeploy()
    assert iam.list_users()["Users"] == [] and iam.list_groups()["Groups"] == []


def test_policies(iam: Any, deploy: Deploy, undeploy: Callable[[], None]) -> None:
    for name in ("one", "two"):
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust())

    def resources(name: str, roles: list[str], action: str) -> dict[str, Any]:
        document = _document(policy(allow(action)))
        return {
            "Inline": {
                "Type": "AWS::IAM::Policy",
                "Properties": {"PolicyName": name, "PolicyDocument": document, "Roles": roles},
            },
            "Managed": {
                "Type": "AWS::IAM::ManagedPolicy",
                "Properties": {
                    "ManagedPolicyName": "m",
                    "PolicyDocument": document,
                    "Roles": roles,
                },
            },
        }

    outputs = {
        "Arn": {"Ref": "Managed"},
        "Version": {"Fn::GetAtt": ["Managed", "DefaultVersionId"]},
    }
    made = deploy(outputs, **resources("p", ["one"], "sqs:*"))
    assert made == {
        "status": "CREATE_COMPLETE",
        "Arn": "arn:aws:iam::000000000000:policy/m",
        "Version": "v1",
    }
    assert iam.list_role_policies(RoleName="one")["PolicyNames"] == ["p"]
    for number in range(2, 8):
        updated = deploy(outputs, **resources(f"p{number}", ["two"], f"sqs:Get{number}"))
        assert updated == {**made, "status": "UPDATE_COMPLETE", "Version": f"v{number}"}
    assert len(iam.list_policy_versions(PolicyArn=made["Arn"])["Versions"]) == 5
    assert iam.list_role_policies(RoleName="one")["PolicyNames"] == []
    assert iam.list_role_policies(RoleName="two")["PolicyNames"] == ["p7"]
    assert iam.list_attached_role_policies(RoleName="one")["AttachedPolicies"] == []
    assert len(iam.list_attached_role_policies(RoleName="two")["AttachedPolicies"]) == 1
    undeploy()
    assert iam.list_role_policies(RoleName="two")["PolicyNames"] == []
    with fails("NoSuchEntity"):
        iam.get_policy(PolicyArn=made["Arn"])


def test_an_instance_profile(iam: Any, deploy: Deploy, undeploy: Callable[[], None]) -> None:
    def profile(role: str) -> dict[str, Any]:
        return {"Type": "AWS::IAM::InstanceProfile", "Properties": {"Roles": [{"Ref": role}]}}

    roles = {"One": _role(RoleName="one"), "Two": _role(RoleName="two")}
    outputs = {"Name": {"Ref": "Web"}, "Arn": {"Fn::GetAtt": ["Web", "Arn"]}}
    made = deploy(outputs, **roles, Web=profile("One"))
    found = iam.get_instance_profile(InstanceProfileName=made["Name"])["InstanceProfile"]
    assert made["Arn"] == found["Arn"]
    assert [role["RoleName"] for role in found["Roles"]] == ["one"]
    deploy(outputs, **roles, Web=profile("Two"))
    (found,) = iam.list_instance_profiles_for_role(RoleName="two")["InstanceProfiles"]
    assert found["InstanceProfileName"] == made["Name"]
    undeploy()
    assert iam.list_instance_profiles()["InstanceProfiles"] == []


def test_a_users_password(iam: Any, deploy: Deploy, undeploy: Callable[[], None]) -> None:
    def user(**properties: Any) -> dict[str, Any]:
        return {"Type": "AWS::IAM::User", "Properties": {"UserName": "ann", **properties}}

    password = {"Password": "Correct1horse", "PasswordResetRequired": "true"}
    deploy(Ann=user(LoginProfile=password))
    assert iam.get_login_profile(UserName="ann")["LoginProfile"]["PasswordResetRequired"]
    deploy(Ann=user())
    with fails("NoSuchEntity"):
        iam.get_login_profile(UserName="ann")
    deploy(Ann=user(LoginProfile=password))
    undeploy()
    assert iam.list_users()["Users"] == []
