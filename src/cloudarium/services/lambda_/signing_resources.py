"""CloudFormation's AWS::Lambda::CodeSigningConfig."""

from __future__ import annotations

from typing import Any

from cloudarium.core import tags
from cloudarium.core.errors import AwsError
from cloudarium.core.resources import Property, Resource, ResourceRequest, ResourceType
from cloudarium.services.lambda_ import tag_changes

_NOT_FOUND = "ResourceNotFoundException"


def _params(resource: ResourceRequest) -> dict[str, Any]:
    properties = resource.properties
    return {
        "Description": properties.get("Description", ""),
        "AllowedPublishers": properties["AllowedPublishers"],
        "CodeSigningPolicies": properties.get("CodeSigningPolicies")
        or {"UntrustedArtifactOnDeployment": "Warn"},
    }


def _made(answer: dict[str, Any]) -> Resource:
    config = answer["CodeSigningConfig"]
    arn, identity = config["CodeSigningConfigArn"], config["CodeSigningConfigId"]
    return Resource(arn, {"CodeSigningConfigArn": arn, "CodeSigningConfigId": identity})


async def _create(resource: ResourceRequest) -> Resource:
    params = {**_params(resource), "Tags": tags.of_resource(resource)}
    return _made(await resource.call("lambda", "CreateCodeSigningConfig", params))


async def _update(resource: ResourceRequest) -> Resource:
    params = {**_params(resource), "CodeSigningConfigArn": resource.physical_id}
    answer = await resource.call("lambda", "UpdateCodeSigningConfig", params)
    await tag_changes.apply(resource, resource.physical_id)
    return _made(answer)


async def _delete(resource: ResourceRequest) -> None:
    params = {"CodeSigningConfigArn": resource.physical_id}
    try:
        await resource.call("lambda", "DeleteCodeSigningConfig", params)
    except AwsError as error:
        if error.code != _NOT_FOUND:
            raise


CODE_SIGNING_CONFIG = ResourceType(
    name="AWS::Lambda::CodeSigningConfig",
    properties={
        "AllowedPublishers": Property(required=True),
        "CodeSigningPolicies": Property(),
        "Description": Property(),
        "Tags": Property(),
    },
    create=_create,
    update=_update,
    delete=_delete,
    attributes=("CodeSigningConfigArn", "CodeSigningConfigId"),
)
