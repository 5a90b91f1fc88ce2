"""Messages, as boto3 sends and receives them."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudarium.pytest_plugin import CloudUnderTest


def test_a_message_is_sent_received_and_deleted(cloud: CloudUnderTest) -> None:
    sqs = cloud.client("sqs")
    url = sqs.create_queue(QueueName="orders")["QueueUrl"]
    attributes = {"kind": {"DataType": "String", "StringValue": "new"}}

    sent = sqs.send_message(QueueUrl=url, MessageBody="hello", MessageAttributes=attributes)
    (message,) = sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"])["Messages"]

    assert message["Body"] == "hello"
    assert message["MessageId"] == sent["MessageId"]
    assert message["MessageAttributes"] == attributes
    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    cloud.advance(60)
    assert "Messages" not in sqs.receive_message(QueueUrl=url)


def test_a_message_comes_back_after_its_visibility_timeout(cloud: CloudUnderTest) -> None:
    sqs = cloud.client("sqs")
    url = sqs.create_queue(QueueName="orders")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="hello")

    assert "Messages" in sqs.receive_message(QueueUrl=url)
    assert "Messages" not in sqs.receive_message(QueueUrl=url)
    cloud.advance(30)
    answer = sqs.receive_message(QueueUrl=url, AttributeNames=["ApproximateReceiveCount"])
    assert answer["Messages"][0]["Attributes"] == {"ApproximateReceiveCount": "2"}


def test_a_long_poll_ends_when_a_message_arrives(cloud: CloudUnderTest) -> None:
    sqs = cloud.client("sqs")
    url = sqs.create_queue(QueueName="orders")["QueueUrl"]
    answers = []
    poll = threading.Thread(
        target=lambda: answers.append(sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20))
    )
    poll.start()
    cloud.client("sqs").send_message(QueueUrl=url, MessageBody="late")
    poll.join(10)
    assert [message["Body"] for message in answers[0]["Messages"]] == ["late"]


def test_changed_visibility_shows_a_message_at_once(cloud: CloudUnderTest) -> None:
    sqs = cloud.client("sqs")
    url = sqs.create_queue(QueueName="orders")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="again")
    handle = sqs.receive_message(QueueUrl=url)["Messages"][0]["ReceiptHandle"]
    sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=0)
    assert "Messages" in sqs.receive_message(QueueUrl=url)


def test_a_message_received_too_often_goes_to_the_dead_letter_queue(cloud: CloudUnderTest) -> None:
    sqs = cloud.client("sqs")
    dead = sqs.create_queue(QueueName="dead")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]
    policy = f'{{"deadLetterTargetArn": "{arn["QueueArn"]}", "maxReceiveCount": "1"}}'
    url = sqs.create_queue(QueueName="orders", Attributes={"RedrivePolicy": policy})["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="poison")

    assert "Messages" in sqs.receive_message(QueueUrl=url)
    cloud.advance(30)
    assert "Messages" not in sqs.receive_message(QueueUrl=url)
    assert sqs.receive_message(QueueUrl=dead)["Messages"][0]["Body"] == "poison"
    assert sqs.list_dead_letter_source_queues(QueueUrl=dead)["queueUrls"] == [url]


def test_a_fifo_message_has_its_deduplication_id(cloud: CloudUnderTest) -> None:
    sqs = cloud.client("sqs")
    attributes = {
        "FifoQueue": "true",
        "ContentBasedDeduplication": "true",
        "DeduplicationScope": "messageGroup",
        "FifoThroughputLimit": "perMessageGroupId",
    }
    url = sqs.create_queue(QueueName="orders.fifo", Attributes=attributes)["QueueUrl"]
    sent = {"QueueUrl": url, "MessageBody": "hello"}
    sqs.send_message(**sent, MessageGroupId="a", MessageDeduplicationId="one")
    sqs.send_message(**sent, MessageGroupId="b")
    names = ["MessageGroupId", "MessageDeduplicationId"]
    answer = sqs.receive_message(QueueUrl=url, AttributeNames=names, MaxNumberOfMessages=10)
    digest = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"  # SHA-256 of it
    assert [message["Attributes"] for message in answer["Messages"]] == [
        {"MessageGroupId": "a", "MessageDeduplicationId": "one"},
        {"MessageGroupId": "b", "MessageDeduplicationId": digest},
    ]


def test_a_fifo_group_is_received_in_order_and_deduplicated(cloud: CloudUnderTest) -> None:
    sqs = cloud.client("sqs")
    url = sqs.create_queue(
        QueueName="orders.fifo",
        Attributes={"FifoQueue": "true", "ContentBasedDeduplication": "true"},
    )["QueueUrl"]
    for body in ("one", "two", "one"):
        sqs.send_message(QueueUrl=url, MessageBody=body, MessageGroupId="g")

    first = sqs.receive_message(QueueUrl=url)["Messages"][0]
    assert first["Body"] == "one"
    assert "Messages" not in sqs.receive_message(QueueUrl=url)
    sqs.delete_message(QueueUrl=url, ReceiptHandle=first["ReceiptHandle"])
    assert sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"] == "two"
    cloud.advance(31)
    assert len(sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]) == 1


def test_a_batch_reports_each_entry(cloud: CloudUnderTest) -> None:
    sqs = cloud.client("sqs")
    url = sqs.create_queue(QueueName="orders")["QueueUrl"]
    answer = sqs.send_message_batch(
        QueueUrl=url,
        Entries=[{"Id": "a", "MessageBody": "1"}, {"Id": "b", "MessageBody": "\x00"}],
    )
    assert [entry["Id"] for entry in answer["Successful"]] == ["a"]
    assert [(entry["Id"], entry["Code"]) for entry in answer["Failed"]] == [
        ("b", "InvalidMessageContents")
    ]
    handle = sqs.receive_message(QueueUrl=url)["Messages"][0]["ReceiptHandle"]
    entry = {"Id": "a", "ReceiptHandle": handle}
    hidden = sqs.change_message_visibility_batch(
        QueueUrl=url, Entries=[{**entry, "VisibilityTimeout": 5}]
    )
    assert [each["Id"] for each in hidden["Successful"]] == ["a"]
    (failed,) = sqs.change_message_visibility_batch(QueueUrl=url, Entries=[entry])["Failed"]
    assert failed["Message"] == "The request must contain the parameter VisibilityTimeout."
    gone = sqs.delete_message_batch(QueueUrl=url, Entries=[entry])
    assert [each["Id"] for each in gone["Successful"]] == ["a"]


def test_a_system_attribute_has_a_value(cloud: CloudUnderTest) -> None:
    sqs = cloud.client("sqs")
    url = sqs.create_queue(QueueName="orders")["QueueUrl"]
    attributes = {"AWSTraceHeader": {"DataType": "String"}}
    with pytest.raises(ClientError, match="'AWSTraceHeader' must contain a non-empty value"):
        sqs.send_message(QueueUrl=url, MessageBody="1", MessageSystemAttributes=attributes)


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (
            {"MaxNumberOfMessages": 11},
            "InvalidParameterValue",
            "Value 11 for parameter MaxNumberOfMessages is invalid. "
            "Reason: Must be between 1 and 10, if provided.",
        ),
        (
            {"WaitTimeSeconds": 21},
            "InvalidParameterValue",
            "Value 21 for parameter WaitTimeSeconds is invalid. "
            "Reason: Must be >= 0 and <= 20, if provided.",
        ),
    ],
)
def test_receive_refuses_numbers_out_of_range(
    cloud: CloudUnderTest, arguments: dict[str, int], code: str, message: str
) -> None:
    sqs = cloud.client("sqs")
    url = sqs.create_queue(QueueName="orders")["QueueUrl"]
    with pytest.raises(ClientError) as refused:
        sqs.receive_message(QueueUrl=url, **arguments)
    assert refused.value.response["Error"]["Code"] == code
    assert refused.value.response["Error"]["Message"] == message


def test_a_foreign_receipt_handle_is_refused(cloud: CloudUnderTest) -> None:
    sqs = cloud.client("sqs")
    url = sqs.create_queue(QueueName="orders")["QueueUrl"]
    with pytest.raises(ClientError) as refused:
        sqs.delete_message(QueueUrl=url, ReceiptHandle="nonsense")
    assert refused.value.response["Error"]["Code"] == "ReceiptHandleIsInvalid"


_TRACE, _OWN_TRACE = (f"Root=1-5f84c7a1-{digit * 24}" for digit in "01")


@pytest.mark.parametrize(
    ("header", "own", "kept"),
    [
        (f"{_TRACE};Sampled=1", "", f"{_TRACE};Sampled=1"),
        (_TRACE, _OWN_TRACE, _OWN_TRACE),
        ("no header", "", None),
    ],
)
def test_a_message_keeps_the_tracing_header_it_was_sent_with(
    cloud: CloudUnderTest, header: str, own: str, kept: str | None
) -> None:
    sqs = cloud.client("sqs")
    url = sqs.create_queue(QueueName="traced")["QueueUrl"]

    def add(params: dict[str, Any], **_: Any) -> None:
        params["headers"]["X-Amzn-Trace-Id"] = header

    sqs.meta.events.register("before-call.sqs.SendMessage", add)
    attribute = {"DataType": "String", "StringValue": own}
    system = {"AWSTraceHeader": attribute} if own else {}
    sqs.send_message(QueueUrl=url, MessageBody="x", MessageSystemAttributes=system)
    (message,) = sqs.receive_message(QueueUrl=url, MessageSystemAttributeNames=["All"])["Messages"]
    assert message["Attributes"].get("AWSTraceHeader") == kept
