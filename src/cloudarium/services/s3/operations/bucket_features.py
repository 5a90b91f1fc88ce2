"""What a bucket may have besides: of most of it, none here, told as AWS tells it.

Tools read all of a bucket's configuration before they change any. What AWS answers for a bucket
nobody configured is as measured against us-east-1 in September 2026 (`brekkylab/backlot`,
tests/test_s3.py).
"""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.s3 import buckets, errors, requests


def put_bucket_accelerate_configuration(ctx: Context, request: Request) -> Response:
    """Set transfer acceleration, `Enabled` or `Suspended`: a label, there is nothing to speed up.

    A bucket with periods in its name has none (PutBucketAccelerateConfiguration's page).
    """
    bucket = requests.bucket(ctx, request)
    status = request["AccelerateConfiguration"].get("Status")
    if status not in ("Enabled", "Suspended"):
        raise errors.MalformedXML()
    if "." in bucket.name:
        raise errors.InvalidRequest(
            message="S3 Transfer Acceleration is not supported for buckets with periods (.) in "
            "their names"
        )
    buckets.configure(ctx, bucket.name, "accelerate", status)
    return {}


def get_bucket_accelerate_configuration(ctx: Context, request: Request) -> Response:
    """Return `Enabled` or `Suspended`, or nothing where acceleration never was set."""
    bucket = requests.bucket(ctx, request)
    return {"Status": buckets.configuration(ctx, bucket.name, "accelerate")}


def put_bucket_request_payment(ctx: Context, request: Request) -> Response:
    """Set who pays, `BucketOwner` or `Requester`: nobody does."""
    bucket = requests.bucket(ctx, request)
    payer = request["RequestPaymentConfiguration"].get("Payer")
    if payer not in ("BucketOwner", "Requester"):
        raise errors.MalformedXML()
    buckets.configure(ctx, bucket.name, "request_payment", payer)
    return {}


def get_bucket_request_payment(ctx: Context, request: Request) -> Response:
    """Return who pays, the bucket's owner unless it was set."""
    bucket = requests.bucket(ctx, request)
    return {"Payer": buckets.configuration(ctx, bucket.name, "request_payment") or "BucketOwner"}


def put_bucket_logging(ctx: Context, request: Request) -> Response:
    """Accept that access is not logged. Raises NotImplemented for a target."""
    requests.bucket(ctx, request)
    if request["BucketLoggingStatus"].get("LoggingEnabled"):
        raise errors.NotImplemented(name="LoggingEnabled")
    return {}


def get_bucket_logging(ctx: Context, request: Request) -> Response:
    """Return that access is not logged."""
    requests.bucket(ctx, request)
    return {}


def get_bucket_abac(ctx: Context, request: Request) -> Response:
    """Return that the bucket's tags grant nothing."""
    requests.bucket(ctx, request)
    return {"AbacStatus": {"Status": "Disabled"}}


def get_bucket_replication(ctx: Context, request: Request) -> Response:
    """Raise ReplicationConfigurationNotFoundError."""
    bucket = requests.bucket(ctx, request)
    raise errors.ReplicationConfigurationNotFoundError(members={"BucketName": bucket.name})


def get_object_lock_configuration(ctx: Context, request: Request) -> Response:
    """Raise ObjectLockConfigurationNotFoundError."""
    bucket = requests.bucket(ctx, request)
    raise errors.ObjectLockConfigurationNotFoundError(members={"BucketName": bucket.name})


def get_bucket_metadata_configuration(ctx: Context, request: Request) -> Response:
    """Raise MetadataConfigurationNotFound."""
    bucket = requests.bucket(ctx, request)
    raise errors.MetadataConfigurationNotFound(members={"BucketName": bucket.name})


def get_bucket_analytics_configuration(ctx: Context, request: Request) -> Response:
    """Raise NoSuchConfiguration."""
    requests.bucket(ctx, request)
    raise errors.NoSuchConfiguration()


def list_bucket_analytics_configurations(ctx: Context, request: Request) -> Response:
    """Return none."""
    return _none(ctx, request)


def get_bucket_intelligent_tiering_configuration(ctx: Context, request: Request) -> Response:
    """Raise NoSuchConfiguration."""
    requests.bucket(ctx, request)
    raise errors.NoSuchConfiguration()


def list_bucket_intelligent_tiering_configurations(ctx: Context, request: Request) -> Response:
    """Return none."""
    return _none(ctx, request)


def get_bucket_inventory_configuration(ctx: Context, request: Request) -> Response:
    """Raise NoSuchConfiguration."""
    requests.bucket(ctx, request)
    raise errors.NoSuchConfiguration()


def list_bucket_inventory_configurations(ctx: Context, request: Request) -> Response:
    """Return none."""
    return _none(ctx, request)


def get_bucket_metrics_configuration(ctx: Context, request: Request) -> Response:
    """Raise NoSuchConfiguration."""
    requests.bucket(ctx, request)
    raise errors.NoSuchConfiguration()


def list_bucket_metrics_configurations(ctx: Context, request: Request) -> Response:
    """Return none."""
    return _none(ctx, request)


def _none(ctx: Context, request: Request) -> Response:
    """Return an empty list, which has no page that a token could be of."""
    requests.bucket(ctx, request)
    token = request.get("ContinuationToken")
    if token:
        raise errors.MalformedContinuationToken()
    return {"IsTruncated": False, "ContinuationToken": token}
