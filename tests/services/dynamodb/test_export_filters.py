"""Exports to S3 of some of a table's items, and of some of their attributes."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest

from cloudarium.pytest_plugin import CloudUnderTest

from .support import invalid, make_table

PREFIX = "Invalid Request: Invalid FilterSpecification: "
HOUR = 3600


@pytest.fixture
def arn(cloud: CloudUnderTest, db: Any) -> str:
    """Return the ARN of a table `things` with a sort key and history; there is a bucket."""
    cloud.client("s3").create_bucket(Bucket="bucket")
    found = make_table(db, "things", "id", "n", types="SN")
    recovery = {"PointInTimeRecoveryEnabled": True}
    db.update_continuous_backups(TableName="things", PointInTimeRecoverySpecification=recovery)
    return found


def put(db: Any, name: str, n: int, **others: Any) -> None:
    """Put an item."""
    db.put_item(TableName="things", Item={"id": {"S": name}, "n": {"N": str(n)}, **others})


def exported(cloud: CloudUnderTest, db: Any, **asked: Any) -> list[Any]:
    """Return the records of a filtered export, in order of their texts."""
    begun = db.export_table_to_point_in_time(**asked, S3Bucket="bucket")["ExportDescription"]
    chosen = asked["FilterSpecification"]
    assert begun["FilterSpecification"] == chosen
    cloud.settle()
    shown = db.describe_export(ExportArn=begun["ExportArn"])["ExportDescription"]
    assert (shown["ExportStatus"], shown["FilterSpecification"]) == ("COMPLETED", chosen)
    s3 = cloud.client("s3")

    def read(key: str) -> bytes:
        body: bytes = s3.get_object(Bucket="bucket", Key=key)["Body"].read()
        return body

    files = json.loads(read(shown["ExportManifest"]))["manifestFilesS3Key"]
    key = json.loads(read(files))["dataFileS3Key"]
    lines = [json.loads(line) for line in gzip.decompress(read(key)).splitlines()]
    assert shown["ItemCount"] == len(lines)
    return sorted(lines, key=str)


def test_items_are_exported_that_pass_a_filter(cloud: CloudUnderTest, db: Any, arn: str) -> None:
    put(db, "a", 1, b={"B": b"\x00\xff"}, other={"S": "x"})
    put(db, "a", 2, b={"B": b"\x00"})
    put(db, "b", 3)
    chosen = {
        "FilterExpression": "#b = :b OR n = :n",
        "ProjectionExpression": "id, #b",
        "ExpressionAttributeNames": {"#b": "b"},
        "ExpressionAttributeValues": {":b": {"B": b"\x00\xff"}, ":n": {"N": "3"}},
    }
    assert exported(cloud, db, TableArn=arn, FilterSpecification=chosen) == [
        {"Item": {"id": {"S": "a"}, "b": {"B": "AP8="}}},
        {"Item": {"id": {"S": "b"}}},
    ]


def test_items_are_exported_of_a_partition(cloud: CloudUnderTest, db: Any, arn: str) -> None:
    for n in range(4):
        put(db, "a", n, v={"N": str(n)})
        put(db, "b", n)
    chosen = {
        "KeyConditionExpression": "id = :id AND n BETWEEN :low AND :high",
        "FilterExpression": "v <> :low",
        "ProjectionExpression": "v",
        "ExpressionAttributeValues": {
            ":id": {"S": "a"},
            ":low": {"N": "1"},
            ":high": {"N": "3"},
        },
    }
    assert exported(cloud, db, TableArn=arn, FilterSpecification=chosen) == [
        {"Item": {"v": {"N": "2"}}},
        {"Item": {"v": {"N": "3"}}},
    ]


def test_changes_are_filtered_by_what_an_item_is_in_the_end(
    cloud: CloudUnderTest, db: Any, arn: str
) -> None:
    wanted, other = {"v": {"S": "wanted"}}, {"v": {"S": "other"}}
    put(db, "became", 1, **other)
    put(db, "was", 1, **wanted)
    put(db, "deleted", 1, **wanted)
    cloud.advance(HOUR)
    put(db, "became", 1, **wanted)
    put(db, "was", 1, **other)
    db.delete_item(TableName="things", Key={"id": {"S": "deleted"}, "n": {"N": "1"}})
    cloud.advance(1)
    lines = exported(
        cloud,
        db,
        TableArn=arn,
        ExportType="INCREMENTAL_EXPORT",
        IncrementalExportSpecification={"ExportFromTime": cloud.now - HOUR / 2},
        FilterSpecification={
            "FilterExpression": "v = :v",
            "ProjectionExpression": "v",
            "ExpressionAttributeValues": {":v": {"S": "wanted"}},
        },
    )
    found = [{name: line[name] for name in line if name != "Metadata"} for line in lines]
    assert sorted(found, key=lambda line: str(line["Keys"])) == [
        {
            "Keys": {"id": {"S": "became"}, "n": {"N": "1"}},
            "OldImage": {"v": {"S": "other"}},
            "NewImage": {"v": {"S": "wanted"}},
        },
        {"Keys": {"id": {"S": "deleted"}, "n": {"N": "1"}}, "OldImage": {"v": {"S": "wanted"}}},
    ]


def test_filters_that_cannot_be(db: Any, arn: str) -> None:
    values = {":v": {"S": "a"}}
    key = {"KeyConditionExpression": "id = :v", "ExpressionAttributeValues": values}
    wrong: list[tuple[dict[str, Any], str]] = [
        ({}, "The specification can not be empty"),
        ({"FilterExpression": "v ="}, "Invalid FilterExpression: Syntax error; "),
        ({"FilterExpression": "attribute_exists(#v)"}, "Invalid FilterExpression: An expression "),
        ({**key, "KeyConditionExpression": "n = :v"}, "Query condition missed key schema element"),
        (
            {**key, "FilterExpression": "n <> :v"},
            "Filter Expression can only contain non-primary key attributes: ",
        ),
        ({"ExpressionAttributeValues": values}, "ExpressionAttributeValues can only be specified "),
    ]
    for chosen, message in wrong:
        found = invalid(
            db.export_table_to_point_in_time,
            TableArn=arn,
            S3Bucket="bucket",
            FilterSpecification=chosen,
        )
        assert found.startswith(PREFIX + message)
