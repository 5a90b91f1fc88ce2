"""CodeBuild's CloudFormation resource types."""

from __future__ import annotations

from typing import Any

from cloudarium.core import tags
from cloudarium.core.resources import Property, Resource, ResourceRequest, ResourceType

_PROPERTIES = {
    "Artifacts": "artifacts",
    "Cache": "cache",
    "ConcurrentBuildLimit": "concurrentBuildLimit",
    "Description": "description",
    "EncryptionKey": "encryptionKey",
    "Environment": "environment",
    "LogsConfig": "logsConfig",
    "QueuedTimeoutInMinutes": "queuedTimeoutInMinutes",
    "SecondaryArtifacts": "secondaryArtifacts",
    "SecondarySources": "secondarySources",
    "ServiceRole": "serviceRole",
    "Source": "source",
    "SourceVersion": "sourceVersion",
    "TimeoutInMinutes": "timeoutInMinutes",
}
_INTEGERS = ("TimeoutInMinutes", "QueuedTimeoutInMinutes", "ConcurrentBuildLimit")
_REQUIRED = ("Artifacts", "Environment", "ServiceRole", "Source")
# CloudFormation writes these names otherwise than with a small first letter.
_RENAMED = {"BuildSpec": "buildspec", "S3Logs": "s3Logs"}


def _lowered(value: Any) -> Any:
    """Return CloudFormation's property tree with the API's member names."""
    if isinstance(value, dict):
        return {
            _RENAMED.get(key, key[:1].lower() + key[1:]): _lowered(each)
            for key, each in value.items()
        }
    if isinstance(value, list):
        return [_lowered(each) for each in value]
    if value in ("true", "false"):
        return value == "true"
    return value


def _environment(environment: dict[str, Any]) -> dict[str, Any]:
    lowered: dict[str, Any] = _lowered(environment)
    variables = environment.get("EnvironmentVariables", [])
    lowered["environmentVariables"] = [
        {
            "name": each["Name"],
            "value": str(each["Value"]),
            "type": each.get("Type", "PLAINTEXT"),
        }
        for each in variables
    ]
    return lowered


def _params(resource: ResourceRequest, name: str) -> dict[str, Any]:
    properties = resource.properties
    params: dict[str, Any] = {"name": name}
    for key, member in _PROPERTIES.items():
        if key not in properties:
            continue
        value = properties[key]
        if key in _INTEGERS:
            params[member] = int(value)
        elif key == "Environment":
            params[member] = _environment(value)
        else:
            params[member] = _lowered(value)
    params["tags"] = tags.to_list(tags.of_resource(resource), tags.SMALL)
    return params


def _made(answer: dict[str, Any]) -> Resource:
    project = answer["project"]
    return Resource(project["name"], {"Arn": project["arn"]})


async def _create(resource: ResourceRequest) -> Resource:
    name = resource.properties.get("Name") or resource.generated_name(150)
    return _made(await resource.call("codebuild", "CreateProject", _params(resource, name)))


async def _update(resource: ResourceRequest) -> Resource:
    params = _params(resource, resource.physical_id)
    return _made(await resource.call("codebuild", "UpdateProject", params))


async def _delete(resource: ResourceRequest) -> None:
    await resource.call("codebuild", "DeleteProject", {"name": resource.physical_id})


PROJECT = ResourceType(
    name="AWS::CodeBuild::Project",
    properties={
        **{key: Property(required=key in _REQUIRED) for key in _PROPERTIES},
        "Name": Property(replaces=True),
        "Tags": Property(),
    },
    create=_create,
    update=_update,
    delete=_delete,
    attributes=("Arn",),
)
