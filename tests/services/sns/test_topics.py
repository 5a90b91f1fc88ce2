"""Topics: creating, attributes, permissions, tags, listing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudarium.pytest_plugin import CloudUnderTest

ARN = "arn:aws:sns:us-east-1:000000000000:"


def error_of(call: Any, **params: Any) -> tuple[str, str]:
    """Code and message of the error a call answers."""
    with pytest.raises(ClientError) as caught:
        call(**params)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def test_creating_a_topic_again_answers_the_same_topic(cloud: CloudUnderTest) -> None:
    sns = cloud.client("sns")
    topic = sns.create_topic(Name="t", Attributes={"DisplayName": "Tea"})["TopicArn"]
    assert topic == ARN + "t"
    assert sns.create_topic(Name="t")["TopicArn"] == topic
    assert error_of(sns.create_topic, Name="t", Attributes={"DisplayName": "Coffee"}) == (
        "InvalidParameter",
        "Invalid parameter: Attributes Reason: Topic already exists with different attributes",
    )
    sns.delete_topic(TopicArn=topic)
    sns.delete_topic(TopicArn=topic)
    assert error_of(sns.get_topic_attributes, TopicArn=topic) == (
        "NotFound",
        "Topic does not exist",
    )


@pytest.mark.parametrize("name", ["with space", "", "x" * 257, "first-in.fifo"])
def test_a_bad_name_is_refused(cloud: CloudUnderTest, name: str) -> None:
    sns = cloud.client("sns")
    assert error_of(sns.create_topic, Name=name) == (
        "InvalidParameter",
        "Invalid parameter: Topic Name",
    )


def test_attributes(cloud: CloudUnderTest) -> None:
    sns = cloud.client("sns")
    topic = sns.create_topic(Name="t")["TopicArn"]
    sns.set_topic_attributes(TopicArn=topic, AttributeName="DisplayName", AttributeValue="Tea")
    attributes = sns.get_topic_attributes(TopicArn=topic)["Attributes"]
    assert attributes["DisplayName"] == "Tea"
    assert attributes["Owner"] == "000000000000"
    assert attributes["SubscriptionsConfirmed"] == "0"
    assert json.loads(attributes["Policy"])["Id"] == "__default_policy_ID"
    policy = json.dumps({"Version": "2012-10-17", "Statement": []})
    sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=policy)
    assert sns.get_topic_attributes(TopicArn=topic)["Attributes"]["Policy"] == policy
    bad = {"TopicArn": topic, "AttributeName": "Colour", "AttributeValue": "red"}
    assert error_of(sns.set_topic_attributes, **bad) == (
        "InvalidParameter",
        "Invalid parameter: AttributeName",
    )
    kms = {"TopicArn": topic, "AttributeName": "KmsMasterKeyId", "AttributeValue": "alias/x"}
    assert error_of(sns.set_topic_attributes, **kms)[0] == "InvalidParameter"


def test_permissions_are_statements_of_the_policy(cloud: CloudUnderTest) -> None:
    sns = cloud.client("sns")
    topic = sns.create_topic(Name="t")["TopicArn"]
    grant = {
        "TopicArn": topic,
        "Label": "friends",
        "AWSAccountId": ["111111111111"],
        "ActionName": ["Publish"],
    }
    sns.add_permission(**grant)
    policy = json.loads(sns.get_topic_attributes(TopicArn=topic)["Attributes"]["Policy"])
    assert policy["Statement"][-1] == {
        "Sid": "friends",
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::111111111111:root"},
        "Action": "SNS:Publish",
        "Resource": topic,
    }
    assert error_of(sns.add_permission, **grant)[1] == (
        "Invalid parameter: Statement already exists"
    )
    other = cloud.client("sns", credentials=("111111111111", "test"))
    assert other.publish(TopicArn=topic, Message="hello")["MessageId"]
    sns.remove_permission(TopicArn=topic, Label="friends")
    assert error_of(other.publish, TopicArn=topic, Message="hello")[0] == "AuthorizationError"


def test_tags(cloud: CloudUnderTest) -> None:
    sns = cloud.client("sns")
    topic = sns.create_topic(Name="t", Tags=[{"Key": "a", "Value": "1"}])["TopicArn"]
    sns.tag_resource(ResourceArn=topic, Tags=[{"Key": "b", "Value": "2"}])
    sns.untag_resource(ResourceArn=topic, TagKeys=["a"])
    assert sns.list_tags_for_resource(ResourceArn=topic)["Tags"] == [{"Key": "b", "Value": "2"}]
    assert error_of(sns.list_tags_for_resource, ResourceArn=ARN + "none") == (
        "ResourceNotFound",
        "Resource does not exist",
    )
    many = [{"Key": str(number), "Value": ""} for number in range(51)]
    assert error_of(sns.tag_resource, ResourceArn=topic, Tags=many)[0] == "TagLimitExceeded"


def test_topics_are_listed_a_hundred_at_a_time(cloud: CloudUnderTest) -> None:
    sns = cloud.client("sns")
    for number in range(101):
        sns.create_topic(Name=f"t{number:03}")
    first = sns.list_topics()
    second = sns.list_topics(NextToken=first["NextToken"])
    found = [topic["TopicArn"] for topic in first["Topics"] + second["Topics"]]
    assert found == [f"{ARN}t{number:03}" for number in range(101)]
    assert "NextToken" not in second
    assert cloud.client("sns", region="eu-west-1").list_topics()["Topics"] == []
