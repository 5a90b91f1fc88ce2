"""Service-linked roles."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

from cloudarium.pytest_plugin import CloudUnderTest

SERVICE = "dynamodb.application-autoscaling.amazonaws.com"


def test_a_service_linked_role_is_made_once(cloud: CloudUnderTest) -> None:
    iam = cloud.client("iam")
    role = iam.create_service_linked_role(AWSServiceName=SERVICE)["Role"]
    name = "AWSServiceRoleForApplicationAutoScaling_DynamoDBTable"
    assert role["Arn"] == f"arn:aws:iam::{cloud.account}:role/aws-service-role/{SERVICE}/{name}"
    trust = role["AssumeRolePolicyDocument"]["Statement"][0]
    assert trust["Principal"] == {"Service": SERVICE}
    (policy,) = iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]
    assert policy["PolicyName"] == "AWSApplicationAutoscalingDynamoDBTablePolicy"
    with pytest.raises(ClientError, match="has been taken in this account") as caught:
        iam.create_service_linked_role(AWSServiceName=SERVICE)
    assert caught.value.response["Error"]["Code"] == "InvalidInput"


def test_other_service_linked_roles_are_refused(cloud: CloudUnderTest) -> None:
    iam = cloud.client("iam")
    with pytest.raises(ClientError, match="not supported"):
        iam.create_service_linked_role(AWSServiceName="ecs.amazonaws.com")
    with pytest.raises(ClientError, match="ecs is not a valid AWS service name"):
        iam.create_service_linked_role(AWSServiceName="ecs")
    with pytest.raises(ClientError, match="Custom suffix is not allowed"):
        iam.create_service_linked_role(AWSServiceName=SERVICE, CustomSuffix="mine")


def test_the_right_to_make_one_is_asked_for_by_its_arn(cloud: CloudUnderTest) -> None:
    iam = cloud.client("iam")
    iam.create_user(UserName="ann")
    key = iam.create_access_key(UserName="ann")["AccessKey"]
    ann = cloud.client("iam", credentials=(key["AccessKeyId"], key["SecretAccessKey"]))
    with pytest.raises(ClientError, match="role/aws-service-role/dynamodb"):
        ann.create_service_linked_role(AWSServiceName=SERVICE)
    allow = {
        "Effect": "Allow",
        "Action": "iam:CreateServiceLinkedRole",
        "Resource": "*",
        "Condition": {"StringLike": {"iam:AWSServiceName": SERVICE}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    iam.put_user_policy(UserName="ann", PolicyName="p", PolicyDocument=policy)
    ann.create_service_linked_role(AWSServiceName=SERVICE)
