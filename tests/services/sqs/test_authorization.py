"""Who may do what with a queue."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudarium.pytest_plugin import CloudUnderTest


def user_client(cloud: CloudUnderTest, *statements: dict[str, Any]) -> Any:
    """An SQS client of a new user with the statements as its policy."""
    iam = cloud.client("iam")
    iam.create_user(UserName="ann")
    if statements:
        policy = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
        iam.put_user_policy(UserName="ann", PolicyName="p", PolicyDocument=policy)
    key = iam.create_access_key(UserName="ann")["AccessKey"]
    return cloud.client("sqs", credentials=(key["AccessKeyId"], key["SecretAccessKey"]))


def test_a_user_without_the_right_is_refused_with_the_reason(cloud: CloudUnderTest) -> None:
    url = cloud.client("sqs").create_queue(QueueName="orders")["QueueUrl"]
    sqs = user_client(cloud)
    with pytest.raises(ClientError) as refused:
        sqs.send_message(QueueUrl=url, MessageBody="x")
    assert refused.value.response["Error"]["Message"] == (
        "User: arn:aws:iam::000000000000:user/ann is not authorized to perform: sqs:SendMessage "
        "on resource: arn:aws:sqs:us-east-1:000000000000:orders because no identity-based policy "
        "allows the sqs:SendMessage action"
    )


def test_a_batch_needs_the_right_of_the_single_operation(cloud: CloudUnderTest) -> None:
    url = cloud.client("sqs").create_queue(QueueName="orders")["QueueUrl"]
    allow = {
        "Effect": "Allow",
        "Action": "sqs:SendMessage",
        "Resource": "arn:aws:sqs:us-east-1:000000000000:orders",
    }
    sqs = user_client(cloud, allow)
    sent = sqs.send_message_batch(QueueUrl=url, Entries=[{"Id": "a", "MessageBody": "x"}])
    assert [entry["Id"] for entry in sent["Successful"]] == ["a"]
    with pytest.raises(ClientError, match="sqs:ReceiveMessage"):
        sqs.receive_message(QueueUrl=url)


def test_a_queues_policy_lets_another_account_in(cloud: CloudUnderTest) -> None:
    owner = cloud.client("sqs")
    url = owner.create_queue(QueueName="orders")["QueueUrl"]
    other = cloud.client("sqs", credentials=("111111111111", "test"))
    with pytest.raises(ClientError, match="AccessDenied"):
        other.send_message(QueueUrl=url, MessageBody="x")
    owner.add_permission(
        QueueUrl=url, Label="p", AWSAccountIds=["111111111111"], Actions=["SendMessage"]
    )
    other.send_message(QueueUrl=url, MessageBody="x")
    assert len(owner.receive_message(QueueUrl=url)["Messages"]) == 1
