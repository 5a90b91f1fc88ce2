"""PutObject."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.s3 import (
    blobs,
    checksums,
    conditions,
    encryption,
    events,
    notifications,
    objects,
    requests,
)


async def put_object(ctx: Context, request: Request) -> Response:
    """Write an object from the request's body."""
    requests.check_description(request)
    async with blobs.receiving(ctx, request, request.get("Body") or b"") as received:
        checksum = received.as_checksum(checksums.FULL_OBJECT)
        with ctx.transaction():
            bucket = requests.bucket(ctx, request)
            key = request["Key"]
            etag_now = objects.current_etag(ctx, bucket, key)
            conditions.check_write(request, key, etag_now)
            blob = received.blob
            segment = objects.Segment(1, blob.size, blob.digest, received.checksum)
            description = requests.description(ctx, bucket, request, checksum)
            made = objects.put(ctx, bucket, key, blob.md5, [segment], description)
            notifications.announce(ctx, bucket, made, events.PUT)
    return {
        "ETag": made.quoted_etag,
        **encryption.shown(made.description.headers),
        "VersionId": requests.version_id(bucket, made),
        **requests.checksum_members(checksum),
    }
