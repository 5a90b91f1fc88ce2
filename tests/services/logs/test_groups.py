"""Log groups, streams, retention, tags."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudarium.pytest_plugin import CloudUnderTest


def _error(caught: pytest.ExceptionInfo[ClientError]) -> tuple[str, str]:
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def test_groups_are_described_by_name(cloud: CloudUnderTest) -> None:
    logs = cloud.client("logs")
    for name in ("/b", "/a", "/a/Two"):
        logs.create_log_group(logGroupName=name)
    (group,) = logs.describe_log_groups(logGroupNamePrefix="/b")["logGroups"]
    arn = f"arn:aws:logs:{cloud.region}:{cloud.account}:log-group:/b"
    assert group == {
        "logGroupName": "/b",
        "creationTime": int(cloud.now * 1000),
        "metricFilterCount": 0,
        "arn": f"{arn}:*",
        "logGroupArn": arn,
        "storedBytes": 0,
        "logGroupClass": "STANDARD",
    }
    by_pattern = logs.describe_log_groups(logGroupNamePattern="two")["logGroups"]
    assert [each["logGroupName"] for each in by_pattern] == ["/a/Two"]
    pages = list(
        logs.get_paginator("describe_log_groups").paginate(PaginationConfig={"PageSize": 2})
    )
    names = [[each["logGroupName"] for each in page["logGroups"]] for page in pages]
    assert names == [["/a", "/a/Two"], ["/b"]]


def test_a_group_exists_once(cloud: CloudUnderTest) -> None:
    logs = cloud.client("logs")
    logs.create_log_group(logGroupName="g")
    with pytest.raises(ClientError) as caught:
        logs.create_log_group(logGroupName="g")
    assert _error(caught) == (
        "ResourceAlreadyExistsException",
        "The specified log group already exists",
    )
    logs.delete_log_group(logGroupName="g")
    with pytest.raises(ClientError) as caught:
        logs.delete_log_group(logGroupName="g")
    assert _error(caught) == (
        "ResourceNotFoundException",
        "The specified log group does not exist.",
    )


def test_a_name_outside_the_pattern_is_refused(cloud: CloudUnderTest) -> None:
    with pytest.raises(ClientError) as caught:
        cloud.client("logs").create_log_group(logGroupName="a b")
    code, message = _error(caught)
    assert code == "InvalidParameterException"
    assert message.startswith("1 validation error detected: Value 'a b' at 'logGroupName' failed")


def _event(cloud: CloudUnderTest, logs: Any, stream: str, message: str = "x") -> None:
    logs.put_log_events(
        logGroupName="g",
        logStreamName=stream,
        logEvents=[{"timestamp": int(cloud.now * 1000), "message": message}],
    )


def test_streams_by_name_and_by_last_event(cloud: CloudUnderTest) -> None:
    logs = cloud.client("logs")
    logs.create_log_group(logGroupName="g")
    for name in ("a", "b", "c"):
        logs.create_log_stream(logGroupName="g", logStreamName=name)
    _event(cloud, logs, "c")
    cloud.advance(1)
    _event(cloud, logs, "a")

    def names(**more: Any) -> list[str]:
        found = logs.describe_log_streams(logGroupName="g", **more)["logStreams"]
        return [each["logStreamName"] for each in found]

    assert names() == ["a", "b", "c"]
    assert names(orderBy="LastEventTime", descending=True) == ["a", "c", "b"]
    assert names(logStreamNamePrefix="b") == ["b"]
    page = logs.describe_log_streams(logGroupName="g", limit=2)
    assert names(nextToken=page["nextToken"]) == ["c"]
    stream = logs.describe_log_streams(logGroupName="g", logStreamNamePrefix="c")["logStreams"][0]
    assert stream["firstEventTimestamp"] == stream["lastEventTimestamp"] == stream["creationTime"]
    with pytest.raises(ClientError, match="The specified log stream already exists"):
        logs.create_log_stream(logGroupName="g", logStreamName="a")
    logs.delete_log_stream(logGroupName="g", logStreamName="a")
    assert names() == ["b", "c"]


def test_retention_really_deletes(cloud: CloudUnderTest) -> None:
    logs = cloud.client("logs")
    logs.create_log_group(logGroupName="g")
    logs.create_log_stream(logGroupName="g", logStreamName="s")
    logs.put_retention_policy(logGroupName="g", retentionInDays=1)
    _event(cloud, logs, "s", "first")
    cloud.advance(23 * 3600)
    _event(cloud, logs, "s", "later")
    assert len(logs.filter_log_events(logGroupName="g")["events"]) == 2
    cloud.advance(2 * 3600)
    found = logs.get_log_events(logGroupName="g", logStreamName="s")["events"]
    assert [each["message"] for each in found] == ["later"]
    (group,) = logs.describe_log_groups()["logGroups"]
    assert (group["retentionInDays"], group["storedBytes"]) == (1, 5)
    logs.delete_retention_policy(logGroupName="g")
    cloud.advance(30 * 86_400)
    assert len(logs.filter_log_events(logGroupName="g")["events"]) == 1
    with pytest.raises(ClientError, match="enum value set: \\[1, 3, 5"):
        logs.put_retention_policy(logGroupName="g", retentionInDays=2)


def test_tags_by_arn_and_by_name(cloud: CloudUnderTest) -> None:
    logs = cloud.client("logs")
    logs.create_log_group(logGroupName="g", tags={"a": "1"})
    arn = logs.describe_log_groups()["logGroups"][0]["logGroupArn"]
    logs.tag_resource(resourceArn=arn, tags={"b": "2"})
    logs.tag_log_group(logGroupName="g", tags={"c": "3"})
    expected = {"a": "1", "b": "2", "c": "3"}
    assert logs.list_tags_for_resource(resourceArn=arn)["tags"] == expected
    logs.untag_resource(resourceArn=arn, tagKeys=["a"])
    logs.untag_log_group(logGroupName="g", tags=["b"])
    assert logs.list_tags_log_group(logGroupName="g")["tags"] == {"c": "3"}
    with pytest.raises(ClientError, match="does not exist"):
        logs.list_tags_for_resource(resourceArn=f"{arn}x")
