"""What AWS was seen to refuse of subscriptions and topics, in its words.

From LocalStack's test_sns_filter_policy.snapshot.json and badmintoncryer/cdk-preflight.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudarium.pytest_plugin import CloudUnderTest

QUEUE = "arn:aws:sqs:us-east-1:000000000000:jobs"
FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:hello"
SIX = {name: ["a"] for name in "abcdef"}


@pytest.fixture
def sns(cloud: CloudUnderTest) -> Any:
    """A client, and a topic with a subscription."""
    client = cloud.client("sns")
    client.topic = client.create_topic(Name="news")["TopicArn"]
    answer = client.subscribe(TopicArn=client.topic, Protocol="sqs", Endpoint=QUEUE)
    client.subscription = answer["SubscriptionArn"]
    return client


def refused(call: Any, **params: Any) -> str:
    """What SNS says to a call that has a wrong parameter."""
    with pytest.raises(ClientError) as caught:
        call(**params)
    error = caught.value.response["Error"]
    assert error["Code"] == "InvalidParameter"
    return str(error["Message"]).removeprefix("Invalid parameter: ")


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("FilterPolicy", SIX, "FilterPolicy: Filter policy can not have more than 5 keys"),
        (
            "FilterPolicy",
            {"key": [["value"]]},
            "FilterPolicy: Match value must be String, number, true, false, or null",
        ),
        (
            "FilterPolicy",
            {"key": [{"suffix": "value", "prefix": "value2"}]},
            "FilterPolicy: Only one key allowed in match expression",
        ),
        (
            "FilterPolicy",
            {"key": [{"numeric": [">", 20, 30]}]},
            "FilterPolicy: Bad value in numeric range: 30",
        ),
        (
            "FilterPolicy",
            {"key": [{"numeric": [">", 3, "<", 1]}]},
            "FilterPolicy: Bottom must be less than top",
        ),
        (
            "FilterPolicy",
            {"key": [{"exists": None}]},
            "FilterPolicy: exists match pattern must be either true or false.",
        ),
        (
            "RedrivePolicy",
            {"deadLetterTargetArn": "arn:aws:sns:us-east-1:000000000000:news"},
            "RedrivePolicy: deadLetterTargetArn must be a SQS queue",
        ),
    ],
)
def test_attributes_of_subscriptions(sns: Any, name: str, value: Any, reason: str) -> None:
    """Subscribe says of all that it is about attributes."""
    text = json.dumps(value)
    change = {"SubscriptionArn": sns.subscription, "AttributeName": name, "AttributeValue": text}
    assert refused(sns.set_subscription_attributes, **change) == reason
    params = {"TopicArn": sns.topic, "Protocol": "sqs", "Endpoint": f"{QUEUE}2"}
    found = refused(sns.subscribe, **params, Attributes={name: text})
    assert found == f"Attributes Reason: {reason}"


def test_scopes_of_filters(sns: Any) -> None:
    change = {"SubscriptionArn": sns.subscription, "AttributeName": "FilterPolicyScope"}
    set_attributes = sns.set_subscription_attributes
    assert refused(set_attributes, **change, AttributeValue="RandomValue") == (
        "FilterPolicyScope: Invalid value [RandomValue]. Please use either MessageBody or"
        " MessageAttributes"
    )
    set_attributes(**change, AttributeValue="MessageBody")
    found = sns.get_subscription_attributes(SubscriptionArn=sns.subscription)["Attributes"]
    assert "FilterPolicyScope" not in found  # without a policy it is not shown
    nested = '{"object": {"key": ["a"]}}'
    params = {"TopicArn": sns.topic, "Protocol": "sqs", "Endpoint": f"{QUEUE}2"}
    assert refused(sns.subscribe, **params, Attributes={"FilterPolicy": nested}) == (
        "Filter policy scope MessageAttributes does not support nested filter policy"
    )


def test_functions_take_no_raw_messages(sns: Any) -> None:
    params = {"TopicArn": sns.topic, "Protocol": "lambda", "Endpoint": FUNCTION}
    found = refused(sns.subscribe, **params, Attributes={"RawMessageDelivery": "true"})
    assert found == (
        "Attributes Reason: Delivery protocol [lambda] does not support raw message delivery."
    )


def test_names_of_topics_have_a_length(sns: Any) -> None:
    attributes = {"DisplayName": "x" * 101}
    found = refused(sns.create_topic, Name="long", Attributes=attributes)
    assert found == "Attributes Reason: DisplayName"


def test_an_attribute_that_is_not_there_is_null(cloud: CloudUnderTest, sns: Any) -> None:
    sqs = cloud.client("sqs")
    url = sqs.create_queue(QueueName="jobs")["QueueUrl"]
    allow = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    text = json.dumps({"attr1": [None, {"anything-but": "whatever"}]})
    change = {"SubscriptionArn": sns.subscription, "AttributeName": "FilterPolicy"}
    sns.set_subscription_attributes(**change, AttributeValue=text)
    whatever = {"attr1": {"DataType": "String", "StringValue": "whatever"}}
    sns.publish(TopicArn=sns.topic, Message="with", MessageAttributes=whatever)
    sns.publish(TopicArn=sns.topic, Message="without")
    cloud.settle()
    found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    assert [json.loads(each["Body"])["Message"] for each in found] == ["without"]
