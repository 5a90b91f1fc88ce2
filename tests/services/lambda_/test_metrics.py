"""Metrics beside those of invocations: of asynchronous events and of streams."""

from __future__ import annotations

from typing import Any

from tests.services.lambda_.sources import Sources

FAILS = "def handler(event, context):\n    raise ValueError('no')\n"
LOST = "arn:aws:sqs:us-east-1:000000000000:nobody"


CALLS = """
import boto3
def handler(event, context):
    boto3.client('lambda').invoke(FunctionName='other')
"""


def figures(functions: Any, name: str, statistic: str = "Sum", **dimensions: str) -> float:
    """A metric's statistic in the last hours."""
    functions.cloud.settle()
    points = functions.cloud.client("cloudwatch").get_metric_statistics(
        Namespace="AWS/Lambda",
        MetricName=name,
        Dimensions=[{"Name": key, "Value": value} for key, value in dimensions.items()],
        StartTime=functions.cloud.now - 7200,
        EndTime=functions.cloud.now + 60,
        Period=3600,
        Statistics=[statistic],
    )["Datapoints"]
    return float(sum(point[statistic] for point in points))


def test_asynchronous_events_are_counted_to_their_end(functions: Any) -> None:
    sending = {"Effect": "Allow", "Action": ["logs:*", "sqs:SendMessage"], "Resource": "*"}
    role = functions.make_role("sending", [sending])
    functions.make(FAILS, Publish=True, Role=role, DeadLetterConfig={"TargetArn": LOST})
    functions.client.create_alias(FunctionName="hello", Name="live", FunctionVersion="1")
    functions.client.put_function_event_invoke_config(
        FunctionName="hello",
        Qualifier="live",
        MaximumRetryAttempts=0,
        DestinationConfig={"OnFailure": {"Destination": LOST}},
    )
    functions.invoke({}, FunctionName="hello:live", InvocationType="Event")
    for name in (
        "AsyncEventsReceived",
        "AsyncEventsDropped",
        "DeadLetterErrors",
        "DestinationDeliveryFailures",
    ):
        for dimensions in (
            {},
            {"FunctionName": "hello"},
            {"FunctionName": "hello", "Resource": "hello:live"},
        ):
            assert figures(functions, name, **dimensions) == 1, (name, dimensions)


def test_the_age_of_a_stream_s_records(functions: Any) -> None:
    sources = Sources(functions)
    sources.make()
    arn = sources.table()
    sources.put("a")
    functions.cloud.advance(30)
    sources.map(arn, StartingPosition="TRIM_HORIZON")
    assert len(sources.events()) == 1
    assert figures(functions, "IteratorAge", FunctionName="hello") == 30_000


def test_concurrency_is_the_function_s_and_the_account_s(functions: Any) -> None:
    allowed = {"Effect": "Allow", "Action": ["lambda:*", "logs:*"], "Resource": "*"}
    functions.make("def handler(event, context):\n    pass\n", FunctionName="other")
    functions.make(CALLS, Role=functions.make_role("calling", [allowed]), Timeout=10)
    functions.call()
    for count, dimensions in (
        (2, {}),
        (1, {"FunctionName": "hello"}),
        (1, {"FunctionName": "other"}),
    ):
        assert figures(functions, "ConcurrentExecutions", "Maximum", **dimensions) == count
