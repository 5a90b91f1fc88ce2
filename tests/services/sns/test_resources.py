"""SNS's CloudFormation resource types, in stacks."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from cloudarium.pytest_plugin import CloudUnderTest

Deploy = Callable[..., tuple[str, dict[str, str]]]
QUEUE = "arn:aws:sqs:us-east-1:000000000000:q"


@pytest.fixture
def deploy(cloud: CloudUnderTest) -> Deploy:
    """Creates or updates the stack `s`; its status and outputs. Without resources: deletes it."""
    client = cloud.client("cloudformation")

    def deploy(outputs: dict[str, Any] | None = None, **resources: Any) -> Any:
        if not resources:
            client.delete_stack(StackName="s")
            cloud.settle()
            return "DELETE_COMPLETE", {}
        template = {
            "Resources": resources,
            "Outputs": {name: {"Value": value} for name, value in (outputs or {}).items()},
        }
        act = client.update_stack if client.describe_stacks()["Stacks"] else client.create_stack
        act(StackName="s", TemplateBody=json.dumps(template))
        cloud.settle()
        (stack,) = client.describe_stacks()["Stacks"]
        found = {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", [])}
        return stack["StackStatus"], found

    return deploy


def resource(kind: str, **properties: Any) -> dict[str, Any]:
    """A resource of SNS in a template."""
    return {"Type": f"AWS::SNS::{kind}", "Properties": properties}


def test_a_topic_with_its_subscriptions(cloud: CloudUnderTest, deploy: Deploy) -> None:
    sns = cloud.client("sns")
    mail = {"Protocol": "email", "Endpoint": "ops@example.com"}
    queue = {"Protocol": "sqs", "Endpoint": QUEUE}
    outputs = {"Arn": {"Ref": "T"}, "Name": {"Fn::GetAtt": ["T", "TopicName"]}}
    tags = [{"Key": "team", "Value": "a"}]
    topic = resource("Topic", DisplayName="Tea", Subscription=[mail, queue], Tags=tags)
    status, found = deploy(outputs, T=topic)
    assert status == "CREATE_COMPLETE"
    arn = found["Arn"]
    assert arn.endswith(":" + found["Name"])
    listed = sns.list_subscriptions_by_topic(TopicArn=arn)["Subscriptions"]
    assert [each["Protocol"] for each in listed] == ["email", "sqs"]
    assert list((cloud.folder / "mail").glob("*.eml"))
    assert {"Key": "team", "Value": "a"} in sns.list_tags_for_resource(ResourceArn=arn)["Tags"]
    status, found = deploy(outputs, T=resource("Topic", DisplayName="Coffee", Subscription=[queue]))
    assert (status, found["Arn"]) == ("UPDATE_COMPLETE", arn)
    assert sns.get_topic_attributes(TopicArn=arn)["Attributes"]["DisplayName"] == "Coffee"
    listed = sns.list_subscriptions_by_topic(TopicArn=arn)["Subscriptions"]
    assert [each["Protocol"] for each in listed] == ["sqs"]
    deploy()
    assert sns.list_topics()["Topics"] == []


def test_a_subscription_and_a_policy(cloud: CloudUnderTest, deploy: Deploy) -> None:
    sns = cloud.client("sns")
    topic = resource("Topic", TopicName="t")
    arn = {"Ref": "T"}
    subscription = {"TopicArn": arn, "Protocol": "sqs", "Endpoint": QUEUE}
    statement = {"Effect": "Allow", "Principal": "*", "Action": "sns:Publish", "Resource": "*"}
    policy = resource("TopicPolicy", PolicyDocument={"Statement": [statement]}, Topics=[arn])
    first = resource("Subscription", **subscription, FilterPolicy={"kind": ["new"]})
    status, found = deploy({"Arn": {"Ref": "S"}, "Topic": arn}, T=topic, S=first, P=policy)
    assert status == "CREATE_COMPLETE"
    which = {"SubscriptionArn": found["Arn"]}
    attributes = sns.get_subscription_attributes(**which)["Attributes"]
    assert json.loads(attributes["FilterPolicy"]) == {"kind": ["new"]}
    attributes = sns.get_topic_attributes(TopicArn=found["Topic"])["Attributes"]
    assert json.loads(attributes["Policy"])["Statement"] == [statement]
    nested = {"kind": {"of": ["tea"]}}
    second = resource(
        "Subscription",
        **subscription,
        FilterPolicy=nested,
        FilterPolicyScope="MessageBody",
        RawMessageDelivery=True,
    )
    status, again = deploy({"Arn": {"Ref": "S"}, "Topic": arn}, T=topic, S=second)
    assert (status, again) == ("UPDATE_COMPLETE", found)
    attributes = sns.get_subscription_attributes(**which)["Attributes"]
    assert json.loads(attributes["FilterPolicy"]) == nested
    assert attributes["RawMessageDelivery"] == "true"
    attributes = sns.get_topic_attributes(TopicArn=found["Topic"])["Attributes"]
    assert json.loads(attributes["Policy"])["Id"] == "__default_policy_ID"


def test_a_fifo_topic_of_a_stack(cloud: CloudUnderTest, deploy: Deploy) -> None:
    sns = cloud.client("sns")
    fifo = {"FifoTopic": True, "ContentBasedDeduplication": True}
    status, outputs = deploy({"Arn": {"Ref": "T"}}, T=resource("Topic", **fifo))
    assert status == "CREATE_COMPLETE"
    assert outputs["Arn"].endswith(".fifo")
    found = sns.get_topic_attributes(TopicArn=outputs["Arn"])["Attributes"]
    assert (found["FifoTopic"], found["ContentBasedDeduplication"]) == ("true", "true")
    by_group = {**fifo, "FifoThroughputScope": "MessageGroup", "ContentBasedDeduplication": False}
    deploy({"Arn": {"Ref": "T"}}, T=resource("Topic", **by_group))
    found = sns.get_topic_attributes(TopicArn=outputs["Arn"])["Attributes"]
    assert found["FifoThroughputScope"] == "MessageGroup"
    assert found["ContentBasedDeduplication"] == "false"
