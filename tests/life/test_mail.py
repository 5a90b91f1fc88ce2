"""An e-mail comes in: a real client, a running server, a function that is called."""

from __future__ import annotations

import json
import smtplib
from email.message import EmailMessage

import pytest

from tests.life.server import Server, until
from tests.life.test_functions import ACCOUNT, function, open_queue, received


def mail(server: Server, subject: str) -> None:
    """Send a message to the server's SMTP port as any mail program does."""
    message = EmailMessage()
    message["From"], message["To"] = "Jane <jane@sender.test>", "support@example.com"
    message["Subject"] = subject
    message.set_content("It does not work.")
    with smtplib.SMTP("localhost", server.cloud.ports["smtp"], timeout=20) as client:
        client.send_message(message)


def test_a_message_calls_a_function_and_is_kept(shared: Server) -> None:
    ses, s3 = shared.client("ses"), shared.client("s3")
    url, _ = open_queue(shared, "mail")
    arn = function(shared, "mail-hello", Environment={"Variables": {"QUEUE": url}})
    shared.client("lambda").add_permission(
        FunctionName="mail-hello",
        StatementId="ses",
        Action="lambda:InvokeFunction",
        Principal="ses.amazonaws.com",
        SourceAccount=ACCOUNT,
    )
    s3.create_bucket(Bucket="mailbox")
    allow = {
        "Effect": "Allow",
        "Principal": {"Service": "ses.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::mailbox/*",
        "Condition": {"StringEquals": {"AWS:SourceAccount": ACCOUNT}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    s3.put_bucket_policy(Bucket="mailbox", Policy=policy)
    ses.create_receipt_rule_set(RuleSetName="incoming")
    rule = {
        "Name": "support",
        "Enabled": True,
        "ScanEnabled": True,
        "Recipients": ["support@example.com"],
        "Actions": [
            {"S3Action": {"BucketName": "mailbox"}},
            {"LambdaAction": {"FunctionArn": arn, "InvocationType": "Event"}},
        ],
    }
    ses.create_receipt_rule(RuleSetName="incoming", Rule=rule)
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        mail(shared, "Too early")
    ses.set_active_receipt_rule_set(RuleSetName="incoming")
    mail(shared, "Help")
    (record,) = received(shared, url)["Records"]
    assert record["eventSource"] == "aws:ses"
    assert record["ses"]["receipt"]["recipients"] == ["support@example.com"]
    assert record["ses"]["receipt"]["spamVerdict"] == {"status": "PASS"}
    told = record["ses"]["mail"]
    assert told["commonHeaders"]["subject"] == "Help"
    kept = s3.get_object(Bucket="mailbox", Key=told["messageId"])["Body"].read()
    assert kept.endswith(b"It does not work.\r\n")


def test_a_message_that_was_taken_survives_a_kill(server: Server) -> None:
    ses = server.client("ses")
    topic = server.client("sns").create_topic(Name="mail")["TopicArn"]
    url, arn = open_queue(server, "mail")
    server.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    ses.create_receipt_rule_set(RuleSetName="incoming")
    rule = {"Name": "all", "Enabled": True, "Actions": [{"SNSAction": {"TopicArn": topic}}]}
    ses.create_receipt_rule(RuleSetName="incoming", Rule=rule)
    ses.set_active_receipt_rule_set(RuleSetName="incoming")
    subjects = {f"Message {number}" for number in range(20)}
    for subject in subjects:
        mail(server, subject)
    server.kill()
    server.start()
    found: set[str] = set()

    def all_there() -> bool:
        notice = json.loads(received(server, url)["Message"])
        found.add(notice["mail"]["commonHeaders"]["subject"])
        return found == subjects

    until(all_there, "all messages")
