"""PutBucketWebsite, GetBucketWebsite, DeleteBucketWebsite."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.s3 import buckets, errors, requests, websites


def put_bucket_website(ctx: Context, request: Request) -> Response:
    """Make the bucket a website."""
    bucket = requests.bucket(ctx, request)
    given = request["WebsiteConfiguration"]
    websites.check(given)
    buckets.configure(ctx, bucket.name, websites.KIND, given)
    return {}


def get_bucket_website(ctx: Context, request: Request) -> Response:
    """Return the website's configuration."""
    bucket = requests.bucket(ctx, request)
    found = buckets.configuration(ctx, bucket.name, websites.KIND)
    if found is None:
        raise errors.NoSuchWebsiteConfiguration(members={"BucketName": bucket.name})
    return dict(found)


def delete_bucket_website(ctx: Context, request: Request) -> Response:
    """End the website; one that is not there is no error."""
    buckets.configure(ctx, requests.bucket(ctx, request).name, websites.KIND, None)
    return {}
