"""Notifications to functions, and to EventBridge's rules."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

from cloudarium.pytest_plugin import CloudUnderTest

RELAY = """
import boto3, json, os
def handler(event, context):
    boto3.client('sqs').send_message(QueueUrl=os.environ['QUEUE'], MessageBody=json.dumps(event))
"""


def relay(cloud: CloudUnderTest) -> tuple[str, str]:
    """A function that passes its event on to a queue: the function's ARN, the queue's URL."""
    iam = cloud.client("iam")
    url = cloud.client("sqs").create_queue(QueueName="relayed")["QueueUrl"]
    service = {"Service": "lambda.amazonaws.com"}
    trust = {"Effect": "Allow", "Principal": service, "Action": "sts:AssumeRole"}
    document = {"Version": "2012-10-17", "Statement": [trust]}
    role = iam.create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps(document))
    may = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}
    document = {"Version": "2012-10-17", "Statement": [may]}
    iam.put_role_policy(RoleName="r", PolicyName="p", PolicyDocument=json.dumps(document))
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("app.py", RELAY)
    function = cloud.client("lambda").create_function(
        FunctionName="relay",
        Runtime="python3.11",
        Handler="app.handler",
        Role=role["Role"]["Arn"],
        Timeout=20,
        Environment={"Variables": {"QUEUE": url}},
        Code={"ZipFile": package.getvalue()},
    )
    cloud.settle()
    return function["FunctionArn"], url


def permit(cloud: CloudUnderTest, principal: str, source: str) -> None:
    """Let a service invoke the function for one of its resources."""
    cloud.client("lambda").add_permission(
        FunctionName="relay",
        StatementId="s",
        Action="lambda:InvokeFunction",
        Principal=principal,
        SourceArn=source,
    )


def relayed(cloud: CloudUnderTest, url: str) -> Any:
    """The one event the function got."""
    cloud.settle()
    (message,) = cloud.client("sqs").receive_message(QueueUrl=url)["Messages"]
    return json.loads(message["Body"])


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
    permit(cloud, "s3.amazonaws.com", "arn:aws:s3:::bucket")
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
