"""Queues, as boto3 makes and changes them."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from cloudarium.pytest_plugin import CloudUnderTest


def test_a_queue_is_made_once(cloud: CloudUnderTest) -> None:
    sqs = cloud.client("sqs")
    url = sqs.create_queue(QueueName="orders", tags={"team": "a"})["QueueUrl"]
    assert sqs.create_queue(QueueName="orders")["QueueUrl"] == url
    assert sqs.get_queue_url(QueueName="orders")["QueueUrl"] == url
    assert sqs.list_queues(QueueNamePrefix="ord")["QueueUrls"] == [url]
    with pytest.raises(ClientError) as refused:
        sqs.create_queue(QueueName="orders", Attributes={"DelaySeconds": "5"})
    assert refused.value.response["Error"]["Code"] == "QueueAlreadyExists"


def test_attributes_have_defaults_and_change(cloud: CloudUnderTest) -> None:
    sqs = cloud.client("sqs")
    url = sqs.create_queue(QueueName="orders")["QueueUrl"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "60"})
    shown = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert shown["VisibilityTimeout"] == "60"
    assert shown["MessageRetentionPeriod"] == "345600"
    assert shown["QueueArn"] == "arn:aws:sqs:us-east-1:000000000000:orders"
    for name, value in (
        ("VisibilityTimeout", "50000"),
        ("VisibilityTimeout", "9" * 5000),
        ("RedrivePolicy", "[]"),
    ):
        with pytest.raises(ClientError) as refused:
            sqs.set_queue_attributes(QueueUrl=url, Attributes={name: value})
        assert refused.value.response["Error"]["Code"] == "InvalidAttributeValue"


def test_an_unknown_queue_does_not_exist(cloud: CloudUnderTest) -> None:
    with pytest.raises(ClientError) as refused:
        cloud.client("sqs").get_queue_url(QueueName="nothing")
    error = refused.value.response["Error"]
    assert error["Code"] == "AWS.SimpleQueueService.NonExistentQueue"
    assert error["Message"] == "The specified queue does not exist."


def test_queues_of_other_regions_and_accounts_are_others(cloud: CloudUnderTest) -> None:
    cloud.client("sqs").create_queue(QueueName="orders")
    other_region = cloud.client("sqs", region="eu-west-1")
    other_account = cloud.client("sqs", credentials=("111111111111", "test"))
    assert "QueueUrls" not in other_region.list_queues()
    assert "QueueUrls" not in other_account.list_queues()


def test_a_queue_is_purged_once_a_minute_and_deleted(cloud: CloudUnderTest) -> None:
    sqs = cloud.client("sqs")
    url = sqs.create_queue(QueueName="orders")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="x")
    sqs.purge_queue(QueueUrl=url)
    assert "Messages" not in sqs.receive_message(QueueUrl=url)
    with pytest.raises(ClientError, match="PurgeQueueInProgress"):
        sqs.purge_queue(QueueUrl=url)
    sqs.delete_queue(QueueUrl=url)
    assert "QueueUrls" not in sqs.list_queues()


def test_tags_and_permissions(cloud: CloudUnderTest) -> None:
    sqs = cloud.client("sqs")
    url = sqs.create_queue(QueueName="orders")["QueueUrl"]
    sqs.tag_queue(QueueUrl=url, Tags={"a": "1", "b": "2"})
    sqs.untag_queue(QueueUrl=url, TagKeys=["a"])
    assert sqs.list_queue_tags(QueueUrl=url)["Tags"] == {"b": "2"}
    sqs.add_permission(
        QueueUrl=url, Label="partner", AWSAccountIds=["111111111111"], Actions=["SendMessage"]
    )
    policy = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"])["Attributes"]
    assert '"Action":"SQS:SendMessage"' in policy["Policy"]
    sqs.remove_permission(QueueUrl=url, Label="partner")
    assert "Attributes" not in sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"])


def test_queues_and_messages_survive_a_restart(cloud: CloudUnderTest) -> None:
    sqs = cloud.client("sqs")
    url = sqs.create_queue(QueueName="orders")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="kept")
    cloud.restart()
    assert sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"] == "kept"


def test_booleans_are_read_in_any_case(cloud: CloudUnderTest) -> None:
    sqs = cloud.client("sqs")
    url = sqs.create_queue(
        QueueName="orders.fifo",
        Attributes={"FifoQueue": "True", "ContentBasedDeduplication": "True"},
    )["QueueUrl"]
    shown = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert (shown["FifoQueue"], shown["ContentBasedDeduplication"]) == ("true", "true")
    for _ in range(2):
        sqs.send_message(QueueUrl=url, MessageBody="once", MessageGroupId="g")
    assert len(sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]) == 1


def test_a_queue_has_one_encryption_at_a_time(cloud: CloudUnderTest) -> None:
    sqs = cloud.client("sqs")
    names = ["KmsMasterKeyId", "KmsDataKeyReusePeriodSeconds", "SqsManagedSseEnabled"]
    key = {"KmsMasterKeyId": "alias/aws/sqs"}
    url = sqs.create_queue(QueueName="secret", Attributes=key)["QueueUrl"]
    assert sqs.create_queue(QueueName="secret", Attributes=key)["QueueUrl"] == url

    def shown() -> dict[str, str]:
        found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
        return dict(found)

    reuse = {"KmsDataKeyReusePeriodSeconds": "300"}
    assert shown() == {**key, **reuse, "SqsManagedSseEnabled": "false"}
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"SqsManagedSseEnabled": "true"})
    assert shown() == {"SqsManagedSseEnabled": "true"}
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"KmsDataKeyReusePeriodSeconds": "60"})
    assert shown() == {"SqsManagedSseEnabled": "true"}, "without a key it says nothing"
    sqs.set_queue_attributes(QueueUrl=url, Attributes=key)
    assert shown()["KmsDataKeyReusePeriodSeconds"] == "60"
