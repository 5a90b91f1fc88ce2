"""AWS::ECR::Repository.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecr-repository.html
"""

from __future__ import annotations

import json
from typing import Any

from cloudarium.core import tags
from cloudarium.core.errors import AwsError
from cloudarium.core.resources import Property, Resource, ResourceRequest, ResourceType
from cloudarium.services.ecr import errors

_SCANNING = "ImageScanningConfiguration"


def _flag(value: Any) -> bool:
    return value is True or str(value).lower() == "true"


def _scanning(properties: dict[str, Any]) -> dict[str, bool]:
    return {"scanOnPush": _flag(properties.get(_SCANNING, {}).get("ScanOnPush", False))}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


async def _create(resource: ResourceRequest) -> Resource:
    properties = resource.properties
    name = properties.get("RepositoryName") or resource.generated_name(256, lower=True)
    params: dict[str, Any] = {
        "repositoryName": name,
        "imageTagMutability": properties.get("ImageTagMutability", "MUTABLE"),
        "imageScanningConfiguration": _scanning(properties),
        "tags": tags.to_list(tags.of_resource(resource)),
    }
    if filters := properties.get("ImageTagMutabilityExclusionFilters"):
        params["imageTagMutabilityExclusionFilters"] = filters
    if encryption := properties.get("EncryptionConfiguration"):
        params["encryptionConfiguration"] = {"encryptionType": encryption["EncryptionType"]}
    answer = await resource.call("ecr", "CreateRepository", params)
    try:
        await _set_policies(resource, name)
    except AwsError:
        await resource.call("ecr", "DeleteRepository", {"repositoryName": name})
        raise
    made = answer["repository"]
    return Resource(name, {"Arn": made["repositoryArn"], "RepositoryUri": made["repositoryUri"]})


async def _set_policies(resource: ResourceRequest, name: str) -> None:
    new, old, named = resource.properties, resource.previous, {"repositoryName": name}
    policy, before = new.get("RepositoryPolicyText"), old.get("RepositoryPolicyText")
    if policy:
        await resource.call("ecr", "SetRepositoryPolicy", {**named, "policyText": _text(policy)})
    elif before:
        await resource.call("ecr", "DeleteRepositoryPolicy", named)
    lifecycle = new.get("LifecyclePolicy", {}).get("LifecyclePolicyText")
    if lifecycle:
        params = {**named, "lifecyclePolicyText": lifecycle}
        await resource.call("ecr", "PutLifecyclePolicy", params)
    elif old.get("LifecyclePolicy", {}).get("LifecyclePolicyText"):
        await resource.call("ecr", "DeleteLifecyclePolicy", named)


async def _update(resource: ResourceRequest) -> Resource:
    name = resource.physical_id
    named, properties = {"repositoryName": name}, resource.properties
    mutability: dict[str, Any] = {
        "imageTagMutability": properties.get("ImageTagMutability", "MUTABLE")
    }
    if filters := properties.get("ImageTagMutabilityExclusionFilters"):
        mutability["imageTagMutabilityExclusionFilters"] = filters
    await resource.call("ecr", "PutImageTagMutability", {**named, **mutability})
    scanning = {**named, "imageScanningConfiguration": _scanning(properties)}
    await resource.call("ecr", "PutImageScanningConfiguration", scanning)
    await _set_policies(resource, name)
    described = await resource.call("ecr", "DescribeRepositories", {"repositoryNames": [name]})
    made = described["repositories"][0]
    target = {"resourceArn": made["repositoryArn"]}
    gone, added = tags.changes(resource)
    if gone:
        await resource.call("ecr", "UntagResource", {**target, "tagKeys": gone})
    if added:
        await resource.call("ecr", "TagResource", {**target, "tags": tags.to_list(added)})
    return Resource(name, {"Arn": made["repositoryArn"], "RepositoryUri": made["repositoryUri"]})


async def _delete(resource: ResourceRequest) -> None:
    try:
        await resource.call("ecr", "DeleteRepository", {"repositoryName": resource.physical_id})
    except AwsError as error:
        if not errors.RepositoryNotFound.matches(error):
            raise


REPOSITORY = ResourceType(
    name="AWS::ECR::Repository",
    properties={
        "EmptyOnDelete": Property(),
        "EncryptionConfiguration": Property(replaces=True),
        _SCANNING: Property(),
        "ImageTagMutability": Property(),
        "ImageTagMutabilityExclusionFilters": Property(),
        "LifecyclePolicy": Property(),
        "RepositoryName": Property(replaces=True),
        "RepositoryPolicyText": Property(),
        "Tags": Property(),
    },
    create=_create,
    update=_update,
    delete=_delete,
    attributes=("Arn", "RepositoryUri"),
)
