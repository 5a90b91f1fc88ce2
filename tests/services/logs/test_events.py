"""PutLogEvents, GetLogEvents, FilterLogEvents."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudarium.pytest_plugin import CloudUnderTest

GROUP, STREAM = "/app", "one"


def _made(cloud: CloudUnderTest, *streams: str) -> Any:
    logs = cloud.client("logs")
    logs.create_log_group(logGroupName=GROUP)
    for stream in streams or (STREAM,):
        logs.create_log_stream(logGroupName=GROUP, logStreamName=stream)
    return logs


def _put(cloud: CloudUnderTest, logs: Any, *messages: str, stream: str = STREAM) -> Any:
    now = int(cloud.now * 1000)
    return logs.put_log_events(
        logGroupName=GROUP,
        logStreamName=stream,
        logEvents=[{"timestamp": now + i, "message": each} for i, each in enumerate(messages)],
    )


def _get(logs: Any, **more: Any) -> Any:
    return logs.get_log_events(logGroupName=GROUP, logStreamName=STREAM, **more)


def _messages(answer: Any) -> list[str]:
    return [event["message"] for event in answer["events"]]


def test_pages_forward_and_the_token_at_the_end_is_the_same(cloud: CloudUnderTest) -> None:
    logs = _made(cloud)
    _put(cloud, logs, "a", "b", "c")
    first = _get(logs, limit=2, startFromHead=True)
    assert _messages(first) == ["a", "b"]
    second = _get(logs, limit=2, nextToken=first["nextForwardToken"])
    assert _messages(second) == ["c"]
    end = _get(logs, nextToken=second["nextForwardToken"])
    assert _messages(end) == []
    assert end["nextForwardToken"] == second["nextForwardToken"]
    _put(cloud, logs, "d")
    assert "d" in _messages(_get(logs, startFromHead=True))


def test_without_start_from_head_the_latest_come_and_pages_go_back(cloud: CloudUnderTest) -> None:
    logs = _made(cloud)
    _put(cloud, logs, "a", "b", "c")
    latest = _get(logs, limit=2)
    assert _messages(latest) == ["b", "c"]
    before = _get(logs, limit=2, nextToken=latest["nextBackwardToken"])
    assert _messages(before) == ["a"]
    start = _get(logs, nextToken=before["nextBackwardToken"])
    assert _messages(start) == []
    assert start["nextBackwardToken"] == before["nextBackwardToken"]
    assert _messages(_get(logs, nextToken=start["nextForwardToken"])) == ["a", "b", "c"]


def test_filter_reads_all_streams_in_time_order(cloud: CloudUnderTest) -> None:
    logs = _made(cloud, "one", "two")
    _put(cloud, logs, "ERROR 1", "fine", stream="one")
    _put(cloud, logs, "x", "y", "ERROR 2", stream="two")
    answer = logs.filter_log_events(logGroupName=GROUP, filterPattern="ERROR")
    assert [(e["logStreamName"], e["message"]) for e in answer["events"]] == [
        ("one", "ERROR 1"),
        ("two", "ERROR 2"),
    ]
    assert answer["searchedLogStreams"] == []
    page = logs.filter_log_events(logGroupName=GROUP, limit=3)
    rest = logs.filter_log_events(logGroupName=GROUP, nextToken=page["nextToken"])
    assert len(page["events"]) == 3
    assert len(rest["events"]) == 2
    assert "nextToken" not in rest
    only = logs.filter_log_events(logGroupName=GROUP, logStreamNames=["two"])
    assert len(only["events"]) == 3


def test_times_limit_a_read(cloud: CloudUnderTest) -> None:
    logs = _made(cloud)
    _put(cloud, logs, "a", "b", "c")
    now = int(cloud.now * 1000)
    assert _messages(_get(logs, startTime=now + 1, endTime=now + 2)) == ["b"]
    answer = logs.filter_log_events(logGroupName=GROUP, startTime=now + 1, endTime=now + 2)
    assert _messages(answer) == ["b", "c"]


def test_a_batch_out_of_order_is_refused(cloud: CloudUnderTest) -> None:
    logs = _made(cloud)
    now = int(cloud.now * 1000)
    with pytest.raises(ClientError) as caught:
        logs.put_log_events(
            logGroupName=GROUP,
            logStreamName=STREAM,
            logEvents=[{"timestamp": now, "message": "a"}, {"timestamp": now - 1, "message": "b"}],
        )
    assert caught.value.response["Error"]["Code"] == "InvalidParameterException"
    assert "chronological order" in caught.value.response["Error"]["Message"]
    assert _messages(_get(logs)) == []


def test_too_old_and_too_new_events_are_told_of(cloud: CloudUnderTest) -> None:
    logs = _made(cloud)
    now, hour = int(cloud.now * 1000), 3600 * 1000
    old = logs.put_log_events(
        logGroupName=GROUP,
        logStreamName=STREAM,
        logEvents=[{"timestamp": now - 15 * 24 * hour, "message": "old"}],
    )
    assert old["rejectedLogEventsInfo"] == {"tooOldLogEventEndIndex": 1}
    new = logs.put_log_events(
        logGroupName=GROUP,
        logStreamName=STREAM,
        logEvents=[
            {"timestamp": now, "message": "now"},
            {"timestamp": now + 3 * hour, "message": "new"},
        ],
    )
    assert new["rejectedLogEventsInfo"] == {"tooNewLogEventStartIndex": 1}
    assert _messages(_get(logs)) == ["now"]


def test_missing_groups_and_streams(cloud: CloudUnderTest) -> None:
    logs = cloud.client("logs")
    with pytest.raises(ClientError) as caught:
        _get(logs)
    assert caught.value.response["Error"] == {
        "Code": "ResourceNotFoundException",
        "Message": "The specified log group does not exist.",
    }
    logs.create_log_group(logGroupName=GROUP)
    with pytest.raises(ClientError, match="log stream does not exist"):
        _get(logs)


def test_telemetry_makes_groups_and_streams(cloud: CloudUnderTest) -> None:
    def write() -> None:
        cloud.kernel.telemetry.part(cloud.account, cloud.region).log(GROUP, STREAM, "hello")

    async def run() -> None:
        write()

    cloud.run(run())
    cloud.settle()
    assert _messages(_get(cloud.client("logs"))) == ["hello"]
