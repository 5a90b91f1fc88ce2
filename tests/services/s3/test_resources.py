"""AWS::S3::Bucket and AWS::S3::BucketPolicy, in stacks."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cloudarium.pytest_plugin import CloudUnderTest


class Stack:
    """One stack of a test."""

    def __init__(self, cloud: CloudUnderTest) -> None:
        self._cloud = cloud
        self._client = cloud.client("cloudformation")

    def deploy(self, outputs: dict[str, Any] | None = None, **resources: Any) -> str:
        """Create or update the stack; its status afterwards."""
        template: dict[str, Any] = {"Resources": resources}
        if outputs:
            template["Outputs"] = {name: {"Value": value} for name, value in outputs.items()}
        act = self._client.update_stack if self._stacks() else self._client.create_stack
        act(StackName="s", TemplateBody=json.dumps(template))
        self._cloud.settle()
        return self.status

    def delete(self) -> None:
        """Delete the stack."""
        self._client.delete_stack(StackName="s")
        self._cloud.settle()

    def _stacks(self) -> list[Any]:
        found: list[Any] = self._client.describe_stacks()["Stacks"]
        return found

    @property
    def status(self) -> str:
        """The stack's status."""
        return str(self._stacks()[0]["StackStatus"])

    @property
    def outputs(self) -> dict[str, str]:
        """The stack's outputs."""
        found = self._stacks()[0].get("Outputs", [])
        return {each["OutputKey"]: each["OutputValue"] for each in found}


@pytest.fixture
def stack(cloud: CloudUnderTest) -> Stack:
    """A stack that is not there yet."""
    return Stack(cloud)


def bucket(**properties: Any) -> dict[str, Any]:
    """A bucket in a template."""
    return {"Type": "AWS::S3::Bucket", "Properties": properties}


def test_a_bucket_with_everything(cloud: CloudUnderTest, stack: Stack) -> None:
    resource = bucket(
        BucketName="made-by-stack",
        VersioningConfiguration={"Status": "Enabled"},
        BucketEncryption={
            "ServerSideEncryptionConfiguration": [
                {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
            ]
        },
        PublicAccessBlockConfiguration={"BlockPublicAcls": "true", "BlockPublicPolicy": True},
        OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
        LifecycleConfiguration={
            "Rules": [
                {"Id": "old", "Status": "Enabled", "Prefix": "tmp/", "ExpirationInDays": "7"},
                {
                    "Status": "Enabled",
                    "NoncurrentVersionExpiration": {"NoncurrentDays": 3},
                    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
                },
            ]
        },
        CorsConfiguration={
            "CorsRules": [{"AllowedMethods": ["GET"], "AllowedOrigins": ["*"], "MaxAge": "5"}]
        },
        NotificationConfiguration={"EventBridgeConfiguration": {"EventBridgeEnabled": True}},
        Tags=[{"Key": "team", "Value": "a"}],
    )
    names = ("Arn", "DomainName", "RegionalDomainName", "WebsiteURL")
    outputs = {name: {"Fn::GetAtt": ["Bucket", name]} for name in names}
    assert stack.deploy({**outputs, "Name": {"Ref": "Bucket"}}, Bucket=resource) == (
        "CREATE_COMPLETE"
    )
    assert stack.outputs == {
        "Name": "made-by-stack",
        "Arn": "arn:aws:s3:::made-by-stack",
        "DomainName": "made-by-stack.s3.amazonaws.com",
        "RegionalDomainName": "made-by-stack.s3.us-east-1.amazonaws.com",
        "WebsiteURL": "http://made-by-stack.s3-website-us-east-1.amazonaws.com",
    }
    s3, which = cloud.client("s3"), {"Bucket": "made-by-stack"}
    assert s3.get_bucket_versioning(**which)["Status"] == "Enabled"
    block = s3.get_public_access_block(**which)["PublicAccessBlockConfiguration"]
    assert [name for name, on in block.items() if on] == ["BlockPublicAcls", "BlockPublicPolicy"]
    first, second = s3.get_bucket_lifecycle_configuration(**which)["Rules"]
    assert (first["ID"], first["Expiration"]) == ("old", {"Days": 7})
    assert second["NoncurrentVersionExpiration"] == {"NoncurrentDays": 3}
    assert s3.get_bucket_cors(**which)["CORSRules"][0]["MaxAgeSeconds"] == 5
    assert "EventBridgeConfiguration" in s3.get_bucket_notification_configuration(**which)
    assert {"Key": "team", "Value": "a"} in s3.get_bucket_tagging(**which)["TagSet"]


def test_an_update_changes_and_takes_back(
    cloud: CloudUnderTest, stack: Stack, refused: Any
) -> None:
    cors = {"CorsRules": [{"AllowedMethods": ["GET"], "AllowedOrigins": ["*"]}]}
    versioned = {"VersioningConfiguration": {"Status": "Enabled"}}
    stack.deploy({"Name": {"Ref": "B"}}, B=bucket(CorsConfiguration=cors, **versioned))
    name = stack.outputs["Name"]
    assert name.startswith("s-b-")
    tags = [{"Key": "a", "Value": "1"}]
    assert stack.deploy({"Name": {"Ref": "B"}}, B=bucket(Tags=tags)) == "UPDATE_COMPLETE"
    assert stack.outputs["Name"] == name
    s3 = cloud.client("s3")
    assert s3.get_bucket_versioning(Bucket=name)["Status"] == "Suspended"
    assert refused(s3.get_bucket_cors, Bucket=name)[1] == "NoSuchCORSConfiguration"
    assert s3.get_bucket_tagging(Bucket=name)["TagSet"] == tags


def test_a_stack_does_not_take_over_a_bucket(cloud: CloudUnderTest, s3: Any, stack: Stack) -> None:
    s3.put_object(Bucket="bucket", Key="mine", Body=b"")
    assert stack.deploy(B=bucket(BucketName="bucket")) == "ROLLBACK_COMPLETE"
    assert s3.list_objects_v2(Bucket="bucket")["KeyCount"] == 1


def test_a_bucket_that_cannot_be_configured_is_not_left_behind(
    stack: Stack, s3: Any, refused: Any
) -> None:
    kms = [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms:dsse"}}]
    encryption = {"ServerSideEncryptionConfiguration": kms}
    resource = bucket(BucketName="half-made", BucketEncryption=encryption)
    assert stack.deploy(B=resource) == "ROLLBACK_COMPLETE"
    assert refused(s3.head_bucket, Bucket="half-made")[0] == 404


def test_a_full_bucket_fails_the_deletion(cloud: CloudUnderTest, stack: Stack) -> None:
    stack.deploy(B=bucket(BucketName="full"))
    s3 = cloud.client("s3")
    s3.put_object(Bucket="full", Key="k", Body=b"")
    stack.delete()
    assert stack.status == "DELETE_FAILED"
    s3.delete_object(Bucket="full", Key="k")
    stack.delete()
    assert "full" not in [each["Name"] for each in s3.list_buckets()["Buckets"]]


def test_a_bucket_policy(cloud: CloudUnderTest, stack: Stack, refused: Any) -> None:
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::111111111111:root"},
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::with-policy/*",
    }
    properties = {"Bucket": {"Ref": "B"}, "PolicyDocument": {"Statement": [statement]}}
    policy = {"Type": "AWS::S3::BucketPolicy", "Properties": properties}
    owned = bucket(BucketName="with-policy")
    assert stack.deploy(B=owned, P=policy) == "CREATE_COMPLETE"
    s3 = cloud.client("s3")
    found = json.loads(s3.get_bucket_policy(Bucket="with-policy")["Policy"])
    assert found["Statement"] == [statement]
    assert stack.deploy(B=owned) == "UPDATE_COMPLETE"
    assert refused(s3.get_bucket_policy, Bucket="with-policy")[1] == "NoSuchBucketPolicy"


def test_a_website_of_a_stack(cloud: CloudUnderTest, stack: Stack) -> None:
    s3 = cloud.client("s3")
    rule = {
        "RedirectRule": {"HostName": "example.com", "HttpRedirectCode": 302},
        "RoutingRuleCondition": {"KeyPrefixEquals": "a/"},
    }
    website = {"IndexDocument": "i.html", "ErrorDocument": "e.html", "RoutingRules": [rule]}
    faster = {"AccelerationStatus": "Enabled"}
    resource = bucket(
        BucketName="site", WebsiteConfiguration=website, AccelerateConfiguration=faster
    )
    assert stack.deploy(Site=resource) == "CREATE_COMPLETE"
    found = s3.get_bucket_website(Bucket="site")
    assert found["IndexDocument"] == {"Suffix": "i.html"}
    assert found["ErrorDocument"] == {"Key": "e.html"}
    redirect = {"HostName": "example.com", "HttpRedirectCode": "302"}
    condition = {"KeyPrefixEquals": "a/"}
    assert found["RoutingRules"] == [{"Redirect": redirect, "Condition": condition}]
    assert s3.get_bucket_accelerate_configuration(Bucket="site")["Status"] == "Enabled"
    assert stack.deploy(Site=bucket(BucketName="site")) == "UPDATE_COMPLETE"
    with pytest.raises(s3.exceptions.ClientError, match="NoSuchWebsiteConfiguration"):
        s3.get_bucket_website(Bucket="site")
    assert s3.get_bucket_accelerate_configuration(Bucket="site")["Status"] == "Suspended"
