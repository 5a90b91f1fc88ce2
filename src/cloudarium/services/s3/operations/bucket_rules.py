"""CORS and lifecycle rules of a bucket."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.s3 import buckets, cors, errors, lifecycle, requests


def put_bucket_cors(ctx: Context, request: Request) -> Response:
    """Set which origins' pages may talk to the bucket."""
    bucket = requests.bucket(ctx, request)
    rules = request["CORSConfiguration"].get("CORSRules") or []
    cors.check(rules)
    buckets.configure(ctx, bucket.name, "cors", rules)
    return {}


def get_bucket_cors(ctx: Context, request: Request) -> Response:
    """Return the bucket's CORS rules."""
    bucket = requests.bucket(ctx, request)
    rules = buckets.configuration(ctx, bucket.name, "cors")
    if rules is None:
        raise errors.NoSuchCORSConfiguration(members={"BucketName": bucket.name})
    return {"CORSRules": rules}


def delete_bucket_cors(ctx: Context, request: Request) -> Response:
    """Remove the bucket's CORS rules."""
    buckets.configure(ctx, requests.bucket(ctx, request).name, "cors", None)
    return {}


def put_bucket_lifecycle_configuration(ctx: Context, request: Request) -> Response:
    """Set what expires when."""
    bucket = requests.bucket(ctx, request)
    rules = (request.get("LifecycleConfiguration") or {}).get("Rules") or []
    named = lifecycle.checked(ctx, rules)
    buckets.configure(ctx, bucket.name, lifecycle.KIND, named)
    lifecycle.plan(ctx, bucket)
    return {"TransitionDefaultMinimumObjectSize": "all_storage_classes_128K"}


def get_bucket_lifecycle_configuration(ctx: Context, request: Request) -> Response:
    """Return the bucket's lifecycle rules."""
    bucket = requests.bucket(ctx, request)
    rules = buckets.configuration(ctx, bucket.name, lifecycle.KIND)
    if rules is None:
        raise errors.NoSuchLifecycleConfiguration(members={"BucketName": bucket.name})
    return {"Rules": rules, "TransitionDefaultMinimumObjectSize": "all_storage_classes_128K"}


def delete_bucket_lifecycle(ctx: Context, request: Request) -> Response:
    """Remove the bucket's lifecycle rules."""
    bucket = requests.bucket(ctx, request)
    buckets.configure(ctx, bucket.name, lifecycle.KIND, None)
    return {}
