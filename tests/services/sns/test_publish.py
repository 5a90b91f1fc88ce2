"""Publishing: what is taken, what is refused, filters, metrics."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudarium.pytest_plugin import CloudUnderTest
from cloudarium.services.sns import filters

Attributes = dict[str, dict[str, Any]]


def error_of(call: Any, **params: Any) -> tuple[str, str]:
    """Code and message of the error a call answers."""
    with pytest.raises(ClientError) as caught:
        call(**params)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"Message": ""}, "Empty message"),
        ({"Message": "x" * (256 * 1024 + 1)}, "Message too long"),
        ({"Message": "m", "Subject": "two\nlines"}, "Subject"),
        ({"Message": "m", "Subject": "x" * 101}, "Subject"),
        (
            {"Message": "{}", "MessageStructure": "json"},
            "Message Structure - No default entry in JSON message body",
        ),
        (
            {"Message": "x", "MessageStructure": "json"},
            "Message Structure - JSON message body failed to parse",
        ),
    ],
)
def test_what_sns_would_not_take(
    cloud: CloudUnderTest, params: dict[str, str], message: str
) -> None:
    sns = cloud.client("sns")
    topic = sns.create_topic(Name="t")["TopicArn"]
    assert error_of(sns.publish, TopicArn=topic, **params) == (
        "InvalidParameter",
        f"Invalid parameter: {message}",
    )


@pytest.mark.parametrize(
    "attribute",
    [
        {"DataType": "Text", "StringValue": "x"},
        {"DataType": "Number", "StringValue": "many"},
        {"DataType": "String"},
        {"DataType": "String.Array", "StringValue": "[1"},
    ],
)
def test_attributes_are_checked(cloud: CloudUnderTest, attribute: dict[str, str]) -> None:
    sns = cloud.client("sns")
    topic = sns.create_topic(Name="t")["TopicArn"]
    params: dict[str, Any] = {"Message": "m", "MessageAttributes": {"a": attribute}}
    assert error_of(sns.publish, TopicArn=topic, **params)[0] == "ParameterValueInvalid"


def test_publishing_needs_a_topic(cloud: CloudUnderTest) -> None:
    sns = cloud.client("sns")
    none = "arn:aws:sns:us-east-1:000000000000:none"
    assert error_of(sns.publish, TopicArn=none, Message="m") == ("NotFound", "Topic does not exist")
    assert error_of(sns.publish, Message="m")[0] == "InvalidParameter"
    assert error_of(sns.publish, PhoneNumber="+491234567", Message="m")[0] == "InvalidParameter"
    assert error_of(sns.publish, TopicArn="topic", Message="m") == (
        "InvalidParameter",
        "Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 1",
    )


def test_a_batch_takes_each_message_by_itself(cloud: CloudUnderTest) -> None:
    sns = cloud.client("sns")
    topic = sns.create_topic(Name="t")["TopicArn"]
    entries = [{"Id": "good", "Message": "m"}, {"Id": "bad", "Message": "m", "Subject": "\t"}]
    answer = sns.publish_batch(TopicArn=topic, PublishBatchRequestEntries=entries)
    assert [each["Id"] for each in answer["Successful"]] == ["good"]
    (failed,) = answer["Failed"]
    assert (failed["Id"], failed["Code"]) == ("bad", "InvalidParameter")
    for bad, code in (
        ([], "EmptyBatchRequest"),
        ([{"Id": str(n), "Message": "m"} for n in range(11)], "TooManyEntriesInBatchRequest"),
        ([{"Id": "a", "Message": "m"}] * 2, "BatchEntryIdsNotDistinct"),
        ([{"Id": "a b", "Message": "m"}], "InvalidBatchEntryId"),
        ([{"Id": n, "Message": "m" * 140_000} for n in "ab"], "BatchRequestTooLong"),
    ):
        params = {"TopicArn": topic, "PublishBatchRequestEntries": bad}
        assert error_of(sns.publish_batch, **params)[0] == code


@pytest.mark.parametrize(
    ("policy", "document", "passes"),
    [
        ({"a": ["x"]}, {"a": "x"}, True),
        ({"a": ["x"]}, {"a": "y"}, False),
        ({"a": ["x"]}, {}, False),
        ({"a": ["x"], "b": [1]}, {"a": "x", "b": 1.0}, True),
        ({"a": ["x"]}, {"a": ["w", "x"]}, True),
        ({"a": [{"prefix": "x"}]}, {"a": "xy"}, True),
        ({"a": [{"suffix": "x"}]}, {"a": "xy"}, False),
        ({"a": [{"anything-but": ["x", "y"]}]}, {"a": "z"}, True),
        ({"a": [{"anything-but": "x"}]}, {"a": "x"}, False),
        ({"a": [{"anything-but": {"prefix": "x"}}]}, {"a": "xy"}, False),
        ({"a": [{"numeric": [">", 1, "<=", 5]}]}, {"a": 5}, True),
        ({"a": [{"numeric": ["=", 1]}]}, {"a": "1"}, False),
        ({"a": [{"exists": True}]}, {"a": None}, True),
        ({"a": [{"exists": False}]}, {}, True),
        ({"a": [{"equals-ignore-case": "TeA"}]}, {"a": "tEa"}, True),
        ({"a": [{"cidr": "10.0.0.0/24"}]}, {"a": "10.0.0.7"}, True),
        ({"a": [{"cidr": "10.0.0.0/24"}]}, {"a": "10.0.1.7"}, False),
        ({"a": [True]}, {"a": 1}, False),
        ({"a": [None]}, {"a": None}, True),
        ({"a": {"b": ["c"]}}, {"a": {"b": "c"}}, True),
        ({"a": {"b": ["c"]}}, {"a": [{"b": "d"}, {"b": "c"}]}, True),
        ({"$or": [{"a": ["x"]}, {"b": ["y"]}]}, {"b": "y"}, True),
        ({"$or": [{"a": ["x"]}, {"b": ["y"]}]}, {"b": "x"}, False),
    ],
)
def test_the_filter_grammar(policy: Any, document: Any, passes: bool) -> None:
    checked = filters.parsed(json.dumps(policy), filters.BODY)
    assert filters.accepts(checked, document) is passes


def test_filters_choose_by_attributes_or_body(cloud: CloudUnderTest) -> None:
    sns, sqs = cloud.client("sns"), cloud.client("sqs")
    topic = sns.create_topic(Name="t")["TopicArn"]
    queues = {}
    for name, scope in (("by-attributes", filters.ATTRIBUTES), ("by-body", filters.BODY)):
        queues[name] = sqs.create_queue(QueueName=name)["QueueUrl"]
        arn = f"arn:aws:sqs:us-east-1:000000000000:{name}"
        statement = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": arn}
        sqs.set_queue_attributes(
            QueueUrl=queues[name], Attributes={"Policy": json.dumps({"Statement": [statement]})}
        )
        attributes = {
            "FilterPolicy": '{"kind": ["new"]}',
            "FilterPolicyScope": scope,
            "RawMessageDelivery": "true",
        }
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes=attributes)
    new: Attributes = {"kind": {"DataType": "String", "StringValue": "new"}}
    many: Attributes = {"kind": {"DataType": "String.Array", "StringValue": '["old", "new"]'}}
    sns.publish(TopicArn=topic, Message="one", MessageAttributes=new)
    sns.publish(TopicArn=topic, Message="two", MessageAttributes=many)
    sns.publish(TopicArn=topic, Message='{"kind": "new"}')
    sns.publish(TopicArn=topic, Message="none of them")
    cloud.settle()
    texts = {}
    for name, url in queues.items():
        answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)
        texts[name] = sorted(each["Body"] for each in answer["Messages"])
    assert texts == {"by-attributes": ["one", "two"], "by-body": ['{"kind": "new"}']}
