"""AWS::Events::Archive."""

from __future__ import annotations

from typing import Any

import orjson

from cloudarium.core.errors import AwsError
from cloudarium.core.resources import Property, Resource, ResourceRequest, ResourceType
from cloudarium.services.events.errors import ArchiveNotFound


def _params(resource: ResourceRequest, name: str) -> dict[str, Any]:
    properties = resource.properties
    params: dict[str, Any] = {
        "ArchiveName": name,
        "Description": properties.get("Description", ""),
        "RetentionDays": int(properties.get("RetentionDays", 0)),
    }
    if "KmsKeyIdentifier" in properties:
        params["KmsKeyIdentifier"] = properties["KmsKeyIdentifier"]
    pattern = properties.get("EventPattern")
    if pattern:
        text = pattern if isinstance(pattern, str) else orjson.dumps(pattern).decode()
        params["EventPattern"] = text
    elif "EventPattern" in resource.previous:
        params["EventPattern"] = ""
    return params


def _made(name: str, answer: dict[str, Any]) -> Resource:
    return Resource(name, {"Arn": answer["ArchiveArn"], "ArchiveName": name})


async def _create(resource: ResourceRequest) -> Resource:
    name = resource.properties.get("ArchiveName") or resource.generated_name(48)
    params = {**_params(resource, name), "EventSourceArn": resource.properties["SourceArn"]}
    return _made(name, await resource.call("events", "CreateArchive", params))


async def _update(resource: ResourceRequest) -> Resource:
    name = resource.physical_id
    return _made(name, await resource.call("events", "UpdateArchive", _params(resource, name)))


async def _delete(resource: ResourceRequest) -> None:
    try:
        await resource.call("events", "DeleteArchive", {"ArchiveName": resource.physical_id})
    except AwsError as error:
        if not ArchiveNotFound.matches(error):
            raise


ARCHIVE = ResourceType(
    name="AWS::Events::Archive",
    properties={
        "ArchiveName": Property(replaces=True),
        "Description": Property(),
        "EventPattern": Property(),
        "KmsKeyIdentifier": Property(),
        "RetentionDays": Property(),
        "SourceArn": Property(required=True, replaces=True),
    },
    create=_create,
    update=_update,
    delete=_delete,
    attributes=("Arn", "ArchiveName"),
)
