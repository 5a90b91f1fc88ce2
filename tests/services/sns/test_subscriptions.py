"""Subscriptions: subscribing, confirming, attributes, lists."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudarium.pytest_plugin import CloudUnderTest

QUEUE = "arn:aws:sqs:us-east-1:000000000000:q"
FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:f"


def error_of(call: Any, **params: Any) -> tuple[str, str]:
    """Code and message of the error a call answers."""
    with pytest.raises(ClientError) as caught:
        call(**params)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def test_queues_and_functions_are_confirmed_at_once(cloud: CloudUnderTest) -> None:
    sns = cloud.client("sns")
    topic = sns.create_topic(Name="t")["TopicArn"]
    queue = sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=QUEUE)["SubscriptionArn"]
    again = sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=QUEUE)["SubscriptionArn"]
    function = sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=FUNCTION)
    assert queue == again
    assert queue.startswith(topic + ":")
    attributes = sns.get_subscription_attributes(SubscriptionArn=queue)["Attributes"]
    assert attributes["PendingConfirmation"] == "false"
    assert attributes["RawMessageDelivery"] == "false"
    listed = sns.list_subscriptions()["Subscriptions"]
    assert listed == sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    assert [each["SubscriptionArn"] for each in listed] == [queue, function["SubscriptionArn"]]
    sns.unsubscribe(SubscriptionArn=queue)
    sns.unsubscribe(SubscriptionArn=queue)
    assert error_of(sns.get_subscription_attributes, SubscriptionArn=queue) == (
        "NotFound",
        "Subscription does not exist",
    )
    attributes = sns.get_topic_attributes(TopicArn=topic)["Attributes"]
    assert attributes["SubscriptionsDeleted"] == "1"
    assert attributes["SubscriptionsConfirmed"] == "1"


def test_an_unconfirmed_subscription_is_pending(cloud: CloudUnderTest) -> None:
    sns = cloud.client("sns")
    topic = sns.create_topic(Name="t")["TopicArn"]
    request = {"TopicArn": topic, "Protocol": "email", "Endpoint": "a@b.example"}
    arn = sns.subscribe(**request, ReturnSubscriptionArn=True)["SubscriptionArn"]
    assert arn.startswith(topic + ":")
    listed = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    assert listed[0]["SubscriptionArn"] == "PendingConfirmation"
    attributes = sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
    assert attributes["PendingConfirmation"] == "true"
    assert sns.get_topic_attributes(TopicArn=topic)["Attributes"]["SubscriptionsPending"] == "1"
    assert error_of(sns.confirm_subscription, TopicArn=topic, Token="nonsense") == (
        "InvalidParameter",
        "Invalid parameter: Token",
    )


def test_a_token_is_good_for_three_days(cloud: CloudUnderTest) -> None:
    sns = cloud.client("sns")
    topic = sns.create_topic(Name="t")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="email-json", Endpoint="a@b.example")
    cloud.advance(3 * 86_400 + 1)
    (path,) = (cloud.folder / "mail").glob("*.eml")
    token = json.loads(path.read_text().partition("\n\n")[2])["Token"]
    assert error_of(sns.confirm_subscription, TopicArn=topic, Token=token)[0] == "InvalidParameter"


@pytest.mark.parametrize(
    ("protocol", "endpoint", "message"),
    [
        ("pigeon", "x", "Amazon SNS does not support this protocol string: pigeon"),
        ("sms", "+4912345", "Amazon SNS does not support this protocol string: sms"),
        ("sqs", "https://q", "SQS endpoint ARN"),
        ("lambda", "f", "Lambda endpoint ARN"),
        ("email", "nobody", "Email address"),
    ],
)
def test_endpoints_must_fit_their_protocol(
    cloud: CloudUnderTest, protocol: str, endpoint: str, message: str
) -> None:
    sns = cloud.client("sns")
    topic = sns.create_topic(Name="t")["TopicArn"]
    assert error_of(sns.subscribe, TopicArn=topic, Protocol=protocol, Endpoint=endpoint) == (
        "InvalidParameter",
        f"Invalid parameter: {message}",
    )


def test_attributes_are_set_and_checked(cloud: CloudUnderTest) -> None:
    sns = cloud.client("sns")
    topic = sns.create_topic(Name="t")["TopicArn"]
    arn = sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=QUEUE)["SubscriptionArn"]

    def put(name: str, value: str) -> None:
        sns.set_subscription_attributes(
            SubscriptionArn=arn, AttributeName=name, AttributeValue=value
        )

    put("FilterPolicy", '{"kind": ["new"]}')
    put("RawMessageDelivery", "true")
    attributes = sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
    assert attributes["FilterPolicy"] == '{"kind": ["new"]}'
    assert attributes["FilterPolicyScope"] == "MessageAttributes"
    assert attributes["RawMessageDelivery"] == "true"
    put("FilterPolicy", "{}")
    attributes = sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
    assert "FilterPolicy" not in attributes
    for name, value in (
        ("FilterPolicy", "{"),
        ("FilterPolicy", '{"kind": "new"}'),
        ("FilterPolicy", '{"kind": [{"like": "n"}]}'),
        ("FilterPolicy", '{"a": {"b": ["c"]}}'),
        ("FilterPolicyScope", "Everything"),
        ("RawMessageDelivery", "maybe"),
        ("RedrivePolicy", '{"deadLetterTargetArn": "q"}'),
        ("DeliveryPolicy", "{}"),
        ("Colour", "red"),
    ):
        with pytest.raises(ClientError, match="InvalidParameter"):
            put(name, value)
