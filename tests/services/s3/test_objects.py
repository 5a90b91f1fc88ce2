"""PutObject, GetObject, HeadObject, DeleteObject(s), attributes and tags of objects."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudarium.pytest_plugin import CloudUnderTest


def test_an_object_comes_back_as_it_was_put(cloud: CloudUnderTest, s3: Any) -> None:
    made = s3.put_object(
        Bucket="bucket",
        Key="a/b c+ü.txt",
        Body=b"hello",
        ContentType="text/plain",
        CacheControl="no-cache",
        ContentDisposition="inline",
        ContentEncoding="identity",
        ContentLanguage="en",
        Metadata={"Colour": "red"},
        Tagging="a=1&b=two%20words",
        StorageClass="STANDARD_IA",
    )
    assert made["ETag"] == '"5d41402abc4b2a76b9719d911017c592"'
    assert made["ServerSideEncryption"] == "AES256"
    assert (made["ChecksumCRC32"], made["ChecksumType"]) == ("NhCmhg==", "FULL_OBJECT")
    assert "VersionId" not in made
    found = s3.get_object(Bucket="bucket", Key="a/b c+ü.txt")
    assert found["Body"].read() == b"hello"
    assert found["Metadata"] == {"colour": "red"}
    expected = {
        "ContentType": "text/plain",
        "CacheControl": "no-cache",
        "ContentDisposition": "inline",
        "ContentEncoding": "identity",
        "ContentLanguage": "en",
        "ContentLength": 5,
        "AcceptRanges": "bytes",
        "ETag": made["ETag"],
        "ServerSideEncryption": "AES256",
        "StorageClass": "STANDARD_IA",
        "TagCount": 2,
        "LastModified": datetime.fromtimestamp(cloud.now, UTC),
    }
    assert {name: found[name] for name in expected} == expected
    head = s3.head_object(Bucket="bucket", Key="a/b c+ü.txt", ChecksumMode="ENABLED")
    assert {name: head[name] for name in expected} == expected
    assert head["ChecksumCRC32"] == "NhCmhg=="


def test_the_default_type_and_an_empty_body(s3: Any) -> None:
    s3.put_object(Bucket="bucket", Key="k")
    found = s3.get_object(Bucket="bucket", Key="k")
    assert found["ContentType"] == "binary/octet-stream"
    assert (found["ContentLength"], found["Body"].read()) == (0, b"")
    assert "StorageClass" not in found


@pytest.mark.parametrize("key", ["a//b", "/a", "a/../b", "./a", "a/", "%41", "a b", "ключ", "~"])
def test_keys_are_taken_as_they_are(s3: Any, key: str) -> None:
    s3.put_object(Bucket="bucket", Key=key, Body=key.encode())
    assert s3.get_object(Bucket="bucket", Key=key)["Body"].read() == key.encode()
    assert [each["Key"] for each in s3.list_objects_v2(Bucket="bucket")["Contents"]] == [key]


def test_keys_have_at_most_1024_bytes(s3: Any, refused: Any) -> None:
    s3.put_object(Bucket="bucket", Key="ü" * 512, Body=b"")
    status, code, error = refused(s3.put_object, Bucket="bucket", Key="ü" * 513, Body=b"")
    assert (status, code, error["MaxSizeAllowed"]) == (400, "KeyTooLongError", "1024")


def test_what_is_missing(s3: Any, refused: Any) -> None:
    status, code, error = refused(s3.get_object, Bucket="bucket", Key="none")
    assert (status, code, error["Key"]) == (404, "NoSuchKey", "none")
    assert error["Message"] == "The specified key does not exist."
    assert refused(s3.head_object, Bucket="bucket", Key="none")[:2] == (404, "404")
    assert refused(s3.put_object, Bucket="none-such", Key="k")[:2] == (404, "NoSuchBucket")


@pytest.mark.parametrize(
    ("given", "content", "shown"),
    [
        ("bytes=0-1", b"01", "bytes 0-1/10"),
        ("bytes=7-", b"789", "bytes 7-9/10"),
        ("bytes=-3", b"789", "bytes 7-9/10"),
        ("bytes=8-99", b"89", "bytes 8-9/10"),
        ("bytes=-99", b"0123456789", "bytes 0-9/10"),
    ],
)
def test_ranges(s3: Any, given: str, content: bytes, shown: str) -> None:
    s3.put_object(Bucket="bucket", Key="k", Body=b"0123456789")
    found = s3.get_object(Bucket="bucket", Key="k", Range=given)
    assert found["ResponseMetadata"]["HTTPStatusCode"] == 206
    assert (found["Body"].read(), found["ContentRange"]) == (content, shown)
    assert found["ContentLength"] == len(content)
    assert s3.head_object(Bucket="bucket", Key="k", Range=given)["ContentLength"] == len(content)


@pytest.mark.parametrize(
    "given", ["bytes=5-2", "bytes=0-1,3-4", "lines=1-2", "bytes=-", "bytes=0-" + "9" * 5000]
)
def test_ranges_that_say_nothing_are_ignored(s3: Any, given: str) -> None:
    s3.put_object(Bucket="bucket", Key="k", Body=b"0123456789")
    found = s3.get_object(Bucket="bucket", Key="k", Range=given)
    assert found["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert found["Body"].read() == b"0123456789"


def test_a_range_outside_the_object(s3: Any, refused: Any) -> None:
    s3.put_object(Bucket="bucket", Key="k", Body=b"0123456789")
    status, code, error = refused(s3.get_object, Bucket="bucket", Key="k", Range="bytes=10-")
    assert (status, code) == (416, "InvalidRange")
    assert (error["RangeRequested"], error["ActualObjectSize"]) == ("bytes=10-", "10")


def test_conditional_reads(cloud: CloudUnderTest, s3: Any, refused: Any) -> None:
    etag = s3.put_object(Bucket="bucket", Key="k", Body=b"x")["ETag"]
    now = datetime.fromtimestamp(cloud.now, UTC)
    before = datetime.fromtimestamp(cloud.now - 10, UTC)
    read = {"Bucket": "bucket", "Key": "k"}
    s3.get_object(**read, IfMatch=etag, IfUnmodifiedSince=before)
    s3.get_object(**read, IfNoneMatch='"other"', IfModifiedSince=now)
    with pytest.raises(ClientError, match="304") as caught:
        s3.get_object(**read, IfNoneMatch=etag)
    assert caught.value.response["ResponseMetadata"]["HTTPHeaders"]["etag"] == etag
    assert refused(s3.head_object, **read, IfModifiedSince=now)[:2] == (304, "304")
    status, code, error = refused(s3.get_object, **read, IfMatch='"other"')
    assert (status, code, error["Condition"]) == (412, "PreconditionFailed", "If-Match")
    status, code, error = refused(s3.get_object, **read, IfUnmodifiedSince=before)
    assert (status, error["Condition"]) == (412, "If-Unmodified-Since")


def test_conditional_writes(s3: Any, refused: Any) -> None:
    write = {"Bucket": "bucket", "Key": "k"}
    etag = s3.put_object(**write, Body=b"1", IfNoneMatch="*")["ETag"]
    assert refused(s3.put_object, **write, Body=b"2", IfNoneMatch="*")[:2] == (
        412,
        "PreconditionFailed",
    )
    assert refused(s3.put_object, **write, Body=b"2", IfMatch='"other"')[0] == 412
    s3.put_object(**write, Body=b"2", IfMatch=etag)
    assert refused(s3.put_object, Bucket="bucket", Key="none", IfMatch=etag)[1] == "NoSuchKey"
    assert s3.get_object(**write)["Body"].read() == b"2"
    assert refused(s3.delete_object, **write, IfMatch=etag)[0] == 412


def test_answers_can_be_dressed(s3: Any) -> None:
    s3.put_object(Bucket="bucket", Key="k", Body=b"x")
    found = s3.get_object(
        Bucket="bucket",
        Key="k",
        ResponseContentType="text/html",
        ResponseContentDisposition="attachment",
        ResponseCacheControl="max-age=1",
    )
    assert found["ContentType"] == "text/html"
    assert found["ContentDisposition"] == "attachment"
    assert found["CacheControl"] == "max-age=1"


@pytest.mark.parametrize(
    ("algorithm", "value"),
    [
        ("CRC32", "NhCmhg=="),
        ("SHA1", "qvTGHdzF6KLavt4PO0gs2a6pQ00="),
        ("SHA256", "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="),
        ("CRC32C", "mnG7TA=="),
        ("CRC64NVME", "M3eFcAZSQlc="),
    ],
)
def test_checksums(s3: Any, refused: Any, algorithm: str, value: str) -> None:
    member = f"Checksum{algorithm}"
    put = {"Bucket": "bucket", "Key": "k", "Body": b"hello"}
    assert s3.put_object(**put, **{member: value})[member] == value
    found = s3.head_object(Bucket="bucket", Key="k", ChecksumMode="ENABLED")
    assert found[member] == value
    wrong = base64.b64encode(bytes(len(base64.b64decode(value)))).decode()
    status, code, error = refused(s3.put_object, **put, **{member: wrong})
    assert (status, code) == (400, "BadDigest")
    assert error["Message"] == (
        f"The {algorithm} you specified did not match the calculated checksum."
    )
    assert refused(s3.put_object, **put, **{member: "AA=="})[1] == "InvalidRequest"


def test_the_md5_of_the_body(s3: Any, refused: Any) -> None:
    put = {"Bucket": "bucket", "Key": "k", "Body": b"hello"}
    md5 = base64.b64encode(hashlib.md5(b"hello").digest()).decode()
    s3.put_object(**put, ContentMD5=md5)
    other = base64.b64encode(hashlib.md5(b"x").digest()).decode()
    assert refused(s3.put_object, **put, ContentMD5=other)[:2] == (400, "BadDigest")
    assert refused(s3.put_object, **put, ContentMD5="nonsense")[:2] == (400, "InvalidDigest")


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"ACL": "public-read"}, "AccessControlListNotSupported"),
        ({"GrantRead": "id=1"}, "AccessControlListNotSupported"),
        ({"ServerSideEncryption": "aws:kms:dsse"}, "NotImplemented"),
        ({"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": "alias/mine"}, "NotImplemented"),
        ({"SSEKMSKeyId": "alias/aws/s3"}, "InvalidArgument"),
        ({"StorageClass": "GLACIER"}, "NotImplemented"),
        ({"StorageClass": "COLD"}, "InvalidStorageClass"),
        ({"Metadata": {"a": "x" * 2048}}, "MetadataTooLarge"),
        ({"Tagging": "&".join(f"{n}={n}" for n in range(11))}, "BadRequest"),
        ({"Tagging": "a=1&a=2"}, "InvalidArgument"),
        ({"ObjectLockLegalHoldStatus": "ON"}, "NotImplemented"),
    ],
)
def test_what_is_refused_changes_nothing(
    s3: Any, refused: Any, params: dict[str, Any], code: str
) -> None:
    assert refused(s3.put_object, Bucket="bucket", Key="k", Body=b"x", **params)[1] == code
    assert "Contents" not in s3.list_objects_v2(Bucket="bucket")


def test_deleting(s3: Any, refused: Any) -> None:
    for key in "abc":
        s3.put_object(Bucket="bucket", Key=key, Body=b"x")
    answer = s3.delete_object(Bucket="bucket", Key="a")
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 204
    s3.delete_object(Bucket="bucket", Key="a")
    keys = [{"Key": "b"}, {"Key": "none"}, {"Key": "c", "ETag": '"other"'}]
    answer = s3.delete_objects(Bucket="bucket", Delete={"Objects": keys})
    assert answer["Deleted"] == [{"Key": "b"}, {"Key": "none"}]
    assert [(each["Key"], each["Code"]) for each in answer["Errors"]] == [
        ("c", "PreconditionFailed")
    ]
    answer = s3.delete_objects(Bucket="bucket", Delete={"Objects": [{"Key": "c"}], "Quiet": True})
    assert "Deleted" not in answer
    assert "Contents" not in s3.list_objects_v2(Bucket="bucket")
    many = [{"Key": str(number)} for number in range(1001)]
    assert refused(s3.delete_objects, Bucket="bucket", Delete={"Objects": many})[1] == (
        "MalformedXML"
    )


def test_tags(s3: Any, refused: Any) -> None:
    s3.put_object(Bucket="bucket", Key="k", Body=b"", Tagging="a=1")
    tags = [{"Key": "b", "Value": "2"}, {"Key": "a", "Value": "3"}]
    s3.put_object_tagging(Bucket="bucket", Key="k", Tagging={"TagSet": tags})
    assert s3.get_object_tagging(Bucket="bucket", Key="k")["TagSet"] == tags[::-1]
    s3.delete_object_tagging(Bucket="bucket", Key="k")
    assert s3.get_object_tagging(Bucket="bucket", Key="k")["TagSet"] == []
    bad = {"TagSet": [{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}]}
    status, code, error = refused(s3.put_object_tagging, Bucket="bucket", Key="k", Tagging=bad)
    assert (status, code, error["TagKey"]) == (400, "InvalidTag", "a")
    assert refused(s3.get_object_tagging, Bucket="bucket", Key="none")[1] == "NoSuchKey"


def test_attributes(s3: Any) -> None:
    s3.put_object(Bucket="bucket", Key="k", Body=b"hello")
    answer = s3.get_object_attributes(
        Bucket="bucket", Key="k", ObjectAttributes=["ETag", "ObjectSize", "Checksum"]
    )
    assert answer["ETag"] == "5d41402abc4b2a76b9719d911017c592"
    assert answer["ObjectSize"] == 5
    assert answer["Checksum"] == {"ChecksumCRC32": "NhCmhg==", "ChecksumType": "FULL_OBJECT"}
    assert "StorageClass" not in answer


def test_bytes_nobody_refers_to_are_forgotten(cloud: CloudUnderTest, s3: Any) -> None:
    def stored() -> int:
        return sum(path.is_file() for path in (cloud.folder / "blobs" / "s3").rglob("*"))

    s3.put_object(Bucket="bucket", Key="one", Body=b"same")
    s3.copy_object(Bucket="bucket", Key="two", CopySource="bucket/one")
    s3.put_object(Bucket="bucket", Key="three", Body=b"other")
    assert stored() == 2
    s3.delete_object(Bucket="bucket", Key="one")
    s3.put_object(Bucket="bucket", Key="three", Body=b"same")
    cloud.advance(120)
    assert stored() == 1
    assert s3.get_object(Bucket="bucket", Key="two")["Body"].read() == b"same"
    s3.delete_objects(Bucket="bucket", Delete={"Objects": [{"Key": "two"}, {"Key": "three"}]})
    cloud.advance(120)
    assert stored() == 0
