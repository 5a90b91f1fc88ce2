"""Asynchronous invocation: queued, retried by the clock, given up with a record."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from botocore.exceptions import ClientError

NOTE = """
import boto3, json
def handler(event, context):
    boto3.client('sqs').send_message(
        QueueUrl=event['queue'], MessageBody=json.dumps([event['text'], context.aws_request_id]))
    if event.get('fail'):
        raise RuntimeError('failed')
    return 'done'
"""
SEND = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}


RUNTIME = """#!/usr/bin/env python3
import os, urllib.request
ADDRESS = f"http://{os.environ['AWS_LAMBDA_RUNTIME_API']}/2018-06-01/runtime/invocation"
while True:
    with urllib.request.urlopen(f"{ADDRESS}/next") as event:
        identity = event.headers["Lambda-Runtime-Aws-Request-Id"]
    request = urllib.request.Request(f"{ADDRESS}/{identity}/WHAT", SAID)
    urllib.request.urlopen(request)
"""


class Inbox:
    """A queue that functions and Lambda write to."""

    def __init__(self, functions: Any, name: str) -> None:
        self.sqs = functions.cloud.client("sqs")
        self.url = self.sqs.create_queue(QueueName=name)["QueueUrl"]
        self.arn = f"arn:aws:sqs:us-east-1:000000000000:{name}"

    def take(self) -> list[Any]:
        """The messages that are there, removed."""
        found: list[Any] = self.sqs.receive_message(
            QueueUrl=self.url, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
        ).get("Messages", [])
        for message in found:
            self.sqs.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])
        return found

    def bodies(self) -> list[Any]:
        """Their bodies, decoded."""
        return [json.loads(message["Body"]) for message in self.take()]


@pytest.fixture
def inbox(functions: Any) -> Inbox:
    """Where the function notes each of its attempts."""
    role = functions.make_role("noting", [SEND])
    functions.make(NOTE, Role=role, Timeout=10)
    return Inbox(functions, "inbox")


def _send(functions: Any, inbox: Inbox, **event: Any) -> str:
    event = {"queue": inbox.url, **event}
    answer, payload = functions.invoke(event, InvocationType="Event")
    assert (answer["StatusCode"], payload) == (202, None)
    request_id: str = answer["ResponseMetadata"]["RequestId"]
    return request_id


def test_an_event_is_handled_once(functions: Any, inbox: Inbox) -> None:
    request_id = _send(functions, inbox, text="hello")
    functions.cloud.settle()
    assert inbox.bodies() == [["hello", request_id]]
    functions.cloud.advance(400)
    assert inbox.bodies() == []


def test_a_failed_event_is_tried_after_one_and_two_minutes(functions: Any, inbox: Inbox) -> None:
    request_id = _send(functions, inbox, text="x", fail=True)
    functions.cloud.settle()
    assert inbox.bodies() == [["x", request_id]]
    functions.cloud.advance(59)
    assert inbox.bodies() == []
    functions.cloud.advance(1)
    assert inbox.bodies() == [["x", request_id]]
    functions.cloud.advance(119)
    assert inbox.bodies() == []
    functions.cloud.advance(1)
    assert inbox.bodies() == [["x", request_id]]
    functions.cloud.advance(3600)
    assert inbox.bodies() == []


def test_destinations_get_a_record_of_success_and_of_failure(functions: Any, inbox: Inbox) -> None:
    good, bad = Inbox(functions, "good"), Inbox(functions, "bad")
    functions.client.put_function_event_invoke_config(
        FunctionName="hello",
        MaximumRetryAttempts=0,
        DestinationConfig={
            "OnSuccess": {"Destination": good.arn},
            "OnFailure": {"Destination": bad.arn},
        },
    )
    first = _send(functions, inbox, text="x")
    second = _send(functions, inbox, text="y", fail=True)
    functions.cloud.settle()
    (success,) = good.bodies()
    assert success["requestContext"] == {
        "requestId": first,
        "functionArn": "arn:aws:lambda:us-east-1:000000000000:function:hello:$LATEST",
        "condition": "Success",
        "approximateInvokeCount": 1,
    }
    assert success["requestPayload"]["text"] == "x"
    assert success["responsePayload"] == "done"
    (failure,) = bad.bodies()
    assert failure["version"] == "1.0"
    assert failure["requestContext"]["requestId"] == second
    assert failure["requestContext"]["condition"] == "RetriesExhausted"
    assert failure["responseContext"] == {
        "statusCode": 200,
        "executedVersion": "$LATEST",
        "functionError": "Unhandled",
    }
    assert failure["responsePayload"]["errorType"] == "RuntimeError"


def test_a_dead_letter_queue_gets_the_event(functions: Any, inbox: Inbox) -> None:
    dead = Inbox(functions, "dead")
    functions.client.update_function_configuration(
        FunctionName="hello", DeadLetterConfig={"TargetArn": dead.arn}
    )
    request_id = _send(functions, inbox, text="x", fail=True)
    functions.cloud.advance(180)
    (letter,) = dead.take()
    assert json.loads(letter["Body"])["text"] == "x"
    attributes = {k: v["StringValue"] for k, v in letter["MessageAttributes"].items()}
    assert attributes == {"RequestID": request_id, "ErrorCode": "200", "ErrorMessage": "failed"}


def test_throttled_events_wait_for_room_or_age(functions: Any, inbox: Inbox) -> None:
    bad = Inbox(functions, "bad")
    functions.client.put_function_event_invoke_config(
        FunctionName="hello",
        MaximumEventAgeInSeconds=60,
        DestinationConfig={"OnFailure": {"Destination": bad.arn}},
    )
    client = functions.client
    client.put_function_concurrency(FunctionName="hello", ReservedConcurrentExecutions=0)
    first = _send(functions, inbox, text="late")
    functions.cloud.advance(3)
    client.delete_function_concurrency(FunctionName="hello")
    functions.cloud.advance(10)
    assert inbox.bodies() == [["late", first]]
    client.put_function_concurrency(FunctionName="hello", ReservedConcurrentExecutions=0)
    second = _send(functions, inbox, text="never")
    functions.cloud.advance(120)
    assert inbox.bodies() == []
    (record,) = bad.bodies()
    assert record["requestContext"]["requestId"] == second
    assert record["requestContext"]["condition"] == "EventAgeExceeded"


def test_a_pending_retry_outlives_a_restart(functions: Any, inbox: Inbox) -> None:
    request_id = _send(functions, inbox, text="x", fail=True)
    functions.cloud.settle()
    assert len(inbox.bodies()) == 1
    functions.cloud.restart()
    functions.cloud.advance(60)
    assert inbox.bodies() == [["x", request_id]]


def test_an_event_under_way_at_a_restart_is_handled_after_it(functions: Any, inbox: Inbox) -> None:
    functions.client.update_function_code(
        FunctionName="hello", ZipFile=functions.zip("import time\ntime.sleep(1)\n" + NOTE)
    )
    request_id = _send(functions, inbox, text="x")
    functions.cloud.restart()
    functions.cloud.settle()
    assert inbox.bodies() == [["x", request_id]]


def test_an_event_may_not_be_larger_than_a_megabyte(functions: Any, inbox: Inbox) -> None:
    with pytest.raises(ClientError) as caught:
        functions.client.invoke(
            FunctionName="hello", InvocationType="Event", Payload=b'"' + b"x" * 1_048_576 + b'"'
        )
    error = caught.value.response["Error"]
    assert error["Code"] == "RequestTooLargeException"
    assert error["Message"] == (
        "Request must be smaller than 1048576 bytes for the InvokeFunction operation"
    )


@pytest.mark.parametrize(
    ("what", "said", "shown"),
    [
        ("response", b"not json", "not json"),
        ("response", b"\xff", "\ufffd"),
        ("response", b"[" * 300 + b"]" * 300, "[" * 300 + "]" * 300),
        ("response", b"12345678901234567890123", 12345678901234567890123),
        ("error", b"not json", "not json"),
        ("error", b"[]", []),
        ("error", b"", None),
    ],
)
def test_a_runtime_of_ones_own_may_say_anything(
    functions: Any, what: str, said: bytes, shown: object
) -> None:
    package, entry = io.BytesIO(), zipfile.ZipInfo("bootstrap")
    entry.external_attr = 0o755 << 16
    with zipfile.ZipFile(package, "w") as files:
        files.writestr(entry, RUNTIME.replace("WHAT", what).replace("SAID", repr(said)))
    told, dead = Inbox(functions, "told"), Inbox(functions, "dead")
    functions.make(
        "",
        Runtime="provided.al2023",
        Code={"ZipFile": package.getvalue()},
        Role=functions.make_role("saying", [SEND]),
        DeadLetterConfig={"TargetArn": dead.arn},
    )
    destinations = {"OnSuccess": {"Destination": told.arn}, "OnFailure": {"Destination": told.arn}}
    functions.client.put_function_event_invoke_config(
        FunctionName="hello", MaximumRetryAttempts=0, DestinationConfig=destinations
    )
    functions.client.invoke(FunctionName="hello", Payload=b"{}", InvocationType="Event")
    functions.cloud.settle()
    (record,) = told.bodies()
    assert record["responsePayload"] == shown
    assert dead.bodies() == ([{}] if what == "error" else [])
