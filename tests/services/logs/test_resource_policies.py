"""Resource policies: which services may write to log groups."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudarium.pytest_plugin import CloudUnderTest


def document(resource: str = "*", service: str = "events.amazonaws.com") -> str:
    """Return a policy that lets a service write to log groups."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": resource,
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def refused(call: Any, **params: Any) -> tuple[str, str]:
    """The code and message of the error that a call gets."""
    with pytest.raises(ClientError) as caught:
        call(**params)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def test_policies_are_put_listed_and_deleted(cloud: CloudUnderTest) -> None:
    logs = cloud.client("logs")
    made = logs.put_resource_policy(policyName="b", policyDocument=document())["resourcePolicy"]
    assert (made["policyName"], made["policyDocument"]) == ("b", document())
    logs.put_resource_policy(policyName="a", policyDocument=document())
    replaced = document("arn:aws:logs:us-east-1:000000000000:log-group:/aws/events/*:*")
    logs.put_resource_policy(policyName="b", policyDocument=replaced)
    first = logs.describe_resource_policies(limit=1)
    assert [policy["policyName"] for policy in first["resourcePolicies"]] == ["a"]
    second = logs.describe_resource_policies(limit=1, nextToken=first["nextToken"])
    assert [policy["policyDocument"] for policy in second["resourcePolicies"]] == [replaced]
    logs.delete_resource_policy(policyName="b")
    assert refused(logs.delete_resource_policy, policyName="b") == (
        "ResourceNotFoundException",
        "Policy with name [b] does not exist",
    )


def test_an_account_has_ten_policies(cloud: CloudUnderTest) -> None:
    logs = cloud.client("logs")
    for number in range(10):
        logs.put_resource_policy(policyName=f"p{number}", policyDocument=document())
    code, _ = refused(logs.put_resource_policy, policyName="p10", policyDocument=document())
    assert code == "LimitExceededException"
    logs.put_resource_policy(policyName="p9", policyDocument=document())


def test_what_is_no_policy_is_refused(cloud: CloudUnderTest) -> None:
    logs = cloud.client("logs")
    for wrong in (
        {"policyName": "p", "policyDocument": "{"},
        {"policyName": "p", "policyDocument": "[]"},
        {"policyName": "p"},
        {"policyDocument": document()},
    ):
        code, _ = refused(logs.put_resource_policy, **wrong)
        assert code == "InvalidParameterException"


def test_a_stack_has_a_policy(cloud: CloudUnderTest) -> None:
    cloudformation, logs = cloud.client("cloudformation"), cloud.client("logs")
    policy = {"PolicyName": "p", "PolicyDocument": document()}
    template = {"Resources": {"P": {"Type": "AWS::Logs::ResourcePolicy", "Properties": policy}}}
    cloudformation.create_stack(StackName="s", TemplateBody=json.dumps(template))
    cloud.settle()
    (found,) = logs.describe_resource_policies()["resourcePolicies"]
    assert found["policyName"] == "p"
    cloudformation.delete_stack(StackName="s")
    cloud.settle()
    assert logs.describe_resource_policies()["resourcePolicies"] == []
