"""Recursive loops through queues, topics, buckets and functions are detected and stopped."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

ARN = "arn:aws:{service}:us-east-1:000000000000:{name}"
DOES = [
    {"Effect": "Allow", "Action": f"{service}:*", "Resource": "*"}
    for service in ("logs", "sqs", "sns", "s3", "lambda")
]
# Logs its tracing header and does once more what brought it here.
SOURCE = """
import boto3, json, os
def handler(event, context):
    print('LINEAGE ' + os.environ['_X_AMZN_TRACE_ID'].partition('Lineage=')[2])
    again = os.environ['AGAIN']
    if again == 'queue':
        boto3.client('sqs').send_message(QueueUrl=os.environ['TO'], MessageBody='again')
    elif again == 'topic':
        boto3.client('sns').publish(TopicArn=os.environ['TO'], Message='again')
    elif again == 'bucket':
        boto3.client('s3').put_object(Bucket=os.environ['TO'], Key='again', Body=b'again')
    elif again == 'function':
        answer = boto3.client('lambda').invoke(
            FunctionName=os.environ['TO'], InvocationType=os.environ.get('HOW', 'Event'))
        return json.load(answer['Payload']) if 'HOW' in os.environ else None
"""


class Loop:
    """A function that comes back to itself."""

    def __init__(self, functions: Any) -> None:
        self.functions, self.cloud, self.client = functions, functions.cloud, functions.client
        self.role = functions.make_role("looping", DOES)
        self.dead = self.queue("dead")

    def queue(self, name: str, **attributes: str) -> str:
        """A new queue's URL."""
        sqs = self.cloud.client("sqs")
        return str(sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"])

    def make(self, again: str, to: str, name: str = "hello", **variables: str) -> None:
        """Create a function that does this `again`; its events that are given up are kept."""
        self.functions.make(
            SOURCE,
            FunctionName=name,
            Role=self.role,
            Timeout=30,
            Environment={"Variables": {"AGAIN": again, "TO": to, **variables}},
            DeadLetterConfig={"TargetArn": ARN.format(service="sqs", name="dead")},
        )

    def let(self, service: str) -> None:
        """Let a service invoke the function."""
        self.client.add_permission(
            FunctionName="hello",
            StatementId=service,
            Action="lambda:InvokeFunction",
            Principal=f"{service}.amazonaws.com",
        )

    def lineages(self) -> list[str]:
        """What the function saw at each of its invocations."""
        self.cloud.settle()
        lines = self.functions.log()
        return [line[8:].strip() for line in lines if line.startswith("LINEAGE ")]

    def given_up(self, url: str = "") -> list[dict[str, Any]]:
        """The dead letters."""
        answer = self.cloud.client("sqs").receive_message(
            QueueUrl=url or self.dead, MessageAttributeNames=["All"], MaxNumberOfMessages=10
        )
        return list(answer.get("Messages", []))

    def dropped(self) -> float:
        """How many invocations were stopped, by the function's metric."""
        self.cloud.settle()
        answer = self.cloud.client("cloudwatch").get_metric_statistics(
            Namespace="AWS/Lambda",
            MetricName="RecursiveInvocationsDropped",
            Dimensions=[{"Name": "FunctionName", "Value": "hello"}],
            StartTime=self.cloud.now - 3600,
            EndTime=self.cloud.now + 3600,
            Period=86400,
            Statistics=["Sum"],
        )
        return float(sum(point["Sum"] for point in answer["Datapoints"]))


@pytest.fixture
def loop(functions: Any) -> Loop:
    """A role that may do what loops are made of, and a queue for dead letters."""
    return Loop(functions)


def test_a_loop_through_a_queue_ends_in_its_dead_letter_queue(loop: Loop) -> None:
    dead = loop.queue("unread")
    policy = {"deadLetterTargetArn": ARN.format(service="sqs", name="unread")}
    url = loop.queue("jobs", RedrivePolicy=json.dumps({**policy, "maxReceiveCount": 2}))
    loop.make("queue", url)
    arn = ARN.format(service="sqs", name="jobs")
    loop.client.create_event_source_mapping(EventSourceArn=arn, FunctionName="hello")
    loop.cloud.client("sqs").send_message(QueueUrl=url, MessageBody="first")
    lineages = loop.lineages()
    assert len(lineages) == 16
    assert [each.partition(":")[2] for each in sorted(lineages)] == sorted(map(str, range(16)))
    for _ in range(3):
        loop.cloud.advance(31)
    assert [message["Body"] for message in loop.given_up(dead)] == ["again"]
    assert (len(loop.lineages()), loop.dropped()) == (16, 2)


def test_a_loop_through_a_topic_ends_in_the_functions_dead_letter_queue(loop: Loop) -> None:
    sns = loop.cloud.client("sns")
    topic = sns.create_topic(Name="news")["TopicArn"]
    loop.make("topic", topic)
    loop.let("sns")
    arn = ARN.format(service="lambda", name="function:hello")
    sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=arn)
    sns.publish(TopicArn=topic, Message="first")
    assert len(loop.lineages()) == 16
    (letter,) = loop.given_up()
    assert json.loads(letter["Body"])["Records"][0]["Sns"]["Message"] == "again"
    assert letter["MessageAttributes"]["ErrorCode"]["StringValue"] == "400"
    assert loop.dropped() == 1


def test_a_loop_through_a_bucket_is_stopped(loop: Loop) -> None:
    s3 = loop.cloud.client("s3")
    s3.create_bucket(Bucket="files")
    loop.make("bucket", "files")
    loop.let("s3")
    arn = ARN.format(service="lambda", name="function:hello")
    rule = {"LambdaFunctionArn": arn, "Events": ["s3:ObjectCreated:*"]}
    s3.put_bucket_notification_configuration(
        Bucket="files", NotificationConfiguration={"LambdaFunctionConfigurations": [rule]}
    )
    s3.put_object(Bucket="files", Key="first", Body=b"first")
    assert (len(loop.lineages()), loop.dropped()) == (16, 1)


def test_a_loop_of_two_functions_is_stopped(loop: Loop) -> None:
    loop.make("function", "other")
    loop.make("function", "hello", name="other")
    loop.functions.call({}, InvocationType="Event")
    assert (len(loop.lineages()), loop.dropped()) == (16, 1)
    (letter,) = loop.given_up()
    assert letter["Body"] == "{}"


def test_a_function_that_waits_for_itself_gets_the_error(loop: Loop) -> None:
    loop.make("function", "hello", HOW="RequestResponse")
    answer = loop.functions.call({})
    assert len(loop.lineages()) == 16
    assert "RecursiveInvocationException" in json.dumps(answer)


def test_a_loop_through_the_destination_ends_too(loop: Loop) -> None:
    loop.make("function", "hello")
    loop.make("function", "hello", name="back")
    arn = ARN.format(service="lambda", name="function:back")
    loop.client.put_function_event_invoke_config(
        FunctionName="hello", DestinationConfig={"OnFailure": {"Destination": arn}}
    )
    loop.functions.call({}, InvocationType="Event")
    assert (len(loop.lineages()), loop.dropped()) == (16, 2)
    assert len(loop.given_up()) == 1


def test_a_function_may_allow_loops(loop: Loop) -> None:
    root = "Root=1-5759e988-bd862e3fe1be46a994272793"
    loop.make("nothing", "")
    loop.functions.call({})
    name, _, _ = loop.lineages()[0].partition(":")
    headers = {"X-Amzn-Trace-Id": f"{root};Lineage={name}%3A15%7C0000abcd:3"}

    def came_back(model: Any, params: dict[str, Any], **_: Any) -> None:
        params["headers"].update(headers)

    loop.client.meta.events.register("before-call.lambda.Invoke", came_back)
    with pytest.raises(ClientError) as stopped:
        loop.functions.call({})
    assert stopped.value.response["Error"]["Code"] == "RecursiveInvocationException"
    loop.client.put_function_recursion_config(FunctionName="hello", RecursiveLoop="Allow")
    loop.functions.call({})
    assert loop.lineages()[1:] == [f"0000abcd:3|{name}:16"]
    assert loop.dropped() == 1
