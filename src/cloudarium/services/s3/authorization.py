"""Which action on which ARN each operation needs (service authorization reference, Amazon S3)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from cloudarium.core.context import Context, Request
from cloudarium.core.identity import Access
from cloudarium.services.s3 import buckets, objects, policy, requests, tagging
from cloudarium.services.s3.buckets import Bucket

_ON_BUCKET = {
    "HeadBucket": "ListBucket",
    "ListObjects": "ListBucket",
    "ListObjectsV2": "ListBucket",
    "ListObjectVersions": "ListBucketVersions",
    "ListMultipartUploads": "ListBucketMultipartUploads",
    "DeleteBucketCors": "PutBucketCORS",
    "GetBucketCors": "GetBucketCORS",
    "PutBucketCors": "PutBucketCORS",
    "DeleteBucketEncryption": "PutEncryptionConfiguration",
    "GetBucketEncryption": "GetEncryptionConfiguration",
    "PutBucketEncryption": "PutEncryptionConfiguration",
    "DeleteBucketLifecycle": "PutLifecycleConfiguration",
    "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
    "PutBucketLifecycleConfiguration": "PutLifecycleConfiguration",
    "DeleteBucketOwnershipControls": "PutBucketOwnershipControls",
    "DeleteBucketTagging": "PutBucketTagging",
    "GetBucketNotificationConfiguration": "GetBucketNotification",
    "PutBucketNotificationConfiguration": "PutBucketNotification",
    "DeletePublicAccessBlock": "PutBucketPublicAccessBlock",
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "GetBucketAccelerateConfiguration": "GetAccelerateConfiguration",
    "PutBucketAccelerateConfiguration": "PutAccelerateConfiguration",
    "GetBucketAnalyticsConfiguration": "GetAnalyticsConfiguration",
    "ListBucketAnalyticsConfigurations": "GetAnalyticsConfiguration",
    "GetBucketIntelligentTieringConfiguration": "GetIntelligentTieringConfiguration",
    "ListBucketIntelligentTieringConfigurations": "GetIntelligentTieringConfiguration",
    "GetBucketInventoryConfiguration": "GetInventoryConfiguration",
    "ListBucketInventoryConfigurations": "GetInventoryConfiguration",
    "GetBucketMetadataConfiguration": "GetBucketMetadataTableConfiguration",
    "GetBucketMetricsConfiguration": "GetMetricsConfiguration",
    "ListBucketMetricsConfigurations": "GetMetricsConfiguration",
    "GetBucketReplication": "GetReplicationConfiguration",
    "GetObjectLockConfiguration": "GetBucketObjectLockConfiguration",
    "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
}
_ON_OBJECT = {
    "GetObject": "GetObject",
    "HeadObject": "GetObject",
    "GetObjectAttributes": "GetObject",
    "PutObject": "PutObject",
    "CopyObject": "PutObject",
    "CreateMultipartUpload": "PutObject",
    "UploadPart": "PutObject",
    "UploadPartCopy": "PutObject",
    "CompleteMultipartUpload": "PutObject",
    "AbortMultipartUpload": "AbortMultipartUpload",
    "ListParts": "ListMultipartUploadParts",
    "DeleteObject": "DeleteObject",
    "GetObjectTagging": "GetObjectTagging",
    "PutObjectTagging": "PutObjectTagging",
    "DeleteObjectTagging": "DeleteObjectTagging",
    "GetObjectAcl": "GetObjectAcl",
    "PutObjectAcl": "PutObjectAcl",
}
_OF_VERSION = {
    "GetObject": "GetObjectVersion",
    "DeleteObject": "DeleteObjectVersion",
    "GetObjectTagging": "GetObjectVersionTagging",
    "PutObjectTagging": "PutObjectVersionTagging",
    "DeleteObjectTagging": "DeleteObjectVersionTagging",
    "GetObjectAcl": "GetObjectVersionAcl",
    "PutObjectAcl": "PutObjectVersionAcl",
}
# The root user of the owner may do these whatever the policy denies (PutBucketPolicy's page).
_FOR_THE_ROOT = ("GetBucketPolicy", "PutBucketPolicy", "DeleteBucketPolicy")
_READING = ("GetObject", "HeadObject", "GetObjectAttributes")
_WRITING = ("PutObject", "CopyObject", "CreateMultipartUpload")
_COPYING = ("CopyObject", "UploadPartCopy")
# Condition keys of the request, by the member that carries them.
_CONDITIONS = {
    "Prefix": "s3:prefix",
    "Delimiter": "s3:delimiter",
    "MaxKeys": "s3:max-keys",
    "ACL": "s3:x-amz-acl",
    "ServerSideEncryption": "s3:x-amz-server-side-encryption",
    "StorageClass": "s3:x-amz-storage-class",
    "CopySource": "s3:x-amz-copy-source",
    "MetadataDirective": "s3:x-amz-metadata-directive",
    "VersionId": "s3:VersionId",
    "IfNoneMatch": "s3:if-none-match",
    "IfMatch": "s3:if-match",
}


def required(ctx: Context, operation: str, request: Request) -> Iterable[Access]:
    """Return the accesses `operation` needs.

    Raises NoSuchBucket where there is nothing to ask about.
    """
    if operation == "ListBuckets":
        return [Access("s3:ListAllMyBuckets", "*")]
    if operation == "CreateBucket":
        return _creation(ctx, request)
    bucket = buckets.find(ctx, request["Bucket"])
    if operation == "DeleteObjects":
        return []  # each key is asked about by itself, and refused by itself
    if operation in _ON_OBJECT:
        return _on_object(ctx, operation, bucket, request)
    action = _ON_BUCKET.get(operation, operation)
    if operation in _FOR_THE_ROOT and _is_owner(ctx, bucket):
        return [Access(f"s3:{action}", bucket.arn)]
    return [_access(ctx, bucket, action, bucket.arn, _conditions(request))]


def _is_owner(ctx: Context, bucket: Bucket) -> bool:
    return ctx.principal.kind == "root" and ctx.principal.account == bucket.account


def _creation(ctx: Context, request: Request) -> list[Access]:
    arn = f"arn:aws:s3:::{request['Bucket']}"
    configuration = request.get("CreateBucketConfiguration") or {}
    location = configuration.get("LocationConstraint")
    conditions = {"s3:locationconstraint": location} if location else {}
    needed = [Access("s3:CreateBucket", arn, {**_conditions(request), **conditions})]
    if configuration.get("Tags"):
        needed.append(Access("s3:TagResource", arn))
    return needed


def _on_object(ctx: Context, operation: str, bucket: Bucket, request: Request) -> Iterable[Access]:
    key, action = request["Key"], _ON_OBJECT[operation]
    version_id = request.get("VersionId")
    conditions = _conditions(request)
    if version_id is not None:
        action = _OF_VERSION.get(action, action)
    if operation not in _WRITING:
        conditions |= _existing_tags(ctx, bucket, key, version_id)
    yield _access(ctx, bucket, action, f"{bucket.arn}/{key}", conditions)
    for further, keys in _further(operation, request):
        yield _access(ctx, bucket, further, f"{bucket.arn}/{key}", {**conditions, **keys})
    if operation in _COPYING:
        yield from _of_source(ctx, request)
    if operation in _READING and version_id is None and objects.current(ctx, bucket, key) is None:
        # Who may not list the bucket is not told that the key is missing.
        yield _access(ctx, bucket, "ListBucket", bucket.arn, {"s3:prefix": key})


def _further(operation: str, request: Request) -> Iterable[tuple[str, dict[str, str]]]:
    """Return actions on the object besides the operation's own, with their condition keys."""
    if operation in _WRITING and request.get("Tagging"):
        yield "PutObjectTagging", _request_tags(request["Tagging"])
    if operation in _WRITING and request.get("ACL"):
        yield "PutObjectAcl", {}
    if operation == "GetObjectAttributes":
        versioned = request.get("VersionId") is not None
        yield "GetObjectVersionAttributes" if versioned else "GetObjectAttributes", {}


def _of_source(ctx: Context, request: Request) -> Iterable[Access]:
    name, key, version_id = requests.copy_source(request)
    source = buckets.find(ctx, name)
    action = "GetObjectVersion" if version_id else "GetObject"
    conditions = _existing_tags(ctx, source, key, version_id)
    yield _access(ctx, source, action, f"{source.arn}/{key}", conditions)
    if version_id is None and objects.current(ctx, source, key) is None:
        yield _access(ctx, source, "ListBucket", source.arn, {"s3:prefix": key})


def deletion(ctx: Context, bucket: Bucket, key: str, version_id: str | None) -> Access:
    """Return what deleting one key of a DeleteObjects needs."""
    action = "DeleteObject" if version_id is None else "DeleteObjectVersion"
    conditions = {"s3:VersionId": version_id} if version_id else {}
    return _access(ctx, bucket, action, f"{bucket.arn}/{key}", conditions)


def _conditions(request: Mapping[str, Any]) -> dict[str, str]:
    return {
        key: str(request[member])
        for member, key in _CONDITIONS.items()
        if request.get(member) is not None
    }


def _request_tags(header: str) -> dict[str, str]:
    tags = tagging.of_header(header)
    return {f"s3:RequestObjectTag/{key}": value for key, value in tags.items()}


def _existing_tags(
    ctx: Context, bucket: Bucket, key: str, version_id: str | None
) -> dict[str, str]:
    found = (
        objects.current(ctx, bucket, key)
        if version_id is None
        else objects.version(ctx, bucket, key, version_id)
    )
    tags = found.description.tags if found else {}
    return {f"s3:ExistingObjectTag/{name}": value for name, value in tags.items()}


def _access(
    ctx: Context, bucket: Bucket, action: str, arn: str, conditions: Mapping[str, str]
) -> Access:
    owner = {"aws:ResourceAccount": bucket.account}
    return Access(f"s3:{action}", arn, {**conditions, **owner}, policy=_policy(ctx, bucket))


def _policy(ctx: Context, bucket: Bucket) -> dict[str, Any] | None:
    """Return the bucket's policy, unless RestrictPublicBuckets takes a public one out of force.

    A restricted public policy still holds for the bucket's own account and for AWS services.
    For other accounts a bucket without a policy has one that allows nothing.
    """
    outside = ctx.principal.account != bucket.account
    nothing: dict[str, Any] | None = {"Statement": []} if outside else None
    text = buckets.configuration(ctx, bucket.name, "policy")
    if text is None:
        return nothing
    document: dict[str, Any] = json.loads(text)
    block = buckets.configuration(ctx, bucket.name, "public_access_block") or {}
    restricted = block.get("RestrictPublicBuckets") and ctx.principal.kind != "service"
    return nothing if outside and restricted and policy.is_public(document) else document
