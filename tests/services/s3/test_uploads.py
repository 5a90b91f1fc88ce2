"""Multipart uploads."""

from __future__ import annotations

import base64
import hashlib
import zlib
from typing import Any

import pytest

from cloudarium.pytest_plugin import CloudUnderTest

MB = 1024 * 1024
FIRST, SECOND = b"a" * (5 * MB), b"b" * 1000


def begin(s3: Any, **params: Any) -> dict[str, str]:
    """Begin an upload; what the following calls need."""
    answer = s3.create_multipart_upload(Bucket="bucket", Key="big", **params)
    return {"Bucket": "bucket", "Key": "big", "UploadId": answer["UploadId"]}


def part(s3: Any, upload: dict[str, str], number: int, body: bytes, **more: Any) -> dict[str, Any]:
    """Upload a part; its entry for the completion."""
    answer = s3.upload_part(**upload, PartNumber=number, Body=body, **more)
    kept = {key: value for key, value in answer.items() if key.startswith(("ETag", "Checksum"))}
    return {"PartNumber": number, **kept}


def crc32(data: bytes) -> str:
    """A CRC-32 as S3 writes it."""
    return base64.b64encode(zlib.crc32(data).to_bytes(4, "big")).decode()


def test_parts_become_an_object(s3: Any) -> None:
    upload = begin(s3, ContentType="text/plain", Metadata={"a": "1"}, Tagging="t=1")
    parts = [part(s3, upload, 1, FIRST), part(s3, upload, 7, SECOND)]
    done = s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})
    digests = hashlib.md5(FIRST).digest() + hashlib.md5(SECOND).digest()
    assert done["ETag"] == f'"{hashlib.md5(digests).hexdigest()}-2"'
    assert done["Location"].endswith("/bucket/big")
    found = s3.get_object(Bucket="bucket", Key="big")
    assert found["Body"].read() == FIRST + SECOND
    assert (found["ContentType"], found["Metadata"], found["TagCount"]) == (
        "text/plain",
        {"a": "1"},
        1,
    )
    over_both = s3.get_object(Bucket="bucket", Key="big", Range=f"bytes={5 * MB - 2}-{5 * MB + 1}")
    assert over_both["Body"].read() == b"aabb"
    second = s3.get_object(Bucket="bucket", Key="big", PartNumber=2)
    assert second["Body"].read() == SECOND
    assert second["PartsCount"] == 2
    assert second["ContentRange"] == f"bytes {5 * MB}-{5 * MB + 999}/{5 * MB + 1000}"
    assert "Uploads" not in s3.list_multipart_uploads(Bucket="bucket")
    copied = s3.copy_object(Bucket="bucket", Key="copy", CopySource="bucket/big")
    assert copied["CopyObjectResult"]["ETag"] == f'"{hashlib.md5(FIRST + SECOND).hexdigest()}"'


@pytest.mark.parametrize("kind", ["COMPOSITE", "FULL_OBJECT"])
def test_checksums_of_the_whole(s3: Any, refused: Any, kind: str) -> None:
    upload = begin(s3, ChecksumAlgorithm="CRC32", ChecksumType=kind)
    parts = [part(s3, upload, 1, FIRST), part(s3, upload, 2, SECOND)]
    assert [each["ChecksumCRC32"] for each in parts] == [crc32(FIRST), crc32(SECOND)]
    expected = crc32(FIRST + SECOND)
    if kind == "COMPOSITE":
        digests = [base64.b64decode(each["ChecksumCRC32"]) for each in parts]
        expected = crc32(b"".join(digests)) + "-2"
    completed = {**upload, "MultipartUpload": {"Parts": parts}}
    assert refused(s3.complete_multipart_upload, **completed, ChecksumCRC32="AAAAAA==")[1] == (
        "BadDigest"
    )
    done = s3.complete_multipart_upload(**completed)
    assert (done["ChecksumCRC32"], done["ChecksumType"]) == (expected, kind)
    attributes = s3.get_object_attributes(
        Bucket="bucket", Key="big", ObjectAttributes=["Checksum", "ObjectParts"]
    )
    assert attributes["Checksum"] == {"ChecksumCRC32": expected, "ChecksumType": kind}
    assert attributes["ObjectParts"]["TotalPartsCount"] == 2
    assert [each["Size"] for each in attributes["ObjectParts"]["Parts"]] == [5 * MB, 1000]


def test_what_cannot_be_completed(s3: Any, refused: Any) -> None:
    upload = begin(s3)
    one, two = part(s3, upload, 1, b"small"), part(s3, upload, 2, SECOND)

    def completing(*parts: dict[str, Any]) -> tuple[int, str, dict[str, Any]]:
        found: tuple[int, str, dict[str, Any]] = refused(
            s3.complete_multipart_upload, **upload, MultipartUpload={"Parts": list(parts)}
        )
        return found

    assert completing(two, one)[:2] == (400, "InvalidPartOrder")
    assert completing(one, {**two, "PartNumber": 3})[:2] == (400, "InvalidPart")
    assert completing({**one, "ETag": two["ETag"]})[:2] == (400, "InvalidPart")
    status, code, error = completing(one, two)
    assert (status, code) == (400, "EntityTooSmall")
    assert (error["ProposedSize"], error["MinSizeAllowed"]) == ("5", str(5 * MB))
    assert completing()[:2] == (400, "MalformedXML")
    assert completing({"ETag": one["ETag"]})[:2] == (400, "MalformedXML")
    assert refused(s3.head_object, Bucket="bucket", Key="big")[0] == 404


def test_listing_and_aborting(cloud: CloudUnderTest, s3: Any, refused: Any) -> None:
    upload = begin(s3)
    part(s3, upload, 2, SECOND)
    part(s3, upload, 1, FIRST)
    part(s3, upload, 1, b"again")
    page = s3.list_parts(**upload, MaxParts=1)
    assert [(each["PartNumber"], each["Size"]) for each in page["Parts"]] == [(1, 5)]
    assert (page["IsTruncated"], page["NextPartNumberMarker"]) == (True, 1)
    page = s3.list_parts(**upload, PartNumberMarker=1)
    assert [each["PartNumber"] for each in page["Parts"]] == [2]
    other = s3.create_multipart_upload(Bucket="bucket", Key="dir/other")["UploadId"]
    listed = s3.list_multipart_uploads(Bucket="bucket")["Uploads"]
    assert [each["UploadId"] for each in listed] == [upload["UploadId"], other]
    first = s3.list_multipart_uploads(Bucket="bucket", MaxUploads=1)
    rest = s3.list_multipart_uploads(
        Bucket="bucket",
        KeyMarker=first["NextKeyMarker"],
        UploadIdMarker=first["NextUploadIdMarker"],
    )
    assert [each["Key"] for each in rest["Uploads"]] == ["dir/other"]
    rolled = s3.list_multipart_uploads(Bucket="bucket", Delimiter="/")
    assert rolled["CommonPrefixes"] == [{"Prefix": "dir/"}]
    s3.abort_multipart_upload(**upload)
    status, code, error = refused(s3.list_parts, **upload)
    assert (status, code, error["UploadId"]) == (404, "NoSuchUpload", upload["UploadId"])
    assert refused(s3.upload_part, **upload, PartNumber=1, Body=b"x")[1] == "NoSuchUpload"
    s3.abort_multipart_upload(Bucket="bucket", Key="dir/other", UploadId=other)
    cloud.advance(120)
    blobs = cloud.folder / "blobs" / "s3"
    assert not [path for path in blobs.rglob("*") if path.is_file()]


def test_parts_copied_from_objects(s3: Any, refused: Any) -> None:
    s3.put_object(Bucket="bucket", Key="source", Body=b"0123456789")
    upload = begin(s3)
    copy = {**upload, "CopySource": "bucket/source"}
    answer = s3.upload_part_copy(**copy, PartNumber=1, CopySourceRange="bytes=2-4")
    etag = answer["CopyPartResult"]["ETag"]
    assert etag == f'"{hashlib.md5(b"234").hexdigest()}"'
    assert refused(s3.upload_part_copy, **copy, PartNumber=1, CopySourceRange="bytes=5-10")[:2] == (
        400,
        "InvalidArgument",
    )
    assert refused(s3.upload_part_copy, **copy, PartNumber=0)[1] == "InvalidArgument"
    parts = [{"PartNumber": 1, "ETag": etag}]
    s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})
    assert s3.get_object(Bucket="bucket", Key="big")["Body"].read() == b"234"


def test_uploads_that_make_no_sense(s3: Any, refused: Any) -> None:
    params = {"Bucket": "bucket", "Key": "big"}
    assert (
        refused(
            s3.create_multipart_upload,
            **params,
            ChecksumAlgorithm="SHA256",
            ChecksumType="FULL_OBJECT",
        )[1]
        == "InvalidRequest"
    )
    upload = begin(s3, ChecksumAlgorithm="SHA256")
    assert refused(s3.upload_part, **upload, PartNumber=10_001, Body=b"")[1] == "InvalidArgument"
    assert (
        refused(s3.upload_part, **upload, PartNumber=1, Body=b"", ChecksumCRC32="AAAAAA==")[1]
        == "InvalidRequest"
    )
