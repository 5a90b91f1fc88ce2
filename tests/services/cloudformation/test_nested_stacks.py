"""Stacks in stacks."""

import json
from typing import Any

import pytest

from cloudarium.pytest_plugin import CloudUnderTest

URL = "https://templates.s3.us-east-1.amazonaws.com/inner.json"


@pytest.fixture(autouse=True)
def bucket(cloud: CloudUnderTest) -> None:
    cloud.client("s3").create_bucket(Bucket="templates")


def inner(cloud: CloudUnderTest, **properties: Any) -> None:
    """Put the inner template, a queue, where the outer one points."""
    template = {
        "Parameters": {"Name": {"Type": "String"}},
        "Resources": {
            "Q": {
                "Type": "AWS::SQS::Queue",
                "Properties": {"QueueName": {"Ref": "Name"}, **properties},
            }
        },
        "Outputs": {"Url": {"Value": {"Ref": "Q"}}},
    }
    body = json.dumps(template).encode()
    cloud.client("s3").put_object(Bucket="templates", Key="inner.json", Body=body)


def outer(name: str = "inner-queue") -> dict[str, Any]:
    return {
        "Inner": {
            "Type": "AWS::CloudFormation::Stack",
            "Properties": {"TemplateURL": URL, "Parameters": {"Name": name}},
        }
    }


OUTPUTS = {"Url": {"Value": {"Fn::GetAtt": ["Inner", "Outputs.Url"]}}}


def test_a_nested_stack_comes_changes_and_goes(cloud: CloudUnderTest, stacks: Any) -> None:
    inner(cloud)
    stacks.create("shop", outer(), Outputs=dict(OUTPUTS), Tags=[{"Key": "team", "Value": "a"}])
    cloud.advance(5)
    stack = stacks.described("shop")
    assert stack["StackStatus"] == "CREATE_COMPLETE"
    assert stack["Outputs"][0]["OutputValue"].endswith("/inner-queue")
    nested = stacks.described(stacks.physical_ids("shop")["Inner"])
    assert nested["StackName"].startswith("shop-Inner-")
    assert nested["ParentId"] == stack["StackId"]
    assert nested["Tags"] == [{"Key": "team", "Value": "a"}]
    stacks.update("shop", outer("renamed"), Outputs=dict(OUTPUTS))
    cloud.advance(5)
    assert stacks.described("shop")["Outputs"][0]["OutputValue"].endswith("/renamed")
    assert stacks.physical_ids("shop")["Inner"] == nested["StackId"]
    stacks.client.delete_stack(StackName="shop")
    cloud.advance(5)
    assert stacks.client.describe_stacks()["Stacks"] == []
    assert "QueueUrls" not in cloud.client("sqs").list_queues()


def test_a_nested_stack_that_fails_fails_its_parent(cloud: CloudUnderTest, stacks: Any) -> None:
    inner(cloud, DelaySeconds=-1)
    stacks.create("shop", outer())
    cloud.advance(5)
    assert stacks.described("shop")["StackStatus"] == "ROLLBACK_COMPLETE"
    (reason,) = [r for name, s, r in stacks.events("shop") if s == "CREATE_FAILED"]
    assert reason.startswith("Embedded stack arn:aws:cloudformation:us-east-1:000000000000:stack/")
    assert " was not successfully created: " in reason
    assert [s["StackName"] for s in stacks.client.describe_stacks()["Stacks"]] == ["shop"]
