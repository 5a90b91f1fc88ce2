"""DeleteObject, DeleteObjects."""

from __future__ import annotations

from typing import Any

from cloudarium.core.context import Context, Request, Response
from cloudarium.core.errors import AwsError
from cloudarium.services.s3 import (
    authorization,
    conditions,
    errors,
    events,
    limits,
    notifications,
    objects,
    requests,
)
from cloudarium.services.s3.buckets import Bucket
from cloudarium.services.s3.objects import ObjectVersion


def delete_object(ctx: Context, request: Request) -> Response:
    """Delete an object, hide it behind a delete marker, or delete one version for good."""
    requests.refuse_unsupported(request)
    bucket = requests.bucket(ctx, request)
    key = request["Key"]
    if (match := request.get("IfMatch")) is not None:
        etag_now = objects.current_etag(ctx, bucket, key)
        conditions.check_write({"IfMatch": match}, key, etag_now)
    return _delete(ctx, bucket, key, request.get("VersionId"))


def delete_objects(ctx: Context, request: Request) -> Response:
    """Delete up to 1,000 objects or versions, each by itself."""
    requests.refuse_unsupported(request)
    bucket = requests.bucket(ctx, request)
    wanted = request["Delete"].get("Objects") or []
    if not 1 <= len(wanted) <= limits.DELETED_KEYS:
        raise errors.MalformedXML()
    deleted, failed = [], []
    for entry in wanted:
        try:
            deleted.append(_delete_entry(ctx, bucket, entry))
        except AwsError as error:
            failed.append(
                {
                    "Key": entry["Key"],
                    "VersionId": entry.get("VersionId"),
                    "Code": error.code,
                    "Message": error.message,
                }
            )
    quiet = request["Delete"].get("Quiet")
    return {"Deleted": None if quiet else deleted or None, "Errors": failed or None}


def _delete_entry(ctx: Context, bucket: Bucket, entry: dict[str, Any]) -> dict[str, Any]:
    key, version_id = entry["Key"], entry.get("VersionId")
    if not ctx.allowed(authorization.deletion(ctx, bucket, key, version_id)):
        raise errors.AccessDenied()
    if "LastModifiedTime" in entry or "Size" in entry:
        raise errors.NotImplemented(name="LastModifiedTime, Size")
    if (match := entry.get("ETag")) is not None:
        etag_now = objects.current_etag(ctx, bucket, key)
        conditions.check_write({"IfMatch": match}, key, etag_now)
    answer = _delete(ctx, bucket, key, version_id)
    shown: dict[str, Any] = {"Key": key, "VersionId": version_id}
    if answer.get("DeleteMarker"):
        shown |= {"DeleteMarker": True, "DeleteMarkerVersionId": answer["VersionId"]}
    return shown


def _delete(ctx: Context, bucket: Bucket, key: str, version_id: str | None) -> Response:
    if version_id is not None:
        return _delete_version(ctx, bucket, key, version_id)
    if bucket.versioning:
        marker = objects.put_delete_marker(ctx, bucket, key)
        notifications.announce(ctx, bucket, marker, events.MARKER)
        return {"DeleteMarker": True, "VersionId": marker.version_id}
    existing = objects.current(ctx, bucket, key)
    if existing is not None:
        _remove(ctx, bucket, existing)
    return {}


def _delete_version(ctx: Context, bucket: Bucket, key: str, version_id: str) -> Response:
    existing = objects.version(ctx, bucket, key, version_id)
    if existing is None:
        return {"VersionId": version_id}
    _remove(ctx, bucket, existing)
    return {"VersionId": version_id, "DeleteMarker": True if existing.delete_marker else None}


def _remove(ctx: Context, bucket: Bucket, existing: ObjectVersion) -> None:
    objects.remove(ctx, bucket, existing)
    notifications.announce(ctx, bucket, existing, events.DELETE)
