"""What EventBridge hears of stacks."""

import json
from typing import Any

from cloudarium.pytest_plugin import CloudUnderTest


def test_status_changes_are_published(cloud: CloudUnderTest, stacks: Any) -> None:
    sqs, events = cloud.client("sqs"), cloud.client("events")
    url = sqs.create_queue(QueueName="heard")["QueueUrl"]
    arn = "arn:aws:sqs:us-east-1:000000000000:heard"
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    pattern = {"source": ["aws.cloudformation"]}
    events.put_rule(Name="r", EventPattern=json.dumps(pattern))
    events.put_targets(Rule="r", Targets=[{"Id": "q", "Arn": arn}])
    stack = stacks.create("shop", {"A": {"Type": "AWS::SQS::Queue"}}, ClientRequestToken="t")
    heard = []
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        heard += [json.loads(message["Body"]) for message in messages]
        for message in messages:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    of_stack = [e for e in heard if e["detail-type"] == "CloudFormation Stack Status Change"]
    assert {e["detail"]["status-details"]["status"] for e in of_stack} == {
        "CREATE_IN_PROGRESS",
        "CREATE_COMPLETE",
    }
    assert all(e["resources"] == [stack["StackId"]] for e in heard)
    assert all(e["detail"]["client-request-token"] == "t" for e in heard)
    of_resource = [e for e in heard if e["detail-type"] == "CloudFormation Resource Status Change"]
    assert {e["detail"]["logical-resource-id"] for e in of_resource} == {"A"}


def test_events_are_published_to_the_stacks_topics(cloud: CloudUnderTest, stacks: Any) -> None:
    sqs, sns = cloud.client("sqs"), cloud.client("sns")
    topic = sns.create_topic(Name="t")["TopicArn"]
    url = sqs.create_queue(QueueName="heard")["QueueUrl"]
    arn = "arn:aws:sqs:us-east-1:000000000000:heard"
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    missing = "arn:aws:sns:us-east-1:000000000000:none"
    resources = {"A": {"Type": "AWS::SQS::Queue", "Properties": {"DelaySeconds": 1}}}
    stack = stacks.create("shop", resources, NotificationARNs=[topic, missing])
    assert stack["NotificationARNs"] == [topic, missing]
    heard = []
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for message in messages:
            heard.append(json.loads(message["Body"]))
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    assert len(heard) == 5
    assert {message["Subject"] for message in heard} == {"AWS CloudFormation Notification"}
    (done,) = [m["Message"] for m in heard if "ResourceStatus='CREATE_COMPLETE'\nResourceStatus"
               "Reason=''\nResourceType='AWS::SQS::Queue'" in m["Message"]]  # fmt: skip
    assert f"StackId='{stack['StackId']}'\n" in done
    assert "ResourceProperties='{\"DelaySeconds\":1}'\n" in done
