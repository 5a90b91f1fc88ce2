"""CopyObject."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from cloudarium.pytest_plugin import CloudUnderTest

SOURCE = {"Bucket": "bucket", "Key": "from here"}


@pytest.fixture
def source(s3: Any) -> Any:
    """The bucket with an object to copy."""
    s3.put_object(
        **SOURCE, Body=b"hello", ContentType="text/plain", Metadata={"a": "1"}, Tagging="t=1"
    )
    return s3


def test_a_copy_keeps_what_is_said_about_the_object(source: Any) -> None:
    answer = source.copy_object(Bucket="bucket", Key="to", CopySource=SOURCE)
    assert answer["CopyObjectResult"]["ETag"] == '"5d41402abc4b2a76b9719d911017c592"'
    assert answer["CopyObjectResult"]["ChecksumCRC32"] == "NhCmhg=="
    assert answer["ServerSideEncryption"] == "AES256"
    found = source.get_object(Bucket="bucket", Key="to")
    assert found["Body"].read() == b"hello"
    assert (found["ContentType"], found["Metadata"]) == ("text/plain", {"a": "1"})
    assert found["TagCount"] == 1


def test_a_copy_with_new_metadata_and_tags(source: Any) -> None:
    source.copy_object(
        Bucket="bucket",
        Key="to",
        CopySource=SOURCE,
        MetadataDirective="REPLACE",
        Metadata={"b": "2"},
        TaggingDirective="REPLACE",
        Tagging="x=1&y=2",
        ChecksumAlgorithm="SHA256",
    )
    found = source.head_object(Bucket="bucket", Key="to", ChecksumMode="ENABLED")
    assert (found["ContentType"], found["Metadata"]) == ("binary/octet-stream", {"b": "2"})
    assert found["TagCount"] == 2
    assert found["ChecksumSHA256"] == "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="


def test_a_copy_onto_itself_must_change_something(source: Any, refused: Any) -> None:
    params = {**SOURCE, "CopySource": SOURCE}
    status, code, error = refused(source.copy_object, **params)
    assert (status, code) == (400, "InvalidRequest")
    assert "copy an object to itself without changing" in error["Message"]
    source.copy_object(**params, MetadataDirective="REPLACE", ContentType="text/css")
    assert source.head_object(**SOURCE)["ContentType"] == "text/css"


def test_conditions_of_the_source(cloud: CloudUnderTest, source: Any, refused: Any) -> None:
    params = {"Bucket": "bucket", "Key": "to", "CopySource": SOURCE}
    later = datetime.fromtimestamp(cloud.now + 10, UTC)
    for condition in (
        {"CopySourceIfMatch": '"other"'},
        {"CopySourceIfNoneMatch": '"5d41402abc4b2a76b9719d911017c592"'},
        {"CopySourceIfModifiedSince": later},
    ):
        assert refused(source.copy_object, **params, **condition)[:2] == (412, "PreconditionFailed")
    assert refused(source.head_object, Bucket="bucket", Key="to")[0] == 404


def test_a_version_is_copied_by_its_id(source: Any, refused: Any) -> None:
    source.put_bucket_versioning(Bucket="bucket", VersioningConfiguration={"Status": "Enabled"})
    source.put_object(**SOURCE, Body=b"newer")
    which = {**SOURCE, "VersionId": "null"}
    answer = source.copy_object(Bucket="bucket", Key="to", CopySource=which)
    assert answer["CopySourceVersionId"] == "null"
    assert len(answer["VersionId"]) == 32
    assert source.get_object(Bucket="bucket", Key="to")["Body"].read() == b"hello"
    marker = source.delete_object(**SOURCE)["VersionId"]
    which["VersionId"] = marker
    assert refused(source.copy_object, Bucket="bucket", Key="to", CopySource=which)[1] == (
        "InvalidRequest"
    )
    assert refused(source.copy_object, Bucket="bucket", Key="to", CopySource=SOURCE)[1] == (
        "NoSuchKey"
    )
    assert refused(source.copy_object, Bucket="bucket", Key="to", CopySource="bucket")[1] in (
        "InvalidArgument",
    )
