"""Policy, public access block, encryption, ownership, ACLs, tags, CORS of a bucket."""

from __future__ import annotations

import json
from typing import Any

import pytest

NEITHER = "Action does not apply to any resource(s) in statement"
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
        ({"Resource": "arn:aws:s3:::bucket"}, NEITHER),
        ({"Action": ["s3:GetObject", "s3:ListBucket"]}, NEITHER),
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
        ServerSideEncryptionConfiguration=rules("aws:kms:dsse"),
    )[:2] == (501, "NotImplemented")


def test_encryption_with_the_aws_managed_key(s3: Any, refused: Any) -> None:
    default: dict[str, Any] = {"SSEAlgorithm": "aws:kms"}
    rules = [{"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": True}]
    s3.put_bucket_encryption(Bucket="bucket", ServerSideEncryptionConfiguration={"Rules": rules})
    found = s3.get_bucket_encryption(Bucket="bucket")["ServerSideEncryptionConfiguration"]
    assert found == {"Rules": rules}
    put = s3.put_object(Bucket="bucket", Key="default", Body=b"x")
    assert (put["ServerSideEncryption"], put["BucketKeyEnabled"]) == ("aws:kms", True)
    assert put["SSEKMSKeyId"].startswith("arn:aws:kms:us-east-1:000000000000:key/")
    head = s3.head_object(Bucket="bucket", Key="default")
    assert (head["ServerSideEncryption"], head["SSEKMSKeyId"]) == ("aws:kms", put["SSEKMSKeyId"])
    s3.put_object(Bucket="bucket", Key="own", Body=b"x", ServerSideEncryption="AES256")
    assert s3.head_object(Bucket="bucket", Key="own")["ServerSideEncryption"] == "AES256"
    s3.copy_object(
        Bucket="bucket", Key="c", CopySource="bucket/default", ServerSideEncryption="AES256"
    )
    assert "SSEKMSKeyId" not in s3.head_object(Bucket="bucket", Key="c")
    other = {**default, "KMSMasterKeyID": "arn:aws:kms:us-east-1:000000000000:key/mine"}
    own = {"Rules": [{"ApplyServerSideEncryptionByDefault": other}]}
    assert refused(
        s3.put_bucket_encryption, Bucket="bucket", ServerSideEncryptionConfiguration=own
    )[:2] == (501, "NotImplemented")


def test_an_upload_has_the_encryption_it_began_with(s3: Any) -> None:
    upload = s3.create_multipart_upload(
        Bucket="bucket", Key="k", ServerSideEncryption="aws:kms", SSEKMSKeyId="alias/aws/s3"
    )
    assert upload["ServerSideEncryption"] == "aws:kms"
    named = {"Bucket": "bucket", "Key": "k", "UploadId": upload["UploadId"]}
    part = s3.upload_part(**named, PartNumber=1, Body=b"x")
    assert part["ServerSideEncryption"] == "aws:kms"
    parts = {"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}
    done = s3.complete_multipart_upload(**named, MultipartUpload=parts)
    assert (done["ServerSideEncryption"], done["SSEKMSKeyId"]) == ("aws:kms", part["SSEKMSKeyId"])


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
