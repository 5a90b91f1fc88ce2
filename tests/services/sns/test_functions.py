"""Functions as subscriptions."""

from __future__ import annotations

from tests.services.functions import permit, relay, relayed

from cloudarium.pytest_plugin import CloudUnderTest


def test_a_function_receives_the_record(cloud: CloudUnderTest) -> None:
    sns = cloud.client("sns")
    topic = sns.create_topic(Name="t")["TopicArn"]
    arn, url = relay(cloud)
    permit(cloud, "relay", "sns", SourceArn=topic)
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
