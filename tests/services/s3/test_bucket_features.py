"""What tools read of a bucket and find unset."""

from __future__ import annotations

from typing import Any

import pytest

NOT_FOUND = {
    "get_bucket_replication": (
        "ReplicationConfigurationNotFoundError",
        "The replication configuration was not found",
    ),
    "get_object_lock_configuration": (
        "ObjectLockConfigurationNotFoundError",
        "Object Lock configuration does not exist for this bucket",
    ),
    "get_bucket_metadata_configuration": (
        "MetadataConfigurationNotFound",
        "The metadata configuration was not found",
    ),
}
OF_MANY = {
    "list_bucket_analytics_configurations": "get_bucket_analytics_configuration",
    "list_bucket_intelligent_tiering_configurations": (
        "get_bucket_intelligent_tiering_configuration"
    ),
    "list_bucket_inventory_configurations": "get_bucket_inventory_configuration",
    "list_bucket_metrics_configurations": "get_bucket_metrics_configuration",
}


@pytest.mark.parametrize("operation", NOT_FOUND)
def test_what_is_not_there_is_told_with_the_bucket(s3: Any, refused: Any, operation: str) -> None:
    status, code, error = refused(getattr(s3, operation), Bucket="bucket")
    assert (status, (code, error["Message"])) == (404, NOT_FOUND[operation])
    assert error["BucketName"] == "bucket"
    assert refused(getattr(s3, operation), Bucket="no-bucket")[1] == "NoSuchBucket"


@pytest.mark.parametrize("listing", OF_MANY)
def test_no_configuration_of_a_kind_is_there(s3: Any, refused: Any, listing: str) -> None:
    listed = getattr(s3, listing)(Bucket="bucket")
    assert listed["IsTruncated"] is False
    assert not [name for name in listed if name.endswith("ConfigurationList")]
    status, code, error = refused(getattr(s3, OF_MANY[listing]), Bucket="bucket", Id="x")
    assert (status, code) == (404, "NoSuchConfiguration")
    assert error["Message"] == "The specified configuration does not exist."
    _, code, error = refused(getattr(s3, listing), Bucket="bucket", ContinuationToken="garbage")
    assert (code, error["Message"]) == (
        "MalformedContinuationToken",
        "The continuation-token you provided invalid.",
    )


def test_transfer_acceleration_is_kept(s3: Any, refused: Any) -> None:
    assert "Status" not in s3.get_bucket_accelerate_configuration(Bucket="bucket")
    for status in ("Enabled", "Suspended"):
        configuration = {"Status": status}
        s3.put_bucket_accelerate_configuration(
            Bucket="bucket", AccelerateConfiguration=configuration
        )
        assert s3.get_bucket_accelerate_configuration(Bucket="bucket")["Status"] == status
    s3.create_bucket(Bucket="with.periods")
    put = {"Bucket": "with.periods", "AccelerateConfiguration": {"Status": "Enabled"}}
    assert refused(s3.put_bucket_accelerate_configuration, **put)[:2] == (400, "InvalidRequest")


def test_who_pays_is_kept(s3: Any, refused: Any) -> None:
    assert s3.get_bucket_request_payment(Bucket="bucket")["Payer"] == "BucketOwner"
    put = {"Bucket": "bucket", "RequestPaymentConfiguration": {"Payer": "Requester"}}
    s3.put_bucket_request_payment(**put)
    assert s3.get_bucket_request_payment(Bucket="bucket")["Payer"] == "Requester"
    put["RequestPaymentConfiguration"] = {"Payer": "Nobody"}
    assert refused(s3.put_bucket_request_payment, **put)[:2] == (400, "MalformedXML")


def test_access_is_not_logged_and_tags_grant_nothing(s3: Any, refused: Any) -> None:
    s3.put_bucket_logging(Bucket="bucket", BucketLoggingStatus={})
    assert "LoggingEnabled" not in s3.get_bucket_logging(Bucket="bucket")
    target = {"TargetBucket": "bucket", "TargetPrefix": "log/"}
    put = {"Bucket": "bucket", "BucketLoggingStatus": {"LoggingEnabled": target}}
    assert refused(s3.put_bucket_logging, **put)[:2] == (501, "NotImplemented")
    assert s3.get_bucket_abac(Bucket="bucket")["AbacStatus"] == {"Status": "Disabled"}


def test_customer_provided_keys_are_blocked_in_a_new_bucket(s3: Any, refused: Any) -> None:
    found = s3.get_bucket_encryption(Bucket="bucket")["ServerSideEncryptionConfiguration"]
    assert found["Rules"][0]["BlockedEncryptionTypes"] == {"EncryptionType": ["SSE-C"]}
    s3.put_bucket_encryption(Bucket="bucket", ServerSideEncryptionConfiguration=found)
    again = s3.get_bucket_encryption(Bucket="bucket")["ServerSideEncryptionConfiguration"]
    assert again == found
    found["Rules"][0]["BlockedEncryptionTypes"] = {"EncryptionType": ["NONE"]}
    put = {"Bucket": "bucket", "ServerSideEncryptionConfiguration": found}
    assert refused(s3.put_bucket_encryption, **put)[:2] == (501, "NotImplemented")
