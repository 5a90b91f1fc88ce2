"""ListObjects, ListObjectsV2, ListObjectVersions: order, prefixes, pages, encoding."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cloudarium.services.s3 import listing

KEYS = ["asdf", "boo/bar", "boo/baz/xyzzy", "cquux/thud", "cquux/bla"]


@pytest.fixture
def filled(s3: Any) -> Any:
    """The bucket with a few keys."""
    for key in KEYS:
        s3.put_object(Bucket="bucket", Key=key, Body=b"x")
    return s3


def names(answer: dict[str, Any]) -> tuple[list[str], list[str]]:
    """Keys and common prefixes of a listing."""
    keys = [each["Key"] for each in answer.get("Contents", [])]
    return keys, [each["Prefix"] for each in answer.get("CommonPrefixes", [])]


def test_keys_come_in_the_order_of_their_bytes(s3: Any) -> None:
    for key in ("b", "ä", "Z", "a", "\U0001f600", "\uffee"):
        s3.put_object(Bucket="bucket", Key=key, Body=b"")
    keys, _ = names(s3.list_objects_v2(Bucket="bucket"))
    assert keys == ["Z", "a", "b", "ä", "\uffee", "\U0001f600"]


def test_prefix_and_delimiter(filled: Any) -> None:
    assert names(filled.list_objects_v2(Bucket="bucket", Delimiter="/")) == (
        ["asdf"],
        ["boo/", "cquux/"],
    )
    assert names(filled.list_objects_v2(Bucket="bucket", Delimiter="/", Prefix="boo/")) == (
        ["boo/bar"],
        ["boo/baz/"],
    )
    assert names(filled.list_objects_v2(Bucket="bucket", Prefix="cq")) == (
        ["cquux/bla", "cquux/thud"],
        [],
    )
    answer = filled.list_objects_v2(Bucket="bucket", Prefix="none", Delimiter="/")
    assert (names(answer), answer["KeyCount"]) == (([], []), 0)


def test_pages_of_version_1(filled: Any) -> None:
    listed = {"Bucket": "bucket", "Delimiter": "/", "MaxKeys": 1}
    first = filled.list_objects(**listed)
    assert (names(first), first["NextMarker"]) == ((["asdf"], []), "asdf")
    second = filled.list_objects(**listed, Marker="asdf")
    assert (names(second), second["NextMarker"]) == (([], ["boo/"]), "boo/")
    third = filled.list_objects(**listed, Marker="boo/")
    assert (names(third), third["IsTruncated"]) == (([], ["cquux/"]), False)
    assert "NextMarker" not in third
    plain = filled.list_objects(Bucket="bucket", MaxKeys=2)
    assert plain["IsTruncated"] and "NextMarker" not in plain
    assert plain["Contents"][0]["Owner"]["ID"] == "0" * 64


def test_pages_of_version_2(filled: Any, refused: Any) -> None:
    found: list[str] = []
    answer = filled.list_objects_v2(Bucket="bucket", MaxKeys=2)
    while True:
        assert answer["KeyCount"] <= 2
        found += names(answer)[0]
        if not answer["IsTruncated"]:
            break
        token = answer["NextContinuationToken"]
        answer = filled.list_objects_v2(Bucket="bucket", MaxKeys=2, ContinuationToken=token)
        assert answer["ContinuationToken"] == token
    assert found == sorted(KEYS)
    after = filled.list_objects_v2(Bucket="bucket", StartAfter="boo/bar", FetchOwner=True)
    assert names(after)[0] == ["boo/baz/xyzzy", "cquux/bla", "cquux/thud"]
    assert after["Contents"][0]["Owner"]["ID"] == "0" * 64
    assert "Owner" not in filled.list_objects_v2(Bucket="bucket")["Contents"][0]
    none = filled.list_objects_v2(Bucket="bucket", MaxKeys=0)
    assert (names(none), none["IsTruncated"]) == (([], []), False)
    assert refused(filled.list_objects_v2, Bucket="bucket", ContinuationToken="nonsense")[:2] == (
        400,
        "InvalidArgument",
    )


def test_what_an_entry_tells(filled: Any) -> None:
    entry = filled.list_objects_v2(Bucket="bucket", Prefix="asdf")["Contents"][0]
    assert entry["ETag"] == '"9dd4e461268c8034f5c8564e155c67a6"'
    assert (entry["Size"], entry["StorageClass"]) == (1, "STANDARD")
    assert (entry["ChecksumAlgorithm"], entry["ChecksumType"]) == (["CRC32"], "FULL_OBJECT")


def test_encoding(s3: Any, refused: Any) -> None:
    s3.put_object(Bucket="bucket", Key="a b/ü+\n", Body=b"")
    answer = s3.list_objects_v2(Bucket="bucket", EncodingType="url", Prefix="a b/")
    assert names(answer)[0] == ["a+b/%C3%BC%2B%0A"]
    assert answer["Prefix"] == "a+b/"
    assert names(s3.list_objects_v2(Bucket="bucket"))[0] == ["a b/ü+\n"]
    assert refused(s3.list_objects_v2, Bucket="bucket", EncodingType="gzip")[1] == (
        "InvalidArgument"
    )


def test_versions_page_by_key_and_version(s3: Any, refused: Any) -> None:
    s3.put_bucket_versioning(Bucket="bucket", VersioningConfiguration={"Status": "Enabled"})
    for key in ("a", "b/c", "b/c", "d"):
        s3.put_object(Bucket="bucket", Key=key, Body=b"")
    s3.delete_object(Bucket="bucket", Key="d")
    entries = []
    markers: dict[str, str] = {}
    while True:
        answer = s3.list_object_versions(Bucket="bucket", MaxKeys=2, **markers)
        for kind in ("Versions", "DeleteMarkers"):
            entries += [(each["Key"], kind, each["IsLatest"]) for each in answer.get(kind, [])]
        if not answer["IsTruncated"]:
            break
        markers = {
            "KeyMarker": answer["NextKeyMarker"],
            "VersionIdMarker": answer["NextVersionIdMarker"],
        }
    assert sorted(entries) == [
        ("a", "Versions", True),
        ("b/c", "Versions", False),
        ("b/c", "Versions", True),
        ("d", "DeleteMarkers", True),
        ("d", "Versions", False),
    ]
    rolled = s3.list_object_versions(Bucket="bucket", Delimiter="/")
    assert rolled["CommonPrefixes"] == [{"Prefix": "b/"}]
    assert refused(s3.list_object_versions, Bucket="bucket", VersionIdMarker="x")[1] == (
        "InvalidArgument"
    )


class _Key:
    def __init__(self, key: str) -> None:
        self.key = key


@settings(deadline=None)
@given(
    st.lists(st.text("ab/", min_size=1, max_size=5), unique=True),
    st.text("ab/", max_size=2),
    st.sampled_from([None, "/", "a"]),
    st.integers(1, 4),
)
def test_pages_together_are_the_whole(
    keys: list[str], prefix: str, delimiter: str | None, limit: int
) -> None:
    ordered = sorted(keys)

    def walk(begin: str) -> list[_Key]:
        return [_Key(key) for key in ordered if key >= begin]

    whole = listing.page(walk, "", prefix, delimiter, 1000)
    found: list[str] = []
    marker = ""
    while True:
        begin = listing.start(marker, prefix, delimiter)
        page = listing.page(walk, begin, prefix, delimiter, limit)
        found += [entry.key for entry in page.entries] + page.common_prefixes
        if not page.is_truncated:
            break
        assert page.last is not None
        marker = page.last if isinstance(page.last, str) else page.last.key
    expected = [entry.key for entry in whole.entries] + whole.common_prefixes
    assert sorted(found) == sorted(expected)
