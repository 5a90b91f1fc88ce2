"""The object a CopyObject or UploadPartCopy copies from."""

from __future__ import annotations

from dataclasses import dataclass

from cloudarium.core.blobs import Readable
from cloudarium.core.context import Context, Request
from cloudarium.core.errors import AwsError
from cloudarium.services.s3 import buckets, conditions, errors, objects, requests, streaming
from cloudarium.services.s3.buckets import Bucket
from cloudarium.services.s3.objects import ObjectVersion, Segment


@dataclass(frozen=True)
class Source:
    """A source: its bucket, version and segments."""

    bucket: Bucket
    version: ObjectVersion
    segments: list[Segment]

    def body(self, ctx: Context, first: int, length: int) -> Readable:
        """`length` of its bytes, from byte `first` on."""
        return streaming.Joined(streaming.pieces_of(ctx, self.segments, first, length))


def find(ctx: Context, request: Request) -> Source:
    """Return the source. Raises NoSuchBucket, NoSuchKey, PreconditionFailed and their like."""
    name, key, version_id = requests.copy_source(request)
    bucket = buckets.find(ctx, name)
    expected = request.get("ExpectedSourceBucketOwner")
    if expected is not None and expected != bucket.account:
        raise errors.AccessDenied()
    try:
        version = objects.find(ctx, bucket, key, version_id)
    except AwsError as error:
        if not errors.MethodNotAllowed.matches(error):
            raise
        raise errors.InvalidRequest(
            message="The source of a copy request may not specifically refer to a delete marker by "
            "version id."
        ) from error
    conditions.check_copy_source(request, version.quoted_etag, version.modified_at)
    return Source(bucket, version, objects.segments(ctx, version))
