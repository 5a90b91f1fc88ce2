"""SQS's CloudFormation resource types, in real stacks."""

from __future__ import annotations

import json
from typing import Any

from cloudarium.pytest_plugin import CloudUnderTest


def template(delay: int, *, policy: bool = True) -> str:
    """A queue with a delay, and perhaps a policy for it."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": {"Fn::GetAtt": ["Queue", "Arn"]},
    }
    resources: dict[str, Any] = {
        "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"DelaySeconds": delay}}
    }
    if policy:
        resources["Policy"] = {
            "Type": "AWS::SQS::QueuePolicy",
            "Properties": {
                "Queues": [{"Ref": "Queue"}],
                "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]},
            },
        }
    outputs = {"Url": {"Value": {"Ref": "Queue"}}}
    return json.dumps({"Resources": resources, "Outputs": outputs})


def status(cloud: CloudUnderTest) -> str:
    """The status of the stack `s`, at rest."""
    cloud.settle()
    stack = cloud.client("cloudformation").describe_stacks(StackName="s")["Stacks"][0]
    return str(stack["StackStatus"])


def test_a_queue_and_its_policy_are_made_changed_and_removed(cloud: CloudUnderTest) -> None:
    cloudformation, sqs = cloud.client("cloudformation"), cloud.client("sqs")
    cloudformation.create_stack(StackName="s", TemplateBody=template(5))
    assert status(cloud) == "CREATE_COMPLETE"
    (output,) = cloudformation.describe_stacks(StackName="s")["Stacks"][0]["Outputs"]
    url = output["OutputValue"]

    def shown(name: str) -> str | None:
        answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[name])
        value: str | None = answer.get("Attributes", {}).get(name)
        return value

    assert shown("DelaySeconds") == "5"
    assert "sns.amazonaws.com" in (shown("Policy") or "")

    cloudformation.update_stack(StackName="s", TemplateBody=template(7, policy=False))
    assert status(cloud) == "UPDATE_COMPLETE"
    assert shown("DelaySeconds") == "7"
    assert shown("Policy") is None

    cloudformation.delete_stack(StackName="s")
    cloud.settle()
    assert "QueueUrls" not in sqs.list_queues()


def test_an_update_that_cannot_be_is_rolled_back(cloud: CloudUnderTest) -> None:
    cloudformation, sqs = cloud.client("cloudformation"), cloud.client("sqs")
    cloudformation.create_stack(StackName="s", TemplateBody=template(5))
    assert status(cloud) == "CREATE_COMPLETE"
    cloudformation.update_stack(StackName="s", TemplateBody=template(10_000))
    assert status(cloud) == "UPDATE_ROLLBACK_COMPLETE"
    (url,) = sqs.list_queues()["QueueUrls"]
    shown = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["DelaySeconds"])
    assert shown["Attributes"] == {"DelaySeconds": "5"}
