"""Amazon Ion: what exports write of items, and imports read."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest

from cloudarium.pytest_plugin import CloudUnderTest

from .support import index, make_table

KEY = {
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "KeySchema": index("", "id")["KeySchema"],
    "BillingMode": "PAY_PER_REQUEST",
}
BOOK = {
    "Authors": {"SS": ["Author1", "Author2"]},
    "Id": {"N": "103"},
    "InPublication": {"BOOL": False},
    "PageCount": {"N": "600"},
    "Weight": {"N": "-1.25"},
    "Tiny": {"N": "0.000000000012"},
    "Cover": {"B": b"\x00\xff"},
    "Pages": {"BS": [b"a"]},
    "Sizes": {"NS": ["0", "0.05"]},
    "more or less": {"M": {"null": {"NULL": True}, "l": {"L": [{"S": "x"}, {"M": {}}]}}},
    "it's": {"S": 'a\n"b\\\x01é'},
    "id": {"S": "a"},
}
TEXT = (
    '{Authors:$dynamodb_SS::["Author1","Author2"],Id:103.,InPublication:false,PageCount:6d2,'
    "Weight:-1.25,Tiny:12d-12,Cover:{{AP8=}},Pages:$dynamodb_BS::[{{YQ==}}],"
    "Sizes:$dynamodb_NS::[0.,0.05],'more or less':{'null':null,l:[\"x\",{}]},"
    r"""'it\'s':"a\n\"b\\\x01é",id:"a"}"""
)


@pytest.fixture
def s3(cloud: CloudUnderTest) -> Any:
    """An S3 client, and a bucket called `bucket`."""
    client = cloud.client("s3")
    client.create_bucket(Bucket="bucket")
    return client


def lines_of(cloud: CloudUnderTest, db: Any, s3: Any, **asked: Any) -> list[str]:
    """Return the lines that an export in Ion has."""
    begun = db.export_table_to_point_in_time(**asked, S3Bucket="bucket", ExportFormat="ION")
    arn = begun["ExportDescription"]["ExportArn"]
    cloud.settle()
    shown = db.describe_export(ExportArn=arn)["ExportDescription"]
    assert (shown["ExportStatus"], shown["ExportFormat"]) == ("COMPLETED", "ION")

    def read(key: str) -> bytes:
        body: bytes = s3.get_object(Bucket="bucket", Key=key)["Body"].read()
        return body

    summary = json.loads(read(shown["ExportManifest"]))
    assert summary["outputFormat"] == "ION"
    key = json.loads(read(summary["manifestFilesS3Key"]))["dataFileS3Key"]
    assert key.endswith(".ion.gz")
    return gzip.decompress(read(key)).decode().splitlines()


def imported(cloud: CloudUnderTest, db: Any, **source: Any) -> dict[str, Any]:
    """Return the description of an ended import of Ion into a table `imported`."""
    begun = db.import_table(
        S3BucketSource={"S3Bucket": "bucket", **source},
        InputFormat="ION",
        TableCreationParameters={"TableName": "imported", **KEY},
    )["ImportTableDescription"]
    cloud.settle()
    found: dict[str, Any] = db.describe_import(ImportArn=begun["ImportArn"])
    described: dict[str, Any] = found["ImportTableDescription"]
    return described


def recorded(db: Any) -> str:
    """Make a table `things` that keeps its history."""
    arn = make_table(db, "things", "id")
    recovery = {"PointInTimeRecoveryEnabled": True}
    db.update_continuous_backups(TableName="things", PointInTimeRecoverySpecification=recovery)
    return arn


def test_items_are_exported_as_ion(cloud: CloudUnderTest, db: Any, s3: Any) -> None:
    arn = recorded(db)
    db.put_item(TableName="things", Item=BOOK)
    assert lines_of(cloud, db, s3, TableArn=arn) == ["$ion_1_0 {Item:" + TEXT + "}"]


def test_changes_are_exported_as_ion(cloud: CloudUnderTest, db: Any, s3: Any) -> None:
    arn = recorded(db)
    cloud.advance(3600)
    db.put_item(TableName="things", Item={"id": {"S": "a"}, "n": {"N": "1"}})
    cloud.advance(1)
    (line,) = lines_of(
        cloud,
        db,
        s3,
        TableArn=arn,
        ExportType="INCREMENTAL_EXPORT",
        IncrementalExportSpecification={"ExportFromTime": cloud.now - 1800},
    )
    head, _, images = line.partition("},Keys:")
    assert head.startswith("$ion_1_0 {Record:{Metadata:{WriteTimestampMicros:")
    assert images == '{id:"a"},NewImage:{id:"a",n:1.}}}'


def test_what_was_exported_as_ion_is_imported(cloud: CloudUnderTest, db: Any, s3: Any) -> None:
    body = "$ion_1_0 {Item:" + TEXT + "}\n"
    s3.put_object(Bucket="bucket", Key="a.ion", Body=body.encode())
    assert imported(cloud, db)["ImportStatus"] == "COMPLETED"
    (found,) = db.scan(TableName="imported")["Items"]
    assert {**found, "Authors": {"SS": sorted(found["Authors"]["SS"])}} == {
        **BOOK,
        "Sizes": {"NS": found["Sizes"]["NS"]},
    }
    assert sorted(found["Sizes"]["NS"]) == ["0", "0.05"]


def test_ion_can_be_written_otherwise(cloud: CloudUnderTest, db: Any, s3: Any) -> None:
    body = """
        $ion_1_0
        [ // several in a list
          {Item: {id: "a", 'long' : '''b''' '''c''', /* a comma may follow */ }, },
          {"Item": {"id": "\\u00e9\\x21", n: 1_000, none: null.string, noted: x::true}},
        ]
    """
    s3.put_object(Bucket="bucket", Key="a.ion", Body=body.encode())
    assert imported(cloud, db)["ImportStatus"] == "COMPLETED"
    found = sorted(db.scan(TableName="imported")["Items"], key=lambda item: str(item["id"]))
    assert found == [
        {"id": {"S": "a"}, "long": {"S": "bc"}},
        {
            "id": {"S": "é!"},
            "n": {"N": "1000"},
            "none": {"NULL": True},
            "noted": {"BOOL": True},
        },
    ]


@pytest.mark.parametrize(
    "text",
    [
        "{Item:{id:2020-01-01}}",
        "{Item:{id:symbol}}",
        "{Item:{id",
        "{Item:[1]}",
        "{id:1}",
        "12",
        "}",
        '{Item:{id:"\\ud800"}}',
        "{Item:{id:1d99999999999999999999}}",
        "[" * 2000,
    ],
)
def test_what_no_item_is_ends_the_reading(
    cloud: CloudUnderTest, db: Any, s3: Any, text: str
) -> None:
    good = '{Item:{id:"a"}}'
    s3.put_object(Bucket="bucket", Key="a.ion", Body=f"{good}\n{text}\n{good}".encode())
    shown = imported(cloud, db)
    assert (shown["ImportStatus"], shown["FailureCode"]) == ("FAILED", "ItemValidationError")
    assert (shown["ImportedItemCount"], shown["ErrorCount"]) == (1, 1)
