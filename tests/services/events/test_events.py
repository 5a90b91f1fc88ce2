"""Rules, targets and delivery, with SQS as the target."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.services.functions import make_function, permit

from cloudarium.pytest_plugin import CloudUnderTest

PATTERN = json.dumps({"source": ["shop"], "detail-type": ["Order Placed"]})


def queue_for(cloud: CloudUnderTest, name: str, *, open_to_events: bool = True) -> tuple[str, str]:
    """Make a queue that EventBridge may (or may not) send to; return its URL and ARN."""
    sqs = cloud.client("sqs")
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    arn = f"arn:aws:sqs:{cloud.region}:{cloud.account}:{name}"
    if open_to_events:
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": "events.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": arn,
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    return url, arn


def received(cloud: CloudUnderTest, url: str) -> list[Any]:
    """Take what is now in a queue; return the bodies, parsed."""
    sqs = cloud.client("sqs")
    messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    for message in messages:
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return [json.loads(message["Body"]) for message in messages]


def order(detail: dict[str, Any]) -> dict[str, str]:
    """Return an entry for PutEvents."""
    return {"Source": "shop", "DetailType": "Order Placed", "Detail": json.dumps(detail)}


def test_a_matching_event_reaches_its_target(cloud: CloudUnderTest) -> None:
    events = cloud.client("events")
    url, arn = queue_for(cloud, "orders")
    rule = events.put_rule(Name="orders", EventPattern=PATTERN)["RuleArn"]
    assert rule == "arn:aws:events:us-east-1:000000000000:rule/orders"
    events.put_targets(Rule="orders", Targets=[{"Id": "q", "Arn": arn}])

    answer = events.put_events(Entries=[order({"id": 1}), {**order({}), "Source": "other"}])
    cloud.settle()

    assert answer["FailedEntryCount"] == 0
    (event,) = received(cloud, url)
    assert event["detail"] == {"id": 1}
    assert event["id"] == answer["Entries"][0]["EventId"]


def test_inputs_are_transformed(cloud: CloudUnderTest) -> None:
    events = cloud.client("events")
    url, arn = queue_for(cloud, "orders")
    events.put_rule(Name="orders", EventPattern=PATTERN)
    transformer = {
        "InputPathsMap": {"id": "$.detail.id", "who": "$.detail.who"},
        "InputTemplate": '{"text": "order <id> of <who>", "raw": <who>}',
    }
    events.put_targets(
        Rule="orders",
        Targets=[
            {"Id": "a", "Arn": arn, "InputTransformer": transformer},
            {"Id": "b", "Arn": arn, "InputPath": "$.detail"},
            {"Id": "c", "Arn": arn, "Input": '{"constant": true}'},
        ],
    )
    events.put_events(Entries=[order({"id": 7, "who": "Ada"})])
    cloud.settle()
    bodies = received(cloud, url)
    assert {"text": "order 7 of Ada", "raw": "Ada"} in bodies
    assert {"id": 7, "who": "Ada"} in bodies
    assert {"constant": True} in bodies


def test_a_target_that_refuses_gets_nothing_and_the_dead_letter_queue_does(
    cloud: CloudUnderTest,
) -> None:
    events = cloud.client("events")
    url, arn = queue_for(cloud, "closed", open_to_events=False)
    dead_url, dead_arn = queue_for(cloud, "dead")
    events.put_rule(Name="orders", EventPattern=PATTERN)
    target = {"Id": "q", "Arn": arn, "DeadLetterConfig": {"Arn": dead_arn}}
    events.put_targets(Rule="orders", Targets=[target])
    events.put_events(Entries=[order({"id": 1})])
    cloud.settle()
    assert received(cloud, url) == []
    assert [event["detail"] for event in received(cloud, dead_url)] == [{"id": 1}]


def dead_letter(cloud: CloudUnderTest, url: str) -> dict[str, str]:
    """Take the one dead letter of a queue; its attributes."""
    answer = cloud.client("sqs").receive_message(QueueUrl=url, MessageAttributeNames=["All"])
    (message,) = answer["Messages"]
    return {key: each["StringValue"] for key, each in message["MessageAttributes"].items()}


def test_a_dead_letter_says_what_was_wrong(cloud: CloudUnderTest) -> None:
    events = cloud.client("events")
    dead_url, dead_arn = queue_for(cloud, "dead")
    rule = events.put_rule(Name="orders", EventPattern=PATTERN)["RuleArn"]
    arn = f"arn:aws:sqs:{cloud.region}:{cloud.account}:missing"
    events.put_targets(
        Rule="orders", Targets=[{"Id": "q", "Arn": arn, "DeadLetterConfig": {"Arn": dead_arn}}]
    )
    events.put_events(Entries=[order({"id": 1})])
    cloud.settle()
    assert dead_letter(cloud, dead_url) == {
        "RULE_ARN": rule,
        "TARGET_ARN": arn,
        "ERROR_CODE": "NO_RESOURCE",
        "ERROR_MESSAGE": "The specified queue does not exist.",
        "RETRY_ATTEMPTS": "0",
    }


def function_for(cloud: CloudUnderTest, name: str) -> str:
    """Make a function that EventBridge may invoke; return its ARN."""
    arn = make_function(cloud, name, "def handler(event, context): pass")
    permit(cloud, name, "events")
    return arn


def test_a_dead_letter_says_which_retries_were_exhausted(cloud: CloudUnderTest) -> None:
    events = cloud.client("events")
    dead_url, dead_arn = queue_for(cloud, "dead")
    events.put_rule(Name="orders", EventPattern=PATTERN)
    larger_than_a_function_takes = {
        "InputPathsMap": {"whole": "$.detail.text"},
        "InputTemplate": f'"{"<whole>" * 11}"',
    }
    target = {
        "Id": "f",
        "Arn": function_for(cloud, "f"),
        "DeadLetterConfig": {"Arn": dead_arn},
        "RetryPolicy": {"MaximumRetryAttempts": 2, "MaximumEventAgeInSeconds": 60},
        "InputTransformer": larger_than_a_function_takes,
    }
    events.put_targets(Rule="orders", Targets=[target])
    events.put_events(Entries=[order({"text": "x" * 100_000})])
    cloud.advance(30)
    letter = dead_letter(cloud, dead_url)
    assert (letter["ERROR_CODE"], letter["RETRY_ATTEMPTS"]) == ("ERROR_FROM_TARGET", "2")
    assert letter["EXHAUSTED_RETRY_CONDITION"] == "MaximumRetryAttempts"


def test_a_fifo_queue_needs_a_message_group(cloud: CloudUnderTest) -> None:
    events = cloud.client("events")
    events.put_rule(Name="orders", EventPattern=PATTERN)
    target = {"Id": "q", "Arn": f"arn:aws:sqs:{cloud.region}:{cloud.account}:q.fifo"}
    with pytest.raises(ClientError) as refused:
        events.put_targets(Rule="orders", Targets=[target])
    assert refused.value.response["Error"] == {
        "Code": "ValidationException",
        "Message": "Parameter(s) SqsParameters must be specified for target: q.",
    }
    assert events.list_targets_by_rule(Rule="orders")["Targets"] == []


def test_a_dead_letter_that_nobody_takes_is_counted(cloud: CloudUnderTest) -> None:
    events = cloud.client("events")
    _, arn = queue_for(cloud, "closed", open_to_events=False)
    events.put_rule(Name="orders", EventPattern=PATTERN)
    target = {"Id": "q", "Arn": arn, "DeadLetterConfig": {"Arn": arn}}
    events.put_targets(Rule="orders", Targets=[target])
    events.put_events(Entries=[order({"id": 1})])
    cloud.advance(3600)
    metrics = cloud.client("cloudwatch").get_metric_statistics(
        Namespace="AWS/Events",
        MetricName="InvocationsFailedToBeSentToDlq",
        Dimensions=[{"Name": "RuleName", "Value": "orders"}],
        StartTime=cloud.now - 86_400,
        EndTime=cloud.now,
        Period=86_400,
        Statistics=["Sum"],
    )
    assert sum(point["Sum"] for point in metrics["Datapoints"]) == 1


def test_a_schedule_fires_by_the_clock_and_stops_when_disabled(cloud: CloudUnderTest) -> None:
    events = cloud.client("events")
    url, arn = queue_for(cloud, "ticks")
    events.put_rule(Name="tick", ScheduleExpression="rate(5 minutes)")
    events.put_targets(Rule="tick", Targets=[{"Id": "q", "Arn": arn}])
    cloud.advance(601)
    fired = received(cloud, url)
    assert [event["detail-type"] for event in fired] == ["Scheduled Event"] * 2
    events.disable_rule(Name="tick")
    cloud.advance(600)
    assert received(cloud, url) == []
    events.enable_rule(Name="tick")
    cloud.advance(301)
    assert len(received(cloud, url)) == 1


def test_rules_are_described_listed_and_deleted(cloud: CloudUnderTest) -> None:
    events = cloud.client("events")
    _, arn = queue_for(cloud, "orders")
    events.put_rule(Name="orders", EventPattern=PATTERN, Tags=[{"Key": "a", "Value": "1"}])
    events.put_targets(Rule="orders", Targets=[{"Id": "q", "Arn": arn}])
    assert events.describe_rule(Name="orders")["EventPattern"] == PATTERN
    assert [rule["Name"] for rule in events.list_rules()["Rules"]] == ["orders"]
    assert events.list_rule_names_by_target(TargetArn=arn)["RuleNames"] == ["orders"]
    assert events.list_targets_by_rule(Rule="orders")["Targets"] == [{"Id": "q", "Arn": arn}]
    with pytest.raises(ClientError, match="Rule can't be deleted since it has targets"):
        events.delete_rule(Name="orders")
    assert events.remove_targets(Rule="orders", Ids=["q", "x"])["FailedEntryCount"] == 1
    events.delete_rule(Name="orders")
    with pytest.raises(ClientError) as missing:
        events.describe_rule(Name="orders")
    assert missing.value.response["Error"] == {
        "Code": "ResourceNotFoundException",
        "Message": "Rule orders does not exist on EventBus default.",
    }


def test_buses_permissions_and_tags(cloud: CloudUnderTest) -> None:
    events = cloud.client("events")
    arn = events.create_event_bus(Name="shop")["EventBusArn"]
    assert [bus["Name"] for bus in events.list_event_buses()["EventBuses"]] == ["default", "shop"]
    events.tag_resource(ResourceARN=arn, Tags=[{"Key": "a", "Value": "1"}])
    assert events.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"Key": "a", "Value": "1"}]
    events.untag_resource(ResourceARN=arn, TagKeys=["a"])
    events.put_permission(
        EventBusName="shop", StatementId="p", Principal="111111111111", Action="events:PutEvents"
    )
    policy = json.loads(events.describe_event_bus(Name="shop")["Policy"])
    assert policy["Statement"][0]["Principal"] == {"AWS": "arn:aws:iam::111111111111:root"}
    events.remove_permission(EventBusName="shop", StatementId="p")
    assert "Policy" not in events.describe_event_bus(Name="shop")
    for broken in ("[]", "{}", '{"Statement": 5}', '{"Statement": ["all"]}'):
        with pytest.raises(ClientError, match="The policy is not a JSON document"):
            events.put_permission(EventBusName="shop", Policy=broken)
    events.put_rule(Name="all", EventPattern='{"source": [{"prefix": ""}]}')
    target = {"Id": "1", "Arn": arn, "RoleArn": f"arn:aws:iam::{cloud.account}:role/r"}
    with pytest.raises(ClientError, match="An event bus is sent the event as it is"):
        events.put_targets(Rule="all", Targets=[{**target, "Input": "{}"}])
    events.delete_event_bus(Name="shop")
    with pytest.raises(ClientError, match="Event bus shop does not exist"):
        events.describe_event_bus(Name="shop")


def test_a_pattern_is_tested_and_wrong_things_are_refused(cloud: CloudUnderTest) -> None:
    events = cloud.client("events")
    event = json.dumps({"source": "shop", "detail-type": "Order Placed"})
    assert events.test_event_pattern(EventPattern=PATTERN, Event=event)["Result"] is True
    with pytest.raises(ClientError, match="InvalidEventPatternException"):
        events.put_rule(Name="r", EventPattern="{")
    with pytest.raises(ClientError, match="ScheduleExpression is not valid"):
        events.put_rule(Name="r", ScheduleExpression="rate(1 minutes)")
    events.put_rule(Name="r", EventPattern=PATTERN)
    with pytest.raises(ClientError, match="are not supported"):
        events.put_targets(Rule="r", Targets=[{"Id": "x", "Arn": "arn:aws:ecs:us-east-1:0:c/x"}])
    entry = events.put_events(Entries=[{**order({}), "Source": "aws.s3"}])["Entries"][0]
    assert entry["ErrorCode"] == "NotAuthorizedForSourceException"


def test_deliveries_survive_a_restart(cloud: CloudUnderTest) -> None:
    events = cloud.client("events")
    url, arn = queue_for(cloud, "ticks")
    events.put_rule(Name="tick", ScheduleExpression="rate(1 minute)")
    events.put_targets(Rule="tick", Targets=[{"Id": "q", "Arn": arn}])
    cloud.restart()
    cloud.advance(61)
    assert len(received(cloud, url)) == 1


def test_a_detail_is_as_deep_as_it_can_be_delivered(cloud: CloudUnderTest) -> None:
    url, arn = queue_for(cloud, "deep")
    events = cloud.client("events")
    events.put_rule(Name="deep", EventPattern=json.dumps({"source": ["a"]}))
    events.put_targets(Rule="deep", Targets=[{"Id": "1", "Arn": arn}])
    details = ['{"a":' * levels + "1" + "}" * levels for levels in (200, 201, 5000)]
    entries = [{"Source": "a", "DetailType": "b", "Detail": detail} for detail in details]
    answer = events.put_events(Entries=entries)
    assert [one.get("ErrorCode") for one in answer["Entries"]] == [None, *["MalformedDetail"] * 2]
    cloud.settle()
    (message,) = cloud.client("sqs").receive_message(QueueUrl=url)["Messages"]
    assert json.dumps(json.loads(message["Body"])["detail"], separators=(",", ":")) == details[0]
