"""Buckets: creating, finding, listing, deleting."""

from __future__ import annotations

from typing import Any

import pytest

from cloudarium.pytest_plugin import CloudUnderTest


def test_a_bucket_is_made_once(cloud: CloudUnderTest, s3: Any, refused: Any) -> None:
    assert s3.create_bucket(Bucket="bucket")["Location"] == "/bucket"
    eu = cloud.client("s3", region="eu-west-1")
    location = {"LocationConstraint": "eu-west-1"}
    eu.create_bucket(Bucket="in-europe", CreateBucketConfiguration=location)
    status, code, error = refused(
        eu.create_bucket, Bucket="in-europe", CreateBucketConfiguration=location
    )
    assert (status, code, error["BucketName"]) == (409, "BucketAlreadyOwnedByYou", "in-europe")
    other = cloud.client("s3", credentials=("111111111111", "test"))
    assert refused(other.create_bucket, Bucket="bucket")[:2] == (409, "BucketAlreadyExists")
    assert eu.get_bucket_location(Bucket="in-europe")["LocationConstraint"] == "eu-west-1"
    assert s3.get_bucket_location(Bucket="bucket")["LocationConstraint"] is None
    assert s3.head_bucket(Bucket="in-europe")["BucketRegion"] == "eu-west-1"


def test_the_location_must_be_the_region(cloud: CloudUnderTest, refused: Any) -> None:
    here, eu = cloud.client("s3"), cloud.client("s3", region="eu-west-1")
    status, code, error = refused(eu.create_bucket, Bucket="nowhere")
    assert (status, code) == (400, "IllegalLocationConstraintException")
    assert error["Message"].startswith("The unspecified location constraint is incompatible")
    location = {"LocationConstraint": "eu-west-2"}
    assert refused(eu.create_bucket, Bucket="there", CreateBucketConfiguration=location)[1] == (
        "IllegalLocationConstraintException"
    )
    for name in ("us-east-1", "nowhere"):
        location = {"LocationConstraint": name}
        assert refused(here.create_bucket, Bucket="there", CreateBucketConfiguration=location)[
            1
        ] == ("InvalidLocationConstraint")


def test_a_bucket_is_made_in_any_region_from_the_first(cloud: CloudUnderTest, refused: Any) -> None:
    s3 = cloud.client("s3")
    for name, constraint, region in (("a-b", "eu-west-2", "eu-west-2"), ("old", "EU", "eu-west-1")):
        made = s3.create_bucket(
            Bucket=name, CreateBucketConfiguration={"LocationConstraint": constraint}
        )
        assert made["Location"] == f"http://{name}.s3.amazonaws.com/"
        assert s3.head_bucket(Bucket=name)["BucketRegion"] == region
        assert refused(s3.create_bucket, Bucket=name)[1] == "BucketAlreadyOwnedByYou"


@pytest.mark.parametrize(
    "name", ["ab", "Upper", "under_score", "-dash", "dot..dot", "192.168.0.1", "xn--a", "a-s3alias"]
)
def test_bad_names_are_refused(cloud: CloudUnderTest, refused: Any, name: str) -> None:
    s3 = cloud.client("s3")
    status, code, error = refused(s3.create_bucket, Bucket=name)
    assert (status, code, error["BucketName"]) == (400, "InvalidBucketName", name)
    assert error["Message"] == "The specified bucket is not valid."


def test_buckets_are_listed_by_name(cloud: CloudUnderTest, s3: Any) -> None:
    for name in ("b-two", "b-one", "c-one"):
        s3.create_bucket(Bucket=name)
    other = cloud.client("s3", credentials=("111111111111", "test"))
    other.create_bucket(Bucket="theirs")
    names = [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]
    assert names == ["b-one", "b-two", "bucket", "c-one"]
    first = s3.list_buckets(Prefix="b", MaxBuckets=2)
    assert [bucket["Name"] for bucket in first["Buckets"]] == ["b-one", "b-two"]
    rest = s3.list_buckets(Prefix="b", ContinuationToken=first["ContinuationToken"])
    assert [bucket["Name"] for bucket in rest["Buckets"]] == ["bucket"]
    assert "ContinuationToken" not in rest


def test_only_an_empty_bucket_is_deleted(s3: Any, refused: Any) -> None:
    s3.put_object(Bucket="bucket", Key="k", Body=b"")
    status, code, error = refused(s3.delete_bucket, Bucket="bucket")
    assert (status, code, error["BucketName"]) == (409, "BucketNotEmpty", "bucket")
    assert error["Message"] == "The bucket you tried to delete is not empty"
    s3.delete_object(Bucket="bucket", Key="k")
    s3.delete_bucket(Bucket="bucket")
    status, code, error = refused(s3.delete_bucket, Bucket="bucket")
    assert (status, code, error["BucketName"]) == (404, "NoSuchBucket", "bucket")
    assert error["Message"] == "The specified bucket does not exist"
    assert refused(s3.head_bucket, Bucket="bucket")[:2] == (404, "404")


def test_the_expected_owner_must_own_it(s3: Any, refused: Any) -> None:
    s3.head_bucket(Bucket="bucket", ExpectedBucketOwner="000000000000")
    assert refused(s3.list_objects_v2, Bucket="bucket", ExpectedBucketOwner="111111111111")[:2] == (
        403,
        "AccessDenied",
    )
