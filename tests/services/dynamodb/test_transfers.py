"""Exports to and imports from S3."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest
import zstandard

from cloudarium.pytest_plugin import CloudUnderTest

from .support import index, invalid, make_table, refused

KEY = {
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "N"}],
    "KeySchema": index("", "id")["KeySchema"],
    "BillingMode": "PAY_PER_REQUEST",
}


@pytest.fixture
def s3(cloud: CloudUnderTest) -> Any:
    """An S3 client, and a bucket called `bucket`."""
    client = cloud.client("s3")
    client.create_bucket(Bucket="bucket")
    return client


def _read(s3: Any, key: str) -> bytes:
    body: bytes = s3.get_object(Bucket="bucket", Key=key)["Body"].read()
    return body


def _recorded(db: Any) -> str:
    arn = make_table(db, "things", "id")
    db.update_continuous_backups(
        TableName="things", PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )
    return arn


def test_a_table_is_exported_as_it_was(cloud: CloudUnderTest, db: Any, s3: Any) -> None:
    arn = _recorded(db)
    item = {"id": {"S": "a"}, "b": {"B": b"\x00\xff"}, "n": {"N": "1"}}
    db.put_item(TableName="things", Item=item)
    at = cloud.now
    cloud.advance(301)
    db.put_item(TableName="things", Item={"id": {"S": "later"}})
    begun = db.export_table_to_point_in_time(
        TableArn=arn, S3Bucket="bucket", S3Prefix="here", ExportTime=at, ClientToken="token"
    )["ExportDescription"]
    assert begun["ExportStatus"] == "IN_PROGRESS"
    assert begun.keys().isdisjoint(("ExportType", "BilledSizeBytes", "ItemCount"))
    cloud.settle()
    shown = db.describe_export(ExportArn=begun["ExportArn"])["ExportDescription"]
    assert (shown["ExportStatus"], shown["ItemCount"]) == ("COMPLETED", 1)
    summary = json.loads(_read(s3, shown["ExportManifest"]))
    assert (summary["itemCount"], summary["outputFormat"]) == (1, "DYNAMODB_JSON")
    files = json.loads(_read(s3, summary["manifestFilesS3Key"]))
    assert files["dataFileS3Key"].startswith("here/AWSDynamoDB/")
    lines = gzip.decompress(_read(s3, files["dataFileS3Key"])).splitlines()
    assert [json.loads(line)["Item"] for line in lines] == [
        {"id": {"S": "a"}, "b": {"B": "AP8="}, "n": {"N": "1"}}
    ]
    listed = db.list_exports(TableArn=arn)["ExportSummaries"]
    assert [(each["ExportArn"], each["ExportType"]) for each in listed] == [
        (begun["ExportArn"], "FULL_EXPORT")
    ]
    again = db.export_table_to_point_in_time(TableArn=arn, S3Bucket="bucket", ClientToken="token")
    assert again["ExportDescription"]["ExportArn"] == begun["ExportArn"]
    other = {"TableArn": arn, "S3Bucket": "other", "ClientToken": "token"}
    assert refused(db.export_table_to_point_in_time, **other)[0] == "ExportConflictException"
    cloud.advance(8 * 3600)
    assert db.export_table_to_point_in_time(**other)["ExportDescription"]["S3Bucket"] == "other"


def test_an_export_that_cannot_be(cloud: CloudUnderTest, db: Any) -> None:
    arn = make_table(db, "plain", "id")
    params = {"TableArn": arn, "S3Bucket": "none"}
    code, _ = refused(db.export_table_to_point_in_time, **params)
    assert code == "PointInTimeRecoveryUnavailableException"
    params["TableArn"] = _recorded(db)
    begun = db.export_table_to_point_in_time(**params)["ExportDescription"]
    cloud.settle()
    shown = db.describe_export(ExportArn=begun["ExportArn"])["ExportDescription"]
    assert (shown["ExportStatus"], shown["FailureCode"]) == ("FAILED", "S3NoSuchBucket")
    assert "ItemCount" not in shown
    missing = begun["ExportArn"] + "0"
    assert refused(db.describe_export, ExportArn=missing) == (
        "ExportNotFoundException",
        f"Export not found: Export not found: {missing}",
    )
    elsewhere = begun["ExportArn"].replace("us-east-1", "eu-west-1")
    assert refused(db.describe_export, ExportArn=elsewhere) == (
        "ExportNotFoundException",
        "Export not found: Invalid export arn",
    )
    imported = begun["ExportArn"].replace("/export/", "/import/")
    assert invalid(db.describe_export, ExportArn=imported) == "Invalid Export ARN"


def test_what_is_exported_is_a_table_of_the_account_and_region(db: Any) -> None:
    export, arn = db.export_table_to_point_in_time, _recorded(db)
    asked = {"S3Bucket": "bucket"}
    index_arn = f"{arn}/index/x"
    assert invalid(export, **asked, TableArn=index_arn) == "Invalid Request: Table ARN is invalid."
    code, message = refused(
        export, **asked, TableArn=arn.replace(":000000000000:", ":111111111111:")
    )
    assert (code, message) == ("AccessDeniedException", "Access is denied")
    elsewhere = arn.replace("us-east-1", "eu-west-1")
    assert refused(export, **asked, TableArn=elsewhere) == (
        "TableNotFoundException",
        f"Table not found: {elsewhere}",
    )
    assert invalid(export, **asked, TableArn=arn, S3SseKmsKeyId="key") == (
        "Invalid Request: KMS Key Id is not supported for this encryption type"
    )


def test_exports_are_as_of_times_that_can_be_restored(cloud: CloudUnderTest, db: Any) -> None:
    asked = {"TableArn": _recorded(db), "S3Bucket": "bucket"}
    begun = cloud.now
    cloud.advance(600)
    wrong = {
        begun - 1: "Export Time is invalid",
        cloud.now + 60: "Export Time is invalid",
        cloud.now - 200: "Point in Time Recovery is not available for specified export time",
    }
    for at, message in wrong.items():
        found = refused(db.export_table_to_point_in_time, **asked, ExportTime=at)
        assert found == ("InvalidExportTimeException", message)
    db.export_table_to_point_in_time(**asked, ExportTime=cloud.now - 301)


def test_transfers_are_listed_by_tens(cloud: CloudUnderTest, db: Any, s3: Any) -> None:
    arn = _recorded(db)
    for _ in range(11):
        db.export_table_to_point_in_time(TableArn=arn, S3Bucket="bucket")
    first = db.list_exports()
    assert len(first["ExportSummaries"]) == 10
    assert len(db.list_exports(NextToken=first["NextToken"])["ExportSummaries"]) == 1
    message = "Invalid Request: Provided nextToken is invalid: "
    assert invalid(db.list_exports, NextToken="nothing") == message + "nothing"
    for token in ("0" * 112, "f" * 112):
        assert invalid(db.list_imports, NextToken=token) == message + token


def test_transfers_are_of_tables_that_can_be(db: Any) -> None:
    arn = "arn:aws:dynamodb:us-east-1:000000000000:table/{}/{}/01658528578619-c4d4e311"
    said = invalid(db.describe_import, ImportArn=arn.format("x", "import"))
    assert said == "Invalid Import ARN"
    known = refused(db.describe_import, ImportArn=arn.format("xyz", "import"))[0]
    assert known == "ImportNotFoundException"


def test_objects_are_imported(cloud: CloudUnderTest, db: Any, s3: Any) -> None:
    good, bad = {"Item": {"id": {"N": "1"}, "b": {"B": "AP8="}}}, {"Item": {"other": {"S": "x"}}}
    body = "\n".join(map(json.dumps, (good, bad))) + "\nnothing\n"
    s3.put_object(Bucket="bucket", Key="in/1.gz", Body=gzip.compress(body.encode()))
    body = json.dumps({"Item": {"id": {"N": "2"}}})
    s3.put_object(Bucket="bucket", Key="in/2.gz", Body=gzip.compress(body.encode()))
    begun = db.import_table(
        S3BucketSource={"S3Bucket": "bucket", "S3KeyPrefix": "in/"},
        InputFormat="DYNAMODB_JSON",
        InputCompressionType="GZIP",
        TableCreationParameters={"TableName": "imported", **KEY},
    )["ImportTableDescription"]
    assert begun["ImportStatus"] == "IN_PROGRESS"
    cloud.settle()
    shown = db.describe_import(ImportArn=begun["ImportArn"])["ImportTableDescription"]
    assert (shown["ImportStatus"], shown["FailureCode"]) == ("FAILED", "ItemValidationError")
    counts = [shown[f"{kind}Count"] for kind in ("ProcessedItem", "ImportedItem", "Error")]
    assert counts == [4, 2, 2]
    found = db.scan(TableName="imported")["Items"]
    assert sorted(item["id"]["N"] for item in found) == ["1", "2"]
    assert {"B": b"\x00\xff"} in [item.get("b") for item in found]
    listed = db.list_imports()["ImportSummaryList"]
    assert [each["ImportArn"] for each in listed] == [begun["ImportArn"]]
    assert shown["CloudWatchLogGroupArn"].endswith(":log-group:/aws-dynamodb/imports:*")
    stream = begun["ImportArn"].rpartition("/")[2] + "/error"
    logs = cloud.client("logs")
    events = logs.get_log_events(logGroupName="/aws-dynamodb/imports", logStreamName=stream)
    messages = [json.loads(event["message"]) for event in events["events"]]
    assert [message["itemS3Pointer"]["itemIndex"] for message in messages] == [1, 2]
    assert messages[0]["importArn"] == begun["ImportArn"]
    assert all(message["errorMessages"] for message in messages)


def test_objects_packed_with_zstandard_are_imported(
    cloud: CloudUnderTest, db: Any, s3: Any
) -> None:
    """Of one frame or several; what is cut off or not packed is a wrong item."""
    frames = [zstandard.compress(json.dumps({"Item": {"id": {"N": n}}}).encode()) for n in "12"]
    newline = zstandard.compress(b"\n")
    s3.put_object(Bucket="bucket", Key="good/1.zst", Body=newline.join(frames))
    s3.put_object(Bucket="bucket", Key="cut/1.zst", Body=frames[0][:-3])
    s3.put_object(Bucket="bucket", Key="plain/1.zst", Body=b'{"Item": {}}')
    ends = {}
    for name in ("good", "cut", "plain"):
        begun = db.import_table(
            S3BucketSource={"S3Bucket": "bucket", "S3KeyPrefix": f"{name}/"},
            InputFormat="DYNAMODB_JSON",
            InputCompressionType="ZSTD",
            TableCreationParameters={"TableName": name, **KEY},
        )["ImportTableDescription"]
        cloud.settle()
        shown = db.describe_import(ImportArn=begun["ImportArn"])["ImportTableDescription"]
        assert shown["InputCompressionType"] == "ZSTD"
        ends[name] = shown["ImportStatus"], shown.get("FailureCode")
        assert shown["ErrorCount"] == int(name != "good")
        assert db.describe_table(TableName=name)["Table"]["TableStatus"] == "ACTIVE"
    failed = ("FAILED", "ItemValidationError")
    assert ends == {"good": ("COMPLETED", None), "cut": failed, "plain": failed}
    assert len(db.scan(TableName="good")["Items"]) == 2


def test_csv_is_imported(cloud: CloudUnderTest, db: Any, s3: Any) -> None:
    s3.put_object(Bucket="bucket", Key="rows.csv", Body=b'id;name\n7;"ann; b"\n8\n')
    begun = db.import_table(
        S3BucketSource={"S3Bucket": "bucket"},
        InputFormat="CSV",
        InputFormatOptions={"Csv": {"Delimiter": ";"}},
        TableCreationParameters={"TableName": "imported", **KEY},
    )["ImportTableDescription"]
    cloud.settle()
    shown = db.describe_import(ImportArn=begun["ImportArn"])["ImportTableDescription"]
    assert (shown["ImportStatus"], shown["ErrorCount"]) == ("FAILED", 1)
    assert db.scan(TableName="imported")["Items"] == [{"id": {"N": "7"}, "name": {"S": "ann; b"}}]
    missing = begun["ImportArn"] + "0"
    assert refused(db.describe_import, ImportArn=missing)[0] == "ImportNotFoundException"


def test_an_import_without_errors_is_completed(cloud: CloudUnderTest, db: Any, s3: Any) -> None:
    s3.put_object(Bucket="bucket", Key="rows.csv", Body=b"id,name\n7,ann\n")
    asked = {
        "S3BucketSource": {"S3Bucket": "bucket"},
        "InputFormat": "CSV",
        "TableCreationParameters": {"TableName": "imported", **KEY},
        "ClientToken": "token",
    }
    begun = db.import_table(**asked)["ImportTableDescription"]
    cloud.settle()
    shown = db.describe_import(ImportArn=begun["ImportArn"])["ImportTableDescription"]
    assert (shown["ImportStatus"], shown["ImportedItemCount"]) == ("COMPLETED", 1)
    assert refused(db.import_table, **asked)[0] == "ResourceInUseException"


def test_a_token_counts_while_its_import_goes_on(cloud: CloudUnderTest, db: Any, s3: Any) -> None:
    s3.put_object(Bucket="bucket", Key="rows.csv", Body=b"id,name\n7,ann\n")
    asked: dict[str, Any] = {
        "S3BucketSource": {"S3Bucket": "bucket"},
        "InputFormat": "CSV",
        "TableCreationParameters": {"TableName": "imported", **KEY},
        "ClientToken": "token",
    }
    cloud.run(cloud.kernel.scheduler.stop())
    begun = db.import_table(**asked)["ImportTableDescription"]
    assert "ProcessedSizeBytes" not in begun
    elsewhere = {**asked, "S3BucketSource": {"S3Bucket": "ignored"}}
    again = db.import_table(**elsewhere)["ImportTableDescription"]
    assert again["S3BucketSource"] == {"S3Bucket": "bucket", "S3BucketOwner": "000000000000"}
    other = {**asked, "TableCreationParameters": {"TableName": "another", **KEY}}
    assert refused(db.import_table, **other) == (
        "ImportConflictException",
        "Import conflict: Duplicate request detected with conflicting parameters",
    )
    cloud.restart()
    cloud.settle()
    shown = db.describe_import(ImportArn=begun["ImportArn"])["ImportTableDescription"]
    assert shown["ProcessedSizeBytes"] == len(b"id,name\n7,ann\n")


def test_what_is_no_item_ends_the_reading_of_its_object(
    cloud: CloudUnderTest, db: Any, s3: Any
) -> None:
    good = json.dumps({"Item": {"id": {"N": "1"}}})
    keyless = json.dumps({"Item": {"other": {"S": "x"}}})
    s3.put_object(Bucket="bucket", Key="1", Body=f"{keyless}\n \n{good}\n[]\n{good}".encode())
    s3.put_object(Bucket="bucket", Key="2", Body=b"")
    begun = db.import_table(
        S3BucketSource={"S3Bucket": "bucket"},
        InputFormat="DYNAMODB_JSON",
        TableCreationParameters={"TableName": "imported", **KEY},
    )["ImportTableDescription"]
    cloud.settle()
    shown = db.describe_import(ImportArn=begun["ImportArn"])["ImportTableDescription"]
    counts = [shown[f"{kind}Count"] for kind in ("ProcessedItem", "ImportedItem", "Error")]
    assert counts == [3, 1, 2]


def test_objects_need_no_lines_of_their_own(cloud: CloudUnderTest, db: Any, s3: Any) -> None:
    each = [json.dumps({"Item": {"id": {"N": n}}}) for n in "123"]
    s3.put_object(Bucket="bucket", Key="1", Body=" ".join(each).encode() + each[0].encode())
    s3.put_object(Bucket="bucket", Key="2", Body=b"".join(map(str.encode, each)) + b" nothing")
    s3.put_object(Bucket="bucket", Key="3", Body=b"[" * 50_000)
    begun = db.import_table(
        S3BucketSource={"S3Bucket": "bucket"},
        InputFormat="DYNAMODB_JSON",
        TableCreationParameters={"TableName": "imported", **KEY},
    )["ImportTableDescription"]
    cloud.settle()
    shown = db.describe_import(ImportArn=begun["ImportArn"])["ImportTableDescription"]
    counts = [shown[f"{kind}Count"] for kind in ("ProcessedItem", "ImportedItem", "Error")]
    assert counts == [9, 7, 2]


def test_an_import_of_nothing_makes_an_empty_table(cloud: CloudUnderTest, db: Any, s3: Any) -> None:
    asked = {
        "S3BucketSource": {"S3Bucket": "bucket", "S3KeyPrefix": "none"},
        "TableCreationParameters": {"TableName": "imported", **KEY},
    }
    options = {"InputFormatOptions": {"Csv": {"Delimiter": ";"}}}
    message = invalid(db.import_table, **asked, **options, InputFormat="DYNAMODB_JSON")
    assert message.endswith("for the given input format: DYNAMODB_JSON.")
    begun = db.import_table(**asked, InputFormat="DYNAMODB_JSON")["ImportTableDescription"]
    cloud.settle()
    shown = db.describe_import(ImportArn=begun["ImportArn"])["ImportTableDescription"]
    assert (shown["ImportStatus"], shown["ProcessedItemCount"]) == ("COMPLETED", 0)
    assert shown["ProcessedSizeBytes"] == 0
    assert db.describe_table(TableName="imported")["Table"]["TableStatus"] == "ACTIVE"


def test_an_import_of_a_bucket_that_is_not_there(cloud: CloudUnderTest, db: Any) -> None:
    begun = db.import_table(
        S3BucketSource={"S3Bucket": "nowhere"},
        InputFormat="CSV",
        TableCreationParameters={"TableName": "imported", **KEY},
    )["ImportTableDescription"]
    cloud.settle()
    shown = db.describe_import(ImportArn=begun["ImportArn"])["ImportTableDescription"]
    assert (shown["ImportStatus"], shown["FailureCode"]) == ("FAILED", "S3NoSuchBucket")
    assert refused(db.describe_table, TableName="imported")[0] == "ResourceNotFoundException"
