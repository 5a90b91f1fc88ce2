"""Event source mappings of DynamoDB streams."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.services.lambda_.sources import Sources


@pytest.fixture
def sources(functions: Any) -> Sources:
    """A role that may poll."""
    return Sources(functions)


def test_changes_invoke_the_function(sources: Sources) -> None:
    sources.make()
    arn = sources.table()
    sources.put("before")
    uuid = sources.map(arn, StartingPosition="LATEST")
    sources.put("a", "bc")
    assert [text for texts in sources.texts() for text in texts] == ["a", "bc"]
    record = sources.events()[0]["Records"][0]
    assert (record["eventName"], record["eventSourceARN"]) == ("INSERT", arn)
    assert record["dynamodb"]["NewImage"] == {"id": {"S": "a"}, "n": {"N": "1"}}
    assert record["dynamodb"]["ApproximateCreationDateTime"] == sources.cloud.now
    shown = sources.client.get_event_source_mapping(UUID=uuid)
    expected = {
        "StartingPosition": "LATEST",
        "BatchSize": 100,
        "ParallelizationFactor": 1,
        "MaximumRecordAgeInSeconds": -1,
        "MaximumRetryAttempts": -1,
        "BisectBatchOnFunctionError": False,
        "DestinationConfig": {"OnFailure": {}},
        "LastProcessingResult": "OK",
        "State": "Enabled",
    }
    assert {name: shown[name] for name in expected} == expected


def test_two_consumers_each_get_everything_also_after_a_restart(sources: Sources) -> None:
    sources.make()
    arn = sources.table()
    sources.put("first")
    sources.functions.make("def handler(event, context): ...", FunctionName="other")
    role = {"Role": sources.role, "FunctionName": "other"}
    sources.client.update_function_configuration(**role)
    for name in ("hello", "other"):
        sources.map(arn, FunctionName=name, StartingPosition="TRIM_HORIZON")
    sources.cloud.restart()
    sources.cloud.advance(1200)
    sources.put("second")
    assert sources.texts() == [["first"], ["second"]]
    starts = [line for line in sources.functions.log("other") if line.startswith("START")]
    assert len(starts) == 2


def test_a_batch_is_tried_again_until_it_succeeds(sources: Sources) -> None:
    sources.make(BAD="no")
    uuid = sources.map(sources.table(), StartingPosition="LATEST")
    sources.put("no", "yes")
    tries = len(sources.texts())
    assert sources.texts()[0][0] == "no"
    shown = sources.client.get_event_source_mapping(UUID=uuid)
    assert shown["LastProcessingResult"] == "PROBLEM: Function call failed"
    sources.cloud.restart()
    sources.cloud.advance(10)
    assert len(sources.texts()) > tries
    assert all(texts[0] == "no" for texts in sources.texts())
    sources.client.update_function_configuration(
        FunctionName="hello", Environment={"Variables": {}}
    )
    sources.cloud.advance(60)
    assert sources.texts()[-1][-1] == "yes"


def test_bisecting_leaves_only_the_bad_record_which_is_told(sources: Sources) -> None:
    sources.make(BAD="no")
    url, failed = sources.queue("failed")
    arn = sources.table()
    sources.put("1", "2", "no", "4")
    sources.map(
        arn,
        StartingPosition="TRIM_HORIZON",
        BisectBatchOnFunctionError=True,
        MaximumRetryAttempts=1,
        DestinationConfig={"OnFailure": {"Destination": failed}},
    )
    sources.cloud.advance(10)
    assert sources.texts() == [
        ["1", "2", "no", "4"], ["1", "2"], ["no", "4"], ["no"], ["no"], ["4"],
    ]  # fmt: skip
    sqs = sources.cloud.client("sqs")
    (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
    record = json.loads(message["Body"])
    assert record["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert record["requestContext"]["approximateInvokeCount"] == 2
    assert record["responseContext"] == {
        "statusCode": 200,
        "executedVersion": "$LATEST",
        "functionError": "Unhandled",
    }
    info = record["DDBStreamBatchInfo"]
    assert (info["batchSize"], info["streamArn"]) == (1, arn)
    assert list(record) == [
        *("requestContext", "responseContext", "version", "timestamp", "DDBStreamBatchInfo")
    ]
    for name in ("approximateArrivalOfFirstRecord", "approximateArrivalOfLastRecord"):
        assert len(info[name]) == len("2022-07-13T13:48:01Z")
    assert info["startSequenceNumber"] == info["endSequenceNumber"]


def test_reported_failures_are_where_the_retry_begins(sources: Sources) -> None:
    sources.make(BAD="no", REPORT="yes")
    arn = sources.table()
    sources.put("1", "no", "3")
    sources.cloud.client("s3").create_bucket(Bucket="failures")
    uuid = sources.map(
        arn,
        StartingPosition="TRIM_HORIZON",
        MaximumRetryAttempts=1,
        FunctionResponseTypes=["ReportBatchItemFailures"],
        DestinationConfig={"OnFailure": {"Destination": "arn:aws:s3:::failures"}},
    )
    sources.cloud.advance(10)
    assert sources.texts() == [["1", "no", "3"], ["no", "3"]]
    s3 = sources.cloud.client("s3")
    (found,) = s3.list_objects_v2(Bucket="failures")["Contents"]
    assert found["Key"].startswith(f"aws/lambda/{uuid}/shardId-")
    kept = json.loads(s3.get_object(Bucket="failures", Key=found["Key"])["Body"].read())
    assert len(json.loads(kept["payload"])["Records"]) == 2
    assert kept["responseContext"]["functionError"] is None


def test_old_records_are_given_up(sources: Sources) -> None:
    sources.make(BAD="no")
    url, failed = sources.queue("failed")
    sources.map(
        sources.table(),
        StartingPosition="LATEST",
        MaximumRecordAgeInSeconds=60,
        DestinationConfig={"OnFailure": {"Destination": failed}},
    )
    sources.put("no")
    sources.cloud.advance(120)
    sqs = sources.cloud.client("sqs")
    (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
    condition = json.loads(message["Body"])["requestContext"]["condition"]
    assert condition == "RecordAgeExceeded"
    sources.put("yes")
    assert sources.texts()[-1] == ["yes"]


def test_filters_lanes_and_windows(sources: Sources) -> None:
    sources.make()
    arn = sources.table()
    pattern = {"eventName": ["INSERT"], "dynamodb": {"Keys": {"id": {"S": [{"prefix": "a"}]}}}}
    sources.map(
        arn,
        StartingPosition="LATEST",
        BatchSize=2,
        ParallelizationFactor=2,
        MaximumBatchingWindowInSeconds=30,
        FilterCriteria={"Filters": [{"Pattern": json.dumps(pattern)}]},
    )
    sources.put("a1", "b")
    assert sources.texts() == []
    sources.cloud.advance(30)
    assert sources.texts() == [["a1"]]
    sources.put("a2", "a3", "a4", "a5")
    found = sources.texts()[1:]
    assert sorted(text for texts in found for text in texts) == ["a2", "a3", "a4", "a5"]
    assert all(len(texts) <= 2 for texts in found)


_REFUSED: list[tuple[dict[str, Any], str]] = [
    ({}, "Value null at 'startingPosition'"),
    (
        {"StartingPosition": "AT_TIMESTAMP"},
        "Unsupported starting position for arn type: arn:aws:dy",
    ),
    (
        {"StartingPosition": "LATEST", "StartingPositionTimestamp": 1},
        "Timestamp only valid with StartingPosition AT_TIMESTAMP",
    ),
    ({"StartingPosition": "LATEST", "MaximumRecordAgeInSeconds": 5}, "MaximumRecordAge"),
    ({"StartingPosition": "LATEST", "FunctionName": "poor"}, "Cannot access stream arn"),
]


def test_what_cannot_be_is_refused(sources: Sources) -> None:
    sources.make()
    sources.functions.make("def handler(event, context): ...", FunctionName="poor")
    arn = sources.table()
    for options, message in _REFUSED:
        with pytest.raises(ClientError, match=message) as caught:
            sources.map(arn, **options)
        assert caught.value.response["Error"]["Code"] == "InvalidParameterValueException"
    sources.map(arn, StartingPosition="LATEST")
    with pytest.raises(ClientError, match="provided mapping already exists"):
        sources.map(arn, StartingPosition="LATEST")
    with pytest.raises(ClientError, match="Stream not found"):
        sources.map(arn.replace("things", "gone"), StartingPosition="LATEST")


SUMS = """
import json
from datetime import datetime
def handler(event, context):
    del event['eventSourceARN'], event['shardId']
    event['state'].pop('text', None)
    ids = [record['dynamodb']['Keys']['id']['S'] for record in event.pop('Records')]
    print('WINDOW ' + json.dumps([ids, event]))
    if 'big' in ids:
        return {'state': {'text': 'x' * 1048576}}
    if 'none' not in ids:
        return {'state': {'seen': event['state'].get('seen', []) + ids}}
"""


def _windows(sources: Sources) -> list[tuple[list[str], list[str], bool, bool, int]]:
    """Each invocation's records, state, flags (final, early) and the window's length."""
    sources.cloud.settle()
    told = []
    for line in sources.functions.log():
        if line.startswith("WINDOW "):
            ids, event = json.loads(line[7:])
            begin, end = (datetime.fromisoformat(event["window"][at]) for at in ("start", "end"))
            flags = (event["isFinalInvokeForWindow"], event["isWindowTerminatedEarly"])
            told.append((ids, event["state"].get("seen", []), *flags, (end - begin).seconds))
    return told


def test_tumbling_windows_carry_a_state(sources: Sources) -> None:
    sources.functions.make(SUMS, Role=sources.role)
    cloud = sources.cloud
    cloud.advance(60 - cloud.now % 60)
    uuid = sources.map(sources.table(), StartingPosition="LATEST", TumblingWindowInSeconds=60)
    sources.put("a")
    cloud.settle()
    cloud.restart()
    sources.put("b")
    cloud.advance(61)
    sources.put("c")
    expected = [
        (["a"], [], False, False, 60),
        (["b"], ["a"], False, False, 60),
        ([], ["a", "b"], True, False, 60),
        (["c"], [], False, False, 60),
    ]
    assert _windows(sources) == expected
    sources.put("none")
    assert _windows(sources)[4] == (["none"], ["c"], False, False, 60)
    shown = sources.client.get_event_source_mapping(UUID=uuid)
    assert shown["TumblingWindowInSeconds"] == 60
    assert shown["LastProcessingResult"] == "PROBLEM: Function call failed"
    sources.client.update_event_source_mapping(UUID=uuid, MaximumRetryAttempts=0)
    cloud.advance(120)
    assert _windows(sources)[-1] == ([], ["c"], True, False, 60)


def test_a_window_whose_state_is_too_large_ends_early(sources: Sources) -> None:
    sources.functions.make(SUMS, Role=sources.role)
    cloud = sources.cloud
    cloud.advance(60 - cloud.now % 60)
    sources.map(sources.table(), StartingPosition="LATEST", TumblingWindowInSeconds=60)
    sources.put("big")
    sources.put("a")
    cloud.settle()
    found = _windows(sources)
    assert [each[0] for each in found if each[3]] == [[]]
    assert found[-1][:4] in ((["a"], [], False, False), ([], [], False, True))
    cloud.advance(61)
    assert _windows(sources)[-1][2:4] == (True, False)
