"""FIFO topics: order, deduplication, what they refuse.

The words of the refusals: LocalStack's snapshots and ballerina-platform's tests against AWS.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from cloudarium.pytest_plugin import CloudUnderTest

from .test_delivery import queue_for, received
from .test_recorded_refusals import refused


@pytest.fixture
def orders(cloud: CloudUnderTest) -> str:
    """A FIFO topic that knows messages again by their text."""
    attributes = {"FifoTopic": "true", "ContentBasedDeduplication": "true"}
    topic = cloud.client("sns").create_topic(Name="orders.fifo", Attributes=attributes)
    return str(topic["TopicArn"])


def subscribed(cloud: CloudUnderTest, topic: str, name: str, **attributes: str) -> str:
    """The URL of a new queue that gets the topic's messages."""
    url, arn = queue_for(cloud, topic, name)
    cloud.client("sns").subscribe(
        TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes=attributes
    )
    return url


def test_messages_arrive_in_their_groups_order(cloud: CloudUnderTest, orders: str) -> None:
    sns, sqs = cloud.client("sns"), cloud.client("sqs")
    url = subscribed(cloud, orders, "q.fifo", RawMessageDelivery="true")
    for number in range(12):
        sns.publish(TopicArn=orders, Message=f"{number}", MessageGroupId=f"g{number % 2}")
    cloud.settle()
    bodies: dict[str, list[str]] = {"g0": [], "g1": []}
    asked = {"MaxNumberOfMessages": 10, "AttributeNames": ["MessageGroupId"]}
    while found := sqs.receive_message(QueueUrl=url, **asked).get("Messages"):
        for message in found:
            bodies[message["Attributes"]["MessageGroupId"]].append(message["Body"])
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    assert bodies == {
        "g0": ["0", "2", "4", "6", "8", "10"],
        "g1": ["1", "3", "5", "7", "9", "11"],
    }


def test_an_envelope_has_a_number_and_no_signature(cloud: CloudUnderTest, orders: str) -> None:
    url = subscribed(cloud, orders, "q.fifo")
    answer = cloud.client("sns").publish(TopicArn=orders, Message="m", MessageGroupId="g")
    cloud.settle()
    document = json.loads(received(cloud, url)[0]["Body"])
    assert document["SequenceNumber"] == answer["SequenceNumber"]
    assert len(answer["SequenceNumber"]) == 20
    assert "Signature" not in document


def test_a_standard_queue_may_listen_too(cloud: CloudUnderTest, orders: str) -> None:
    url = subscribed(cloud, orders, "q", RawMessageDelivery="true")
    cloud.client("sns").publish(TopicArn=orders, Message="m", MessageGroupId="g")
    cloud.settle()
    assert received(cloud, url)[0]["Body"] == "m"


def test_what_is_published_again_within_five_minutes_is_not_delivered(
    cloud: CloudUnderTest, orders: str
) -> None:
    sns = cloud.client("sns")
    url = subscribed(cloud, orders, "q.fifo", RawMessageDelivery="true")
    message = {"TopicArn": orders, "Message": "m", "MessageGroupId": "g"}
    first = sns.publish(**message)
    assert sns.publish(**message)["MessageId"] == first["MessageId"]
    assert sns.publish(**message, MessageDeduplicationId="other")["MessageId"] != first["MessageId"]
    cloud.settle()
    assert len(received(cloud, url)) == 2
    cloud.advance(301)
    later = sns.publish(**message)
    assert later["MessageId"] != first["MessageId"]
    assert later["SequenceNumber"] > first["SequenceNumber"]
    cloud.settle()
    assert [each["Body"] for each in received(cloud, url)][-1] == "m"


def test_groups_may_be_known_apart(cloud: CloudUnderTest, orders: str) -> None:
    sns = cloud.client("sns")
    change = {"AttributeName": "FifoThroughputScope", "AttributeValue": "MessageGroup"}
    sns.set_topic_attributes(TopicArn=orders, **change)
    message = {"TopicArn": orders, "Message": "m"}
    ids = {sns.publish(**message, MessageGroupId=group)["MessageId"] for group in "abba"}
    assert len(ids) == 2


def test_a_batch_is_of_groups_too(cloud: CloudUnderTest, orders: str) -> None:
    sns = cloud.client("sns")
    entries: list[dict[str, Any]] = [
        {"Id": "a", "Message": "1", "MessageGroupId": "g"},
        {"Id": "b", "Message": "2", "MessageGroupId": "g"},
    ]
    answer = sns.publish_batch(TopicArn=orders, PublishBatchRequestEntries=entries)
    numbers = [each["SequenceNumber"] for each in answer["Successful"]]
    assert numbers == sorted(numbers)
    del entries[1]["MessageGroupId"]
    assert refused(sns.publish_batch, TopicArn=orders, PublishBatchRequestEntries=entries) == (
        "The MessageGroupId parameter is required for FIFO topics"
    )


def test_attributes_of_a_fifo_topic(cloud: CloudUnderTest, orders: str) -> None:
    sns = cloud.client("sns")
    found = sns.get_topic_attributes(TopicArn=orders)["Attributes"]
    assert (found["FifoTopic"], found["ContentBasedDeduplication"]) == ("true", "true")
    change = {"AttributeName": "ContentBasedDeduplication", "AttributeValue": "false"}
    sns.set_topic_attributes(TopicArn=orders, **change)
    found = sns.get_topic_attributes(TopicArn=orders)["Attributes"]
    assert found["ContentBasedDeduplication"] == "false"
    other = sns.create_topic(Name="o.fifo", Attributes={"FifoTopic": "True"})["TopicArn"]
    assert sns.get_topic_attributes(TopicArn=other)["Attributes"]["FifoTopic"] == "true"
    standard = sns.create_topic(Name="o")["TopicArn"]
    assert "ContentBasedDeduplication" not in sns.get_topic_attributes(TopicArn=standard)


def test_what_a_fifo_topic_refuses(cloud: CloudUnderTest, orders: str) -> None:
    sns = cloud.client("sns")
    assert refused(sns.publish, TopicArn=orders, Message="m") == (
        "The MessageGroupId parameter is required for FIFO topics"
    )
    plain = sns.create_topic(Name="plain.fifo", Attributes={"FifoTopic": "true"})["TopicArn"]
    assert refused(sns.publish, TopicArn=plain, Message="m", MessageGroupId="g") == (
        "The topic should either have ContentBasedDeduplication enabled or "
        "MessageDeduplicationId provided explicitly"
    )
    function = "arn:aws:lambda:us-east-1:000000000000:function:f"
    assert refused(sns.subscribe, TopicArn=orders, Protocol="lambda", Endpoint=function) == (
        "Invalid protocol type: lambda"
    )
    for name, attributes in (("a", {"FifoTopic": "true"}), ("a.fifo", {"FifoTopic": "false"})):
        assert refused(sns.create_topic, Name=name, Attributes=attributes) == "Topic Name"
    change = {"AttributeName": "FifoTopic", "AttributeValue": "true"}
    assert refused(sns.set_topic_attributes, TopicArn=orders, **change) == "AttributeName"


def test_what_is_in_line_outlives_a_restart(cloud: CloudUnderTest, orders: str) -> None:
    url = subscribed(cloud, orders, "q.fifo", RawMessageDelivery="true")
    for number in range(3):
        cloud.client("sns").publish(TopicArn=orders, Message=f"{number}", MessageGroupId="g")
    cloud.restart()
    cloud.settle()
    assert [each["Body"] for each in received(cloud, url)] == ["0", "1", "2"]
