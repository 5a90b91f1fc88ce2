"""Functions as subscriptions."""

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


def test_a_function_receives_the_record(cloud: CloudUnderTest) -> None:
    sns = cloud.client("sns")
    topic = sns.create_topic(Name="t")["TopicArn"]
    arn, url = relay(cloud)
    permit(cloud, "sns.amazonaws.com", topic)
    subscription = sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=arn)
    attributes = {"kind": {"DataType": "String", "StringValue": "new"}}
    sns.publish(TopicArn=topic, Message="hello", MessageAttributes=attributes)
    (record,) = relayed(cloud, url)["Records"]
    assert (record["EventSource"], record["EventVersion"]) == ("aws:sns", "1.0")
    assert record["EventSubscriptionArn"] == subscription["SubscriptionArn"]
    message = record["Sns"]
    assert (message["Type"], message["Message"]) == ("Notification", "hello")
    assert message["Subject"] is None
    assert message["MessageAttributes"] == {"kind": {"Type": "String", "Value": "new"}}
    assert {"SigningCertUrl", "UnsubscribeUrl", "Signature", "Timestamp"} <= message.keys()
