"""DeleteStack and what protects from it."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudarium.pytest_plugin import CloudUnderTest


def queue(**properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::SQS::Queue", "Properties": properties}


def thing(**properties: Any) -> dict[str, Any]:
    return {"Type": "Test::A::Thing", "Properties": properties}


def test_resources_go_before_those_they_were_made_after(cloud: CloudUnderTest, stacks: Any) -> None:
    stack = stacks.create("shop", {"A": queue(), "B": {**queue(), "DependsOn": "A"}})
    stacks.client.delete_stack(StackName="shop")
    cloud.settle()
    with pytest.raises(ClientError, match="Stack with id shop does not exist"):
        stacks.described("shop")
    assert [e[:2] for e in stacks.events(stack["StackId"])[8:]] == [
        ("shop", "DELETE_IN_PROGRESS"),
        ("B", "DELETE_IN_PROGRESS"),
        ("B", "DELETE_COMPLETE"),
        ("A", "DELETE_IN_PROGRESS"),
        ("A", "DELETE_COMPLETE"),
        ("shop", "DELETE_COMPLETE"),
    ]
    deleted = stacks.described(stack["StackId"])
    assert deleted["StackStatus"] == "DELETE_COMPLETE"
    assert "DeletionTime" in deleted
    assert "QueueUrls" not in cloud.client("sqs").list_queues()


def test_what_does_not_exist_counts_as_deleted(stacks: Any) -> None:
    stacks.client.delete_stack(StackName="none")


def test_protected_stacks_are_not_deleted(stacks: Any) -> None:
    stacks.create("shop", {"A": queue()}, EnableTerminationProtection=True)
    with pytest.raises(ClientError) as refused:
        stacks.client.delete_stack(StackName="shop")
    assert refused.value.response["Error"]["Message"] == (
        "Stack [shop] cannot be deleted while TerminationProtection is enabled"
    )
    stacks.client.update_termination_protection(StackName="shop", EnableTerminationProtection=False)
    stacks.client.delete_stack(StackName="shop")
    stacks.cloud.settle()
    assert stacks.client.describe_stacks()["Stacks"] == []


def test_a_resource_that_cannot_be_deleted_can_be_left(stacks: Any, things: Any) -> None:
    stack = stacks.create("shop", {"A": thing(Name="a"), "B": queue()})
    with pytest.raises(ClientError, match="only when the stack is in the DELETE_FAILED state"):
        stacks.client.delete_stack(StackName="shop", RetainResources=["A"])
    things.fail_on_delete = True
    stacks.client.delete_stack(StackName="shop")
    stacks.cloud.settle()
    assert stacks.described("shop")["StackStatus"] == "DELETE_FAILED"
    assert list(stacks.physical_ids("shop")) == ["A"]
    stacks.client.delete_stack(StackName="shop", RetainResources=["A"])
    stacks.cloud.settle()
    assert stacks.described(stack["StackId"])["StackStatus"] == "DELETE_COMPLETE"
    assert ("A", "DELETE_SKIPPED", "") in stacks.events(stack["StackId"])


def test_a_creation_under_way_can_be_deleted(
    cloud: CloudUnderTest, stacks: Any, things: Any
) -> None:
    things.ready = False
    stack = stacks.create("shop", {"A": queue(), "B": {**thing(Name="b"), "DependsOn": "A"}})
    stacks.client.delete_stack(StackName="shop")
    things.ready = True
    cloud.advance(5)
    assert stacks.described(stack["StackId"])["StackStatus"] == "DELETE_COMPLETE"


def test_a_deletion_goes_on_after_a_restart(
    cloud: CloudUnderTest, stacks: Any, things: Any
) -> None:
    stack = stacks.create("shop", {"A": thing(Name="a"), "B": queue()})
    stacks.client.delete_stack(StackName="shop")
    cloud.restart()
    cloud.settle()
    assert stacks.described(stack["StackId"])["StackStatus"] == "DELETE_COMPLETE"
    assert "QueueUrls" not in cloud.client("sqs").list_queues()
