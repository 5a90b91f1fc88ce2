"""Streams: records of changes, shards and iterators."""

from __future__ import annotations

from typing import Any

import pytest

from cloudarium.pytest_plugin import CloudUnderTest

from .support import invalid, make_table, refused

KEY = {"id": {"S": "1"}}
BOTH = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}


@pytest.fixture
def streams(cloud: CloudUnderTest) -> Any:
    """A client of DynamoDB Streams."""
    return cloud.client("dynamodbstreams")


def stream_of(db: Any, table: str = "aaa") -> str:
    """Return the ARN of a table's stream."""
    return str(db.describe_table(TableName=table)["Table"]["LatestStreamArn"])


def start(streams: Any, arn: str, kind: str = "TRIM_HORIZON", **more: Any) -> str:
    """Return an iterator over the stream's shard."""
    shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]
    answer = streams.get_shard_iterator(
        StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType=kind, **more
    )
    return str(answer["ShardIterator"])


def records(streams: Any, arn: str, kind: str = "TRIM_HORIZON", **more: Any) -> list[Any]:
    """Return what a stream has from a place on."""
    return list(streams.get_records(ShardIterator=start(streams, arn, kind, **more))["Records"])


def test_changes_are_recorded_in_order(db: Any, streams: Any) -> None:
    make_table(db, "aaa", "id", StreamSpecification=BOTH)
    arn = stream_of(db)
    db.put_item(TableName="aaa", Item={**KEY, "v": {"SS": ["a", "b"]}})
    db.put_item(TableName="aaa", Item={**KEY, "v": {"SS": ["b", "a"]}})
    add = {"UpdateExpression": "ADD n :n", "ExpressionAttributeValues": {":n": {"N": "1"}}}
    db.update_item(TableName="aaa", Key=KEY, **add)
    db.transact_write_items(TransactItems=[{"Delete": {"TableName": "aaa", "Key": KEY}}])
    db.delete_item(TableName="aaa", Key=KEY)
    found = records(streams, arn)
    assert [each["eventName"] for each in found] == ["INSERT", "MODIFY", "REMOVE"]
    assert found[0]["eventSource"] == "aws:dynamodb"
    assert "OldImage" not in found[0]["dynamodb"]
    modified = found[1]["dynamodb"]
    assert modified["Keys"] == KEY
    assert modified["NewImage"]["n"] == {"N": "1"}
    assert "n" not in modified["OldImage"]
    assert "NewImage" not in found[2]["dynamodb"]
    numbers = [each["dynamodb"]["SequenceNumber"] for each in found]
    assert numbers == sorted(set(numbers))
    place = {"SequenceNumber": numbers[1]}
    assert records(streams, arn, "AT_SEQUENCE_NUMBER", **place) == found[1:]
    assert records(streams, arn, "AFTER_SEQUENCE_NUMBER", **place) == found[2:]
    assert records(streams, arn, "LATEST") == []


@pytest.mark.parametrize(
    ("view", "images"),
    [("KEYS_ONLY", set()), ("NEW_IMAGE", {"NewImage"}), ("OLD_IMAGE", {"OldImage"})],
)
def test_views_have_their_images(db: Any, streams: Any, view: str, images: set[str]) -> None:
    specification = {"StreamEnabled": True, "StreamViewType": view}
    make_table(db, "aaa", "id", StreamSpecification=specification)
    for value in ("a", "b"):
        db.put_item(TableName="aaa", Item={**KEY, "v": {"S": value}})
    change = records(streams, stream_of(db))[1]["dynamodb"]
    assert {name for name in change if name.endswith("Image")} == images


def test_expiry_is_the_service_s_own_change(cloud: CloudUnderTest, db: Any, streams: Any) -> None:
    make_table(db, "aaa", "id", StreamSpecification=BOTH)
    ttl = {"AttributeName": "expires", "Enabled": True}
    db.update_time_to_live(TableName="aaa", TimeToLiveSpecification=ttl)
    db.put_item(TableName="aaa", Item={**KEY, "expires": {"N": str(int(cloud.now) + 5)}})
    cloud.advance(5)
    put, expired = records(streams, stream_of(db))
    assert "userIdentity" not in put
    assert expired["eventName"] == "REMOVE"
    assert expired["userIdentity"] == {"PrincipalId": "dynamodb.amazonaws.com", "Type": "Service"}


def test_an_iterator_goes_on_and_expires(cloud: CloudUnderTest, db: Any, streams: Any) -> None:
    make_table(db, "aaa", "id", StreamSpecification=BOTH)
    for n in range(3):
        db.put_item(TableName="aaa", Item={"id": {"S": str(n)}})
    first = streams.get_records(ShardIterator=start(streams, stream_of(db)), Limit=2)
    second = streams.get_records(ShardIterator=first["NextShardIterator"])
    assert [len(page["Records"]) for page in (first, second)] == [2, 1]
    cloud.advance(901)
    refusal = refused(streams.get_records, ShardIterator=second["NextShardIterator"])
    assert refusal[0] == "ExpiredIteratorException"
    assert invalid(streams.get_records, ShardIterator="x") == "Invalid ShardIterator"
    assert invalid(streams.describe_stream, StreamArn="x" * 50) == "Invalid StreamArn"
    arn = stream_of(db)
    shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
    asked = {"StreamArn": arn, "ShardId": shard, "SequenceNumber": "1" * 21}
    for kind in ("TRIM_HORIZON", "LATEST"):
        assert invalid(streams.get_shard_iterator, **asked, ShardIteratorType=kind) == (
            "SequenceNumber must not be specified for TRIM_HORIZON and LATEST"
        )


def test_records_last_a_day(cloud: CloudUnderTest, db: Any, streams: Any) -> None:
    make_table(db, "aaa", "id", StreamSpecification=BOTH)
    arn = stream_of(db)
    db.put_item(TableName="aaa", Item=KEY)
    sequence = records(streams, arn)[0]["dynamodb"]["SequenceNumber"]
    cloud.advance(24 * 3600 + 1)
    assert records(streams, arn) == []
    shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
    assert (
        refused(
            streams.get_shard_iterator,
            StreamArn=arn,
            ShardId=shard,
            ShardIteratorType="AT_SEQUENCE_NUMBER",
            SequenceNumber=sequence,
        )[0]
        == "TrimmedDataAccessException"
    )


def test_a_stream_outlives_its_table_by_a_day(cloud: CloudUnderTest, db: Any, streams: Any) -> None:
    make_table(db, "aaa", "id")
    change = {"TableName": "aaa", "StreamSpecification": BOTH}
    assert "LatestStreamArn" in db.update_table(**change)["TableDescription"]
    cloud.settle()
    assert invalid(db.update_table, **change).startswith("Table already has an enabled stream")
    arn = stream_of(db)
    db.put_item(TableName="aaa", Item=KEY)
    db.delete_table(TableName="aaa")
    cloud.advance(60)
    listed = streams.list_streams(TableName="aaa")["Streams"]
    assert [each["StreamArn"] for each in listed] == [arn]
    shown = streams.describe_stream(StreamArn=arn)["StreamDescription"]
    assert shown["StreamStatus"] == "DISABLED"
    assert "EndingSequenceNumber" in shown["Shards"][0]["SequenceNumberRange"]
    page = streams.get_records(ShardIterator=start(streams, arn))
    assert len(page["Records"]) == 1
    assert "NextShardIterator" not in page
    cloud.advance(48 * 3600)
    assert streams.list_streams()["Streams"] == []
    assert refused(streams.describe_stream, StreamArn=arn) == (
        "ResourceNotFoundException",
        f"Requested resource not found: Stream: {arn} not found",
    )


def test_pages_are_not_larger_than_they_may_be(db: Any, streams: Any) -> None:
    """Source: ScyllaDB's tests of DynamoDB, `test_streams.py`."""
    make_table(db, "aaa", "id", StreamSpecification=BOTH)
    arn = stream_of(db)
    for operation, given, most in (
        (streams.list_streams, {}, 100),
        (streams.describe_stream, {"StreamArn": arn}, 100),
        (streams.get_records, {"ShardIterator": start(streams, arn)}, 1000),
    ):
        operation(**given, Limit=most)
        assert invalid(operation, **given, Limit=most + 1) == (
            f"1 validation error detected: Value '{most + 1}' at 'limit' failed to satisfy "
            f"constraint: Member must have value less than or equal to {most}"
        )
    no_arn = "not-a-stream" * 4
    assert invalid(streams.list_streams, ExclusiveStartStreamArn=no_arn) == "Invalid StreamArn"
