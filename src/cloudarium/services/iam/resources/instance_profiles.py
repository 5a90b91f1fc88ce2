"""`AWS::IAM::InstanceProfile`."""

from __future__ import annotations

from cloudarium.core.errors import AwsError
from cloudarium.core.resources import Property, Resource, ResourceRequest, ResourceType
from cloudarium.services.iam.resources import holders


async def _create(resource: ResourceRequest) -> Resource:
    properties = resource.properties
    name = properties.get("InstanceProfileName") or resource.generated_name(128)
    params = {"InstanceProfileName": name, **holders.picked(properties, "Path")}
    answer = await resource.call("iam", "CreateInstanceProfile", params)
    try:
        await _put_roles(resource, name)
    except AwsError:
        await resource.call("iam", "DeleteInstanceProfile", {"InstanceProfileName": name})
        raise
    return Resource(name, {"Arn": answer["InstanceProfile"]["Arn"]})


async def _update(resource: ResourceRequest) -> Resource:
    name = resource.physical_id
    await _put_roles(resource, name)
    answer = await resource.call("iam", "GetInstanceProfile", {"InstanceProfileName": name})
    return Resource(name, {"Arn": answer["InstanceProfile"]["Arn"]})


async def _put_roles(resource: ResourceRequest, name: str) -> None:
    old = resource.previous.get("Roles") or []
    new = resource.properties.get("Roles") or []
    for role in old:
        if role not in new:
            await _leave(resource, name, role)
    for role in new:
        if role not in old:
            params = {"InstanceProfileName": name, "RoleName": role}
            await resource.call("iam", "AddRoleToInstanceProfile", params)


async def _leave(resource: ResourceRequest, name: str, role: str) -> None:
    params = {"InstanceProfileName": name, "RoleName": role}
    await holders.call_unless_missing(resource, "RemoveRoleFromInstanceProfile", params)


async def _delete(resource: ResourceRequest) -> None:
    name = resource.physical_id
    for role in resource.properties.get("Roles") or []:
        await _leave(resource, name, role)
    params = {"InstanceProfileName": name}
    await holders.call_unless_missing(resource, "DeleteInstanceProfile", params)


INSTANCE_PROFILE = ResourceType(
    name="AWS::IAM::InstanceProfile",
    properties={
        "InstanceProfileName": Property(replaces=True),
        "Path": Property(replaces=True),
        "Roles": Property(required=True),
    },
    create=_create,
    update=_update,
    delete=_delete,
    attributes=("Arn",),
)
