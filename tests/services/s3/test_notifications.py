"""Bucket notifications to queues, topics and EventBridge."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cloudarium.contracts.events import AwsEvent
from cloudarium.core.identity import root
from cloudarium.pytest_plugin import CloudUnderTest
from cloudarium.services.s3 import events, objects
from cloudarium.services.s3.buckets import Bucket

QUEUE = "arn:aws:sqs:us-east-1:000000000000:q"


@pytest.fixture
def queue(cloud: CloudUnderTest) -> str:
    """The URL of a queue S3 may send to for the bucket."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "s3.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": QUEUE,
        "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::bucket"}},
    }
    policy = {"Policy": json.dumps({"Statement": [statement]})}
    url: str = cloud.client("sqs").create_queue(QueueName="q", Attributes=policy)["QueueUrl"]
    return url


def configure(s3: Any, *names: str, **rules: str) -> None:
    """Have events sent to the queue, for keys with this prefix and suffix."""
    entry: dict[str, Any] = {"Id": "mine", "QueueArn": QUEUE, "Events": list(names)}
    if rules:
        filters = [{"Name": name, "Value": value} for name, value in rules.items()]
        entry["Filter"] = {"Key": {"FilterRules": filters}}
    s3.put_bucket_notification_configuration(
        Bucket="bucket", NotificationConfiguration={"QueueConfigurations": [entry]}
    )


def received(cloud: CloudUnderTest, url: str) -> list[dict[str, Any]]:
    """The messages in the queue, taken out."""
    cloud.settle()
    sqs = cloud.client("sqs")
    found = []
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for message in messages:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            found.append(json.loads(message["Body"]))
    return found


def test_a_queue_hears_of_objects(cloud: CloudUnderTest, s3: Any, queue: str) -> None:
    configure(s3, "s3:ObjectCreated:*", "s3:ObjectRemoved:Delete", prefix="in/", suffix=".txt")
    (test,) = received(cloud, queue)
    assert (test["Service"], test["Event"], test["Bucket"]) == (
        "Amazon S3",
        "s3:TestEvent",
        "bucket",
    )
    for key in ("in/a b.txt", "in/c.png", "out/d.txt"):
        s3.put_object(Bucket="bucket", Key=key, Body=b"hello")
    (message,) = received(cloud, queue)
    (record,) = message["Records"]
    assert record["eventName"] == "ObjectCreated:Put"
    assert (record["eventSource"], record["awsRegion"]) == ("aws:s3", "us-east-1")
    assert record["s3"]["configurationId"] == "mine"
    assert record["s3"]["bucket"]["arn"] == "arn:aws:s3:::bucket"
    found = record["s3"]["object"]
    assert (found["key"], found["size"]) == ("in/a+b.txt", 5)
    assert found["eTag"] == "5d41402abc4b2a76b9719d911017c592"
    s3.copy_object(Bucket="bucket", Key="in/copy.txt", CopySource="bucket/in/a b.txt")
    s3.delete_object(Bucket="bucket", Key="in/copy.txt")
    told = [each["Records"][0] for each in received(cloud, queue)]
    told.sort(key=lambda each: str(each["s3"]["object"]["sequencer"]))
    assert [each["eventName"] for each in told] == ["ObjectCreated:Copy", "ObjectRemoved:Delete"]


def test_the_configuration_can_be_read_and_removed(
    cloud: CloudUnderTest, s3: Any, queue: str
) -> None:
    configure(s3, "s3:ObjectCreated:Put")
    found = s3.get_bucket_notification_configuration(Bucket="bucket")
    assert found["QueueConfigurations"] == [
        {"Id": "mine", "QueueArn": QUEUE, "Events": ["s3:ObjectCreated:Put"]}
    ]
    s3.put_bucket_notification_configuration(Bucket="bucket", NotificationConfiguration={})
    s3.put_object(Bucket="bucket", Key="k", Body=b"")
    assert [each.get("Event") for each in received(cloud, queue)] == ["s3:TestEvent"]


def test_destinations_are_asked_first(
    cloud: CloudUnderTest, s3: Any, queue: str, refused: Any
) -> None:
    s3.create_bucket(Bucket="other")
    for bucket, arn, reason in (
        ("other", QUEUE, "Permissions on the destination queue do not allow S3 to publish"),
        ("bucket", QUEUE + "-none", "The destination queue does not exist"),
    ):
        entry = {"QueueArn": arn, "Events": ["s3:ObjectCreated:*"]}
        status, code, error = refused(
            s3.put_bucket_notification_configuration,
            Bucket=bucket,
            NotificationConfiguration={"QueueConfigurations": [entry]},
        )
        assert (status, code) == (400, "InvalidArgument")
        assert error["Message"] == ("Unable to validate the following destination configurations")
        assert error["ArgumentValue"].startswith(reason)
        assert "QueueConfigurations" not in s3.get_bucket_notification_configuration(Bucket=bucket)


@pytest.mark.parametrize(
    "entries",
    [
        [{"QueueArn": QUEUE, "Events": ["s3:ObjectEaten:*"]}],
        [{"QueueArn": "queue", "Events": ["s3:ObjectCreated:*"]}],
        [{"QueueArn": QUEUE, "Events": ["s3:ObjectCreated:*"]}] * 2,
    ],
)
def test_bad_configurations(s3: Any, queue: str, refused: Any, entries: Any) -> None:
    assert refused(
        s3.put_bucket_notification_configuration,
        Bucket="bucket",
        NotificationConfiguration={"QueueConfigurations": entries},
    )[:2] == (400, "InvalidArgument")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"QueueArn": f"{QUEUE}.fifo"}, "FIFO SQS queues are not supported."),
        (
            {"QueueArn": QUEUE.replace("us-east-1", "eu-west-1")},
            "The notification destination service region is not valid for the bucket location "
            "constraint",
        ),
        (
            {"Filter": {"Key": {"FilterRules": [{"Name": "prefix", "Value": "a"}] * 2}}},
            "Cannot specify more than one prefix rule in a filter.",
        ),
    ],
)
def test_what_is_wrong_with_a_destination(
    s3: Any, queue: str, refused: Any, change: dict[str, Any], message: str
) -> None:
    entry = {"QueueArn": QUEUE, "Events": ["s3:ObjectRestore:*"]}
    status, code, error = refused(
        s3.put_bucket_notification_configuration,
        Bucket="bucket",
        NotificationConfiguration={"QueueConfigurations": [{**entry, **change}]},
    )
    assert (status, code, error["Message"]) == (400, "InvalidArgument", message)


def test_a_topic_hears_of_objects(cloud: CloudUnderTest, s3: Any, queue: str) -> None:
    sns, sqs = cloud.client("sns"), cloud.client("sqs")
    topic = sns.create_topic(Name="t")["TopicArn"]
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "s3.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": topic,
    }
    sns.set_topic_attributes(
        TopicArn=topic,
        AttributeName="Policy",
        AttributeValue=json.dumps({"Statement": [statement]}),
    )
    everybody = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": QUEUE}
    policy = {"Policy": json.dumps({"Statement": [everybody]})}
    sqs.set_queue_attributes(QueueUrl=queue, Attributes=policy)
    raw = {"RawMessageDelivery": "true"}
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=QUEUE, Attributes=raw)
    entry = {"TopicArn": topic, "Events": ["s3:ObjectTagging:*"]}
    s3.put_bucket_notification_configuration(
        Bucket="bucket", NotificationConfiguration={"TopicConfigurations": [entry]}
    )
    s3.put_object(Bucket="bucket", Key="k", Body=b"")
    s3.put_object_tagging(Bucket="bucket", Key="k", Tagging={"TagSet": []})
    test, tagged = sorted(received(cloud, queue), key=lambda each: "Records" in each)
    assert test["Event"] == "s3:TestEvent"
    assert tagged["Records"][0]["eventName"] == "ObjectTagging:Put"


def test_the_event_for_eventbridge(cloud: CloudUnderTest) -> None:
    bucket = Bucket("bucket", "000000000000", "us-east-1", 0.0, "Enabled")
    version = objects.ObjectVersion(
        7, "a key", "v" * 32, True, False, cloud.now, None, 5, "e" * 32, objects.Description()
    )
    runtime = cloud.kernel.runtime("s3")
    ctx = runtime.context("000000000000", "us-east-1", root("000000000000"), "request")
    event = events.aws_event(ctx, bucket, version, events.PUT)
    assert isinstance(event, AwsEvent)
    assert (event.source, event.detail_type) == ("aws.s3", "Object Created")
    assert event.resources == ["arn:aws:s3:::bucket"]
    assert event.detail["bucket"] == {"name": "bucket"}
    assert event.detail["object"]["key"] == "a key"
    assert event.detail["object"]["version-id"] == "v" * 32
    assert event.detail["reason"] == "PutObject"
