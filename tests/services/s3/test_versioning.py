"""Versioning: enabled, suspended, delete markers."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError


def version(s3: Any, status: str) -> None:
    """Set the bucket's versioning."""
    s3.put_bucket_versioning(Bucket="bucket", VersioningConfiguration={"Status": status})


def test_versions_live_side_by_side(s3: Any, refused: Any) -> None:
    s3.put_object(Bucket="bucket", Key="k", Body=b"before")
    version(s3, "Enabled")
    assert s3.get_bucket_versioning(Bucket="bucket")["Status"] == "Enabled"
    one = s3.put_object(Bucket="bucket", Key="k", Body=b"one")["VersionId"]
    two = s3.put_object(Bucket="bucket", Key="k", Body=b"two")["VersionId"]
    for version_id, body in ((None, b"two"), (one, b"one"), (two, b"two"), ("null", b"before")):
        which = {"VersionId": version_id} if version_id else {}
        found = s3.get_object(Bucket="bucket", Key="k", **which)
        assert found["Body"].read() == body
        assert found["VersionId"] == (version_id or two)
    status, code, error = refused(s3.get_object, Bucket="bucket", Key="k", VersionId="x" * 32)
    assert (status, code, error["VersionId"]) == (404, "NoSuchVersion", "x" * 32)
    assert refused(s3.get_object, Bucket="bucket", Key="k", VersionId="short")[:2] == (
        400,
        "InvalidArgument",
    )


def test_a_delete_marker_hides_the_object(s3: Any, refused: Any) -> None:
    version(s3, "Enabled")
    one = s3.put_object(Bucket="bucket", Key="k", Body=b"one")["VersionId"]
    marker = s3.delete_object(Bucket="bucket", Key="k")
    assert marker["DeleteMarker"] is True
    with pytest.raises(ClientError, match="NoSuchKey") as caught:
        s3.get_object(Bucket="bucket", Key="k")
    headers = caught.value.response["ResponseMetadata"]["HTTPHeaders"]
    assert headers["x-amz-delete-marker"] == "true"
    assert headers["x-amz-version-id"] == marker["VersionId"]
    assert "Contents" not in s3.list_objects_v2(Bucket="bucket")
    assert refused(s3.get_object, Bucket="bucket", Key="k", VersionId=marker["VersionId"])[:2] == (
        405,
        "MethodNotAllowed",
    )
    status, code, error = refused(s3.delete_bucket, Bucket="bucket")
    assert (status, code) == (409, "BucketNotEmpty")
    assert error["Message"].endswith("You must delete all versions in the bucket.")
    gone = s3.delete_object(Bucket="bucket", Key="k", VersionId=marker["VersionId"])
    assert (gone["DeleteMarker"], gone["VersionId"]) == (True, marker["VersionId"])
    assert s3.get_object(Bucket="bucket", Key="k")["Body"].read() == b"one"
    s3.delete_object(Bucket="bucket", Key="k", VersionId=one)
    s3.delete_bucket(Bucket="bucket")


def test_the_newest_of_the_rest_becomes_current(s3: Any) -> None:
    version(s3, "Enabled")
    s3.put_object(Bucket="bucket", Key="k", Body=b"one")
    two = s3.put_object(Bucket="bucket", Key="k", Body=b"two")["VersionId"]
    s3.delete_objects(Bucket="bucket", Delete={"Objects": [{"Key": "k", "VersionId": two}]})
    assert s3.get_object(Bucket="bucket", Key="k")["Body"].read() == b"one"


def test_suspended_versioning_writes_null_versions(s3: Any, refused: Any) -> None:
    version(s3, "Enabled")
    one = s3.put_object(Bucket="bucket", Key="k", Body=b"one")["VersionId"]
    version(s3, "Suspended")
    assert s3.put_object(Bucket="bucket", Key="k", Body=b"two")["VersionId"] == "null"
    assert s3.put_object(Bucket="bucket", Key="k", Body=b"three")["VersionId"] == "null"
    listed = s3.list_object_versions(Bucket="bucket")["Versions"]
    assert [(each["VersionId"], each["IsLatest"]) for each in listed] == [
        ("null", True),
        (one, False),
    ]
    marker = s3.delete_object(Bucket="bucket", Key="k")
    assert (marker["DeleteMarker"], marker["VersionId"]) == (True, "null")
    assert refused(s3.get_object, Bucket="bucket", Key="k")[1] == "NoSuchKey"
    found = s3.get_object(Bucket="bucket", Key="k", VersionId=one)
    assert found["Body"].read() == b"one"
    answer = s3.list_object_versions(Bucket="bucket")
    assert [each["VersionId"] for each in answer["DeleteMarkers"]] == ["null"]
    assert [each["VersionId"] for each in answer["Versions"]] == [one]


def test_versioning_that_never_was(s3: Any, refused: Any) -> None:
    assert "Status" not in s3.get_bucket_versioning(Bucket="bucket")
    assert refused(
        s3.put_bucket_versioning, Bucket="bucket", VersioningConfiguration={"MFADelete": "Enabled"}
    )[:2] == (501, "NotImplemented")
    assert (
        refused(
            s3.put_bucket_versioning,
            Bucket="bucket",
            VersioningConfiguration={"MFADelete": "Disabled"},
        )[1]
        == "IllegalVersioningConfigurationException"
    )
