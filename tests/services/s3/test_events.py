"""Notifications to functions, and to EventBridge's rules."""

from __future__ import annotations

import json
from typing import Any

from tests.services.functions import permit, relay, relayed

from cloudarium.pytest_plugin import CloudUnderTest


def test_a_function_hears_of_objects(cloud: CloudUnderTest, s3: Any, refused: Any) -> None:
    arn, url = relay(cloud)
    entry = {"LambdaFunctionArn": arn, "Events": ["s3:ObjectCreated:*"]}
    put = {
        "Bucket": "bucket",
        "NotificationConfiguration": {"LambdaFunctionConfigurations": [entry]},
    }
    _, code, error = refused(s3.put_bucket_notification_configuration, **put)
    assert code == "InvalidArgument"
    assert error["ArgumentValue"] == f"Not authorized to invoke function [{arn}]"
    permit(cloud, "relay", "s3", SourceArn="arn:aws:s3:::bucket")
    s3.put_bucket_notification_configuration(**put)
    s3.put_object(Bucket="bucket", Key="k", Body=b"x")
    (record,) = relayed(cloud, url)["Records"]
    assert record["s3"]["object"]["key"] == "k"


def test_a_rule_hears_of_objects(cloud: CloudUnderTest, s3: Any) -> None:
    events, sqs = cloud.client("events"), cloud.client("sqs")
    arn = "arn:aws:sqs:us-east-1:000000000000:q"
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
    }
    policy = {"Policy": json.dumps({"Statement": [statement]})}
    url = sqs.create_queue(QueueName="q", Attributes=policy)["QueueUrl"]
    pattern = {
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": {"bucket": {"name": ["bucket"]}},
    }
    events.put_rule(Name="r", EventPattern=json.dumps(pattern))
    events.put_targets(Rule="r", Targets=[{"Id": "q", "Arn": arn}])
    s3.put_object(Bucket="bucket", Key="unheard", Body=b"")
    s3.put_bucket_notification_configuration(
        Bucket="bucket", NotificationConfiguration={"EventBridgeConfiguration": {}}
    )
    s3.put_object(Bucket="bucket", Key="a key", Body=b"hello")
    s3.delete_object(Bucket="bucket", Key="a key")
    event = relayed(cloud, url)
    assert event["resources"] == ["arn:aws:s3:::bucket"]
    assert event["detail"]["object"]["key"] == "a key"
    assert event["detail"]["object"]["size"] == 5
    assert event["detail"]["reason"] == "PutObject"
    assert event["detail"]["requester"] == "000000000000"
