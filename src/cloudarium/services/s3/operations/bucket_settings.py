"""Versioning, encryption, ownership, access control lists and tags of a bucket."""

from __future__ import annotations

from typing import Any

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.s3 import buckets, encryption, errors, limits, objects, requests, tagging
from cloudarium.services.s3.buckets import Bucket


def put_bucket_versioning(ctx: Context, request: Request) -> Response:
    """Enable versioning or suspend it."""
    bucket = requests.bucket(ctx, request)
    given = request["VersioningConfiguration"]
    if request.get("MFA") or given.get("MFADelete") == "Enabled":
        raise errors.NotImplemented(name="MFADelete")
    if given.get("Status") not in ("Enabled", "Suspended"):
        raise errors.IllegalVersioningConfiguration()
    buckets.configure(ctx, bucket.name, "versioning", given["Status"])
    return {}


def get_bucket_versioning(ctx: Context, request: Request) -> Response:
    """Return Enabled, Suspended, or nothing where versioning never was."""
    return {"Status": requests.bucket(ctx, request).versioning or None}


def put_bucket_encryption(ctx: Context, request: Request) -> Response:
    """Set default encryption: AES256, or aws:kms with the AWS managed key."""
    bucket = requests.bucket(ctx, request)
    rules = request["ServerSideEncryptionConfiguration"].get("Rules") or []
    if len(rules) != 1:
        raise errors.MalformedXML()
    rule = encryption.default_rule(rules[0], bucket)
    buckets.configure(ctx, bucket.name, "encryption", {"Rules": [rule]})
    return {}


def get_bucket_encryption(ctx: Context, request: Request) -> Response:
    """Return the default encryption."""
    bucket = requests.bucket(ctx, request)
    found = buckets.configuration(ctx, bucket.name, "encryption")
    return {"ServerSideEncryptionConfiguration": found}


def delete_bucket_encryption(ctx: Context, request: Request) -> Response:
    """Go back to S3's own default, which is AES256 too."""
    bucket = requests.bucket(ctx, request)
    buckets.configure(ctx, bucket.name, "encryption", buckets.ENCRYPTION)
    return {}


def put_bucket_ownership_controls(ctx: Context, request: Request) -> Response:
    """Set object ownership: BucketOwnerEnforced only."""
    bucket = requests.bucket(ctx, request)
    rules = request["OwnershipControls"].get("Rules") or []
    if len(rules) != 1:
        raise errors.MalformedXML()
    if rules[0]["ObjectOwnership"] != "BucketOwnerEnforced":
        raise errors.NotImplemented(name=f"ObjectOwnership {rules[0]['ObjectOwnership']}")
    buckets.configure(ctx, bucket.name, "ownership", buckets.OWNER_ENFORCED)
    return {}


def get_bucket_ownership_controls(ctx: Context, request: Request) -> Response:
    """Return the bucket's ownership controls."""
    bucket = requests.bucket(ctx, request)
    found = buckets.configuration(ctx, bucket.name, "ownership")
    if found is None:
        raise errors.OwnershipControlsNotFoundError(members={"BucketName": bucket.name})
    return {"OwnershipControls": found}


def delete_bucket_ownership_controls(ctx: Context, request: Request) -> Response:
    """Remove the ownership controls."""
    buckets.configure(ctx, requests.bucket(ctx, request).name, "ownership", None)
    return {}


def get_bucket_acl(ctx: Context, request: Request) -> Response:
    """Return the list every bucket has: its owner has full control, nobody else anything."""
    return _owner_only(requests.bucket(ctx, request))


def put_bucket_acl(ctx: Context, request: Request) -> Response:
    """Accept the access control list every bucket has, refuse others."""
    bucket = requests.bucket(ctx, request)
    _accept_owner_only(bucket, request)
    return {}


def get_object_acl(ctx: Context, request: Request) -> Response:
    """Return the list every object has: the bucket's owner alone has full control."""
    bucket = requests.bucket(ctx, request)
    objects.find(ctx, bucket, request["Key"], request.get("VersionId"))
    return _owner_only(bucket)


def put_object_acl(ctx: Context, request: Request) -> Response:
    """Accept the access control list every object has, refuse others."""
    bucket = requests.bucket(ctx, request)
    objects.find(ctx, bucket, request["Key"], request.get("VersionId"))
    _accept_owner_only(bucket, request)
    return {}


def _owner_only(bucket: Bucket) -> dict[str, Any]:
    grantee = {**bucket.owner, "Type": "CanonicalUser"}
    return {
        "Owner": bucket.owner,
        "Grants": [{"Grantee": grantee, "Permission": "FULL_CONTROL"}],
    }


def _accept_owner_only(bucket: Bucket, request: Request) -> None:
    requests.refuse_acls(request)
    grants = (request.get("AccessControlPolicy") or {}).get("Grants") or []
    for grant in grants:
        grantee = grant.get("Grantee") or {}
        if grantee.get("ID") != bucket.owner["ID"] or grant.get("Permission") != "FULL_CONTROL":
            raise errors.AccessControlListNotSupported()


def put_bucket_tagging(ctx: Context, request: Request) -> Response:
    """Replace the bucket's tags."""
    bucket = requests.bucket(ctx, request)
    tag_set = request["Tagging"].get("TagSet") or []
    tags = tagging.of_set(tag_set, limits.BUCKET_TAGS, "Bucket")
    buckets.configure(ctx, bucket.name, "tagging", tags or None)
    return {}


def get_bucket_tagging(ctx: Context, request: Request) -> Response:
    """Return the bucket's tags by key."""
    bucket = requests.bucket(ctx, request)
    tags = buckets.configuration(ctx, bucket.name, "tagging")
    if tags is None:
        raise errors.NoSuchTagSet(members={"BucketName": bucket.name})
    return {"TagSet": tagging.as_set(tags)}


def delete_bucket_tagging(ctx: Context, request: Request) -> Response:
    """Remove the bucket's tags."""
    buckets.configure(ctx, requests.bucket(ctx, request).name, "tagging", None)
    return {}
