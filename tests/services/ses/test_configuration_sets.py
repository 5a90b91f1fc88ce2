"""Configuration sets, and what their event destinations are told."""

from __future__ import annotations

from typing import Any

import pytest
from tests.services.ses.rules import told, topic
from tests.services.ses.test_sending import ANN, simple

from cloudarium.pytest_plugin import CloudUnderTest

EVENTS = ["send", "delivery", "bounce", "complaint", "reject", "renderingFailure"]
FIREHOSE = "arn:aws:firehose:us-east-1:000000000000:deliverystream/s"
ROLE = "arn:aws:iam::000000000000:role/r"


@pytest.fixture
def ses(cloud: CloudUnderTest) -> Any:
    """A client with the configuration set `c`; mail may be sent from example.com."""
    client = cloud.client("ses")
    client.verify_domain_identity(Domain="example.com")
    client.create_configuration_set(ConfigurationSet={"Name": "c"})
    cloud.settle()
    return client


def destination(name: str, **kind: Any) -> dict[str, Any]:
    """An enabled event destination for all events."""
    return {"Name": name, "Enabled": True, "MatchingEventTypes": EVENTS, **kind}


def test_configuration_sets(ses: Any) -> None:
    which = {"ConfigurationSetName": "c"}
    ses.create_configuration_set(ConfigurationSet={"Name": "d"})
    listed = ses.list_configuration_sets()["ConfigurationSets"]
    assert listed == [{"Name": "c"}, {"Name": "d"}]
    with pytest.raises(ses.exceptions.ConfigurationSetAlreadyExistsException):
        ses.create_configuration_set(ConfigurationSet={"Name": "c"})
    with pytest.raises(ses.exceptions.InvalidConfigurationSetException):
        ses.create_configuration_set(ConfigurationSet={"Name": "c c"})
    ses.put_configuration_set_delivery_options(**which, DeliveryOptions={"TlsPolicy": "Require"})
    ses.update_configuration_set_reputation_metrics_enabled(**which, Enabled=True)
    ses.update_configuration_set_sending_enabled(**which, Enabled=False)
    names = ["eventDestinations", "deliveryOptions", "reputationOptions"]
    shown = ses.describe_configuration_set(**which, ConfigurationSetAttributeNames=names)
    assert shown["ConfigurationSet"] == {"Name": "c"}
    assert shown["DeliveryOptions"] == {"TlsPolicy": "Require"}
    options = {"SendingEnabled": False, "ReputationMetricsEnabled": True}
    assert shown["ReputationOptions"] == options
    assert "DeliveryOptions" not in ses.describe_configuration_set(**which)
    with pytest.raises(ses.exceptions.ConfigurationSetSendingPausedException):
        ses.send_email(**simple(ConfigurationSetName="c"))
    ses.delete_configuration_set(ConfigurationSetName="d")
    with pytest.raises(ses.exceptions.ConfigurationSetDoesNotExistException) as caught:
        ses.delete_configuration_set(ConfigurationSetName="d")
    error = caught.value.response["Error"]
    assert error["Message"] == "Configuration set <d> does not exist."


def test_event_destinations(cloud: CloudUnderTest, ses: Any) -> None:
    arn, _ = topic(cloud)
    which = {"ConfigurationSetName": "c"}

    def create(**settings: Any) -> None:
        ses.create_configuration_set_event_destination(
            **which, EventDestination=destination("e", **settings)
        )

    firehose = {"IAMRoleARN": ROLE, "DeliveryStreamARN": FIREHOSE}
    with pytest.raises(ses.exceptions.InvalidFirehoseDestinationException):
        create(KinesisFirehoseDestination=firehose)
    with pytest.raises(ses.exceptions.InvalidSNSDestinationException):
        create(SNSDestination={"TopicARN": arn + "x"})
    with pytest.raises(ses.exceptions.InvalidCloudWatchDestinationException):
        create(CloudWatchDestination={"DimensionConfigurations": []})
    create(SNSDestination={"TopicARN": arn})
    with pytest.raises(ses.exceptions.EventDestinationAlreadyExistsException):
        create(SNSDestination={"TopicARN": arn})
    changed = {**destination("e", SNSDestination={"TopicARN": arn}), "MatchingEventTypes": ["send"]}
    ses.update_configuration_set_event_destination(**which, EventDestination=changed)
    shown = ses.describe_configuration_set(
        **which, ConfigurationSetAttributeNames=["eventDestinations"]
    )
    assert shown["EventDestinations"] == [changed]
    ses.delete_configuration_set_event_destination(**which, EventDestinationName="e")
    with pytest.raises(ses.exceptions.EventDestinationDoesNotExistException):
        ses.delete_configuration_set_event_destination(**which, EventDestinationName="e")


def test_a_topic_is_told_of_events(cloud: CloudUnderTest, ses: Any) -> None:
    arn, url = topic(cloud)
    given = destination("e", SNSDestination={"TopicARN": arn})
    ses.create_configuration_set_event_destination(ConfigurationSetName="c", EventDestination=given)
    cloud.settle()
    cloud.client("sqs").purge_queue(QueueUrl=url)
    to = [f"{kind}@simulator.amazonses.com" for kind in ("success", "bounce", "complaint")]
    message_id = ses.send_email(
        **simple(
            ConfigurationSetName="c",
            Tags=[{"Name": "campaign", "Value": "spring"}],
            Destination={"ToAddresses": to},
        )
    )["MessageId"]
    found = {each["eventType"]: each for each in told(cloud, url)}
    assert found.keys() == {"Send", "Delivery", "Bounce", "Complaint"}
    mail = found["Send"]["mail"]
    assert found["Send"]["send"] == {}
    assert (mail["source"], mail["messageId"], mail["destination"]) == (ANN, message_id, to)
    assert mail["sourceArn"] == "arn:aws:ses:us-east-1:000000000000:identity/example.com"
    assert mail["sendingAccountId"] == cloud.account
    assert mail["tags"]["campaign"] == ["spring"]
    assert mail["tags"]["ses:configuration-set"] == ["c"]
    assert mail["commonHeaders"]["subject"] == "Grüße"
    assert found["Delivery"]["delivery"]["recipients"] == [to[0], to[2]]
    bounce = found["Bounce"]["bounce"]
    assert (bounce["bounceType"], bounce["bounceSubType"]) == ("Permanent", "General")
    assert bounce["bouncedRecipients"][0]["emailAddress"] == to[1]
    assert found["Complaint"]["complaint"]["complaintFeedbackType"] == "abuse"
    ses.create_template(Template={"TemplateName": "t", "SubjectPart": "{{name}}"})
    ses.send_templated_email(
        Source=ANN,
        Template="t",
        TemplateData="{}",
        ConfigurationSetName="c",
        Destination={"ToAddresses": ["a@b.test"]},
    )
    (failed,) = told(cloud, url)
    assert failed["eventType"] == "Rendering Failure"
    assert failed["failure"]["templateName"] == "t"
    assert failed["failure"]["errorMessage"].startswith("Attribute 'name' is not present")


def test_events_are_counted(cloud: CloudUnderTest, ses: Any) -> None:
    dimension = {
        "DimensionName": "campaign",
        "DimensionValueSource": "messageTag",
        "DefaultDimensionValue": "none",
    }
    header = {**dimension, "DimensionName": "Subject", "DimensionValueSource": "emailHeader"}
    counted = {"DimensionConfigurations": [dimension, header]}
    ses.create_configuration_set_event_destination(
        ConfigurationSetName="c",
        EventDestination=destination("e", CloudWatchDestination=counted),
    )
    message = {"Subject": {"Data": "Sale"}, "Body": {"Text": {"Data": "x"}}}
    ses.send_email(
        **simple(
            ConfigurationSetName="c",
            Message=message,
            Tags=[{"Name": "campaign", "Value": "spring"}],
        )
    )
    ses.send_email(**simple(ConfigurationSetName="c", Message=message))
    cloud.settle()
    for campaign in ("spring", "none"):
        points = cloud.client("cloudwatch").get_metric_statistics(
            Namespace="AWS/SES",
            MetricName="Delivery",
            Dimensions=[
                {"Name": "campaign", "Value": campaign},
                {"Name": "Subject", "Value": "Sale"},
            ],
            StartTime=cloud.now - 600,
            EndTime=cloud.now + 60,
            Period=3600,
            Statistics=["Sum"],
        )["Datapoints"]
        assert [point["Sum"] for point in points] == [1.0]


def test_an_identitys_topics_are_told(cloud: CloudUnderTest, ses: Any) -> None:
    arn, url = topic(cloud)
    which = {"Identity": "example.com", "NotificationType": "Bounce"}
    ses.set_identity_notification_topic(**which, SnsTopic=arn)
    to = {"ToAddresses": ["suppressionlist@simulator.amazonses.com", "a@b.test"]}
    ses.send_email(**simple(Destination=to))
    (notice,) = told(cloud, url)
    assert notice["notificationType"] == "Bounce"
    assert notice["bounce"]["bounceSubType"] == "Suppressed"
    assert "headers" not in notice["mail"]
    ses.set_identity_headers_in_notifications_enabled(**which, Enabled=True)
    ses.send_email(**simple(Destination=to))
    (notice,) = told(cloud, url)
    assert notice["mail"]["commonHeaders"]["subject"] == "Grüße"
