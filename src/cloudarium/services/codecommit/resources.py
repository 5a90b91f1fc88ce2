"""CodeCommit's CloudFormation resource types."""

from __future__ import annotations

from typing import Any

from cloudarium.core import tags
from cloudarium.core.errors import AwsError
from cloudarium.core.resources import Property, Resource, ResourceRequest, ResourceType

_MODEL = "codecommit"


async def _create(resource: ResourceRequest) -> Resource:
    properties = resource.properties
    params: dict[str, Any] = {
        "repositoryName": properties["RepositoryName"],
        "tags": tags.of_resource(resource, system=False),
    }
    if "RepositoryDescription" in properties:
        params["repositoryDescription"] = properties["RepositoryDescription"]
    if "KmsKeyId" in properties:
        params["kmsKeyId"] = properties["KmsKeyId"]
    answer = await resource.call(_MODEL, "CreateRepository", params)
    metadata = answer["repositoryMetadata"]
    if properties.get("Triggers"):
        await _put_triggers(resource, properties["RepositoryName"])
    return _described(metadata)


async def _update(resource: ResourceRequest) -> Resource:
    before, after = resource.previous, resource.properties
    name = after["RepositoryName"]
    if before["RepositoryName"] != name:
        await resource.call(
            _MODEL,
            "UpdateRepositoryName",
            {"oldName": before["RepositoryName"], "newName": name},
        )
    if before.get("RepositoryDescription") != after.get("RepositoryDescription"):
        params = {"repositoryName": name}
        if "RepositoryDescription" in after:
            params["repositoryDescription"] = after["RepositoryDescription"]
        await resource.call(_MODEL, "UpdateRepositoryDescription", params)
    if before.get("Triggers") != after.get("Triggers"):
        await _put_triggers(resource, name)
    answer = await resource.call(_MODEL, "GetRepository", {"repositoryName": name})
    metadata = answer["repositoryMetadata"]
    await _retag(resource, metadata["Arn"])
    return _described(metadata)


async def _retag(resource: ResourceRequest, arn: str) -> None:
    gone, changed = tags.changes(resource, system=False)
    if gone:
        await resource.call(_MODEL, "UntagResource", {"resourceArn": arn, "tagKeys": gone})
    if changed:
        await resource.call(_MODEL, "TagResource", {"resourceArn": arn, "tags": changed})


async def _delete(resource: ResourceRequest) -> None:
    name = resource.properties["RepositoryName"]
    try:
        await resource.call(_MODEL, "DeleteRepository", {"repositoryName": name})
    except AwsError as error:
        if error.code != "RepositoryDoesNotExistException":
            raise


async def _put_triggers(resource: ResourceRequest, name: str) -> None:
    triggers = [
        {
            "name": trigger["Name"],
            "destinationArn": trigger["DestinationArn"],
            "events": trigger["Events"],
            "branches": trigger.get("Branches", []),
            "customData": trigger.get("CustomData", ""),
        }
        for trigger in resource.properties.get("Triggers", [])
    ]
    params = {"repositoryName": name, "triggers": triggers}
    await resource.call(_MODEL, "PutRepositoryTriggers", params)


def _described(metadata: dict[str, Any]) -> Resource:
    attributes = {
        "Arn": metadata["Arn"],
        "CloneUrlHttp": metadata["cloneUrlHttp"],
        "CloneUrlSsh": metadata["cloneUrlSsh"],
        "Name": metadata["repositoryName"],
    }
    return Resource(metadata["repositoryId"], attributes)


REPOSITORY = ResourceType(
    name="AWS::CodeCommit::Repository",
    properties={
        "RepositoryName": Property(required=True),
        "RepositoryDescription": Property(),
        "Tags": Property(),
        "Triggers": Property(),
        "KmsKeyId": Property(),
    },
    create=_create,
    update=_update,
    delete=_delete,
    attributes=("Arn", "CloneUrlHttp", "CloneUrlSsh", "Name"),
)
