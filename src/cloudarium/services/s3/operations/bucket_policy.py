"""Bucket policies, their status, and the public access block."""

from __future__ import annotations

import json

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.s3 import buckets, errors, policy, requests

_SWITCHES = tuple(buckets.BLOCK_ALL)


def put_bucket_policy(ctx: Context, request: Request) -> Response:
    """Set the bucket's policy, unless it is public and the bucket blocks such."""
    bucket = requests.bucket(ctx, request)
    document = policy.parsed(request["Policy"], bucket.name)
    block = buckets.configuration(ctx, bucket.name, "public_access_block") or {}
    if block.get("BlockPublicPolicy") and policy.is_public(document):
        raise errors.PublicPolicyBlocked(principal=ctx.principal.arn, bucket=bucket.arn)
    buckets.configure(ctx, bucket.name, "policy", request["Policy"])
    return {}


def get_bucket_policy(ctx: Context, request: Request) -> Response:
    """Return the bucket's policy as it was given."""
    bucket = requests.bucket(ctx, request)
    document = buckets.configuration(ctx, bucket.name, "policy")
    if document is None:
        raise errors.NoSuchBucketPolicy(members={"BucketName": bucket.name})
    return {"Policy": document}


def delete_bucket_policy(ctx: Context, request: Request) -> Response:
    """Remove the bucket's policy."""
    buckets.configure(ctx, requests.bucket(ctx, request).name, "policy", None)
    return {}


def get_bucket_policy_status(ctx: Context, request: Request) -> Response:
    """Tell whether the bucket's policy is public."""
    document = json.loads(get_bucket_policy(ctx, request)["Policy"])
    return {"PolicyStatus": {"IsPublic": policy.is_public(document)}}


def put_public_access_block(ctx: Context, request: Request) -> Response:
    """Set the four switches; one left out is off."""
    bucket = requests.bucket(ctx, request)
    given = request["PublicAccessBlockConfiguration"]
    block = {name: bool(given.get(name)) for name in _SWITCHES}
    buckets.configure(ctx, bucket.name, "public_access_block", block)
    return {}


def get_public_access_block(ctx: Context, request: Request) -> Response:
    """Return the four switches."""
    bucket = requests.bucket(ctx, request)
    block = buckets.configuration(ctx, bucket.name, "public_access_block")
    if block is None:
        raise errors.NoSuchPublicAccessBlockConfiguration(members={"BucketName": bucket.name})
    return {"PublicAccessBlockConfiguration": block}


def delete_public_access_block(ctx: Context, request: Request) -> Response:
    """Remove the switches: nothing is blocked."""
    buckets.configure(ctx, requests.bucket(ctx, request).name, "public_access_block", None)
    return {}
