"""CreateMultipartUpload, CompleteMultipartUpload, AbortMultipartUpload, ListMultipartUploads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.s3 import (
    checksums,
    conditions,
    encryption,
    errors,
    events,
    limits,
    listing,
    multipart,
    notifications,
    objects,
    requests,
)
from cloudarium.services.s3.buckets import Bucket
from cloudarium.services.s3.multipart import Upload

_FULL_ONLY = ("CRC64NVME",)
_COMPOSITE_ONLY = ("SHA1", "SHA256", "SHA512", "MD5")


def create_multipart_upload(ctx: Context, request: Request) -> Response:
    """Begin an upload; what is said about the object holds once it is complete."""
    bucket = requests.bucket(ctx, request)
    description = requests.description(ctx, bucket, request, _checksum_wanted(request))
    upload = multipart.begin(ctx, bucket, request["Key"], description)
    return {
        "Bucket": bucket.name,
        "Key": upload.key,
        "UploadId": upload.upload_id,
        **encryption.shown(description.headers),
        "ChecksumAlgorithm": upload.algorithm or None,
        "ChecksumType": upload.checksum_type or None,
    }


def _checksum_wanted(request: Request) -> dict[str, str]:
    algorithm, kind = request.get("ChecksumAlgorithm"), request.get("ChecksumType")
    if algorithm is None:
        if kind is not None:
            raise errors.InvalidRequest(
                message="The x-amz-checksum-type header can only be used with the "
                "x-amz-checksum-algorithm header."
            )
        return {}
    checksums.new(algorithm)
    default = checksums.FULL_OBJECT if algorithm in _FULL_ONLY else checksums.COMPOSITE
    kind = kind or default
    refused = _FULL_ONLY if kind == checksums.COMPOSITE else _COMPOSITE_ONLY
    if algorithm in refused:
        raise errors.InvalidRequest(
            message=f"The {kind} checksum type cannot be used with the {algorithm.lower()} "
            "checksum algorithm."
        )
    return {"algorithm": algorithm, "type": kind}


def complete_multipart_upload(ctx: Context, request: Request) -> Response:
    """Make the object out of the parts named."""
    requests.refuse_unsupported(request)
    bucket = requests.bucket(ctx, request)
    key = request["Key"]
    upload = multipart.find(ctx, bucket, key, request["UploadId"])
    wanted = (request.get("MultipartUpload") or {}).get("Parts") or []
    parts = multipart.chosen(upload, multipart.parts(ctx, upload), wanted)
    etag_now = objects.current_etag(ctx, bucket, key)
    conditions.check_write(request, key, etag_now)
    checksum = multipart.checksum(upload, parts)
    _check_whole(request, checksum, sum(part.size for part in parts))
    segments = multipart.segments(parts)
    description = multipart.completed(upload, checksum)
    made = objects.put(ctx, bucket, key, multipart.etag(parts), segments, description)
    multipart.end(ctx, upload)
    notifications.announce(ctx, bucket, made, events.UPLOAD)
    return {
        "Location": f"http://s3.{bucket.region}.amazonaws.com/{bucket.name}/{key}",
        "Bucket": bucket.name,
        "Key": key,
        "ETag": made.quoted_etag,
        **encryption.shown(made.description.headers),
        "VersionId": requests.version_id(bucket, made),
        **requests.checksum_members(checksum),
    }


def _check_whole(request: Request, checksum: dict[str, str], size: int) -> None:
    if size > limits.OBJECT_BYTES:
        raise errors.EntityTooLarge(members={"ProposedSize": str(size)})
    expected = request.get("MpuObjectSize")
    if expected is not None and int(expected) != size:
        raise errors.InvalidRequest(
            message=f"The provided 'x-amz-mp-object-size' header value {expected} does not match "
            f"what was computed: {size}"
        )
    given = checksums.given(request)
    if given and checksum and given[0] == checksum["algorithm"]:
        computed = checksum["value"]
        if given[1] not in (computed, computed.rpartition("-")[0]):
            raise errors.BadChecksum(algorithm=given[0])


def abort_multipart_upload(ctx: Context, request: Request) -> Response:
    """Forget an upload and its parts."""
    requests.refuse_unsupported(request)
    bucket = requests.bucket(ctx, request)
    multipart.end(ctx, multipart.find(ctx, bucket, request["Key"], request["UploadId"]))
    return {}


def list_multipart_uploads(ctx: Context, request: Request) -> Response:
    """Return uploads under way by key, then by when they began."""
    bucket = requests.bucket(ctx, request)
    prefix, delimiter = request.get("Prefix") or "", request.get("Delimiter")
    key_marker, id_marker = request.get("KeyMarker") or "", request.get("UploadIdMarker") or ""
    limit = requests.limit(request, "MaxUploads", limits.LISTED_ENTRIES, "max-uploads")
    walk = _walk(ctx, bucket, key_marker, id_marker)
    start = listing.start(key_marker, prefix, delimiter) if not id_marker else key_marker
    page = listing.page(walk, start, prefix, delimiter, limit)
    encode = requests.encoder(request)
    answer: Response = {
        "Bucket": bucket.name,
        "KeyMarker": encode(key_marker),
        "UploadIdMarker": id_marker,
        "Prefix": encode(prefix),
        "Delimiter": encode(delimiter) if delimiter else None,
        "MaxUploads": limit,
        "IsTruncated": page.is_truncated,
        "EncodingType": request.get("EncodingType"),
        "Uploads": [_shown(bucket, upload, encode) for upload in page.entries] or None,
        "CommonPrefixes": [{"Prefix": encode(name)} for name in page.common_prefixes] or None,
    }
    if page.is_truncated and page.last is not None:
        last = page.last
        answer["NextKeyMarker"] = encode(last if isinstance(last, str) else last.key)
        answer["NextUploadIdMarker"] = "" if isinstance(last, str) else last.upload_id
    return answer


def _walk(
    ctx: Context, bucket: Bucket, key_marker: str, id_marker: str
) -> Callable[[str], Iterator[Upload]]:
    marked = multipart.lookup(ctx, id_marker) if key_marker and id_marker else None
    passed = (marked.initiated_at, marked.upload_id) if marked else None

    def walk(start: str) -> Iterator[Upload]:
        for upload in multipart.walk(ctx, bucket, start):
            if upload.key != key_marker or (
                passed is not None and (upload.initiated_at, upload.upload_id) > passed
            ):
                yield upload

    return walk


def _shown(bucket: Bucket, upload: Upload, encode: Callable[[str], str]) -> dict[str, Any]:
    return {
        "UploadId": upload.upload_id,
        "Key": encode(upload.key),
        "Initiated": upload.initiated_at,
        "StorageClass": upload.description.storage_class,
        "Owner": bucket.owner,
        "Initiator": {"ID": upload.initiator},
        "ChecksumAlgorithm": upload.algorithm or None,
        "ChecksumType": upload.checksum_type or None,
    }
