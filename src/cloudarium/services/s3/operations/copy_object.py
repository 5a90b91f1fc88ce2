"""CopyObject."""

from __future__ import annotations

from dataclasses import replace

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.s3 import (
    blobs,
    checksums,
    conditions,
    encryption,
    errors,
    events,
    limits,
    notifications,
    objects,
    requests,
    sources,
)
from cloudarium.services.s3.buckets import Bucket
from cloudarium.services.s3.objects import Description, ObjectVersion, Segment
from cloudarium.services.s3.sources import Source

_CHANGING = ("StorageClass", "WebsiteRedirectLocation", "ServerSideEncryption")


async def copy_object(ctx: Context, request: Request) -> Response:
    """Write an object from another one, with its metadata and tags or with new ones."""
    requests.refuse_unsupported(request)
    requests.check_key(request["Key"])
    with ctx.state(blobs.Transfers).going_on():
        with ctx.transaction():
            source = sources.find(ctx, request)
            _check(request, source)
        etag, segment, checksum = await _bytes(ctx, request, source)
        with ctx.transaction():
            bucket = requests.bucket(ctx, request)
            etag_now = objects.current_etag(ctx, bucket, request["Key"])
            conditions.check_write(request, request["Key"], etag_now)
            given = requests.description(ctx, bucket, request, checksum)
            description = _kept(request, given, source.version)
            made = objects.put(ctx, bucket, request["Key"], etag, [segment], description)
            notifications.announce(ctx, bucket, made, events.COPY)
    return _answer(bucket, source, made)


def _answer(bucket: Bucket, source: Source, made: ObjectVersion) -> Response:
    return {
        "CopyObjectResult": {
            "ETag": made.quoted_etag,
            "LastModified": made.modified_at,
            **requests.checksum_members(made.description.checksum),
        },
        "CopySourceVersionId": requests.version_id(source.bucket, source.version),
        "VersionId": requests.version_id(bucket, made),
        **encryption.shown(made.description.headers),
    }


def _check(request: Request, source: Source) -> None:
    if source.version.size > limits.PUT_BYTES:
        raise errors.InvalidRequest(
            message="The specified copy source is larger than the maximum allowable size for a "
            f"copy source: {limits.PUT_BYTES}"
        )
    for name in ("MetadataDirective", "TaggingDirective"):
        if request.get(name, "COPY") not in ("COPY", "REPLACE"):
            raise errors.InvalidArgument(
                members={"ArgumentName": name, "ArgumentValue": request[name]},
                message=f"Unknown {name.removesuffix('Directive').lower()} directive.",
            )
    itself = (source.bucket.name, source.version.key) == (request["Bucket"], request["Key"])
    same = request.get("MetadataDirective", "COPY") == "COPY" and not any(
        request.get(name) for name in _CHANGING
    )
    if itself and same and source.version.is_latest:
        raise errors.InvalidRequest(
            message="This copy request is illegal because it is trying to copy an object to itself "
            "without changing the object's metadata, storage class, website redirect location or "
            "encryption attributes."
        )


async def _bytes(
    ctx: Context, request: Request, source: Source
) -> tuple[str, Segment, dict[str, str]]:
    """ETag, segment and checksum of the copy: the source's own where it was written in one go."""
    version = source.version
    kept = dict(version.description.checksum)
    algorithm = request.get("ChecksumAlgorithm") or kept.get("algorithm", "")
    if "-" not in version.etag and algorithm == kept.get("algorithm", ""):
        return version.etag, source.segments[0], kept
    stored = await blobs.restore(ctx, source.body(ctx, 0, version.size), algorithm)
    segment = Segment(1, stored.blob.size, stored.blob.digest, stored.checksum)
    return stored.blob.md5, segment, stored.as_checksum(checksums.FULL_OBJECT)


def _kept(request: Request, given: Description, source: ObjectVersion) -> Description:
    """Return what the copy has: `given`, and what it keeps of its source but the encryption."""
    kept = source.description
    if request.get("MetadataDirective", "COPY") == "COPY":
        encrypted = encryption.only(given.headers)
        headers = {**encryption.without(kept.headers), **encrypted}
        given = replace(given, headers=headers, metadata=kept.metadata)
    if request.get("TaggingDirective", "COPY") == "COPY":
        given = replace(given, tags=kept.tags)
    return given
