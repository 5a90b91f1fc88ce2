"""Identities: the API."""

from __future__ import annotations

from typing import Any

import pytest

from cloudarium.pytest_plugin import CloudUnderTest


@pytest.fixture
def ses(cloud: CloudUnderTest) -> Any:
    """A client; example.com and ann@mail.test are verified."""
    client = cloud.client("ses")
    client.verify_domain_identity(Domain="example.com")
    client.verify_email_identity(EmailAddress="ann@mail.test")
    client.get_waiter("identity_exists").wait(Identities=["example.com", "ann@mail.test"])
    return client


def test_identities_are_verified(cloud: CloudUnderTest, ses: Any) -> None:
    names = ["example.com", "ann@mail.test", "nobody@mail.test"]
    found = ses.get_identity_verification_attributes(Identities=names)["VerificationAttributes"]
    assert found.keys() == {"example.com", "ann@mail.test"}
    assert found["ann@mail.test"] == {"VerificationStatus": "Success"}
    token = found["example.com"]["VerificationToken"]
    assert ses.verify_domain_identity(Domain="example.com")["VerificationToken"] == token
    ses.verify_email_address(EmailAddress="bob@mail.test")
    cloud.settle()
    assert ses.list_identities()["Identities"] == ["ann@mail.test", "bob@mail.test", "example.com"]
    assert ses.list_identities(IdentityType="Domain")["Identities"] == ["example.com"]
    addresses = ["ann@mail.test", "bob@mail.test"]
    assert ses.list_identities(IdentityType="EmailAddress")["Identities"] == addresses
    assert ses.list_verified_email_addresses()["VerifiedEmailAddresses"] == addresses
    first = ses.list_identities(MaxItems=2)
    assert ses.list_identities(NextToken=first["NextToken"])["Identities"] == ["example.com"]
    ses.delete_identity(Identity="example.com")
    ses.delete_verified_email_address(EmailAddress="bob@mail.test")
    assert ses.list_identities()["Identities"] == ["ann@mail.test"]
    for call, settings in (
        (ses.verify_email_identity, {"EmailAddress": "nobody"}),
        (ses.verify_email_identity, {"EmailAddress": "a b@c.d"}),
        (ses.verify_domain_identity, {"Domain": "a@b"}),
        (ses.verify_domain_identity, {"Domain": "a..b"}),
        (ses.list_identities, {"NextToken": "x"}),
    ):
        with pytest.raises(ses.exceptions.ClientError) as caught:
            call(**settings)
        assert caught.value.response["Error"]["Code"] == "InvalidParameterValue"


@pytest.mark.parametrize(
    ("sender", "taken"),
    [
        ("any@example.com", True),
        ("Any One <any@sub.example.com>", True),
        ("ANN@mail.test", True),
        ("ann+label@mail.test", True),
        ("bob@mail.test", False),
        ("any@notexample.com", False),
    ],
)
def test_what_an_identity_stands_for(ses: Any, sender: str, taken: bool) -> None:
    params = {
        "Source": sender,
        "Destination": {"ToAddresses": ["x@y.test"]},
        "Message": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}},
    }
    if taken:
        ses.send_email(**params)
    else:
        with pytest.raises(ses.exceptions.MessageRejected):
            ses.send_email(**params)


def test_settings_are_kept(ses: Any) -> None:
    which = {"Identity": "example.com"}
    names = {"Identities": ["example.com"]}
    found = ses.get_identity_dkim_attributes(**names)["DkimAttributes"]["example.com"]
    assert found == {"DkimEnabled": False, "DkimVerificationStatus": "NotStarted"}
    tokens = ses.verify_domain_dkim(Domain="example.com")["DkimTokens"]
    assert len(set(tokens)) == 3
    found = ses.get_identity_dkim_attributes(**names)["DkimAttributes"]["example.com"]
    assert found == {
        "DkimEnabled": True,
        "DkimVerificationStatus": "Success",
        "DkimTokens": tokens,
    }
    ses.set_identity_dkim_enabled(**which, DkimEnabled=False)
    found = ses.get_identity_dkim_attributes(**names)["DkimAttributes"]["example.com"]
    assert found["DkimEnabled"] is False
    ses.set_identity_mail_from_domain(**which, MailFromDomain="bounces.example.com")
    found = ses.get_identity_mail_from_domain_attributes(**names)["MailFromDomainAttributes"]
    assert found["example.com"] == {
        "MailFromDomain": "bounces.example.com",
        "MailFromDomainStatus": "Success",
        "BehaviorOnMXFailure": "UseDefaultValue",
    }


def test_notifications_are_kept(ses: Any) -> None:
    which, names = {"Identity": "example.com"}, {"Identities": ["example.com"]}
    with pytest.raises(ses.exceptions.ClientError):
        ses.set_identity_feedback_forwarding_enabled(**which, ForwardingEnabled=False)
    for kind in ("Bounce", "Complaint"):
        ses.set_identity_notification_topic(**which, NotificationType=kind, SnsTopic="arn:t")
    ses.set_identity_feedback_forwarding_enabled(**which, ForwardingEnabled=False)
    ses.set_identity_headers_in_notifications_enabled(
        **which, NotificationType="Bounce", Enabled=True
    )
    ses.set_identity_notification_topic(**which, NotificationType="Complaint")
    found = ses.get_identity_notification_attributes(**names)["NotificationAttributes"]
    assert found["example.com"] == {
        "BounceTopic": "arn:t",
        "ComplaintTopic": "",
        "DeliveryTopic": "",
        "ForwardingEnabled": False,
        "HeadersInBounceNotificationsEnabled": True,
        "HeadersInComplaintNotificationsEnabled": False,
        "HeadersInDeliveryNotificationsEnabled": False,
    }
