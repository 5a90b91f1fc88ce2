"""Delivery: queues, mailbox, envelopes, signatures, retries, dead letters, metrics."""

from __future__ import annotations

import base64
import email
import json
import urllib.request
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from botocore.exceptions import ClientError
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from cloudarium.pytest_plugin import CloudUnderTest


def queue_for(cloud: CloudUnderTest, topic: str, name: str = "q") -> tuple[str, str]:
    """A queue the topic may send to: URL and ARN."""
    sqs = cloud.client("sqs")
    kind = {"FifoQueue": "true"} if name.endswith(".fifo") else {}
    url = sqs.create_queue(QueueName=name, Attributes=kind)["QueueUrl"]
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    arn = found["Attributes"]["QueueArn"]
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    return url, arn


def received(cloud: CloudUnderTest, url: str) -> list[dict[str, Any]]:
    """What a queue holds, taken out."""
    cloud.settle()
    sqs = cloud.client("sqs")
    answer = sqs.receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
    )
    found: list[dict[str, Any]] = answer.get("Messages", [])
    for message in found:
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return found


def mailbox(cloud: CloudUnderTest) -> list[EmailMessage]:
    """The mails in the local mailbox."""
    cloud.settle()
    folder = cloud.folder / "mail"
    return [
        email.message_from_bytes(path.read_bytes(), policy=default)
        for path in sorted(folder.glob("*.eml"))
    ]


def visit(url: str) -> str:
    """The body of a page."""
    with urllib.request.urlopen(url) as answer:
        body: bytes = answer.read()
    return body.decode()


def test_a_queue_receives_the_signed_envelope(cloud: CloudUnderTest) -> None:
    sns = cloud.client("sns")
    topic = sns.create_topic(Name="orders")["TopicArn"]
    url, arn = queue_for(cloud, topic)
    subscription = sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)["SubscriptionArn"]
    attributes = {
        "kind": {"DataType": "String", "StringValue": "new"},
        "blob": {"DataType": "Binary", "BinaryValue": b"\0\1"},
    }
    published = sns.publish(
        TopicArn=topic, Message="héllo", Subject="A subject", MessageAttributes=attributes
    )
    (message,) = received(cloud, url)
    envelope = json.loads(message["Body"])
    assert envelope["Type"] == "Notification"
    assert envelope["MessageId"] == published["MessageId"]
    assert (envelope["TopicArn"], envelope["Subject"]) == (topic, "A subject")
    assert envelope["Message"] == "héllo"
    assert envelope["MessageAttributes"] == {
        "kind": {"Type": "String", "Value": "new"},
        "blob": {"Type": "Binary", "Value": base64.b64encode(b"\0\1").decode()},
    }
    assert subscription.replace(":", "%3A") in envelope["UnsubscribeURL"]
    certificate = x509.load_pem_x509_certificate(visit(envelope["SigningCertURL"]).encode())
    names = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
    text = "".join(f"{name}\n{envelope[name]}\n" for name in names)
    key: Any = certificate.public_key()
    signature = base64.b64decode(envelope["Signature"])
    key.verify(signature, text.encode(), padding.PKCS1v15(), hashes.SHA1())


def test_raw_delivery_sends_the_message_itself(cloud: CloudUnderTest) -> None:
    sns = cloud.client("sns")
    topic = sns.create_topic(Name="t")["TopicArn"]
    url, arn = queue_for(cloud, topic)
    sns.subscribe(
        TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes={"RawMessageDelivery": "true"}
    )
    attributes = {"n": {"DataType": "Number", "StringValue": "7"}}
    sns.publish(TopicArn=topic, Message="plain", MessageAttributes=attributes)
    (message,) = received(cloud, url)
    assert message["Body"] == "plain"
    assert message["MessageAttributes"] == attributes


def test_a_queue_that_does_not_allow_it_gets_nothing(cloud: CloudUnderTest) -> None:
    sns, sqs = cloud.client("sns"), cloud.client("sqs")
    topic = sns.create_topic(Name="t")["TopicArn"]
    url, arn = queue_for(cloud, topic)
    dead_url, dead_arn = queue_for(cloud, topic, "dead")
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": ""})
    redrive = json.dumps({"deadLetterTargetArn": dead_arn})
    sns.subscribe(
        TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes={"RedrivePolicy": redrive}
    )
    sns.publish(TopicArn=topic, Message="lost?")
    assert received(cloud, url) == []
    (message,) = received(cloud, dead_url)
    assert json.loads(message["Body"])["Message"] == "lost?"


def test_message_structure_json_chooses_by_protocol(cloud: CloudUnderTest) -> None:
    sns = cloud.client("sns")
    topic = sns.create_topic(Name="t")["TopicArn"]
    url, arn = queue_for(cloud, topic)
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    message = json.dumps({"default": "for all", "sqs": "for queues"})
    sns.publish(TopicArn=topic, Message=message, MessageStructure="json")
    (got,) = received(cloud, url)
    assert json.loads(got["Body"])["Message"] == "for queues"


def test_an_address_is_asked_and_then_receives_mail(cloud: CloudUnderTest) -> None:
    sns = cloud.client("sns")
    topic = sns.create_topic(Name="alarms", Attributes={"DisplayName": "Alarms"})["TopicArn"]
    answer = sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="ops@example.com")
    assert answer["SubscriptionArn"] == "pending confirmation"
    sns.publish(TopicArn=topic, Message="too early")
    (question,) = mailbox(cloud)
    assert question["To"] == "ops@example.com"
    assert question["From"] == "Alarms <no-reply@sns.amazonaws.com>"
    assert question["Subject"] == "AWS Notification - Subscription Confirmation"
    link = next(line for line in question.get_content().splitlines() if "Token=" in line)
    assert "<SubscriptionArn>arn:aws:sns:" in visit(link)
    published = sns.publish(TopicArn=topic, Message="It is on fire.", Subject="ALARM")
    mail = next(each for each in mailbox(cloud) if each["Subject"] == "ALARM")
    assert published["MessageId"] in mail["Message-ID"]
    text = mail.get_content()
    assert text.startswith("It is on fire.\n")
    assert "If you wish to stop receiving notifications from this topic" in text
    link = next(line for line in text.splitlines() if "Action=Unsubscribe" in line)
    visit(link)
    assert sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"] == []


def test_a_display_name_is_one_name_whatever_it_holds(cloud: CloudUnderTest) -> None:
    sns = cloud.client("sns")
    name = 'Ops, "night" <x@example.com>'
    topic = sns.create_topic(Name="alarms", Attributes={"DisplayName": name})["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="ops@example.com")
    cloud.settle()
    (sender,) = mailbox(cloud)[0]["From"].addresses
    assert (sender.display_name, sender.addr_spec) == (name, "no-reply@sns.amazonaws.com")
    with pytest.raises(ClientError, match="control characters"):
        sns.set_topic_attributes(
            TopicArn=topic, AttributeName="DisplayName", AttributeValue="a\r\nBcc: b@example.com"
        )


def test_email_json_receives_the_envelope_after_confirming_with_the_token(
    cloud: CloudUnderTest,
) -> None:
    sns = cloud.client("sns")
    topic = sns.create_topic(Name="alarms")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="email-json", Endpoint="ops@example.com")
    question = json.loads(mailbox(cloud)[0].get_content())
    assert question["Type"] == "SubscriptionConfirmation"
    confirmed = sns.confirm_subscription(TopicArn=topic, Token=question["Token"])
    assert confirmed["SubscriptionArn"].startswith(topic + ":")
    sns.publish(TopicArn=topic, Message="hello")
    mail = next(m for m in mailbox(cloud) if m["Subject"] == "AWS Notification Message")
    assert json.loads(mail.get_content())["Message"] == "hello"


def test_what_is_published_survives_a_restart(cloud: CloudUnderTest) -> None:
    sns = cloud.client("sns")
    topic = sns.create_topic(Name="t")["TopicArn"]
    url, arn = queue_for(cloud, topic)
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    for number in range(5):
        sns.publish(TopicArn=topic, Message=str(number))
    cloud.restart()
    texts = sorted(json.loads(each["Body"])["Message"] for each in received(cloud, url))
    assert texts == ["0", "1", "2", "3", "4"]


def test_topics_have_metrics(cloud: CloudUnderTest) -> None:
    sns, cloudwatch = cloud.client("sns"), cloud.client("cloudwatch")
    topic = sns.create_topic(Name="t")["TopicArn"]
    _, arn = queue_for(cloud, topic)
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn + "-none")
    sns.publish(TopicArn=topic, Message="hello")
    cloud.advance(60)
    found = {}
    for name in ("MessagesPublished", "NotificationsDelivered", "NotificationsFailed"):
        answer = cloudwatch.get_metric_statistics(
            Namespace="AWS/SNS",
            MetricName=f"NumberOf{name}",
            Dimensions=[{"Name": "TopicName", "Value": "t"}],
            StartTime=cloud.now - 600,
            EndTime=cloud.now + 60,
            Period=60,
            Statistics=["Sum"],
        )
        found[name] = sum(point["Sum"] for point in answer["Datapoints"])
    assert found == {"MessagesPublished": 1, "NotificationsDelivered": 1, "NotificationsFailed": 1}
