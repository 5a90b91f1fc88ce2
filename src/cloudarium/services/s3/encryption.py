"""Server-side encryption in name: what an object and a bucket's default say about it.

Headers and defaults: "Using server-side encryption with AWS KMS keys", S3 User Guide. There are no
keys of one's own here, so `aws:kms` means the account's AWS managed key, `aws/s3`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cloudarium.core import managed_keys
from cloudarium.core.context import Context
from cloudarium.services.s3 import buckets, errors
from cloudarium.services.s3.buckets import Bucket

AES256 = "AES256"
KMS = "aws:kms"
_MANAGED = managed_keys.alias("s3")
_MEMBERS = ("ServerSideEncryption", "SSEKMSKeyId", "BucketKeyEnabled")


def check_key(key: str, bucket: Bucket) -> None:
    """Raise NotImplemented for a key other than the bucket's account's `aws/s3`."""
    arn = managed_keys.arn(bucket.account, bucket.region, "s3")
    alias = f"arn:aws:kms:{bucket.region}:{bucket.account}:{_MANAGED}"
    if key not in (_MANAGED, alias, arn, arn.rpartition("/")[2]):
        raise errors.NotImplemented(name=f"KMS key {key}")


def check_request(request: Mapping[str, Any]) -> None:
    """Raise NotImplemented or InvalidArgument for what a request's headers cannot ask for."""
    algorithm = request.get("ServerSideEncryption")
    if algorithm not in (None, AES256, KMS):
        raise errors.NotImplemented(name=f"ServerSideEncryption {algorithm}")
    if request.get("SSEKMSKeyId") is not None and algorithm != KMS:
        raise errors.InvalidArgument(
            members={"ArgumentName": "x-amz-server-side-encryption", "ArgumentValue": algorithm},
            message="Server Side Encryption with AWS KMS managed key requires HTTP header "
            "x-amz-server-side-encryption : aws:kms",
        )


def default_rule(given: Mapping[str, Any], bucket: Bucket) -> dict[str, Any]:
    """Return a rule of a bucket's default encryption as it is kept."""
    default = given.get("ApplyServerSideEncryptionByDefault") or {"SSEAlgorithm": AES256}
    algorithm = default.get("SSEAlgorithm")
    if algorithm not in (AES256, KMS):
        raise errors.NotImplemented(name=f"SSEAlgorithm {algorithm}")
    blocked = given.get("BlockedEncryptionTypes")
    if blocked not in (None, buckets.BLOCKED_ENCRYPTION):
        raise errors.NotImplemented(name="BlockedEncryptionTypes")
    if key := default.get("KMSMasterKeyID"):
        if algorithm != KMS:
            raise errors.InvalidArgument(
                message="a KMSMasterKeyID is not applicable if the default sse algorithm is not "
                "aws:kms or aws:kms:dsse"
            )
        check_key(key, bucket)
    enabled = bool(given.get("BucketKeyEnabled"))
    rule = {"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": enabled}
    return rule if blocked is None else {**rule, "BlockedEncryptionTypes": blocked}


def of_new_object(ctx: Context, bucket: Bucket, request: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members an object written now keeps: none with AES256.

    A request that names no encryption takes the bucket's default.
    """
    rule = buckets.configuration(ctx, bucket.name, "encryption")["Rules"][0]
    default = rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"]
    if (request.get("ServerSideEncryption") or default) != KMS:
        return {}
    if key := request.get("SSEKMSKeyId"):
        check_key(key, bucket)
    enabled = request.get("BucketKeyEnabled")
    return {
        "ServerSideEncryption": KMS,
        "SSEKMSKeyId": managed_keys.arn(bucket.account, bucket.region, "s3"),
        "BucketKeyEnabled": (rule["BucketKeyEnabled"] if enabled is None else enabled) or None,
    }


def only(headers: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an object's `headers` say about its encryption."""
    return {name: headers[name] for name in _MEMBERS if name in headers}


def without(headers: Mapping[str, Any]) -> dict[str, Any]:
    """Return an object's `headers` but what they say about its encryption."""
    return {name: value for name, value in headers.items() if name not in _MEMBERS}


def shown(headers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members an answer about an object with these `headers` carries."""
    return {"ServerSideEncryption": AES256, **only(headers)}
