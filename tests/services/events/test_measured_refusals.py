"""What AWS was measured to refuse of rules, targets and buses.

In its words of September 2026, from badmintoncryer/cdk-preflight.
"""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudarium.pytest_plugin import CloudUnderTest

QUEUE = "arn:aws:sqs:us-east-1:000000000000:jobs"
FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:hello"
TOPIC = "arn:aws:sns:us-east-1:000000000000:news"
ONE_INPUT = "Only one of Input, InputPath, or InputTransformer must be provided for target t1."


def refused(call: Any, **params: Any) -> str:
    """What EventBridge says to a call that has a wrong parameter."""
    with pytest.raises(ClientError) as caught:
        call(**params)
    assert caught.value.response["Error"]["Code"] == "ValidationException"
    return str(caught.value.response["Error"]["Message"])


@pytest.fixture
def events(cloud: CloudUnderTest) -> Any:
    """A client, and a rule called `rule`."""
    client = cloud.client("events")
    client.put_rule(Name="rule", EventPattern='{"source": ["a"]}')
    return client


def template(text: str, **paths: str) -> dict[str, Any]:
    return {"InputTransformer": {"InputPathsMap": paths, "InputTemplate": text}}


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ({"InputPath": "detail.state"}, "InputPath for target t1 is invalid."),
        ({"InputPath": "$.detail['key']"}, "InputPath for target t1 is invalid."),
        (
            template('"<undeclared>"'),
            "InputTemplate for target t1 contains invalid placeholder undeclared.",
        ),
        (
            template('"event was <aws.events.event.json> today"'),
            "InputTemplate for target t1 contains placeholder aws.events.event.json valid only for"
            " JSON template.",
        ),
        ({"Input": '"a"', "InputPath": "$"}, ONE_INPUT),
        ({"InputPath": "$", **template('"a"')}, ONE_INPUT),
        ({"Input": "hello"}, "JSON syntax error in input for target t1."),
        (
            {"Arn": FUNCTION, "KinesisParameters": {"PartitionKeyPath": "$.a"}},
            "Parameter(s) KinesisParameters not supported for target: t1.",
        ),
        (
            {"DeadLetterConfig": {"Arn": TOPIC}},
            "sns is not supported as a dead letter resource.",
        ),
        (
            {"DeadLetterConfig": {"Arn": f"{QUEUE}.fifo"}},
            "SQS FIFO is not supported by Dead Letter Queues.",
        ),
    ],
)
def test_targets(events: Any, target: Any, message: str) -> None:
    params = {"Id": "t1", "Arn": QUEUE, **target}
    assert refused(events.put_targets, Rule="rule", Targets=[params]) == message
    assert events.list_targets_by_rule(Rule="rule")["Targets"] == []


@pytest.mark.parametrize(
    "target",
    [
        {"InputPath": "$.detail.a[0]"},
        {"Arn": FUNCTION, "SqsParameters": {"MessageGroupId": "group"}},
        {"Input": '"hello"'},
        template('{"e": <aws.events.event.json>}'),
        template('"event was <k> today"', k="$.detail.k"),
    ],
)
def test_targets_that_are_taken(events: Any, target: Any) -> None:
    wanted = {"Id": "t1", "Arn": QUEUE, **target}
    assert events.put_targets(Rule="rule", Targets=[wanted])["FailedEntryCount"] == 0
    assert events.list_targets_by_rule(Rule="rule")["Targets"] == [wanted]


def test_ids_of_targets_are_given_once(events: Any) -> None:
    same = {"Id": "same", "Arn": QUEUE}
    assert refused(events.put_targets, Rule="rule", Targets=[same, same]) == (
        "Parameter targets is not valid. Reason: More than one target with Id 'same' is provided."
    )


def test_patterns_of_rules(events: Any) -> None:
    assert refused(events.put_rule, Name="empty", EventPattern="{}") == (
        "Parameter(s) EventPattern or ScheduleExpression must be specified."
    )
    long = f'{{"source": ["{"x" * 2100}"]}}'
    assert refused(events.put_rule, Name="long", EventPattern=long) == (
        "Parameter EventPattern for rule long exceeds limit of 2048."
    )


def test_dead_letters_of_buses(events: Any) -> None:
    message = "sns is not supported as a dead letter resource."
    config = {"DeadLetterConfig": {"Arn": TOPIC}}
    assert refused(events.create_event_bus, Name="bus", **config) == message


def test_events_that_are_no_objects(events: Any) -> None:
    params = {"EventPattern": '{"source": ["a"]}', "Event": '"plain string"'}
    assert refused(events.test_event_pattern, **params) == "Parameter Event is not valid."


def test_what_templates_make_of_what_is_missing(cloud: CloudUnderTest, events: Any) -> None:
    """As LocalStack recorded it, and the names in <aws.events.event>."""
    sqs = cloud.client("sqs")
    url = sqs.create_queue(QueueName="jobs")["QueueUrl"]
    policy = (
        '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal":'
        ' {"Service": "events.amazonaws.com"}, "Action": "sqs:*", "Resource": "*"}]}'
    )
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    text = '{"quoted": "<no>", "bare": <no>, "null": <null>, "event": <aws.events.event>}'
    target = template(text, no="$.detail.no", null="$.detail.null")
    events.put_targets(Rule="rule", Targets=[{"Id": "t1", "Arn": QUEUE, **target}])
    entry = {"Source": "a", "DetailType": "type", "Detail": '{"null": null}'}
    events.put_events(Entries=[entry])
    cloud.settle()
    body = sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"]
    assert body.startswith('{"quoted": "", "bare": "", "null": null, "event": {"version":"0",')
    assert '"detailType":"type"' in body and '"detail":' not in body
