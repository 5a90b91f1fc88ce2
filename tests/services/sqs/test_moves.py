"""Message move tasks: a dead-letter queue's messages on their way back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudarium.pytest_plugin import CloudUnderTest

DEAD = "arn:aws:sqs:us-east-1:000000000000:dead"
WORK = "arn:aws:sqs:us-east-1:000000000000:work"


@pytest.fixture
def sqs(cloud: CloudUnderTest) -> Any:
    """A client, and the URLs of a queue and of its dead-letter queue as `work` and `dead`."""
    client = cloud.client("sqs")
    client.dead = client.create_queue(QueueName="dead")["QueueUrl"]
    policy = json.dumps({"deadLetterTargetArn": DEAD, "maxReceiveCount": 1})
    attributes = {"RedrivePolicy": policy, "VisibilityTimeout": "1"}
    client.work = client.create_queue(QueueName="work", Attributes=attributes)["QueueUrl"]
    return client


def bury(cloud: CloudUnderTest, sqs: Any, *bodies: str) -> None:
    """Have messages received too often."""
    hint = {"hint": {"DataType": "String", "StringValue": "x"}}
    for body in bodies:
        sqs.send_message(QueueUrl=sqs.work, MessageBody=body, MessageAttributes=hint)
    for _ in range(2):
        sqs.receive_message(QueueUrl=sqs.work, MaxNumberOfMessages=10)
        cloud.advance(2)


def counted(sqs: Any, url: str) -> int:
    """How many messages are visible."""
    names = ["ApproximateNumberOfMessages"]
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return int(found[names[0]])


def last(sqs: Any) -> dict[str, Any]:
    """The latest task."""
    (found,) = sqs.list_message_move_tasks(SourceArn=DEAD)["Results"]
    return dict(found)


def refused(call: Any, **params: Any) -> tuple[str, str]:
    """Code and message of the error a call answers."""
    with pytest.raises(ClientError) as caught:
        call(**params)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def test_messages_go_back_as_new_ones(cloud: CloudUnderTest, sqs: Any) -> None:
    bury(cloud, sqs, "a", "b", "c")
    assert counted(sqs, sqs.dead) == 3
    handle = sqs.start_message_move_task(SourceArn=DEAD)["TaskHandle"]
    cloud.settle()
    task = last(sqs)
    assert (task["Status"], task["SourceArn"]) == ("COMPLETED", DEAD)
    assert task["ApproximateNumberOfMessagesMoved"] == 3
    assert task["ApproximateNumberOfMessagesToMove"] == 3
    assert not {"TaskHandle", "DestinationArn", "FailureReason"} & task.keys()
    assert abs(task["StartedTimestamp"] / 1000 - cloud.now) < 60
    names = {"AttributeNames": ["All"], "MessageAttributeNames": ["All"]}
    found = sqs.receive_message(QueueUrl=sqs.work, MaxNumberOfMessages=10, **names)["Messages"]
    assert [each["Body"] for each in found] == ["a", "b", "c"]
    assert found[0]["Attributes"]["ApproximateReceiveCount"] == "1"
    assert "DeadLetterQueueSourceArn" not in found[0]["Attributes"]
    assert found[0]["MessageAttributes"]["hint"]["StringValue"] == "x"
    assert refused(sqs.cancel_message_move_task, TaskHandle=handle)[0] == (
        "AWS.SimpleQueueService.UnsupportedOperation"
    )


def test_a_limited_task_takes_its_time_and_can_be_cancelled(
    cloud: CloudUnderTest, sqs: Any
) -> None:
    bury(cloud, sqs, *"abcde")
    other = sqs.create_queue(QueueName="other")["QueueUrl"]
    elsewhere = DEAD.replace("dead", "other")
    start = {"SourceArn": DEAD, "DestinationArn": elsewhere, "MaxNumberOfMessagesPerSecond": 2}
    handle = sqs.start_message_move_task(**start)["TaskHandle"]
    cloud.settle()
    task = last(sqs)
    assert (task["Status"], task["TaskHandle"]) == ("RUNNING", handle)
    assert (task["DestinationArn"], task["MaxNumberOfMessagesPerSecond"]) == (elsewhere, 2)
    assert refused(sqs.start_message_move_task, SourceArn=DEAD)[0] == "InvalidParameterValue"
    cloud.restart()
    cloud.advance(1)
    assert counted(sqs, other) == 4
    answer = sqs.cancel_message_move_task(TaskHandle=handle)
    assert answer["ApproximateNumberOfMessagesMoved"] == 4
    cloud.advance(5)
    assert (last(sqs)["Status"], counted(sqs, sqs.dead)) == ("CANCELLED", 1)
    sqs.start_message_move_task(SourceArn=DEAD)
    cloud.settle()
    found = sqs.list_message_move_tasks(SourceArn=DEAD, MaxResults=10)["Results"]
    assert [each["Status"] for each in found] == ["COMPLETED", "CANCELLED"]


def test_what_came_from_nowhere_fails_a_task(cloud: CloudUnderTest, sqs: Any) -> None:
    sqs.send_message(QueueUrl=sqs.dead, MessageBody="direct")
    sqs.start_message_move_task(SourceArn=DEAD)
    cloud.settle()
    task = last(sqs)
    assert (task["Status"], task["FailureReason"]) == ("FAILED", "CouldNotDetermineMessageSource")
    sqs.start_message_move_task(SourceArn=DEAD, DestinationArn=WORK)
    cloud.settle()
    assert (last(sqs)["Status"], counted(sqs, sqs.work)) == ("COMPLETED", 1)


def test_tasks_that_cannot_be_are_refused(sqs: Any) -> None:
    start, gone = sqs.start_message_move_task, DEAD + "r"
    missing = "The resource that you specified for the {} parameter doesn't exist."
    assert refused(start, SourceArn=gone) == (
        "ResourceNotFoundException",
        missing.format("SourceArn"),
    )
    assert refused(start, SourceArn=DEAD, DestinationArn=gone) == (
        "ResourceNotFoundException",
        missing.format("DestinationArn"),
    )
    assert refused(start, SourceArn=WORK) == (
        "InvalidParameterValue",
        "Source queue must be configured as a Dead Letter Queue.",
    )
    assert refused(start, SourceArn=DEAD, DestinationArn=DEAD)[1] == (
        "Source queue arn and destination queue arn cannot be the same."
    )
    sqs.create_queue(QueueName="f.fifo", Attributes={"FifoQueue": "true"})
    fifo = DEAD.replace("dead", "f.fifo")
    assert "same queue type" in refused(start, SourceArn=DEAD, DestinationArn=fifo)[1]
    rate = {"SourceArn": DEAD, "MaxNumberOfMessagesPerSecond": 501}
    assert "between 1 and 500" in refused(start, **rate)[1]
    assert "is invalid" in refused(sqs.cancel_message_move_task, TaskHandle="x")[1]
    listing = {"SourceArn": DEAD, "MaxResults": 11}
    assert "between 1 and 10" in refused(sqs.list_message_move_tasks, **listing)[1]


def test_a_redrive_needs_the_rights_of_what_it_does(cloud: CloudUnderTest, sqs: Any) -> None:
    iam = cloud.client("iam")
    iam.create_user(UserName="u")
    key = iam.create_access_key(UserName="u")["AccessKey"]
    actions = ["StartMessageMoveTask", "ReceiveMessage", "DeleteMessage", "GetQueueAttributes"]

    def may(*names: str) -> None:
        allowed = {"Effect": "Allow", "Action": [f"sqs:{name}" for name in names], "Resource": "*"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
        iam.put_user_policy(UserName="u", PolicyName="p", PolicyDocument=document)

    user = cloud.client("sqs", credentials=(key["AccessKeyId"], key["SecretAccessKey"]))
    may(*actions)
    start = {"SourceArn": DEAD, "DestinationArn": WORK}
    assert "sqs:SendMessage" in refused(user.start_message_move_task, **start)[1]
    may(*actions[:2])
    assert "sqs:DeleteMessage" in refused(user.start_message_move_task, **start)[1]
    may(*actions, "SendMessage")
    assert user.start_message_move_task(**start)["TaskHandle"]
