"""Writing an object, however its bytes come in."""

from __future__ import annotations

from cloudarium.core.blobs import Readable
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


async def write(
    ctx: Context, request: Request, body: Readable | bytes, event: events.Kind
) -> Response:
    """Write an object as PutObject's `request` describes it; PutObject's answer."""
    requests.check_description(request)
    async with blobs.receiving(ctx, request, body) as received:
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
            notifications.announce(ctx, bucket, made, event)
    return {
        "ETag": made.quoted_etag,
        **encryption.shown(made.description.headers),
        "VersionId": requests.version_id(bucket, made),
        **requests.checksum_members(checksum),
    }
