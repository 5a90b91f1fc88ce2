"""Functions as actions of receipt rules: events, and what a function decides."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from tests.services.functions import make_function, permit
from tests.services.ses.rules import ARN, letter, post, rule, told, topic

from cloudarium.pytest_plugin import CloudUnderTest

CODE = """
import boto3, json, os

def handler(event, context):
    mail = event["Records"][0]["ses"]["mail"]
    boto3.client("sqs").send_message(QueueUrl=os.environ["QUEUE"], MessageBody=json.dumps(event))
    if mail["commonHeaders"]["subject"] == "FAIL":
        raise ValueError("no")
    return {"disposition": mail["commonHeaders"]["subject"]}
"""
FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:sorter"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CloudUnderTest]:
    """A cloud with the function `sorter`, the queue it writes to, and the topic `t`."""
    cloud = CloudUnderTest(tmp_path_factory.mktemp("functions") / "cloud")
    url = cloud.client("sqs").create_queue(QueueName="sorted")["QueueUrl"]
    variables = {"Variables": {"QUEUE": url}}
    make_function(cloud, "sorter", CODE, "sqs:SendMessage", Timeout=20, Environment=variables)
    topic(cloud)
    yield cloud
    cloud.close()


def permit_rule(cloud: CloudUnderTest, name: str) -> None:
    """Let SES invoke the function for one of its rules."""
    limits = {"SourceAccount": cloud.account, "SourceArn": f"{ARN}/{name}"}
    permit(cloud, "sorter", "ses", StatementId=name, **limits)


def events(cloud: CloudUnderTest) -> list[Any]:
    """The events the function got."""
    cloud.settle()
    sqs = cloud.client("sqs")
    url = sqs.get_queue_url(QueueName="sorted")["QueueUrl"]
    found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    for message in found:
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return [json.loads(message["Body"]) for message in found]


def queue_of_topic(cloud: CloudUnderTest) -> str:
    """The URL of the queue that gets the topic's messages."""
    return str(cloud.client("sqs").get_queue_url(QueueName="t")["QueueUrl"])


def test_a_function_needs_a_permission(shared: CloudUnderTest) -> None:
    ses = shared.client("ses")
    ses.create_receipt_rule_set(RuleSetName="mail")
    ses.set_active_receipt_rule_set(RuleSetName="mail")
    action = {"LambdaAction": {"FunctionArn": FUNCTION}}
    with pytest.raises(ses.exceptions.InvalidLambdaFunctionException) as caught:
        ses.create_receipt_rule(RuleSetName="mail", Rule=rule("event", action))
    error = caught.value.response["Error"]
    assert error["Message"] == f"Could not invoke Lambda function: {FUNCTION}"
    assert (error["Code"], error["Type"]) == ("InvalidLambdaFunction", "Sender")
    permit_rule(shared, "event")
    ses.create_receipt_rule(RuleSetName="mail", Rule=rule("event", action))
    assert events(shared) == []


def test_a_function_receives_the_event(shared: CloudUnderTest) -> None:
    ses = shared.client("ses")
    arn = "arn:aws:sns:us-east-1:000000000000:t"
    action = {"LambdaAction": {"FunctionArn": FUNCTION, "TopicArn": arn}}
    ses.update_receipt_rule(RuleSetName="mail", Rule=rule("event", action, ScanEnabled=True))
    post(shared, letter("CONTINUE"))
    (event,) = events(shared)
    (record,) = event["Records"]
    assert (record["eventSource"], record["eventVersion"]) == ("aws:ses", "1.0")
    assert set(record["ses"]) == {"mail", "receipt"}
    mail, receipt = record["ses"]["mail"], record["ses"]["receipt"]
    assert mail["commonHeaders"]["from"] == ["Jane Doe <jane@sender.test>"]
    assert mail["destination"] == receipt["recipients"] == ["john@example.com"]
    assert receipt["spamVerdict"] == {"status": "PASS"}
    done = {"type": "Lambda", "functionArn": FUNCTION, "invocationType": "Event"}
    assert receipt["action"] == {**done, "topicArn": arn}
    (notice,) = told(shared, queue_of_topic(shared))
    assert notice["receipt"]["action"] == {**done, "topicArn": arn}
    assert notice["mail"]["messageId"] == mail["messageId"]


def test_a_function_decides_how_it_goes_on(shared: CloudUnderTest) -> None:
    ses = shared.client("ses")
    ses.delete_receipt_rule(RuleSetName="mail", RuleName="event")
    arn = "arn:aws:sns:us-east-1:000000000000:t"
    permit_rule(shared, "decide")
    ask = {"LambdaAction": {"FunctionArn": FUNCTION, "InvocationType": "RequestResponse"}}
    tell = {"SNSAction": {"TopicArn": arn}}
    ses.create_receipt_rule(RuleSetName="mail", Rule=rule("decide", ask, tell))
    ses.create_receipt_rule(RuleSetName="mail", Rule=rule("then", tell), After="decide")
    counts = {}
    for wish in ("CONTINUE", "STOP_RULE", "STOP_RULE_SET", "whatever"):
        post(shared, letter(wish))
        counts[wish] = len(told(shared, queue_of_topic(shared)))
    assert counts == {"CONTINUE": 2, "STOP_RULE": 1, "STOP_RULE_SET": 0, "whatever": 2}
    assert len(events(shared)) == 4


def test_a_failing_function_is_called_again(shared: CloudUnderTest) -> None:
    post(shared, letter("FAIL"))
    assert len(events(shared)) == 1
    assert told(shared, queue_of_topic(shared)) == []
    shared.advance(30)
    assert len(events(shared)) == 1
    shared.advance(4 * 3600)
    assert len(events(shared)) > 5
    assert len(told(shared, queue_of_topic(shared))) == 2
