"""CreateBucket, DeleteBucket, HeadBucket, ListBuckets, GetBucketLocation."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.s3 import buckets, errors, limits, requests, tagging

_DEFAULT_REGION = "us-east-1"


def create_bucket(ctx: Context, request: Request) -> Response:
    """Make a bucket in the request's region."""
    name = request["Bucket"]
    buckets.check_name(name)
    requests.refuse_acls(request)
    if request.get("ObjectLockEnabledForBucket"):
        raise errors.NotImplemented(name="ObjectLockEnabledForBucket")
    if request.get("ObjectOwnership", "BucketOwnerEnforced") != "BucketOwnerEnforced":
        raise errors.NotImplemented(name="ObjectOwnership")
    configuration = request.get("CreateBucketConfiguration") or {}
    _check_location(ctx, configuration)
    existing = buckets.lookup(ctx, name)
    if existing is None:
        buckets.create(ctx, name)
        tags = tagging.of_set(configuration.get("Tags", []), limits.BUCKET_TAGS, "Bucket")
        buckets.configure(ctx, name, "tagging", tags or None)
    elif existing.account != ctx.account:
        raise errors.BucketAlreadyExists(members={"BucketName": name})
    elif not (existing.region == ctx.region == _DEFAULT_REGION):
        raise errors.BucketAlreadyOwnedByYou(members={"BucketName": name})
    arn = f"arn:aws:s3:::{name}" if existing is None else None
    location = f"/{name}" if ctx.region == _DEFAULT_REGION else f"http://{name}.s3.amazonaws.com/"
    return {"Location": location, "BucketArn": arn}


def _check_location(ctx: Context, configuration: Request) -> None:
    if configuration.get("Location") or configuration.get("Bucket"):
        raise errors.NotImplemented(name="directory buckets")
    constraint = configuration.get("LocationConstraint")
    if ctx.region == _DEFAULT_REGION:
        if constraint == _DEFAULT_REGION:
            raise errors.InvalidLocationConstraint(members={"LocationConstraint": constraint})
        if constraint:
            raise errors.IllegalLocationConstraintException(constraint=constraint)
    elif constraint != ctx.region and not (constraint == "EU" and ctx.region == "eu-west-1"):
        raise errors.IllegalLocationConstraintException(constraint=constraint or "unspecified")


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
