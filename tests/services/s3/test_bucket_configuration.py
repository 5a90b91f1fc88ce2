"""Policy, public access block, encryption, ownership, ACLs, tags, CORS of a bucket."""

from __future__ import annotations

import json
from typing import Any

import pytest

PUBLIC = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": "*",
            "Action": "s3:GetObject",
            "Resource": "arn:aws:s3:::bucket/*",
        }
    ],
}


def test_a_public_policy_needs_the_block_to_be_off(s3: Any, refused: Any) -> None:
    put = {"Bucket": "bucket", "Policy": json.dumps(PUBLIC)}
    assert refused(s3.get_bucket_policy, Bucket="bucket")[:2] == (404, "NoSuchBucketPolicy")
    status, code, error = refused(s3.put_bucket_policy, **put)
    assert (status, code) == (403, "AccessDenied")
    assert "BlockPublicPolicy" in error["Message"]
    assert s3.get_public_access_block(Bucket="bucket")["PublicAccessBlockConfiguration"] == {
        "BlockPublicAcls": True,
        "IgnorePublicAcls": True,
        "BlockPublicPolicy": True,
        "RestrictPublicBuckets": True,
    }
    block = {"BlockPublicAcls": True}
    s3.put_public_access_block(Bucket="bucket", PublicAccessBlockConfiguration=block)
    s3.put_bucket_policy(**put)
    assert s3.get_bucket_policy(Bucket="bucket")["Policy"] == put["Policy"]
    assert s3.get_bucket_policy_status(Bucket="bucket")["PolicyStatus"]["IsPublic"] is True
    s3.delete_bucket_policy(Bucket="bucket")
    s3.delete_public_access_block(Bucket="bucket")
    assert refused(s3.get_public_access_block, Bucket="bucket")[1] == (
        "NoSuchPublicAccessBlockConfiguration"
    )


def test_a_narrowed_policy_is_not_public(s3: Any) -> None:
    condition = {"StringEquals": {"aws:SourceAccount": "111111111111"}}
    statement = {**PUBLIC["Statement"][0], "Condition": condition}  # type: ignore[dict-item]
    s3.put_bucket_policy(Bucket="bucket", Policy=json.dumps({"Statement": [statement]}))
    assert s3.get_bucket_policy_status(Bucket="bucket")["PolicyStatus"]["IsPublic"] is False


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"Resource": "arn:aws:s3:::other/*"}, "Policy has invalid resource"),
        ({"Action": "sqs:SendMessage"}, "Policy has invalid action"),
        ({"Effect": "Maybe"}, "Invalid effect: Maybe"),
    ],
)
def test_malformed_policies(s3: Any, refused: Any, change: dict[str, str], message: str) -> None:
    statement = {**PUBLIC["Statement"][0], **change}  # type: ignore[dict-item]
    document = json.dumps({"Statement": [statement]})
    status, code, error = refused(s3.put_bucket_policy, Bucket="bucket", Policy=document)
    assert (status, code, error["Message"]) == (400, "MalformedPolicy", message)
    assert refused(s3.put_bucket_policy, Bucket="bucket", Policy="{")[1] == "MalformedPolicy"


def test_encryption_is_aes256(s3: Any, refused: Any) -> None:
    def rules(algorithm: str) -> dict[str, Any]:
        default = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": algorithm}}
        return {"Rules": [{**default, "BucketKeyEnabled": True}]}

    found = s3.get_bucket_encryption(Bucket="bucket")["ServerSideEncryptionConfiguration"]
    assert found["Rules"][0]["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
    s3.put_bucket_encryption(Bucket="bucket", ServerSideEncryptionConfiguration=rules("AES256"))
    found = s3.get_bucket_encryption(Bucket="bucket")["ServerSideEncryptionConfiguration"]
    assert found == rules("AES256")
    s3.delete_bucket_encryption(Bucket="bucket")
    found = s3.get_bucket_encryption(Bucket="bucket")["ServerSideEncryptionConfiguration"]
    assert found["Rules"][0]["BucketKeyEnabled"] is False
    assert refused(
        s3.put_bucket_encryption,
        Bucket="bucket",
        ServerSideEncryptionConfiguration=rules("aws:kms"),
    )[:2] == (501, "NotImplemented")


def test_ownership_is_the_buckets(s3: Any, refused: Any) -> None:
    enforced = {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    assert s3.get_bucket_ownership_controls(Bucket="bucket")["OwnershipControls"] == enforced
    s3.delete_bucket_ownership_controls(Bucket="bucket")
    assert refused(s3.get_bucket_ownership_controls, Bucket="bucket")[1] == (
        "OwnershipControlsNotFoundError"
    )
    s3.put_bucket_ownership_controls(Bucket="bucket", OwnershipControls=enforced)
    writer = {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}
    assert (
        refused(s3.put_bucket_ownership_controls, Bucket="bucket", OwnershipControls=writer)[1]
        == "NotImplemented"
    )


def test_access_control_lists_are_the_owners(s3: Any, refused: Any) -> None:
    s3.put_object(Bucket="bucket", Key="k", Body=b"", ACL="bucket-owner-full-control")
    for found in (s3.get_bucket_acl(Bucket="bucket"), s3.get_object_acl(Bucket="bucket", Key="k")):
        (grant,) = found["Grants"]
        assert grant["Permission"] == "FULL_CONTROL"
        assert grant["Grantee"] == {"ID": found["Owner"]["ID"], "Type": "CanonicalUser"}
    s3.put_bucket_acl(Bucket="bucket", ACL="private")
    s3.put_object_acl(Bucket="bucket", Key="k", ACL="private")
    status, code, error = refused(s3.put_bucket_acl, Bucket="bucket", ACL="public-read")
    assert (status, code) == (400, "AccessControlListNotSupported")
    assert error["Message"] == "The bucket does not allow ACLs"
    assert refused(s3.put_object_acl, Bucket="bucket", Key="k", GrantRead="id=1")[1] == code


def test_tags(s3: Any, refused: Any) -> None:
    assert refused(s3.get_bucket_tagging, Bucket="bucket")[:2] == (404, "NoSuchTagSet")
    tags = [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]
    s3.put_bucket_tagging(Bucket="bucket", Tagging={"TagSet": tags})
    assert s3.get_bucket_tagging(Bucket="bucket")["TagSet"] == tags
    system = {"TagSet": [{"Key": "aws:x", "Value": "1"}]}
    assert refused(s3.put_bucket_tagging, Bucket="bucket", Tagging=system)[1] == "InvalidTag"
    s3.delete_bucket_tagging(Bucket="bucket")
    assert refused(s3.get_bucket_tagging, Bucket="bucket")[1] == "NoSuchTagSet"


def test_cors(s3: Any, refused: Any) -> None:
    assert refused(s3.get_bucket_cors, Bucket="bucket")[:2] == (404, "NoSuchCORSConfiguration")
    rule = {
        "AllowedMethods": ["GET"],
        "AllowedOrigins": ["https://*.example.com"],
        "AllowedHeaders": ["*"],
        "ExposeHeaders": ["ETag"],
        "MaxAgeSeconds": 60,
    }
    s3.put_bucket_cors(Bucket="bucket", CORSConfiguration={"CORSRules": [rule]})
    assert s3.get_bucket_cors(Bucket="bucket")["CORSRules"] == [rule]
    for bad in ({"AllowedMethods": ["BREW"]}, {"AllowedOrigins": ["*.*"]}):
        configuration = {"CORSRules": [{**rule, **bad}]}
        assert (
            refused(s3.put_bucket_cors, Bucket="bucket", CORSConfiguration=configuration)[1]
            == "InvalidRequest"
        )
    s3.delete_bucket_cors(Bucket="bucket")
    assert refused(s3.get_bucket_cors, Bucket="bucket")[1] == "NoSuchCORSConfiguration"
