"""Event source mappings of SQS queues."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.services.lambda_.sources import Sources

from cloudarium.services.lambda_ import limits


@pytest.fixture
def sources(functions: Any) -> Sources:
    """A role that may poll."""
    return Sources(functions)


def _send(sources: Sources, url: str, *bodies: str, **options: Any) -> None:
    for body in bodies:
        sources.cloud.client("sqs").send_message(QueueUrl=url, MessageBody=body, **options)


def _counts(sources: Sources, url: str) -> tuple[str, str]:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    sqs = sources.cloud.client("sqs")
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return found[names[0]], found[names[1]]


def test_messages_are_processed_and_deleted(sources: Sources) -> None:
    sources.make()
    url, arn = sources.queue()
    _send(sources, url, "before")
    sources.map(arn)
    attributes = {"kind": {"DataType": "String", "StringValue": "x"}}
    _send(sources, url, "after", MessageAttributes=attributes)
    first, second = sources.events()
    assert (first["Records"][0]["body"], len(first["Records"])) == ("before", 1)
    (record,) = second["Records"]
    assert record["messageAttributes"] == {
        "kind": {
            "stringValue": "x",
            "stringListValues": [],
            "binaryListValues": [],
            "dataType": "String",
        }
    }
    assert record["attributes"]["ApproximateReceiveCount"] == "1"
    assert (record["eventSource"], record["eventSourceARN"]) == ("aws:sqs", arn)
    assert _counts(sources, url) == ("0", "0")


def test_a_failed_batch_comes_back_and_ends_in_the_dead_letter_queue(sources: Sources) -> None:
    sources.make(BAD="no")
    dead, dead_arn = sources.queue("dead")
    policy = json.dumps({"deadLetterTargetArn": dead_arn, "maxReceiveCount": 2})
    url, arn = sources.queue(RedrivePolicy=policy)
    sources.map(arn)
    _send(sources, url, "no")
    assert (sources.texts(), _counts(sources, url)) == ([["no"]], ("0", "1"))
    sources.cloud.advance(30)
    assert sources.texts() == [["no"]] * 2
    sources.cloud.advance(30)
    assert sources.texts() == [["no"]] * 2
    assert (_counts(sources, url), _counts(sources, dead)) == (("0", "0"), ("1", "0"))


def test_only_reported_messages_come_back(sources: Sources) -> None:
    sources.make(BAD="no", REPORT="yes")
    url, arn = sources.queue()
    uuid = sources.map(arn, FunctionResponseTypes=["ReportBatchItemFailures"], Enabled=False)
    _send(sources, url, "yes", "no")
    assert sources.texts() == []
    assert sources.client.get_event_source_mapping(UUID=uuid)["State"] == "Disabled"
    changed = sources.client.update_event_source_mapping(UUID=uuid, Enabled=True)
    assert changed["State"] == "Enabling"
    assert sources.texts() == [["yes", "no"]]
    assert _counts(sources, url) == ("0", "1")


def test_a_window_gathers_until_the_batch_is_full_or_it_is_over(sources: Sources) -> None:
    sources.make()
    url, arn = sources.queue(VisibilityTimeout="60")
    sources.map(arn, BatchSize=3, MaximumBatchingWindowInSeconds=20)
    _send(sources, url, "1")
    sources.cloud.advance(15)
    _send(sources, url, "2")
    assert sources.texts() == []
    sources.cloud.advance(5)
    assert sources.texts() == [["1", "2"]]
    _send(sources, url, "3", "4", "5", "6")
    assert sources.texts() == [["1", "2"], ["3", "4", "5"]]
    sources.cloud.restart()
    sources.cloud.advance(20)
    assert sources.texts()[-1] == ["6"]


@pytest.mark.parametrize("window", [0, 1])
def test_a_batch_of_a_window_says_that_messages_have_no_attributes(
    sources: Sources, window: int
) -> None:
    sources.make()
    url, arn = sources.queue(VisibilityTimeout="60")
    sources.map(arn, BatchSize=2, MaximumBatchingWindowInSeconds=window)
    attributes = {"kind": {"DataType": "String", "StringValue": "x"}}
    entries: list[Any] = [
        {"Id": "1", "MessageBody": "plain"},
        {"Id": "2", "MessageBody": "rich", "MessageAttributes": attributes},
    ]
    sources.cloud.client("sqs").send_message_batch(QueueUrl=url, Entries=entries)
    found = {r["body"]: r for event in sources.events() for r in event["Records"]}
    names = ["messageAttributes", "md5OfMessageAttributes", "md5OfBody"]
    assert list(found["rich"])[4:7] == names
    assert len(found["rich"]["md5OfMessageAttributes"]) == 32
    if window:
        assert list(found["plain"])[4:7] == names
        assert found["plain"]["md5OfMessageAttributes"] is None
    else:
        assert "md5OfMessageAttributes" not in found["plain"]


def test_filters_drop_what_does_not_match(sources: Sources) -> None:
    sources.make()
    url, arn = sources.queue()
    pattern = json.dumps({"body": {"size": [{"numeric": [">", 3]}]}})
    sources.map(arn, FilterCriteria={"Filters": [{"Pattern": pattern}]})
    _send(sources, url, '{"size": 2}', "no JSON", '{"size": 4}')
    assert sources.texts() == [['{"size": 4}']]
    assert _counts(sources, url) == ("0", "0")


def test_a_fifo_queue_keeps_the_order_of_a_group(sources: Sources) -> None:
    sources.make(BAD="1")
    url, arn = sources.queue("jobs.fifo", FifoQueue="true", ContentBasedDeduplication="true")
    uuid = sources.map(arn, BatchSize=1, ScalingConfig={"MaximumConcurrency": 2})
    for group, body in (("a", "1"), ("a", "2"), ("b", "3")):
        _send(sources, url, body, MessageGroupId=group)
    assert sorted(sources.texts()) == [["1"], ["3"]]
    sources.client.update_function_configuration(
        FunctionName="hello", Environment={"Variables": {}}
    )
    sources.cloud.advance(30)
    assert sources.texts()[2:] == [["1"], ["2"]]
    shown = sources.client.get_event_source_mapping(UUID=uuid)
    assert shown["ScalingConfig"] == {"MaximumConcurrency": 2}


def _most_at_a_time(sources: Sources, **options: Any) -> float:
    """How many invocations ran side by side, when there was work for ten."""
    sources.functions.make(
        "import time\ndef handler(event, context):\n    time.sleep(0.3)\n    print('EVENT {}')",
        Role=sources.role,
    )
    url, arn = sources.queue()
    sources.map(arn, BatchSize=1, **options)
    _send(sources, url, *"abcdefghij")
    assert len(sources.events()) == 10
    metrics = sources.cloud.client("cloudwatch")
    figures = metrics.get_metric_statistics(
        Namespace="AWS/Lambda",
        MetricName="ConcurrentExecutions",
        Dimensions=[{"Name": "FunctionName", "Value": "hello"}],
        StartTime=sources.cloud.now - 600,
        EndTime=sources.cloud.now + 600,
        Period=3600,
        Statistics=["Maximum"],
    )
    return float(figures["Datapoints"][0]["Maximum"])


def test_many_messages_are_processed_side_by_side(sources: Sources) -> None:
    assert _most_at_a_time(sources, ScalingConfig={"MaximumConcurrency": 3}) == 3


@pytest.mark.parametrize(("of_each", "of_all", "most"), [(2, 200, 4), (10, 3, 3)])
def test_provisioned_pollers_have_so_many_invocations_each(
    sources: Sources, monkeypatch: pytest.MonkeyPatch, of_each: int, of_all: int, most: int
) -> None:
    assert (limits.INVOCATIONS_OF_A_POLLER, limits.PROVISIONED_QUEUE_POLLERS) == (10, 200)
    monkeypatch.setattr(limits, "INVOCATIONS_OF_A_POLLER", of_each)
    monkeypatch.setattr(limits, "PROVISIONED_QUEUE_POLLERS", of_all)
    pollers = {"MinimumPollers": 2, "MaximumPollers": 2}
    assert _most_at_a_time(sources, ProvisionedPollerConfig=pollers) == most


def test_a_mapping_is_shown_listed_and_deleted(sources: Sources) -> None:
    sources.make()
    url, arn = sources.queue()
    answer = sources.client.create_event_source_mapping(FunctionName="hello", EventSourceArn=arn)
    uuid = answer["UUID"]
    place = "arn:aws:lambda:us-east-1:000000000000"
    expected = {
        "UUID": uuid,
        "BatchSize": 10,
        "MaximumBatchingWindowInSeconds": 0,
        "EventSourceArn": arn,
        "FunctionArn": f"{place}:function:hello",
        "State": "Creating",
        "StateTransitionReason": "USER_INITIATED",
        "FunctionResponseTypes": [],
        "EventSourceMappingArn": f"{place}:event-source-mapping:{uuid}",
    }
    assert {name: answer[name] for name in expected} == expected
    listed = sources.client.list_event_source_mappings(EventSourceArn=arn)
    assert [each["State"] for each in listed["EventSourceMappings"]] == ["Enabled"]
    again = {"FunctionName": "hello", "EventSourceArn": arn}
    with pytest.raises(ClientError) as caught:
        sources.client.create_event_source_mapping(**again)
    assert caught.value.response["Error"]["Code"] == "ResourceConflictException"
    assert uuid in caught.value.response["Error"]["Message"]
    assert sources.client.delete_event_source_mapping(UUID=uuid)["State"] == "Deleting"
    with pytest.raises(ClientError, match="The resource you requested does not exist"):
        sources.client.get_event_source_mapping(UUID=uuid)
    _send(sources, url, "late")
    assert sources.texts() == []


_REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"BatchSize": 11}, "Maximum batch window in seconds must be greater than 0"),
    ({"StartingPosition": "LATEST"}, "StartingPosition is not valid for SQS"),
    ({"FunctionName": "nobody"}, "Function does not exist"),
    (
        {"EventSourceArn": "arn:aws:kinesis:us-east-1:000000000000:stream/x"},
        "Unrecognized event source.",
    ),
    ({"EventSourceArn": "arn:aws:sqs:us-east-1:000000000000:x"}, "NonExistentQueue"),
    ({"FilterCriteria": {"Filters": [{"Pattern": "{"}]}}, "Invalid filter pattern"),
    ({"TumblingWindowInSeconds": 5}, "TumblingWindowInSeconds"),
]


def test_what_cannot_be_is_refused(sources: Sources) -> None:
    sources.make()
    _, arn = sources.queue()
    for options, message in _REFUSED:
        with pytest.raises(ClientError, match=message) as caught:
            sources.map(options.get("EventSourceArn", arn), **_but_arn(options))
        assert caught.value.response["Error"]["Code"] == "InvalidParameterValueException"


def _but_arn(options: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if name != "EventSourceArn"}


def test_the_role_must_be_allowed_to_receive(sources: Sources) -> None:
    sources.make()
    url, arn = sources.queue(VisibilityTimeout="2")
    with pytest.raises(ClientError, match="Queue visibility timeout: 2 seconds is less than"):
        sources.map(arn)
    sqs = sources.cloud.client("sqs")
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "30"})
    uuid = sources.map(arn)
    iam = sources.cloud.client("iam")
    iam.delete_role_policy(RoleName="polling", PolicyName="inline")
    _send(sources, url, "unread")
    sources.cloud.settle()
    assert _counts(sources, url) == ("1", "0")
    sources.client.delete_event_source_mapping(UUID=uuid)
    with pytest.raises(ClientError, match="does not have permissions to call ReceiveMessage"):
        sources.map(arn)
