"""`AWS::IAM::Role`."""

from __future__ import annotations

from typing import Any

from cloudarium.core.resources import Property, Resource, ResourceRequest, ResourceType
from cloudarium.services.iam.limits import DEFAULT_ROLE_SESSION
from cloudarium.services.iam.resources import holders


def _made(role: dict[str, Any]) -> Resource:
    return Resource(role["RoleName"], {"Arn": role["Arn"], "RoleId": role["RoleId"]})


async def _create(resource: ResourceRequest) -> Resource:
    properties = resource.properties
    params = {
        "AssumeRolePolicyDocument": holders.text(properties["AssumeRolePolicyDocument"]),
        "MaxSessionDuration": int(properties.get("MaxSessionDuration", DEFAULT_ROLE_SESSION)),
        **holders.picked(properties, "Path", "Description", "PermissionsBoundary"),
        **holders.tagging(resource),
    }
    name = properties.get("RoleName") or resource.generated_name(64)
    return _made(await holders.create(resource, "Role", name, params))


async def _update(resource: ResourceRequest) -> Resource:
    name, properties = resource.physical_id, resource.properties
    trust = holders.text(properties["AssumeRolePolicyDocument"])
    if trust != holders.text(resource.previous.get("AssumeRolePolicyDocument", "")):
        params = {"RoleName": name, "PolicyDocument": trust}
        await resource.call("iam", "UpdateAssumeRolePolicy", params)
    described = {
        "Description": properties.get("Description", ""),
        "MaxSessionDuration": int(properties.get("MaxSessionDuration", DEFAULT_ROLE_SESSION)),
    }
    await resource.call("iam", "UpdateRole", {"RoleName": name, **described})
    await holders.update(resource, "Role", name)
    return _made((await resource.call("iam", "GetRole", {"RoleName": name}))["Role"])


async def _delete(resource: ResourceRequest) -> None:
    await holders.remove(resource, "Role", resource.physical_id)


ROLE = ResourceType(
    name="AWS::IAM::Role",
    properties={
        "AssumeRolePolicyDocument": Property(required=True),
        "Description": Property(),
        "ManagedPolicyArns": Property(),
        "MaxSessionDuration": Property(),
        "Path": Property(replaces=True),
        "PermissionsBoundary": Property(),
        "Policies": Property(),
        "RoleName": Property(replaces=True),
        "Tags": Property(),
    },
    create=_create,
    update=_update,
    delete=_delete,
    attributes=("Arn", "RoleId"),
)
