"""GetObject, HeadObject, GetObjectAttributes."""

from __future__ import annotations

from typing import Any

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.s3 import (
    checksums,
    conditions,
    encryption,
    errors,
    lifecycle,
    limits,
    objects,
    ranges,
    requests,
    streaming,
)
from cloudarium.services.s3.objects import ObjectVersion, Segment

_OVERRIDES = {
    "ResponseCacheControl": "CacheControl",
    "ResponseContentDisposition": "ContentDisposition",
    "ResponseContentEncoding": "ContentEncoding",
    "ResponseContentLanguage": "ContentLanguage",
    "ResponseContentType": "ContentType",
    "ResponseExpires": "Expires",
}


def get_object(ctx: Context, request: Request) -> Response:
    """Return an object's bytes, or the range or part of them asked for, with its headers."""
    answer, segments, first = _answer(ctx, request)
    answer["Body"] = streaming.body(ctx, segments, first, answer["ContentLength"])
    return answer


def head_object(ctx: Context, request: Request) -> Response:
    """Return an object's headers."""
    return _answer(ctx, request)[0]


def _answer(ctx: Context, request: Request) -> tuple[Response, list[Segment], int]:
    requests.refuse_unsupported(request)
    bucket = requests.bucket(ctx, request)
    version = objects.find(ctx, bucket, request["Key"], request.get("VersionId"))
    conditions.check_read(request, version.quoted_etag, version.modified_at)
    segments = objects.segments(ctx, version)
    extent = _extent(request, version, segments)
    first, last = extent or (0, version.size - 1)
    answer: Response = {
        "AcceptRanges": "bytes",
        "LastModified": version.modified_at,
        "ContentLength": last - first + 1,
        "ETag": version.quoted_etag,
        "ServerSideEncryption": encryption.AES256,
        "VersionId": requests.version_id(bucket, version),
        "Metadata": dict(version.description.metadata) or None,
        "StorageClass": _unless_standard(version.description.storage_class),
        "TagCount": len(version.description.tags) or None,
        "Expiration": lifecycle.expiration_header(ctx, bucket, version),
        **version.description.headers,
        **_overrides(request),
    }
    if extent is not None:
        answer["ContentRange"] = f"bytes {first}-{last}/{version.size}"
    if request.get("PartNumber") is not None and _is_multipart(version):
        answer["PartsCount"] = len(segments)
    if request.get("ChecksumMode") == "ENABLED":
        answer |= _checksum(request, version, segments, extent)
    return answer, segments, first


def _is_multipart(version: ObjectVersion) -> bool:
    return "-" in version.etag


def _unless_standard(storage_class: str) -> str | None:
    return None if storage_class == "STANDARD" else storage_class


def _overrides(request: Request) -> dict[str, Any]:
    return {
        member: request[name]
        for name, member in _OVERRIDES.items()
        if request.get(name) is not None
    }


def _extent(
    request: Request, version: ObjectVersion, segments: list[Segment]
) -> tuple[int, int] | None:
    """Return first and last byte of the range or part asked for; None for the whole object."""
    number = request.get("PartNumber")
    if number is None:
        return ranges.parsed(request.get("Range"), version.size)
    if request.get("Range"):
        raise errors.InvalidRequest(
            message="Cannot specify both Range header and partNumber query parameter"
        )
    if not 1 <= number <= limits.PART_NUMBERS:
        raise errors.InvalidArgument(
            members={"ArgumentName": "partNumber", "ArgumentValue": str(number)},
            message="Part number must be an integer between 1 and 10000, inclusive",
        )
    if number > len(segments):
        members = {"ActualPartCount": str(len(segments)), "PartNumberRequested": str(number)}
        raise errors.InvalidPartNumber(members=members)
    first = sum(segment.size for segment in segments[: number - 1])
    size = segments[number - 1].size
    return (first, first + size - 1) if size else None


def _checksum(
    request: Request,
    version: ObjectVersion,
    segments: list[Segment],
    extent: tuple[int, int] | None,
) -> dict[str, Any]:
    """Return the checksum of what is answered: of the object or of the part, of no other range."""
    checksum = version.description.checksum
    if not checksum or (extent is not None and request.get("PartNumber") is None):
        return {}
    if request.get("PartNumber") is not None and _is_multipart(version):
        value = segments[request["PartNumber"] - 1].checksum
        return requests.checksum_members({**checksum, "value": value}) if value else {}
    return requests.checksum_members(checksum)


def get_object_attributes(ctx: Context, request: Request) -> Response:
    """Return those of an object's attributes the request names."""
    requests.refuse_unsupported(request)
    bucket = requests.bucket(ctx, request)
    version = objects.find(ctx, bucket, request["Key"], request.get("VersionId"))
    checksum = version.description.checksum
    available: Response = {
        "ETag": version.etag,
        "Checksum": requests.checksum_members(checksum) or None,
        "ObjectParts": _parts(ctx, request, version) if _is_multipart(version) else None,
        "StorageClass": version.description.storage_class,
        "ObjectSize": version.size,
    }
    wanted = request["ObjectAttributes"]
    return {
        "LastModified": version.modified_at,
        "VersionId": requests.version_id(bucket, version),
        **{name: value for name, value in available.items() if name in wanted},
    }


def _parts(ctx: Context, request: Request, version: ObjectVersion) -> Response:
    marker = request.get("PartNumberMarker") or 0
    limit = requests.limit(request, "MaxParts", limits.LISTED_ENTRIES, "max-parts")
    segments = objects.segments(ctx, version)
    following = [segment for segment in segments if segment.number > marker]
    page = following[:limit]
    algorithm = version.description.checksum.get("algorithm")
    shown = [
        {
            "PartNumber": segment.number,
            "Size": segment.size,
            **({checksums.member(algorithm): segment.checksum} if algorithm else {}),
        }
        for segment in page
    ]
    return {
        "TotalPartsCount": len(segments),
        "PartNumberMarker": marker,
        "NextPartNumberMarker": page[-1].number if page else 0,
        "MaxParts": limit,
        "IsTruncated": len(following) > limit,
        "Parts": shown if algorithm else None,
    }
