"""AWS::S3::Bucket and AWS::S3::BucketPolicy."""

from __future__ import annotations

import json
from typing import Any

from cloudarium.core import tags
from cloudarium.core.errors import AwsError
from cloudarium.core.resources import Property, Resource, ResourceRequest, ResourceType
from cloudarium.services.s3 import errors, templates

_BUCKET_PROPERTIES = {
    "AccelerateConfiguration": Property(),
    "AccessControl": Property(),
    "BucketEncryption": Property(),
    "BucketName": Property(replaces=True),
    "CorsConfiguration": Property(),
    "LifecycleConfiguration": Property(),
    "NotificationConfiguration": Property(),
    "OwnershipControls": Property(),
    "PublicAccessBlockConfiguration": Property(),
    "Tags": Property(),
    "VersioningConfiguration": Property(),
    "WebsiteConfiguration": Property(),
}
_MOST_NAME = 63


async def _create(resource: ResourceRequest) -> Resource:
    name = resource.properties.get("BucketName") or resource.generated_name(_MOST_NAME, lower=True)
    request: dict[str, Any] = {"Bucket": name}
    if resource.region != "us-east-1":
        request["CreateBucketConfiguration"] = {"LocationConstraint": resource.region}
    made = await resource.call("s3", "CreateBucket", request)
    if made.get("BucketArn") is None:  # in us-east-1 that is how a bucket one has already is told
        raise errors.BucketAlreadyOwnedByYou(members={"BucketName": name})
    try:
        await _configure(resource, name)
    except AwsError:
        await resource.call("s3", "DeleteBucket", {"Bucket": name})
        raise
    return _bucket(resource, name)


async def _update(resource: ResourceRequest) -> Resource:
    await _configure(resource, resource.physical_id)
    return _bucket(resource, resource.physical_id)


async def _delete(resource: ResourceRequest) -> None:
    await _unless_gone(resource, "DeleteBucket", {"Bucket": resource.physical_id})


async def _configure(resource: ResourceRequest, name: str) -> None:
    new = templates.calls(resource.properties, tags.of_resource(resource, system=False))
    before = tags.from_list(resource.previous.get("Tags"))
    old = templates.calls(resource.previous, before) if resource.previous else {}
    for operation, params in new.items():
        if old.get(operation) != params:
            await resource.call("s3", operation, {"Bucket": name, **params})
    for operation in old.keys() - new.keys():
        undo, params = templates.UNDO[operation]
        await resource.call("s3", undo, {"Bucket": name, **params})


def _bucket(resource: ResourceRequest, name: str) -> Resource:
    region = resource.region
    return Resource(
        physical_id=name,
        attributes={
            "Arn": f"arn:aws:s3:::{name}",
            "DomainName": f"{name}.s3.amazonaws.com",
            "DualStackDomainName": f"{name}.s3.dualstack.{region}.amazonaws.com",
            "RegionalDomainName": f"{name}.s3.{region}.amazonaws.com",
            "WebsiteURL": f"http://{name}.s3-website-{region}.amazonaws.com",
        },
    )


async def _unless_gone(resource: ResourceRequest, operation: str, params: dict[str, Any]) -> None:
    try:
        await resource.call("s3", operation, params)
    except AwsError as error:
        if not errors.NoSuchBucket.matches(error):
            raise


BUCKET = ResourceType(
    name="AWS::S3::Bucket",
    properties=_BUCKET_PROPERTIES,
    create=_create,
    update=_update,
    delete=_delete,
    attributes=("Arn", "DomainName", "DualStackDomainName", "RegionalDomainName", "WebsiteURL"),
)


async def _put_policy(resource: ResourceRequest) -> Resource:
    bucket, document = resource.properties["Bucket"], resource.properties["PolicyDocument"]
    text = document if isinstance(document, str) else json.dumps(document)
    await resource.call("s3", "PutBucketPolicy", {"Bucket": bucket, "Policy": text})
    return Resource(physical_id=bucket)


async def _delete_policy(resource: ResourceRequest) -> None:
    await _unless_gone(resource, "DeleteBucketPolicy", {"Bucket": resource.physical_id})


BUCKET_POLICY = ResourceType(
    name="AWS::S3::BucketPolicy",
    properties={
        "Bucket": Property(required=True, replaces=True),
        "PolicyDocument": Property(required=True),
    },
    create=_put_policy,
    update=_put_policy,
    delete=_delete_policy,
)
