"""Mail out: SendEmail and its kin, the outbox, and what comes back in."""

from __future__ import annotations

import json
import urllib.request
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from tests.services.ses.rules import BUCKET_ACTION, bucket, in_force, letters, rule

from cloudarium.pytest_plugin import CloudUnderTest

ANN = "Ann <ann@example.com>"


@pytest.fixture
def ses(cloud: CloudUnderTest) -> Any:
    """A client; mail may be sent from example.com."""
    client = cloud.client("ses")
    client.verify_domain_identity(Domain="example.com")
    cloud.settle()
    return client


def simple(**settings: Any) -> dict[str, Any]:
    """SendEmail's parameters."""
    return {
        "Source": ANN,
        "Destination": {"ToAddresses": ["bob@elsewhere.test"]},
        "Message": {
            "Subject": {"Data": "Grüße"},
            "Body": {"Text": {"Data": "Hello"}, "Html": {"Data": "<p>Hello</p>"}},
        },
        **settings,
    }


def sent(cloud: CloudUnderTest, message_id: str) -> EmailMessage:
    """A message in the mailbox."""
    raw = (cloud.folder / "mail" / f"{message_id}.eml").read_bytes()
    return message_from_bytes(raw, policy=default)


def test_a_message_lies_in_the_mailbox(cloud: CloudUnderTest, ses: Any) -> None:
    destination = {
        "ToAddresses": ["Bob <bob@elsewhere.test>"],
        "CcAddresses": ["cc@elsewhere.test"],
        "BccAddresses": ["hidden@elsewhere.test"],
    }
    answer = ses.send_email(**simple(Destination=destination, ReplyToAddresses=["r@example.com"]))
    message_id = answer["MessageId"]
    assert len(message_id) == len("0100017d38b57c61-f1af1c03-d81e-4101-b7df-4efaac95b71e-000000")
    message = sent(cloud, message_id)
    assert message["From"] == "Ann <ann@example.com>"
    assert message["To"] == "Bob <bob@elsewhere.test>"
    assert message["Cc"] == "cc@elsewhere.test"
    assert message["Bcc"] is None
    assert message["Reply-To"] == "r@example.com"
    assert message["Subject"] == "Grüße"
    assert message["Message-ID"] == f"<{message_id}@email.amazonses.com>"
    text, html = list(message.iter_parts())
    assert (text.get_content().strip(), html.get_content().strip()) == ("Hello", "<p>Hello</p>")


def test_the_outbox_page(cloud: CloudUnderTest, ses: Any) -> None:
    first = ses.send_email(**simple())["MessageId"]
    ses.send_email(**simple(Source="eve@example.com"))
    page = f"{cloud.endpoint}/_aws/ses"

    def shown(query: str = "") -> list[dict[str, Any]]:
        with urllib.request.urlopen(page + query) as answer:
            found: list[dict[str, Any]] = json.load(answer)["messages"]
            return found

    (message,) = shown(f"?id={first}")
    assert message["Source"] == ANN
    assert message["Destination"] == {"ToAddresses": ["bob@elsewhere.test"]}
    assert message["Subject"] == "Grüße"
    assert {key: text.strip() for key, text in message["Body"].items()} == {
        "text_part": "Hello",
        "html_part": "<p>Hello</p>",
    }
    assert [each["Source"] for each in shown("?email=eve@example.com")] == ["eve@example.com"]
    assert len(shown()) == 2
    with urllib.request.urlopen(urllib.request.Request(page, method="DELETE")) as answer:
        assert answer.status == 204
    assert shown() == []


def test_a_message_comes_back_in(cloud: CloudUnderTest, ses: Any) -> None:
    bucket(cloud)
    in_force(cloud, rule("r", BUCKET_ACTION, Recipients=["bob@elsewhere.test"]))
    to = ["bob@elsewhere.test", "other@elsewhere.test"]
    message_id = ses.send_email(**simple(Destination={"ToAddresses": to}))["MessageId"]
    cloud.settle()
    (raw,) = letters(cloud).values()
    message = message_from_bytes(raw, policy=default)
    assert message["Return-Path"] == f"<{message_id}@amazonses.com>"
    assert "spf=pass; dkim=pass" in message["Authentication-Results"]
    assert message["Subject"] == "Grüße"


def test_a_raw_message(cloud: CloudUnderTest, ses: Any) -> None:
    raw = EmailMessage()
    raw["From"], raw["To"], raw["Bcc"] = ANN, "bob@elsewhere.test", "hidden@elsewhere.test"
    raw["Subject"], raw["Message-ID"] = "raw", "<mine@example.com>"
    raw["X-SES-MESSAGE-TAGS"] = "a=b"
    raw.set_content("text")
    message_id = ses.send_raw_email(RawMessage={"Data": raw.as_bytes()})["MessageId"]
    message = sent(cloud, message_id)
    assert message["Message-ID"] == f"<{message_id}@email.amazonses.com>"
    assert (message["Bcc"], message["X-SES-MESSAGE-TAGS"]) == (None, None)
    assert message["Date"] is not None
    assert message.get_content().strip() == "text"
    with urllib.request.urlopen(f"{cloud.endpoint}/_aws/ses?id={message_id}") as answer:
        (shown,) = json.load(answer)["messages"]
    assert shown["Destination"]["ToAddresses"] == ["bob@elsewhere.test", "hidden@elsewhere.test"]
    with pytest.raises(ses.exceptions.ClientError) as caught:
        ses.send_raw_email(RawMessage={"Data": b"Subject: x\r\n\r\ny"})
    assert caught.value.response["Error"]["Message"] == "Missing required header 'From'."
    forged = raw.as_bytes().replace(b"ann@example.com", b"ann@evil.test")
    with pytest.raises(ses.exceptions.MessageRejected):
        ses.send_raw_email(Source="ann@example.com", RawMessage={"Data": forged})


def test_messages_that_are_refused(cloud: CloudUnderTest, ses: Any) -> None:
    def error(**settings: Any) -> tuple[str, str]:
        with pytest.raises(ses.exceptions.ClientError) as caught:
            ses.send_email(**simple(**settings))
        found = caught.value.response["Error"]
        return found["Code"], found["Message"]

    unverified = (
        "MessageRejected",
        "Email address is not verified. The following identities failed the check in region "
        "US-EAST-1: eve@evil.test",
    )
    assert error(Source="eve@evil.test") == unverified
    assert error(ReturnPath="eve@evil.test") == unverified
    invalid = "InvalidParameterValue"
    assert error(Source="nobody") == (invalid, "Missing final '@domain'")
    assert error(Destination={"ToAddresses": ["a b@c.d"]}) == (invalid, "Illegal address")
    assert error(Destination={"ToAddresses": []}) == (invalid, "Empty required header 'To'.")
    many = [f"n{number}@x.test" for number in range(51)]
    assert error(Destination={"ToAddresses": many}) == (invalid, "Recipient count exceeds 50.")
    breaking = {"Subject": {"Data": "a\nBcc: b@c.d"}, "Body": {"Text": {"Data": "x"}}}
    assert error(Message=breaking)[0] == invalid
    foreign = "arn:aws:ses:us-east-1:111122223333:identity/example.com"
    assert "another account's identity" in error(SourceArn=foreign)[1]
    missing = ("ConfigurationSetDoesNotExist", "Configuration set <none> does not exist.")
    assert error(ConfigurationSetName="none") == missing
    ses.update_account_sending_enabled(Enabled=False)
    assert ses.get_account_sending_enabled()["Enabled"] is False
    assert error()[0] == "AccountSendingPausedException"
    ses.update_account_sending_enabled(Enabled=True)
    assert ses.get_send_quota()["SentLast24Hours"] == 0.0


def test_what_was_sent_is_counted(cloud: CloudUnderTest, ses: Any) -> None:
    to = ["bounce@simulator.amazonses.com", "complaint+1@simulator.amazonses.com", "a@b.test"]
    ses.send_email(**simple(Destination={"ToAddresses": to}))
    virus = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
    body = {"Text": {"Data": virus.decode()}}
    ses.send_email(**simple(Message={"Subject": {"Data": "v"}, "Body": body}))
    cloud.settle()
    quota = ses.get_send_quota()
    assert (quota["Max24HourSend"], quota["SentLast24Hours"]) == (50_000.0, 2.0)
    (point,) = ses.get_send_statistics()["SendDataPoints"]
    assert (point["DeliveryAttempts"], point["Rejects"]) == (2, 1)
    assert (point["Bounces"], point["Complaints"]) == (1, 1)
    metrics = cloud.client("cloudwatch")
    counts = {}
    for name in ("Send", "Delivery", "Bounce", "Complaint", "Reject"):
        points = metrics.get_metric_statistics(
            Namespace="AWS/SES",
            MetricName=name,
            StartTime=cloud.now - 3600,
            EndTime=cloud.now + 60,
            Period=7200,
            Statistics=["Sum"],
        )["Datapoints"]
        counts[name] = sum(each["Sum"] for each in points)
    assert counts == {"Send": 2, "Delivery": 2, "Bounce": 1, "Complaint": 1, "Reject": 1}
    cloud.advance(86_400)
    assert ses.get_send_quota()["SentLast24Hours"] == 0.0


def test_who_may_send(cloud: CloudUnderTest, ses: Any) -> None:
    iam = cloud.client("iam")
    iam.create_user(UserName="app")
    key = iam.create_access_key(UserName="app")["AccessKey"]
    app = cloud.client("ses", credentials=(key["AccessKeyId"], key["SecretAccessKey"]))
    with pytest.raises(app.exceptions.ClientError) as caught:
        app.send_email(**simple())
    text = caught.value.response["Error"]["Message"]
    identity = "arn:aws:ses:us-east-1:000000000000:identity/example.com"
    assert f"not authorized to perform: ses:SendEmail on resource: {identity}" in text
    allow = {
        "Effect": "Allow",
        "Action": "ses:SendEmail",
        "Resource": identity,
        "Condition": {
            "StringEquals": {"ses:FromAddress": "ann@example.com"},
            "ForAllValues:StringLike": {"ses:Recipients": "*@elsewhere.test"},
        },
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    iam.put_user_policy(UserName="app", PolicyName="p", PolicyDocument=document)
    app.send_email(**simple())
    for other in ({"Source": "eve@example.com"}, {"Destination": {"ToAddresses": ["a@b.test"]}}):
        with pytest.raises(app.exceptions.ClientError):
            app.send_email(**simple(**other))
