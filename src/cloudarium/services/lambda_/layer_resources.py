"""CloudFormation's AWS::Lambda::LayerVersion and LayerVersionPermission."""

from __future__ import annotations

from typing import Any

from cloudarium.core.errors import AwsError
from cloudarium.core.resources import Property, Resource, ResourceRequest, ResourceType

_NOT_FOUND = "ResourceNotFoundException"
_LAYER = ("Description", "CompatibleRuntimes", "CompatibleArchitectures", "LicenseInfo")
_PERMISSION = ("Action", "OrganizationId", "Principal")


def _parts(arn: str) -> dict[str, Any]:
    name, _, version = arn.rpartition(":")
    return {"LayerName": name, "VersionNumber": int(version)}


async def _create_layer(resource: ResourceRequest) -> Resource:
    properties = resource.properties
    params = {name: properties[name] for name in _LAYER if name in properties}
    params["LayerName"] = properties.get("LayerName") or resource.generated_name(64)
    params["Content"] = properties["Content"]
    arn = (await resource.call("lambda", "PublishLayerVersion", params))["LayerVersionArn"]
    return Resource(arn, {"LayerVersionArn": arn})


async def _delete_layer(resource: ResourceRequest) -> None:
    await resource.call("lambda", "DeleteLayerVersion", _parts(resource.physical_id))


LAYER_VERSION = ResourceType(
    name="AWS::Lambda::LayerVersion",
    properties={
        "Content": Property(required=True, replaces=True),
        "LayerName": Property(replaces=True),
        **{name: Property(replaces=True) for name in _LAYER},
    },
    create=_create_layer,
    delete=_delete_layer,
    attributes=("LayerVersionArn",),
)


async def _create_permission(resource: ResourceRequest) -> Resource:
    properties = resource.properties
    sid = resource.generated_name(100)
    params = {name: str(properties[name]) for name in _PERMISSION if name in properties}
    params |= _parts(properties["LayerVersionArn"]) | {"StatementId": sid}
    await resource.call("lambda", "AddLayerVersionPermission", params)
    return Resource(f"{properties['LayerVersionArn']}#{sid}", {"Id": sid})


async def _delete_permission(resource: ResourceRequest) -> None:
    arn, _, sid = resource.physical_id.partition("#")
    params = _parts(arn) | {"StatementId": sid}
    try:
        await resource.call("lambda", "RemoveLayerVersionPermission", params)
    except AwsError as error:
        if error.code != _NOT_FOUND:
            raise


LAYER_VERSION_PERMISSION = ResourceType(
    name="AWS::Lambda::LayerVersionPermission",
    properties={
        "LayerVersionArn": Property(required=True, replaces=True),
        "Action": Property(required=True, replaces=True),
        "Principal": Property(required=True, replaces=True),
        "OrganizationId": Property(replaces=True),
    },
    create=_create_permission,
    delete=_delete_permission,
    attributes=("Id",),
)
