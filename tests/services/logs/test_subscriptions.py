"""Events that go to a function, and an alarm's action that does."""

from __future__ import annotations

import json
from typing import Any

from tests.services.functions import make_function, permit

from cloudarium.pytest_plugin import CloudUnderTest

SOURCE = """
import base64, gzip, json

def handler(event, context):
    if "awslogs" in event:
        event = json.loads(gzip.decompress(base64.b64decode(event["awslogs"]["data"])))
    print("GOT " + json.dumps(event))
"""


def _function(cloud: CloudUnderTest, service: str) -> str:
    arn = make_function(cloud, "forward", SOURCE, "logs:*")
    permit(cloud, "forward", service)
    return arn


def _received(cloud: CloudUnderTest) -> list[dict[str, Any]]:
    cloud.settle()
    answer = cloud.client("logs").filter_log_events(
        logGroupName="/aws/lambda/forward", filterPattern="GOT"
    )
    return [json.loads(event["message"].partition("GOT ")[2]) for event in answer["events"]]


def test_subscribed_events_reach_the_function(cloud: CloudUnderTest) -> None:
    arn = _function(cloud, "logs")
    logs = cloud.client("logs")
    logs.create_log_group(logGroupName="/app")
    logs.create_log_stream(logGroupName="/app", logStreamName="s")
    logs.put_subscription_filter(
        logGroupName="/app", filterName="errors", filterPattern="ERROR", destinationArn=arn
    )
    now = int(cloud.now * 1000)
    events = [{"timestamp": now, "message": text} for text in ("ERROR 1", "fine")]
    logs.put_log_events(logGroupName="/app", logStreamName="s", logEvents=events)
    # Both are invocations of their own, and may overtake each other.
    control, data = sorted(_received(cloud), key=lambda event: str(event["messageType"]))
    assert control["messageType"] == "CONTROL_MESSAGE"
    assert data["messageType"] == "DATA_MESSAGE"
    assert (data["logGroup"], data["logStream"]) == ("/app", "s")
    assert data["subscriptionFilters"] == ["errors"]
    assert [event["message"] for event in data["logEvents"]] == ["ERROR 1"]
    (found,) = logs.describe_subscription_filters(logGroupName="/app")["subscriptionFilters"]
    assert (found["filterName"], found["destinationArn"]) == ("errors", arn)
    logs.delete_subscription_filter(logGroupName="/app", filterName="errors")
    assert logs.describe_subscription_filters(logGroupName="/app")["subscriptionFilters"] == []


def test_an_alarm_invokes_a_function(cloud: CloudUnderTest) -> None:
    arn = _function(cloud, "lambda.alarms.cloudwatch")
    cloudwatch = cloud.client("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName="a",
        Namespace="App",
        MetricName="m",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
        AlarmActions=[arn],
    )
    cloudwatch.set_alarm_state(AlarmName="a", StateValue="ALARM", StateReason="drill")
    (event,) = _received(cloud)
    assert event["source"] == "aws.cloudwatch"
    assert event["alarmData"]["state"]["reason"] == "drill"
