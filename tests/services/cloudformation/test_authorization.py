"""Who may do what: on stacks, and through them."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudarium.pytest_plugin import CloudUnderTest

QUEUE = {"Resources": {"A": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "a"}}}}


def user(cloud: CloudUnderTest, name: str, *statements: dict[str, Any]) -> tuple[str, str]:
    """Make a user with a policy and return its access key."""
    iam = cloud.client("iam")
    iam.create_user(UserName=name)
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=json.dumps(document))
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return key["AccessKeyId"], key["SecretAccessKey"]


def role(cloud: CloudUnderTest, name: str, service: str, *actions: str) -> str:
    """Make a role `service` may assume and return its ARN."""
    trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    iam = cloud.client("iam")
    document = {"Version": "2012-10-17", "Statement": [trust]}
    made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(document))
    allowed = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    document = {"Version": "2012-10-17", "Statement": [allowed]}
    iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=json.dumps(document))
    return str(made["Role"]["Arn"])


def allow(*actions: str, resource: str = "*") -> dict[str, Any]:
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource}


def test_stack_operations_are_allowed_stack_by_stack(cloud: CloudUnderTest) -> None:
    arn = "arn:aws:cloudformation:us-east-1:000000000000:stack/mine/*"
    key = user(cloud, "u", allow("cloudformation:*", resource=arn), allow("sqs:*"))
    client = cloud.client("cloudformation", credentials=key)
    client.create_stack(StackName="mine", TemplateBody=json.dumps(QUEUE))
    cloud.settle()
    assert client.describe_stacks(StackName="mine")["Stacks"][0]["StackStatus"] == "CREATE_COMPLETE"
    with pytest.raises(ClientError) as refused:
        client.create_stack(StackName="yours", TemplateBody=json.dumps(QUEUE))
    assert refused.value.response["Error"]["Code"] == "AccessDenied"
    message = refused.value.response["Error"]["Message"]
    assert "is not authorized to perform: cloudformation:CreateStack on resource: " in message
    with pytest.raises(ClientError, match="cloudformation:ListStacks"):
        client.list_stacks()


def test_resources_are_made_with_the_callers_permissions(cloud: CloudUnderTest) -> None:
    key = user(cloud, "u", allow("cloudformation:*"))
    client = cloud.client("cloudformation", credentials=key)
    client.create_stack(StackName="shop", TemplateBody=json.dumps(QUEUE))
    cloud.settle()
    events = client.describe_stack_events(StackName="shop")["StackEvents"]
    (failed,) = [e for e in events if e["ResourceStatus"] == "CREATE_FAILED"]
    assert "user/u is not authorized to perform: sqs:CreateQueue" in failed["ResourceStatusReason"]
    assert failed["ResourceStatusReason"].endswith("HandlerErrorCode: AccessDenied)")
    assert events[0]["ResourceStatus"] == "ROLLBACK_COMPLETE"


def test_resources_are_made_as_the_role_a_stack_is_given(cloud: CloudUnderTest) -> None:
    arn = role(cloud, "deployer", "cloudformation.amazonaws.com", "sqs:*")
    key = user(cloud, "u", allow("cloudformation:*"), allow("iam:PassRole", resource=arn))
    client = cloud.client("cloudformation", credentials=key)
    client.create_stack(StackName="shop", TemplateBody=json.dumps(QUEUE), RoleARN=arn)
    cloud.restart()
    cloud.settle()
    stack = client.describe_stacks(StackName="shop")["Stacks"][0]
    assert (stack["StackStatus"], stack["RoleARN"]) == ("CREATE_COMPLETE", arn)
    client.delete_stack(StackName="shop")
    cloud.settle()
    assert client.describe_stacks()["Stacks"] == []


def test_a_role_must_be_passed_and_must_trust_cloudformation(cloud: CloudUnderTest) -> None:
    arn = role(cloud, "deployer", "lambda.amazonaws.com", "sqs:*")
    client = cloud.client("cloudformation", credentials=user(cloud, "u", allow("cloudformation:*")))
    with pytest.raises(ClientError, match="is not authorized to perform: iam:PassRole"):
        client.create_stack(StackName="shop", TemplateBody=json.dumps(QUEUE), RoleARN=arn)
    with pytest.raises(ClientError) as refused:
        cloud.client("cloudformation").create_stack(
            StackName="shop", TemplateBody=json.dumps(QUEUE), RoleARN=arn
        )
    assert refused.value.response["Error"]["Message"] == (
        f"Role {arn} is invalid or cannot be assumed"
    )


def test_a_template_is_read_with_the_callers_permissions(cloud: CloudUnderTest) -> None:
    cloud.client("s3").create_bucket(Bucket="templates")
    cloud.client("s3").put_object(Bucket="templates", Key="t", Body=json.dumps(QUEUE).encode())
    client = cloud.client("cloudformation", credentials=user(cloud, "u", allow("cloudformation:*")))
    with pytest.raises(ClientError, match=r"S3 error: .*s3:GetObject"):
        client.validate_template(TemplateURL="http://localhost:4566/templates/t")


def test_a_role_that_goes_away_ends_the_operation(
    cloud: CloudUnderTest, stacks: Any, things: Any
) -> None:
    arn = role(cloud, "deployer", "cloudformation.amazonaws.com", "sqs:*")
    resource = {"Type": "Test::A::Thing", "Properties": {"Name": "a", "Size": 1}}
    stacks.create("shop", {"A": resource}, RoleARN=arn)
    things.ready = False
    stacks.update("shop", {"A": {**resource, "Properties": {"Name": "a", "Size": 2}}})
    iam = cloud.client("iam")
    iam.delete_role_policy(RoleName="deployer", PolicyName="p")
    iam.delete_role(RoleName="deployer")
    cloud.advance(5)
    stack = stacks.described("shop")
    assert stack["StackStatus"] == "UPDATE_ROLLBACK_FAILED"
    assert "deployer" in stack["StackStatusReason"]


def test_change_sets_are_an_accounts_own(cloud: CloudUnderTest, stacks: Any) -> None:
    made = stacks.client.create_change_set(
        StackName="shop",
        ChangeSetName="c",
        ChangeSetType="CREATE",
        TemplateBody=json.dumps(QUEUE),
    )
    somebody = cloud.client("cloudformation", credentials=("111111111111", "test"))
    with pytest.raises(ClientError) as refused:
        somebody.describe_change_set(ChangeSetName=made["Id"])
    assert refused.value.response["Error"]["Code"] in ("ChangeSetNotFound", "AccessDenied")


def test_a_policy_for_one_update_needs_to_be_allowed(cloud: CloudUnderTest) -> None:
    key = user(cloud, "u", allow("cloudformation:UpdateStack", "cloudformation:CreateStack"))
    client = cloud.client("cloudformation", credentials=key)
    template = {"StackName": "shop", "TemplateBody": json.dumps(QUEUE)}
    client.create_stack(**template, StackPolicyBody="{}")
    cloud.settle()
    with pytest.raises(ClientError, match="cloudformation:SetStackPolicy"):
        client.update_stack(**template, StackPolicyDuringUpdateBody="{}")
