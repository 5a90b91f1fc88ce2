"""Exports to S3 of what has changed in a period."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest

from cloudarium.pytest_plugin import CloudUnderTest

from .support import invalid, make_table, refused

HOUR = 3600


@pytest.fixture
def arn(cloud: CloudUnderTest, db: Any) -> str:
    """Return the ARN of a table `things` that keeps its history; there is a bucket `bucket`."""
    cloud.client("s3").create_bucket(Bucket="bucket")
    found = make_table(db, "things", "id")
    recovery = {"PointInTimeRecoveryEnabled": True}
    db.update_continuous_backups(TableName="things", PointInTimeRecoverySpecification=recovery)
    return found


def put(db: Any, name: str, value: str) -> None:
    """Give an item a value."""
    db.put_item(TableName="things", Item=item(name, value))


def item(name: str, value: str) -> dict[str, Any]:
    """Return an item as data files have it."""
    return {"id": {"S": name}, "v": {"S": value}}


def period(cloud: CloudUnderTest, since: float, **options: Any) -> dict[str, Any]:
    """Return the parameters of an export of the changes from `since` to now."""
    specification = {"ExportFromTime": since, "ExportToTime": cloud.now, **options}
    return {
        "S3Bucket": "bucket",
        "ExportType": "INCREMENTAL_EXPORT",
        "IncrementalExportSpecification": specification,
    }


def exported(cloud: CloudUnderTest, db: Any, **params: Any) -> tuple[dict[str, Any], list[Any]]:
    """Return the summary manifest of an export, and the lines of its data files."""
    begun = db.export_table_to_point_in_time(**params)["ExportDescription"]
    cloud.settle()
    shown = db.describe_export(ExportArn=begun["ExportArn"])["ExportDescription"]
    assert shown["ExportStatus"] == "COMPLETED"
    s3 = cloud.client("s3")

    def read(key: str) -> bytes:
        body: bytes = s3.get_object(Bucket="bucket", Key=key)["Body"].read()
        return body

    summary = json.loads(read(shown["ExportManifest"]))
    files = map(json.loads, read(summary["manifestFilesS3Key"]).splitlines())
    keys = [each["dataFileS3Key"] for each in files]
    assert all(key.startswith("AWSDynamoDB/data/") for key in keys)
    lines = [json.loads(line) for key in keys for line in gzip.decompress(read(key)).splitlines()]
    return summary, sorted(lines, key=lambda line: str(line["Keys"]["id"]["S"]))


def change_all(cloud: CloudUnderTest, db: Any) -> tuple[float, int]:
    """Change things before, within and after a period; when it begins, and of the last change."""
    for name in ("changed", "deleted", "left"):
        put(db, name, "before")
    cloud.advance(HOUR)
    since = cloud.now
    put(db, "changed", "between")
    cloud.advance(60)
    put(db, "changed", "within")
    put(db, "new", "within")
    put(db, "passing", "within")
    db.delete_item(TableName="things", Key={"id": {"S": "deleted"}})
    cloud.advance(1)
    db.delete_item(TableName="things", Key={"id": {"S": "passing"}})
    last = int(cloud.now - 1) * 1_000_000
    cloud.advance(HOUR)
    return since, last


def test_what_changed_in_a_period_is_exported(cloud: CloudUnderTest, db: Any, arn: str) -> None:
    since, last = change_all(cloud, db)
    asked = period(cloud, since)
    for name in ("changed", "new", "left", "later"):
        put(db, name, "at the period's end, which is not in it")
    summary, lines = exported(cloud, db, TableArn=arn, **asked)
    assert summary["exportType"] == "INCREMENTAL_EXPORT"
    assert (summary["outputView"], summary["itemCount"]) == ("NEW_AND_OLD_IMAGES", 3)
    assert "exportTime" not in summary
    assert summary["exportFromTime"] < summary["exportToTime"]
    written = {"Metadata": {"WriteTimestampMicros": {"N": str(last)}}}
    assert lines == [
        {
            **written,
            "Keys": {"id": {"S": "changed"}},
            "OldImage": item("changed", "before"),
            "NewImage": item("changed", "within"),
        },
        {
            **written,
            "Keys": {"id": {"S": "deleted"}},
            "OldImage": item("deleted", "before"),
        },
        {**written, "Keys": {"id": {"S": "new"}}, "NewImage": item("new", "within")},
    ]


def test_new_images_alone_are_exported(cloud: CloudUnderTest, db: Any, arn: str) -> None:
    since, _ = change_all(cloud, db)
    asked = period(cloud, since, ExportViewType="NEW_IMAGE")
    _, lines = exported(cloud, db, TableArn=arn, **asked)
    shown = [{name: line[name] for name in line if name != "Metadata"} for line in lines]
    assert shown == [
        {"Keys": {"id": {"S": "changed"}}, "NewImage": item("changed", "within")},
        {"Keys": {"id": {"S": "deleted"}}},
        {"Keys": {"id": {"S": "new"}}, "NewImage": item("new", "within")},
    ]


def test_many_changes_are_exported_bit_by_bit(cloud: CloudUnderTest, db: Any, arn: str) -> None:
    since = cloud.now
    names = [f"{number:04}" for number in range(1100)]
    for value in ("old", "within", "after"):
        for start in range(0, len(names), 25):
            puts = [{"PutRequest": {"Item": item(n, value)}} for n in names[start : start + 25]]
            db.batch_write_item(RequestItems={"things": puts})
        if value == "within":
            cloud.advance(HOUR)
            asked = period(cloud, since)
        elif value == "old":
            cloud.advance(HOUR)
            since = cloud.now
    summary, lines = exported(cloud, db, TableArn=arn, **asked)
    assert summary["itemCount"] == 1100
    assert [line["NewImage"] for line in lines] == [item(name, "within") for name in names]
    assert [line["OldImage"] for line in lines] == [item(name, "old") for name in names]


def test_a_period_that_cannot_be(cloud: CloudUnderTest, db: Any, arn: str) -> None:
    begun = cloud.now
    cloud.advance(30 * HOUR)
    export = db.export_table_to_point_in_time
    difference = "Difference between export period from time and export period to time is "
    wrong = {
        cloud.now - 60: difference + "less than 15 minutes",
        cloud.now - 25 * HOUR: difference + "greater than 24 hours",
        begun - 60: "Incremental export period from time cannot be less than "
        "the table creation time : ",
    }
    for since, message in wrong.items():
        code, found = refused(export, TableArn=arn, **period(cloud, since))
        assert code == "InvalidExportTimeException"
        assert found.startswith(message)
    future = period(cloud, cloud.now - HOUR, ExportToTime=cloud.now + 1)
    assert "greater than the current time" in refused(export, TableArn=arn, **future)[1]


def test_a_period_is_for_incremental_exports(cloud: CloudUnderTest, db: Any, arn: str) -> None:
    export, asked = db.export_table_to_point_in_time, {"TableArn": arn, "S3Bucket": "bucket"}
    incremental = {**asked, "ExportType": "INCREMENTAL_EXPORT"}
    assert invalid(export, **incremental) == (
        "Invalid Request: Incremental Export Specification expected "
        "when export type is set as Incremental Export"
    )
    assert invalid(export, **incremental, IncrementalExportSpecification={}) == (
        "Invalid Request: ExportFromTime must be provided in IncrementalExportSpecification"
    )
    specification = {"IncrementalExportSpecification": {"ExportFromTime": cloud.now}}
    assert invalid(export, **asked, **specification) == (
        "Invalid Request: Export Type expected to be Incremental Export "
        "when incremental export specification is provided"
    )
    assert invalid(export, **asked, **specification, ExportType="FULL_EXPORT") == (
        "Invalid Request: When Export Type is Full Export , "
        "Incremental Export Specification should not be provided"
    )
    assert "ExportTime should not" in invalid(
        export, **incremental, **specification, ExportTime=cloud.now
    )
    assert invalid(export, **{**asked, "TableArn": "things"}) == (
        "One or more parameter values were invalid: tableArn is not a valid ARN"
    )
    plain = make_table(db, "plain", "id")
    cloud.advance(HOUR)
    wrong = {"TableArn": plain, **period(cloud, cloud.now - 60)}
    assert refused(export, **wrong)[0] == "InvalidExportTimeException"
    unrecorded = {"TableArn": plain, **period(cloud, cloud.now - HOUR)}
    assert refused(export, **unrecorded)[0] == "PointInTimeRecoveryUnavailableException"


def test_an_export_goes_on_though_its_table_is_deleted(
    cloud: CloudUnderTest, db: Any, arn: str
) -> None:
    cloud.advance(HOUR)
    params = {"TableArn": arn, **period(cloud, cloud.now - HOUR)}
    cloud.run(cloud.kernel.scheduler.stop())
    begun = db.export_table_to_point_in_time(**params)["ExportDescription"]
    off = {"PointInTimeRecoveryEnabled": False}
    db.update_continuous_backups(TableName="things", PointInTimeRecoverySpecification=off)
    db.delete_table(TableName="things")
    code, message = refused(db.export_table_to_point_in_time, **params)
    assert (code, message) == ("TableNotFoundException", f"Table not found: {arn}")
    cloud.restart()
    cloud.settle()
    assert db.list_tables()["TableNames"] == []
    shown = db.describe_export(ExportArn=begun["ExportArn"])["ExportDescription"]
    assert shown["ExportStatus"] == "COMPLETED"
