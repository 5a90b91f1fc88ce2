"""The root elements of answers in XML."""

from __future__ import annotations

import re
from typing import Any

import pytest
from botocore.exceptions import ClientError

NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"
ROOTS: dict[str, tuple[dict[str, Any], str]] = {
    "list_buckets": ({}, "ListAllMyBucketsResult"),
    "list_objects": ({"Bucket": "bucket"}, "ListBucketResult"),
    "list_objects_v2": ({"Bucket": "bucket"}, "ListBucketResult"),
    "list_object_versions": ({"Bucket": "bucket"}, "ListVersionsResult"),
    "list_multipart_uploads": ({"Bucket": "bucket"}, "ListMultipartUploadsResult"),
    "create_multipart_upload": ({"Bucket": "bucket", "Key": "k"}, "InitiateMultipartUploadResult"),
    "delete_objects": ({"Bucket": "bucket", "Delete": {"Objects": [{"Key": "a"}]}}, "DeleteResult"),
    "get_bucket_acl": ({"Bucket": "bucket"}, "AccessControlPolicy"),
    "get_bucket_versioning": ({"Bucket": "bucket"}, "VersioningConfiguration"),
    "get_bucket_location": ({"Bucket": "bucket"}, "LocationConstraint"),
    "get_bucket_encryption": ({"Bucket": "bucket"}, "ServerSideEncryptionConfiguration"),
    "get_bucket_notification_configuration": ({"Bucket": "bucket"}, "NotificationConfiguration"),
    "get_bucket_accelerate_configuration": ({"Bucket": "bucket"}, "AccelerateConfiguration"),
    "get_bucket_logging": ({"Bucket": "bucket"}, "BucketLoggingStatus"),
    "get_bucket_request_payment": ({"Bucket": "bucket"}, "RequestPaymentConfiguration"),
    "get_bucket_abac": ({"Bucket": "bucket"}, "AbacStatus"),
    "list_bucket_analytics_configurations": (
        {"Bucket": "bucket"},
        "ListBucketAnalyticsConfigurationsResult",
    ),
    "list_bucket_intelligent_tiering_configurations": (
        {"Bucket": "bucket"},
        "ListIntelligentTieringConfigurationsResult",
    ),
    "list_bucket_inventory_configurations": (
        {"Bucket": "bucket"},
        "ListInventoryConfigurationsResult",
    ),
    "list_bucket_metrics_configurations": (
        {"Bucket": "bucket"},
        "ListMetricsConfigurationsResult",
    ),
    "get_object_tagging": ({"Bucket": "bucket", "Key": "key"}, "Tagging"),
    "get_object_attributes": (
        {"Bucket": "bucket", "Key": "key", "ObjectAttributes": ["ETag"]},
        "GetObjectAttributesResponse",
    ),
    "copy_object": (
        {"Bucket": "bucket", "Key": "copy", "CopySource": "bucket/key"},
        "CopyObjectResult",
    ),
    "get_object": ({"Bucket": "bucket", "Key": "missing"}, "Error"),
}


@pytest.mark.parametrize("operation", ROOTS)
def test_an_answers_root_is_that_of_the_reference(s3: Any, operation: str) -> None:
    params, root = ROOTS[operation]
    s3.put_object(Bucket="bucket", Key="key", Body=b"1")
    bodies: list[bytes] = []

    def keep(response_dict: dict[str, Any], **_: Any) -> None:
        bodies.append(response_dict["body"])

    s3.meta.events.register("before-parse.s3", keep)
    try:
        getattr(s3, operation)(**params)
    except ClientError:
        assert root == "Error"
    found = re.search(rb"<(\w+)(?: xmlns=\"([^\"]*)\")?", bodies[0])
    assert found and found[1].decode() == root
    assert root == "Error" or (found[2] or b"").decode() == NAMESPACE
