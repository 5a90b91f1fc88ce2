"""PutBucketNotificationConfiguration, GetBucketNotificationConfiguration."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.s3 import buckets, notifications, requests


async def put_bucket_notification_configuration(ctx: Context, request: Request) -> Response:
    """Set who hears of the bucket's events, after asking each destination whether it may."""
    configuration = notifications.named(ctx, request["NotificationConfiguration"])
    rules = notifications.rules(configuration)
    with ctx.transaction():
        bucket = requests.bucket(ctx, request)
    for rule in rules:
        notifications.check_region(bucket, rule)
    if not request.get("SkipDestinationValidation"):
        for rule in rules:
            await notifications.check_destination(ctx, bucket, rule)
    with ctx.transaction():
        bucket = requests.bucket(ctx, request)
        buckets.configure(ctx, bucket.name, notifications.KIND, configuration or None)
    return {}


def get_bucket_notification_configuration(ctx: Context, request: Request) -> Response:
    """Return who hears of the bucket's events."""
    bucket = requests.bucket(ctx, request)
    return buckets.configuration(ctx, bucket.name, notifications.KIND) or {}
