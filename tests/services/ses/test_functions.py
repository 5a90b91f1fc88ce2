"""Functions as actions of receipt rules: events, and what a function decides."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
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
    iam = cloud.client("iam")
    url = cloud.client("sqs").create_queue(QueueName="sorted")["QueueUrl"]
    service = {"Service": "lambda.amazonaws.com"}
    trust = {"Effect": "Allow", "Principal": service, "Action": "sts:AssumeRole"}
    document = {"Version": "2012-10-17", "Statement": [trust]}
    role = iam.create_role(RoleName="sorter", AssumeRolePolicyDocument=json.dumps(document))
    may = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}
    document = {"Version": "2012-10-17", "Statement": [may]}
    iam.put_role_policy(RoleName="sorter", PolicyName="p", PolicyDocument=json.dumps(document))
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("app.py", CODE)
    cloud.client("lambda").create_function(
        FunctionName="sorter",
        Runtime="python3.11",
        Handler="app.handler",
        Role=role["Role"]["Arn"],
        Timeout=20,
        Environment={"Variables": {"QUEUE": url}},
        Code={"ZipFile": package.getvalue()},
    )
    cloud.settle()
    topic(cloud)
    yield cloud
    cloud.close()


def permit(cloud: CloudUnderTest, rule_name: str) -> None:
    """Let SES invoke the function for one of its rules."""
    cloud.client("lambda").add_permission(
        FunctionName="sorter",
        StatementId=rule_name,
        Action="lambda:InvokeFunction",
        Principal="ses.amazonaws.com",
        SourceAccount=cloud.account,
        SourceArn=f"{ARN}/{rule_name}",
    )


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
    permit(shared, "event")
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
    permit(shared, "decide")
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
