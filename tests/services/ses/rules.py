"""What the tests of receipt rules share: rules that are in force, mail that comes in."""

from __future__ import annotations

import json
import smtplib
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

from cloudarium.pytest_plugin import CloudUnderTest

ARN = "arn:aws:ses:us-east-1:000000000000:receipt-rule-set/mail:receipt-rule"
BUCKET_ACTION = {"S3Action": {"BucketName": "letters", "ObjectKeyPrefix": "in/"}}


def rule(name: str, *actions: dict[str, Any], **settings: Any) -> dict[str, Any]:
    """An enabled rule."""
    return {"Name": name, "Enabled": True, "Actions": list(actions), **settings}


def in_force(cloud: CloudUnderTest, *rules: dict[str, Any]) -> Any:
    """Make these rules, in this order, the active rule set `mail`; return the client."""
    ses = cloud.client("ses")
    ses.create_receipt_rule_set(RuleSetName="mail")
    for each in reversed(rules):
        ses.create_receipt_rule(RuleSetName="mail", Rule=each)
    ses.set_active_receipt_rule_set(RuleSetName="mail")
    return ses


def bucket(cloud: CloudUnderTest, rule_name: str = "r") -> Any:
    """Make the bucket `letters`, which the rule `rule_name` may write to; return the client."""
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket="letters")
    source = {"aws:SourceAccount": cloud.account, "aws:SourceArn": f"{ARN}/{rule_name}"}
    allow = {
        "Effect": "Allow",
        "Principal": {"Service": "ses.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::letters/*",
        "Condition": {"StringLike": source},
    }
    policy = {"Version": "2012-10-17", "Statement": [allow]}
    s3.put_bucket_policy(Bucket="letters", Policy=json.dumps(policy))
    return s3


def letters(cloud: CloudUnderTest, prefix: str = "in/") -> dict[str, bytes]:
    """The objects in `letters` by key, without SES's own."""
    s3 = cloud.client("s3")
    listed = s3.list_objects_v2(Bucket="letters", Prefix=prefix).get("Contents", [])
    return {
        each["Key"]: s3.get_object(Bucket="letters", Key=each["Key"])["Body"].read()
        for each in listed
        if not each["Key"].endswith("AMAZON_SES_SETUP_NOTIFICATION")
    }


def topic(cloud: CloudUnderTest, name: str = "t") -> tuple[str, str]:
    """A topic, and the URL of a queue that gets its messages."""
    sns, sqs = cloud.client("sns"), cloud.client("sqs")
    arn: str = sns.create_topic(Name=name)["TopicArn"]
    allow = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    url: str = sqs.create_queue(QueueName=name, Attributes={"Policy": policy})["QueueUrl"]
    queue = f"arn:aws:sqs:us-east-1:{cloud.account}:{name}"
    sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=queue)
    return arn, url


def told(cloud: CloudUnderTest, url: str) -> list[dict[str, Any]]:
    """The notifications that came to a topic's queue, each with its subject."""
    cloud.settle()
    sqs = cloud.client("sqs")
    answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)
    found = []
    for message in answer.get("Messages", []):
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        envelope = json.loads(message["Body"])
        found.append({"Subject": envelope.get("Subject"), **json.loads(envelope["Message"])})
    return found


def letter(subject: str = "Hello", text: str = "How are you?", **headers: str) -> EmailMessage:
    """A message from Jane to John."""
    message = EmailMessage()
    message["From"] = "Jane Doe <jane@sender.test>"
    message["To"] = "John <john@example.com>"
    message["Subject"] = subject
    message["Message-ID"] = "<1@sender.test>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message


def post(
    cloud: CloudUnderTest,
    message: EmailMessage | bytes,
    *recipients: str,
    sender: str = "jane@sender.test",
) -> None:
    """Send a message to the cloud's SMTP port."""
    raw = message if isinstance(message, bytes) else message.as_bytes(policy=SMTP)
    with smtplib.SMTP("127.0.0.1", cloud.ports["smtp"], "mailer.test", timeout=20) as client:
        client.sendmail(sender, recipients or ("john@example.com",), raw)
