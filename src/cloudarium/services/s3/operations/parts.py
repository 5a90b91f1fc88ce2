"""UploadPart, UploadPartCopy, ListParts."""

from __future__ import annotations

from typing import Any

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.s3 import (
    blobs,
    checksums,
    encryption,
    errors,
    limits,
    multipart,
    ranges,
    requests,
    sources,
)
from cloudarium.services.s3.multipart import Part, Upload


async def upload_part(ctx: Context, request: Request) -> Response:
    """Store a part from the request's body."""
    requests.refuse_unsupported(request)
    _check_number(request["PartNumber"])
    with ctx.transaction():
        upload = _upload(ctx, request)
        _check_algorithm(upload, request)
    async with blobs.receiving(ctx, request, request.get("Body") or b"") as received:
        with ctx.transaction():
            part = _store(ctx, request, received)
    return {
        "ETag": f'"{part.etag}"',
        **encryption.shown(upload.description.headers),
        **_checksum(received.algorithm, part),
    }


async def upload_part_copy(ctx: Context, request: Request) -> Response:
    """Store a part from an object or a range of it."""
    requests.refuse_unsupported(request)
    _check_number(request["PartNumber"])
    with ctx.state(blobs.Transfers).going_on():
        with ctx.transaction():
            upload = _upload(ctx, request)
            source = sources.find(ctx, request)
        first, last = ranges.of_copy_source(request.get("CopySourceRange"), source.version.size)
        body = source.body(ctx, first, last - first + 1)
        stored = await blobs.restore(ctx, body, upload.algorithm)
        with ctx.transaction():
            part = _store(ctx, request, stored)
    return {
        "CopyPartResult": {
            "ETag": f'"{part.etag}"',
            "LastModified": part.modified_at,
            **_checksum(stored.algorithm, part),
        },
        "CopySourceVersionId": requests.version_id(source.bucket, source.version),
        **encryption.shown(upload.description.headers),
    }


def _upload(ctx: Context, request: Request) -> Upload:
    bucket = requests.bucket(ctx, request)
    return multipart.find(ctx, bucket, request["Key"], request["UploadId"])


def _store(ctx: Context, request: Request, stored: blobs.Received) -> Part:
    upload, blob = _upload(ctx, request), stored.blob
    part = Part(request["PartNumber"], ctx.now, blob.size, blob.md5, blob.digest, stored.checksum)
    multipart.put_part(ctx, upload, part)
    return part


def _checksum(algorithm: str, part: Part) -> dict[str, str]:
    return {checksums.member(algorithm): part.checksum} if algorithm else {}


def _check_number(number: int) -> None:
    if not 1 <= number <= limits.PART_NUMBERS:
        raise errors.InvalidArgument(
            members={"ArgumentName": "partNumber", "ArgumentValue": str(number)},
            message="Part number must be an integer between 1 and 10000, inclusive",
        )


def _check_algorithm(upload: Upload, request: Request) -> None:
    """A part's checksum must be of the upload's algorithm, if that has one."""
    sent = checksums.given(request)
    if sent is not None and upload.algorithm and sent[0] != upload.algorithm:
        raise errors.InvalidRequest(
            message=f"Checksum Type mismatch occurred, expected checksum Type: "
            f"{upload.algorithm.lower()}, actual checksum Type: {sent[0].lower()}"
        )


def list_parts(ctx: Context, request: Request) -> Response:
    """Return the parts uploaded so far, by number."""
    bucket = requests.bucket(ctx, request)
    upload = multipart.find(ctx, bucket, request["Key"], request["UploadId"])
    limit = requests.limit(request, "MaxParts", limits.LISTED_ENTRIES, "max-parts")
    marker = int(request.get("PartNumberMarker") or 0)
    found = multipart.parts(ctx, upload, marker, limit + 1)
    page = found[:limit]
    return {
        "Bucket": bucket.name,
        "Key": upload.key,
        "UploadId": upload.upload_id,
        "PartNumberMarker": marker,
        "NextPartNumberMarker": page[-1].number if page else 0,
        "MaxParts": limit,
        "IsTruncated": len(found) > limit,
        "Parts": [_shown(upload, part) for part in page] or None,
        "Initiator": {"ID": upload.initiator},
        "Owner": bucket.owner,
        "StorageClass": upload.description.storage_class,
        "ChecksumAlgorithm": upload.algorithm or None,
        "ChecksumType": upload.checksum_type or None,
    }


def _shown(upload: Upload, part: Part) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "PartNumber": part.number,
        "LastModified": part.modified_at,
        "ETag": f'"{part.etag}"',
        "Size": part.size,
    }
    if upload.algorithm and part.checksum:
        shown[checksums.member(upload.algorithm)] = part.checksum
    return shown
