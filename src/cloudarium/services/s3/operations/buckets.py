"""CreateBucket, DeleteBucket, HeadBucket, ListBuckets, GetBucketLocation."""

from __future__ import annotations

import re

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.s3 import buckets, errors, limits, requests, tagging

_DEFAULT_REGION = "us-east-1"
_OLD_NAMES = {"EU": "eu-west-1"}
_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-[0-9]")


def create_bucket(ctx: Context, request: Request) -> Response:
    """Make a bucket in the request's region, or from us-east-1 in any."""
    name = request["Bucket"]
    buckets.check_name(name)
    requests.refuse_acls(request)
    if request.get("ObjectLockEnabledForBucket"):
        raise errors.NotImplemented(name="ObjectLockEnabledForBucket")
    if request.get("ObjectOwnership", "BucketOwnerEnforced") != "BucketOwnerEnforced":
        raise errors.NotImplemented(name="ObjectOwnership")
    configuration = request.get("CreateBucketConfiguration") or {}
    region = _region(ctx, configuration)
    existing = buckets.lookup(ctx, name)
    if existing is None:
        buckets.create(ctx, name, region)
        tags = tagging.of_set(configuration.get("Tags", []), limits.BUCKET_TAGS, "Bucket")
        buckets.configure(ctx, name, "tagging", tags or None)
    elif existing.account != ctx.account:
        raise errors.BucketAlreadyExists(members={"BucketName": name})
    elif not (existing.region == region == _DEFAULT_REGION):
        raise errors.BucketAlreadyOwnedByYou(members={"BucketName": name})
    arn = f"arn:aws:s3:::{name}" if existing is None else None
    location = f"/{name}" if region == _DEFAULT_REGION else f"http://{name}.s3.amazonaws.com/"
    return {"Location": location, "BucketArn": arn}


def _region(ctx: Context, configuration: Request) -> str:
    """Return the region a bucket is to be in.

    The global endpoint signs for us-east-1 "even if the location constraint in the request
    specifies another Region" (CreateBucket, API reference).
    """
    if configuration.get("Location") or configuration.get("Bucket"):
        raise errors.NotImplemented(name="directory buckets")
    constraint: str = configuration.get("LocationConstraint") or ""
    region = _OLD_NAMES.get(constraint, constraint)
    if ctx.region == _DEFAULT_REGION:
        if constraint and (region == _DEFAULT_REGION or not _REGION.fullmatch(region)):
            raise errors.InvalidLocationConstraint(members={"LocationConstraint": constraint})
        return region or _DEFAULT_REGION
    if region != ctx.region:
        raise errors.IllegalLocationConstraintException(constraint=constraint or "unspecified")
    return region


def delete_bucket(ctx: Context, request: Request) -> Response:
    """Remove an empty bucket."""
    buckets.delete(ctx, requests.bucket(ctx, request))
    return {}


def head_bucket(ctx: Context, request: Request) -> Response:
    """Tell whether the bucket exists and may be listed."""
    bucket = requests.bucket(ctx, request)
    return {"BucketArn": bucket.arn, "BucketRegion": bucket.region, "AccessPointAlias": False}


def list_buckets(ctx: Context, request: Request) -> Response:
    """Return the account's buckets by name."""
    limit = request.get("MaxBuckets") or limits.LISTED_BUCKETS
    if not 1 <= limit <= limits.LISTED_BUCKETS:
        raise errors.InvalidArgument(
            members={"ArgumentName": "max-buckets", "ArgumentValue": str(limit)},
            message="Argument max-buckets must be an integer between 1 and 10000",
        )
    prefix = request.get("Prefix") or ""
    found = buckets.owned(ctx, prefix, request.get("ContinuationToken") or "", limit + 1)
    if region := request.get("BucketRegion"):
        found = [bucket for bucket in found if bucket.region == region]
    page = found[:limit]
    return {
        "Buckets": [
            {
                "Name": bucket.name,
                "CreationDate": bucket.created_at,
                "BucketRegion": bucket.region,
                "BucketArn": bucket.arn,
            }
            for bucket in page
        ],
        "Owner": {"ID": buckets.canonical_id(ctx.account)},
        "Prefix": prefix or None,
        "ContinuationToken": page[-1].name if len(found) > limit else None,
    }


def get_bucket_location(ctx: Context, request: Request) -> Response:
    """Return the bucket's region; nothing for us-east-1."""
    region = requests.bucket(ctx, request).region
    return {"LocationConstraint": None if region == _DEFAULT_REGION else region}
