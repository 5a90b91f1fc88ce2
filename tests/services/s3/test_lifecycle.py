"""Lifecycle rules, by the clock."""

from __future__ import annotations

from typing import Any

import pytest

from cloudarium.pytest_plugin import CloudUnderTest

DAY = 86_400


def put(s3: Any, *rules: dict[str, Any]) -> None:
    """Set the bucket's rules."""
    enabled = [{"Status": "Enabled", **rule} for rule in rules]
    s3.put_bucket_lifecycle_configuration(
        Bucket="bucket", LifecycleConfiguration={"Rules": enabled}
    )


def keys(s3: Any) -> list[str]:
    """The keys in the bucket."""
    return [each["Key"] for each in s3.list_objects_v2(Bucket="bucket").get("Contents", [])]


def test_objects_expire_at_midnight(cloud: CloudUnderTest, s3: Any) -> None:
    put(s3, {"ID": "old", "Filter": {"Prefix": "log/"}, "Expiration": {"Days": 2}})
    s3.put_object(Bucket="bucket", Key="log/a", Body=b"")
    s3.put_object(Bucket="bucket", Key="kept", Body=b"")
    header = s3.head_object(Bucket="bucket", Key="log/a")["Expiration"]
    assert header.endswith('rule-id="old"') and "00:00:00 GMT" in header
    assert "Expiration" not in s3.head_object(Bucket="bucket", Key="kept")
    cloud.advance(2 * DAY)
    assert keys(s3) == ["kept", "log/a"]
    cloud.advance(DAY)
    assert keys(s3) == ["kept"]


def test_filters_by_tag_and_size(cloud: CloudUnderTest, s3: Any) -> None:
    both = {"And": {"Prefix": "", "Tags": [{"Key": "t", "Value": "1"}], "ObjectSizeLessThan": 3}}
    put(s3, {"Filter": both, "Expiration": {"Days": 1}})
    s3.put_object(Bucket="bucket", Key="small", Body=b"x", Tagging="t=1")
    s3.put_object(Bucket="bucket", Key="large", Body=b"xxx", Tagging="t=1")
    s3.put_object(Bucket="bucket", Key="other", Body=b"x")
    cloud.advance(3 * DAY)
    assert keys(s3) == ["large", "other"]


def test_versions_and_markers(cloud: CloudUnderTest, s3: Any) -> None:
    s3.put_bucket_versioning(Bucket="bucket", VersioningConfiguration={"Status": "Enabled"})
    put(
        s3,
        {
            "Filter": {"Prefix": ""},
            "Expiration": {"Days": 1},
            "NoncurrentVersionExpiration": {"NoncurrentDays": 1},
        },
        {"Filter": {"Prefix": ""}, "Expiration": {"ExpiredObjectDeleteMarker": True}},
    )
    s3.put_object(Bucket="bucket", Key="k", Body=b"1")
    s3.put_object(Bucket="bucket", Key="k", Body=b"2")
    cloud.advance(2 * DAY)
    answer = s3.list_object_versions(Bucket="bucket")
    assert len(answer["DeleteMarkers"]) == 1
    cloud.advance(3 * DAY)
    answer = s3.list_object_versions(Bucket="bucket")
    assert "Versions" not in answer
    assert "DeleteMarkers" not in answer


def test_unfinished_uploads_are_aborted(cloud: CloudUnderTest, s3: Any) -> None:
    abort = {"AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1}}
    put(s3, {"Filter": {"Prefix": ""}, **abort})
    s3.create_multipart_upload(Bucket="bucket", Key="k")
    cloud.advance(3 * DAY)
    assert "Uploads" not in s3.list_multipart_uploads(Bucket="bucket")


def test_rules_can_be_read_and_removed(cloud: CloudUnderTest, s3: Any, refused: Any) -> None:
    assert refused(s3.get_bucket_lifecycle_configuration, Bucket="bucket")[:2] == (
        404,
        "NoSuchLifecycleConfiguration",
    )
    put(s3, {"ID": "r", "Filter": {"Prefix": "a"}, "Expiration": {"Days": 1}})
    assert s3.get_bucket_lifecycle_configuration(Bucket="bucket")["Rules"] == [
        {"ID": "r", "Status": "Enabled", "Filter": {"Prefix": "a"}, "Expiration": {"Days": 1}}
    ]
    s3.put_object(Bucket="bucket", Key="a", Body=b"")
    s3.delete_bucket_lifecycle(Bucket="bucket")
    cloud.advance(5 * DAY)
    assert keys(s3) == ["a"]


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ({"Filter": {"Prefix": ""}}, "InvalidRequest"),
        ({"Filter": {"Prefix": ""}, "Expiration": {"Days": 0}}, "InvalidArgument"),
        ({"Expiration": {"Days": 1}}, "MalformedXML"),
        (
            {"Filter": {"Prefix": ""}, "Transitions": [{"Days": 1, "StorageClass": "GLACIER"}]},
            "NotImplemented",
        ),
    ],
)
def test_bad_rules(s3: Any, refused: Any, rule: dict[str, Any], code: str) -> None:
    configuration = {"Rules": [{"Status": "Enabled", **rule}]}
    params = {"Bucket": "bucket", "LifecycleConfiguration": configuration}
    assert refused(s3.put_bucket_lifecycle_configuration, **params)[1] == code


TAG = {"Key": "a", "Value": "1"}


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (
            {"Filter": {"And": {"Tags": [TAG, TAG]}}, "Expiration": {"Days": 1}},
            "Duplicate Tag Keys are not allowed.",
        ),
        (
            {"Filter": {"Tag": TAG}, "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1}},
            "AbortIncompleteMultipartUpload cannot be specified with Tags.",
        ),
        (
            {"Filter": {"Tag": TAG}, "Expiration": {"ExpiredObjectDeleteMarker": True}},
            "The XML you provided was not well-formed or did not validate against our published "
            "schema",
        ),
        (
            {
                "Filter": {"And": {"ObjectSizeGreaterThan": 5, "ObjectSizeLessThan": 5}},
                "Expiration": {"Days": 1},
            },
            "'ObjectSizeLessThan' has to be a value greater than 'ObjectSizeGreaterThan'.",
        ),
    ],
)
def test_filters_that_do_not_go(s3: Any, refused: Any, rule: dict[str, Any], message: str) -> None:
    configuration = {"Rules": [{"Status": "Enabled", **rule}]}
    params = {"Bucket": "bucket", "LifecycleConfiguration": configuration}
    assert refused(s3.put_bucket_lifecycle_configuration, **params)[2]["Message"] == message
