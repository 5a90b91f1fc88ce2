"""Mail over SMTP: who takes it, and what the rules' actions do with it."""

from __future__ import annotations

import base64
import json
import re
import smtplib
from email import message_from_bytes
from email.policy import default

import pytest
from tests.services.ses.rules import (
    BUCKET_ACTION,
    bucket,
    in_force,
    letter,
    letters,
    post,
    rule,
    told,
    topic,
)

from cloudarium.pytest_plugin import CloudUnderTest


def test_a_message_becomes_an_object(cloud: CloudUnderTest) -> None:
    s3 = bucket(cloud)
    in_force(cloud, rule("r", BUCKET_ACTION, Recipients=["example.com"]))
    test = s3.get_object(Bucket="letters", Key="in/AMAZON_SES_SETUP_NOTIFICATION")
    assert b"Amazon SES Setup Notification" in test["Body"].read()
    post(cloud, letter(text="Grüße aus Köln"))
    cloud.settle()
    ((key, raw),) = letters(cloud).items()
    assert re.fullmatch(r"in/[a-z0-9]{40}", key)
    message = message_from_bytes(raw, policy=default)
    assert message["Return-Path"] == "<jane@sender.test>"
    assert f"with SMTP id {key[3:]}" in message["Received"]
    assert message["Subject"] == "Hello"
    assert message.get_content().strip() == "Grüße aus Köln"


def test_who_takes_mail(cloud: CloudUnderTest) -> None:
    bucket(cloud)
    conditions = ["john@example.com", "whole.test", ".below.test"]
    ses = in_force(cloud, rule("r", BUCKET_ACTION, Recipients=conditions))
    taken = ["john@example.com", "JOHN+tag@Example.com", "any@whole.test", "x@a.below.test"]
    unknown = ["jim@example.com", "x@sub.whole.test", "x@below.test", "x@elsewhere.test"]
    with smtplib.SMTP("127.0.0.1", cloud.ports["smtp"], "mailer.test") as client:
        client.ehlo()
        client.mail("jane@sender.test")
        assert [client.rcpt(address)[0] for address in taken] == [250] * 4
        answers = [client.rcpt(address) for address in unknown]
        refusal = b"5.1.1 Requested action not taken: mailbox unavailable"
        assert answers == [(550, refusal)] * 4
        code, text = client.data(letter().as_bytes())
        assert (code, text[:3]) == (250, b"OK ")
    cloud.settle()
    assert len(letters(cloud)) == 1
    ses.update_receipt_rule(RuleSetName="mail", Rule={**rule("r", BUCKET_ACTION), "Enabled": False})
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        post(cloud, letter())
    ses.update_receipt_rule(RuleSetName="mail", Rule=rule("r", BUCKET_ACTION))
    post(cloud, letter(), "whoever@where.ever")
    ses.set_active_receipt_rule_set()
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        post(cloud, letter(), "whoever@where.ever")


def test_filters_block_clients(cloud: CloudUnderTest) -> None:
    bucket(cloud)
    ses = in_force(cloud, rule("r", BUCKET_ACTION))
    bad = {"Policy": "Block", "Cidr": "127.0.0.0/8"}
    block = {"Name": "b", "IpFilter": bad}
    ses.create_receipt_filter(Filter=block)
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        post(cloud, letter())
    ((code, text),) = refused.value.recipients.values()
    assert (code, text[:6]) == (550, b"5.7.1 ")
    allow = {"Name": "a", "IpFilter": {"Policy": "Allow", "Cidr": "127.0.0.1"}}
    ses.create_receipt_filter(Filter=allow)
    post(cloud, letter())
    assert ses.list_receipt_filters()["Filters"] == [allow, block]
    with pytest.raises(ses.exceptions.AlreadyExistsException):
        ses.create_receipt_filter(Filter=allow)
    with pytest.raises(ses.exceptions.ClientError, match="Invalid CIDR"):
        ses.create_receipt_filter(Filter={**block, "IpFilter": {**bad, "Cidr": "300.0.0.0"}})
    ses.delete_receipt_filter(FilterName="a")
    ses.delete_receipt_filter(FilterName="a")
    assert ses.list_receipt_filters()["Filters"] == [block]


def test_a_message_is_told_to_a_topic(cloud: CloudUnderTest) -> None:
    arn, url = topic(cloud)
    plain = rule("plain", {"SNSAction": {"TopicArn": arn}}, ScanEnabled=True)
    coded = rule("coded", {"SNSAction": {"TopicArn": arn, "Encoding": "Base64"}})
    in_force(cloud, plain, coded)
    message = letter("Grüße", Cc="Ann <ann@example.com>", Reply_To="r@sender.test")
    post(cloud, message, "john@example.com", "hidden@example.com")
    first, second = told(cloud, url)
    assert first["Subject"] == "Amazon SES Email Receipt Notification"
    assert first["notificationType"] == "Received"
    mail, receipt = first["mail"], first["receipt"]
    assert mail["source"] == "jane@sender.test"
    assert mail["destination"] == ["john@example.com", "ann@example.com"]
    assert mail["headersTruncated"] is False
    names = [each["name"] for each in mail["headers"]]
    assert names[:3] == ["Return-Path", "Received", "X-SES-Spam-Verdict"]
    assert mail["commonHeaders"] == {
        "returnPath": "jane@sender.test",
        "from": ["Jane Doe <jane@sender.test>"],
        "to": ["John <john@example.com>"],
        "cc": ["Ann <ann@example.com>"],
        "replyTo": ["r@sender.test"],
        "messageId": "<1@sender.test>",
        "subject": "Grüße",
    }
    assert receipt["recipients"] == ["john@example.com", "hidden@example.com"]
    assert receipt["spamVerdict"] == receipt["virusVerdict"] == {"status": "PASS"}
    assert receipt["spfVerdict"] == receipt["dkimVerdict"] == {"status": "GRAY"}
    assert receipt["dmarcVerdict"] == {"status": "GRAY"}
    assert receipt["processingTimeMillis"] == 0
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", receipt["timestamp"])
    assert receipt["action"] == {"type": "SNS", "topicArn": arn, "encoding": "UTF8"}
    assert first["content"].endswith("How are you?\r\n")
    assert second["receipt"]["action"]["encoding"] == "BASE64"
    assert base64.b64decode(second["content"]) == first["content"].encode()


def test_spam_and_viruses_are_told(cloud: CloudUnderTest) -> None:
    arn, url = topic(cloud)
    ses = in_force(cloud, rule("r", {"SNSAction": {"TopicArn": arn}}, ScanEnabled=True))
    gtube = "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X"
    eicar = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
    post(cloud, letter(text=gtube))
    (found,) = told(cloud, url)
    assert found["receipt"]["spamVerdict"] == {"status": "FAIL"}
    assert {"name": "X-SES-Spam-Verdict", "value": "FAIL"} in found["mail"]["headers"]
    message = letter()
    message.add_attachment(eicar, maintype="application", subtype="octet-stream")
    post(cloud, message)
    (found,) = told(cloud, url)
    assert found["receipt"]["spamVerdict"] == {"status": "PASS"}
    assert found["receipt"]["virusVerdict"] == {"status": "FAIL"}
    ses.update_receipt_rule(RuleSetName="mail", Rule=rule("r", {"SNSAction": {"TopicArn": arn}}))
    post(cloud, message)
    (found,) = told(cloud, url)
    assert found["receipt"]["virusVerdict"] == {"status": "DISABLED"}


def test_headers_are_added_and_a_stop_ends_it(cloud: CloudUnderTest) -> None:
    bucket(cloud, "*")
    arn, url = topic(cloud)
    header = {"AddHeaderAction": {"HeaderName": "X-Seen", "HeaderValue": "yes"}}
    store = {"S3Action": {**BUCKET_ACTION["S3Action"], "TopicArn": arn}}
    stop = {"StopAction": {"Scope": "RuleSet", "TopicArn": arn}}
    in_force(cloud, rule("r", header, store), rule("end", stop), rule("never", header, store))
    post(cloud, letter())
    stored, stopped = told(cloud, url)
    ((key, raw),) = letters(cloud).items()
    assert message_from_bytes(raw)["X-Seen"] == "yes"
    assert stored["Subject"] == "Amazon SES S3 Notification"
    assert "content" not in stored
    assert stored["receipt"]["action"] == {
        "type": "S3",
        "topicArn": arn,
        "bucketName": "letters",
        "objectKeyPrefix": "in/",
        "objectKey": key,
    }
    assert stopped["receipt"]["action"] == {"type": "Stop", "topicArn": arn}


def test_long_headers_are_cut(cloud: CloudUnderTest) -> None:
    arn, url = topic(cloud)
    in_force(cloud, rule("r", {"SNSAction": {"TopicArn": arn}}))
    head = b"".join(b"X-Long-%d: %s\r\n" % (number, b"x" * 900) for number in range(20))
    post(cloud, head + b"Subject: hidden\r\n\r\nText\r\n")
    (found,) = told(cloud, url)
    assert found["mail"]["headersTruncated"] is True
    assert found["mail"]["destination"] == ["john@example.com"]
    assert found["mail"]["commonHeaders"]["subject"] == "hidden"
    assert len(json.dumps(found["mail"]["headers"])) < 12_000


def test_a_failing_action_is_tried_for_four_hours(cloud: CloudUnderTest) -> None:
    s3 = bucket(cloud)
    arn, url = topic(cloud)
    in_force(cloud, rule("r", BUCKET_ACTION, {"SNSAction": {"TopicArn": arn}}))
    policy = s3.get_bucket_policy(Bucket="letters")["Policy"]
    s3.delete_bucket_policy(Bucket="letters")
    post(cloud, letter("first"))
    assert told(cloud, url) == []
    s3.put_bucket_policy(Bucket="letters", Policy=policy)
    cloud.advance(30)
    (found,) = told(cloud, url)
    assert found["receipt"]["processingTimeMillis"] == 30_000
    assert len(letters(cloud)) == 1
    s3.delete_bucket_policy(Bucket="letters")
    post(cloud, letter("second"))
    cloud.advance(3.9 * 3600)
    assert told(cloud, url) == []
    cloud.advance(0.2 * 3600)
    (found,) = told(cloud, url)
    assert found["mail"]["commonHeaders"]["subject"] == "second"
    metrics = cloud.client("cloudwatch")
    totals = {}
    for name in ("PublishSuccess", "PublishFailure", "PublishExpired"):
        points = metrics.get_metric_statistics(
            Namespace="AWS/SES",
            MetricName=name,
            Dimensions=[{"Name": "RuleName", "Value": "r"}],
            StartTime=cloud.now - 20_000,
            EndTime=cloud.now + 60,
            Period=86_400,
            Statistics=["Sum"],
        )["Datapoints"]
        totals[name] = sum(point["Sum"] for point in points)
    assert totals["PublishSuccess"] == 3
    assert totals["PublishFailure"] > 10
    assert totals["PublishExpired"] == 1


def test_what_was_acknowledged_survives_a_restart(cloud: CloudUnderTest) -> None:
    s3 = bucket(cloud)
    in_force(cloud, rule("r", BUCKET_ACTION))
    policy = s3.get_bucket_policy(Bucket="letters")["Policy"]
    s3.delete_bucket_policy(Bucket="letters")
    post(cloud, letter())
    cloud.restart()
    assert letters(cloud) == {}
    cloud.client("s3").put_bucket_policy(Bucket="letters", Policy=policy)
    cloud.advance(60)
    assert len(letters(cloud)) == 1
    assert not [path for path in (cloud.folder / "blobs" / "ses").rglob("*") if path.is_file()]


def test_a_bounce_goes_back(cloud: CloudUnderTest) -> None:
    bucket(cloud, "*")
    arn, url = topic(cloud)
    back = {
        "SmtpReplyCode": "550",
        "StatusCode": "5.1.1",
        "Message": "Mailbox does not exist",
        "Sender": "bounces@example.com",
        "TopicArn": arn,
    }
    refuse = rule("refuse", {"BounceAction": back}, Recipients=["john@example.com"])
    # Bounces go to Jane, who has her mailbox here; a bounce of a bounce goes nowhere.
    keep = rule("keep", BUCKET_ACTION, {"BounceAction": back}, Recipients=["sender.test"])
    in_force(cloud, refuse, keep)
    post(cloud, letter())
    first, second = told(cloud, url)
    assert first["receipt"]["action"] == {
        "type": "Bounce",
        "topicArn": arn,
        "smtpReplyCode": "550",
        "statusCode": "5.1.1",
        "message": "Mailbox does not exist",
        "sender": "bounces@example.com",
    }
    assert second["mail"]["source"] == ""
    (raw,) = letters(cloud).values()
    report = message_from_bytes(raw, policy=default)
    assert report["From"] == "MAILER-DAEMON <bounces@example.com>"
    assert report.get_content_type() == "multipart/report"
    text, status, head = list(report.iter_parts())
    assert text.get_content().strip() == "Mailbox does not exist"
    assert "Final-Recipient: rfc822; john@example.com" in status.as_string()
    assert "Status: 5.1.1" in status.as_string()
    assert "Subject: Hello" in head.as_string()
    assert len(list((cloud.folder / "mail").glob("*.eml"))) == 1


def test_what_a_topic_cannot_hold_bounces(cloud: CloudUnderTest) -> None:
    arn, url = topic(cloud)
    in_force(cloud, rule("r", {"SNSAction": {"TopicArn": arn}}, Recipients=["example.com"]))
    post(cloud, letter(text="x" * 70 + "\n" + "y\n" * 80_000))
    assert told(cloud, url) == []
    (path,) = (cloud.folder / "mail").glob("*.eml")
    assert b"552 Message size exceeds fixed limit" in path.read_bytes()
