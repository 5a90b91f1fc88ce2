"""PutObjectTagging, GetObjectTagging, DeleteObjectTagging."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.s3 import events, limits, notifications, objects, requests, tagging


def put_object_tagging(ctx: Context, request: Request) -> Response:
    """Replace an object's tags."""
    tags = tagging.of_set(request["Tagging"].get("TagSet") or [], limits.OBJECT_TAGS, "Object")
    return _set(ctx, request, tags, events.TAGS_PUT)


def delete_object_tagging(ctx: Context, request: Request) -> Response:
    """Remove an object's tags."""
    return _set(ctx, request, {}, events.TAGS_DELETE)


def _set(ctx: Context, request: Request, tags: dict[str, str], kind: events.Kind) -> Response:
    bucket = requests.bucket(ctx, request)
    version = objects.find(ctx, bucket, request["Key"], request.get("VersionId"))
    objects.set_tags(ctx, version, tags)
    notifications.announce(ctx, bucket, version, kind)
    return {"VersionId": requests.version_id(bucket, version)}


def get_object_tagging(ctx: Context, request: Request) -> Response:
    """Return an object's tags by key."""
    bucket = requests.bucket(ctx, request)
    version = objects.find(ctx, bucket, request["Key"], request.get("VersionId"))
    return {
        "TagSet": tagging.as_set(version.description.tags),
        "VersionId": requests.version_id(bucket, version),
    }
