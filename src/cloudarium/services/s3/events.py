"""What S3 tells of an object: notification records and EventBridge events, as AWS shapes them.

User guide, "Event message structure" and "EventBridge event message structure".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote_plus

from cloudarium.contracts.events import AwsEvent
from cloudarium.core.context import Context
from cloudarium.services.s3.buckets import Bucket, canonical_id
from cloudarium.services.s3.objects import ObjectVersion


@dataclass(frozen=True)
class Kind:
    """One kind of event: its notification name (without `s3:`) and how EventBridge names it."""

    name: str
    detail_type: str
    reason: str
    deletion_type: str = ""

    @property
    def schema_version(self) -> str:
        """The `eventVersion` records of this kind have."""
        return "2.3" if self.name.startswith(("Lifecycle", "ObjectTagging")) else "2.1"


PUT = Kind("ObjectCreated:Put", "Object Created", "PutObject")
POST = Kind("ObjectCreated:Post", "Object Created", "POST Object")
COPY = Kind("ObjectCreated:Copy", "Object Created", "CopyObject")
UPLOAD = Kind("ObjectCreated:CompleteMultipartUpload", "Object Created", "CompleteMultipartUpload")
DELETE = Kind("ObjectRemoved:Delete", "Object Deleted", "DeleteObject", "Permanently Deleted")
MARKER = Kind(
    "ObjectRemoved:DeleteMarkerCreated", "Object Deleted", "DeleteObject", "Delete Marker Created"
)
EXPIRED = Kind(
    "LifecycleExpiration:Delete", "Object Deleted", "Lifecycle Expiration", "Permanently Deleted"
)
EXPIRED_MARKER = Kind(
    "LifecycleExpiration:DeleteMarkerCreated",
    "Object Deleted",
    "Lifecycle Expiration",
    "Delete Marker Created",
)
TAGS_PUT = Kind("ObjectTagging:Put", "Object Tags Added", "")
TAGS_DELETE = Kind("ObjectTagging:Delete", "Object Tags Deleted", "")

NAMES = frozenset(
    f"s3:{name}"
    for name in (
        "ObjectCreated:*",
        "ObjectCreated:Put",
        "ObjectCreated:Post",
        "ObjectCreated:Copy",
        "ObjectCreated:CompleteMultipartUpload",
        "ObjectRemoved:*",
        "ObjectRemoved:Delete",
        "ObjectRemoved:DeleteMarkerCreated",
        "ObjectTagging:*",
        "ObjectTagging:Put",
        "ObjectTagging:Delete",
        "LifecycleExpiration:*",
        "LifecycleExpiration:Delete",
        "LifecycleExpiration:DeleteMarkerCreated",
        # These never happen here, but may be asked for.
        "IntelligentTiering",
        "LifecycleTransition",
        "ObjectAcl:Put",
        "ObjectAnnotation:*",
        "ObjectAnnotation:Delete",
        "ObjectAnnotation:Put",
        "ObjectRestore:*",
        "ObjectRestore:Completed",
        "ObjectRestore:Delete",
        "ObjectRestore:Post",
        "ObjectRetention:Put",
        "ReducedRedundancyLostObject",
        "Replication:*",
        "Replication:OperationFailedReplication",
        "Replication:OperationMissedThreshold",
        "Replication:OperationNotTracked",
        "Replication:OperationReplicatedAfterThreshold",
    )
)


def timestamp(seconds: float) -> str:
    """Return ISO 8601 with milliseconds, as in notification records."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def record(
    ctx: Context, bucket: Bucket, version: ObjectVersion, kind: Kind, configuration_id: str
) -> dict[str, Any]:
    """Return one entry of a notification's `Records`."""
    item: dict[str, Any] = {"key": quote_plus(version.key, safe="/")}
    if kind.detail_type != "Object Deleted":
        item |= {"size": version.size, "eTag": version.etag}
    elif kind.deletion_type == "Delete Marker Created":
        item |= {"eTag": "d41d8cd98f00b204e9800998ecf8427e"}
    if bucket.versioning:
        item["versionId"] = version.version_id
    item["sequencer"] = _sequencer(ctx, version, is_deleted=kind.detail_type == "Object Deleted")
    return {
        "eventVersion": kind.schema_version,
        "eventSource": "aws:s3",
        "awsRegion": bucket.region,
        "eventTime": timestamp(ctx.now),
        "eventName": kind.name,
        "userIdentity": {"principalId": f"AWS:{ctx.principal.id}"},
        "requestParameters": {"sourceIPAddress": _source_address(ctx)},
        "responseElements": {"x-amz-request-id": ctx.request_id, "x-amz-id-2": ctx.request_id},
        "s3": {
            "s3SchemaVersion": "1.0",
            "configurationId": configuration_id,
            "bucket": {
                "name": bucket.name,
                "ownerIdentity": {"principalId": canonical_id(bucket.account)},
                "arn": bucket.arn,
            },
            "object": item,
        },
    }


def aws_event(ctx: Context, bucket: Bucket, version: ObjectVersion, kind: Kind) -> AwsEvent:
    """Return the event for EventBridge's default bus."""
    item: dict[str, Any] = {"key": version.key}
    if kind.detail_type != "Object Deleted":
        item |= {"size": version.size}
    if version.etag:
        item["etag"] = version.etag
    if bucket.versioning:
        item["version-id"] = version.version_id
    item["sequencer"] = _sequencer(ctx, version, is_deleted=kind.detail_type == "Object Deleted")
    detail: dict[str, Any] = {
        "version": "0",
        "bucket": {"name": bucket.name},
        "object": item,
        "request-id": ctx.request_id,
        "requester": ctx.principal.service or ctx.principal.account,
        "source-ip-address": _source_address(ctx),
    }
    if kind.reason:
        detail["reason"] = kind.reason
    if kind.deletion_type:
        detail["deletion-type"] = kind.deletion_type
    return AwsEvent("aws.s3", kind.detail_type, detail, [bucket.arn])


def test_event(ctx: Context, bucket: Bucket) -> dict[str, Any]:
    """Return what a queue or topic receives when it becomes a destination."""
    return {
        "Service": "Amazon S3",
        "Event": "s3:TestEvent",
        "Time": timestamp(ctx.now),
        "Bucket": bucket.name,
        "RequestId": ctx.request_id,
        "HostId": ctx.request_id,
    }


def _sequencer(ctx: Context, version: ObjectVersion, *, is_deleted: bool) -> str:
    """Grows with time, then with the writes of one instant; compared as text of one length."""
    turn = 2 * version.sequence + is_deleted
    return f"{int(ctx.now * 1000):012X}{turn:08X}"


def _source_address(ctx: Context) -> str:
    return str(ctx.conditions.get("aws:SourceIp", "127.0.0.1"))
