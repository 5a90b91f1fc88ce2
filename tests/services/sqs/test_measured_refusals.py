"""What AWS was measured to refuse of queues' attributes, in its words of September 2026.

From badmintoncryer/cdk-preflight; that a dead-letter queue must be there is told in many reports.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudarium.pytest_plugin import CloudUnderTest

ARN = "arn:aws:sqs:us-east-1:000000000000:"
FIFO = {"FifoQueue": "true"}
SOURCES = [f"{ARN}source-{number}" for number in range(11)]


@pytest.fixture
def sqs(cloud: CloudUnderTest) -> Any:
    """A client, and dead-letter queues of both kinds."""
    client = cloud.client("sqs")
    client.create_queue(QueueName="dead")
    client.create_queue(QueueName="dead.fifo", Attributes=FIFO)
    return client


def refused(call: Any, **params: Any) -> tuple[str, str]:
    """The code and the message of the error that a call gets."""
    with pytest.raises(ClientError) as caught:
        call(**params)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


@pytest.mark.parametrize(
    ("target", "count", "reason"),
    [
        (f"{ARN}dead.fifo", 5, "Dead-letter queue must be same type of queue as the source.."),
        (
            "arn:aws:sqs:eu-west-1:000000000000:dead",
            5,
            "Dead-letter target must be in same region as the source.",
        ),
        (f"{ARN}none", 5, "Dead letter target does not exist."),
        (f"{ARN}dead", 1001, "Invalid value for maxReceiveCount."),
        (f"{ARN}dead", 0, "Invalid value for maxReceiveCount."),
    ],
)
def test_redrive_policies(sqs: Any, target: str, count: int, reason: str) -> None:
    text = json.dumps({"maxReceiveCount": count, "deadLetterTargetArn": target})
    params = {"QueueName": "jobs", "Attributes": {"RedrivePolicy": text}}
    assert refused(sqs.create_queue, **params) == (
        "InvalidParameterValue",
        f"Value {text} for parameter RedrivePolicy is invalid. Reason: {reason}",
    )
    url = sqs.create_queue(QueueName="jobs")["QueueUrl"]
    change = {"QueueUrl": url, "Attributes": {"RedrivePolicy": text}}
    assert refused(sqs.set_queue_attributes, **change)[0] == "InvalidParameterValue"


@pytest.mark.parametrize(
    "policy",
    [
        {"redrivePermission": "byQueue", "sourceQueueArns": SOURCES},
        {"redrivePermission": "byQueue"},
        {"redrivePermission": "allowAll", "sourceQueueArns": SOURCES[:1]},
        {"redrivePermission": "some"},
        {},
    ],
)
def test_redrive_allow_policies(sqs: Any, policy: Any) -> None:
    text = json.dumps(policy)
    params = {"QueueName": "jobs", "Attributes": {"RedriveAllowPolicy": text}}
    message = f"Value {text} for parameter RedriveAllowPolicy is invalid."
    assert refused(sqs.create_queue, **params) == ("InvalidParameterValue", message)
    ten = {"redrivePermission": "byQueue", "sourceQueueArns": SOURCES[:10]}
    sqs.create_queue(QueueName="jobs", Attributes={"RedriveAllowPolicy": json.dumps(ten)})


def test_throughput_of_groups_needs_their_deduplication(sqs: Any) -> None:
    by_group = {"FifoThroughputLimit": "perMessageGroupId"}
    params = {"QueueName": "jobs.fifo", "Attributes": {**FIFO, **by_group}}
    assert refused(sqs.create_queue, **params) == (
        "InvalidAttributeValue",
        "Invalid value for the parameter FifoThroughputLimit. Reason: To set FifoThroughputLimit"
        " to perMessageGroupId, the DeduplicationScope must be messageGroup.",
    )
    scope = {"DeduplicationScope": "messageGroup"}
    url = sqs.create_queue(QueueName="jobs.fifo", Attributes={**FIFO, **scope})["QueueUrl"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes=by_group)


def test_there_is_one_encryption(sqs: Any) -> None:
    both = {"SqsManagedSseEnabled": "true", "KmsMasterKeyId": "alias/aws/sqs"}
    assert refused(sqs.create_queue, QueueName="jobs", Attributes=both)[1] == (
        "You can use one type of server-side encryption (SSE) at one time. You can either enable"
        " KMS SSE or SQS SSE."
    )


def test_an_arn_is_no_url(sqs: Any) -> None:
    assert refused(sqs.purge_queue, QueueUrl=f"{ARN}dead") == (
        "InvalidAddress",
        f"The address {ARN}dead is not valid for this endpoint.",
    )
