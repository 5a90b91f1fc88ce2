"""ListObjects, ListObjectsV2, ListObjectVersions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from cloudarium.core import pages
from cloudarium.core.context import Context, Request, Response
from cloudarium.services.s3 import errors, limits, listing, objects, requests
from cloudarium.services.s3.buckets import Bucket
from cloudarium.services.s3.objects import ObjectVersion

_CURRENT = (
    "SELECT * FROM objects WHERE bucket = ? AND key >= ? AND is_latest AND NOT delete_marker"
    " ORDER BY key"
)
_VERSIONS = "SELECT * FROM objects WHERE bucket = ? AND key >= ? ORDER BY key, sequence DESC"


def list_objects(ctx: Context, request: Request) -> Response:
    """Return keys after `Marker`; `NextMarker` only where keys are rolled up."""
    bucket = requests.bucket(ctx, request)
    marker = request.get("Marker") or ""
    page, answer = _page(ctx, bucket, request, marker)
    encode = requests.encoder(request)
    answer["Marker"] = encode(marker)
    answer["Contents"] = [_object(bucket, entry, encode, True) for entry in page.entries] or None
    if page.is_truncated and request.get("Delimiter"):
        answer["NextMarker"] = encode(_name(page.last))
    return answer


def list_objects_v2(ctx: Context, request: Request) -> Response:
    """Return keys after `StartAfter`, or where a `ContinuationToken` goes on."""
    bucket = requests.bucket(ctx, request)
    token = request.get("ContinuationToken")
    after = request.get("StartAfter") or "" if token is None else _from_token(token)
    page, answer = _page(ctx, bucket, request, after)
    encode = requests.encoder(request)
    fetch_owner = bool(request.get("FetchOwner"))
    answer |= {
        "Contents": [_object(bucket, entry, encode, fetch_owner) for entry in page.entries] or None,
        "KeyCount": len(page.entries) + len(page.common_prefixes),
        "ContinuationToken": token,
        "StartAfter": encode(request["StartAfter"]) if request.get("StartAfter") else None,
        "NextContinuationToken": pages.token_of(_name(page.last)) if page.is_truncated else None,
    }
    return answer


def list_object_versions(ctx: Context, request: Request) -> Response:
    """Return versions and delete markers by key, the newest first."""
    bucket = requests.bucket(ctx, request)
    key_marker, version_marker = request.get("KeyMarker"), request.get("VersionIdMarker")
    if version_marker and not key_marker:
        raise errors.InvalidArgument(
            members={"ArgumentName": "version-id-marker", "ArgumentValue": version_marker},
            message="A version-id marker cannot be specified without a key marker.",
        )
    limit = requests.limit(request, "MaxKeys", limits.LISTED_ENTRIES, "max-keys")
    prefix, delimiter = request.get("Prefix") or "", request.get("Delimiter")
    walk = _Versions(ctx, bucket, key_marker or "", version_marker)
    page = listing.page(walk.entries, walk.start(prefix, delimiter), prefix, delimiter, limit)
    encode = requests.encoder(request)
    answer = _frame(bucket, request, page, limit)
    answer |= {"KeyMarker": encode(key_marker or ""), "VersionIdMarker": version_marker or ""}
    entries = [(entry, _version(bucket, entry, encode)) for entry in page.entries]
    answer["Versions"] = [shown for entry, shown in entries if not entry.delete_marker] or None
    answer["DeleteMarkers"] = [shown for entry, shown in entries if entry.delete_marker] or None
    if page.is_truncated:
        answer["NextKeyMarker"] = encode(_name(page.last))
        if isinstance(page.last, ObjectVersion):
            answer["NextVersionIdMarker"] = page.last.version_id
    return answer


class _Versions:
    """The versions after a marker: after the marked version, or after all of the marked key."""

    def __init__(self, ctx: Context, bucket: Bucket, key: str, version_id: str | None) -> None:
        self._ctx, self._bucket, self._key = ctx, bucket, key
        found = objects.version(ctx, bucket, key, version_id) if version_id else None
        self._sequence = found.sequence if found else 0

    def start(self, prefix: str, delimiter: str | None) -> str:
        """Return the key to begin at."""
        return self._key if self._sequence else listing.start(self._key, prefix, delimiter)

    def entries(self, start: str) -> Iterator[ObjectVersion]:
        """Return versions from key `start` on, without those of the marked key already listed."""
        for row in self._ctx.db.execute(_VERSIONS, (self._bucket.name, start)):
            if row["key"] != self._key or row["sequence"] < self._sequence:
                yield objects.from_row(row)


def _page(
    ctx: Context, bucket: Bucket, request: Request, after: str
) -> tuple[listing.Page[ObjectVersion], Response]:
    def walk(start: str) -> Iterator[ObjectVersion]:
        for row in ctx.db.execute(_CURRENT, (bucket.name, start)):
            yield objects.from_row(row)

    limit = requests.limit(request, "MaxKeys", limits.LISTED_ENTRIES, "max-keys")
    prefix, delimiter = request.get("Prefix") or "", request.get("Delimiter")
    start = listing.start(after, prefix, delimiter)
    page = listing.page(walk, start, prefix, delimiter, limit)
    return page, _frame(bucket, request, page, limit)


def _frame(
    bucket: Bucket, request: Request, page: listing.Page[ObjectVersion], limit: int
) -> dict[str, Any]:
    encode = requests.encoder(request)
    delimiter = request.get("Delimiter")
    return {
        "Name": bucket.name,
        "Prefix": encode(request.get("Prefix") or ""),
        "Delimiter": encode(delimiter) if delimiter else None,
        "MaxKeys": limit,
        "IsTruncated": page.is_truncated,
        "EncodingType": request.get("EncodingType"),
        "CommonPrefixes": [{"Prefix": encode(name)} for name in page.common_prefixes] or None,
    }


def _object(
    bucket: Bucket, entry: ObjectVersion, encode: Callable[[str], str], with_owner: bool
) -> dict[str, Any]:
    checksum = entry.description.checksum
    return {
        "Key": encode(entry.key),
        "LastModified": entry.modified_at,
        "ETag": entry.quoted_etag,
        "ChecksumAlgorithm": [checksum["algorithm"]] if checksum else None,
        "ChecksumType": checksum.get("type"),
        "Size": entry.size,
        "StorageClass": entry.description.storage_class,
        "Owner": bucket.owner if with_owner else None,
    }


def _version(bucket: Bucket, entry: ObjectVersion, encode: Callable[[str], str]) -> dict[str, Any]:
    shown = {"VersionId": entry.version_id, "IsLatest": entry.is_latest}
    if entry.delete_marker:
        named = {"Key": encode(entry.key), "LastModified": entry.modified_at}
        return {**named, **shown, "Owner": bucket.owner}
    return {**_object(bucket, entry, encode, True), **shown}


def _name(last: ObjectVersion | str | None) -> str:
    return last.key if isinstance(last, ObjectVersion) else last or ""


def _from_token(token: str) -> str:
    invalid = errors.InvalidArgument(
        members={"ArgumentName": "continuation-token", "ArgumentValue": token},
        message="The continuation token provided is incorrect",
    )
    return pages.key_of(token, invalid)
