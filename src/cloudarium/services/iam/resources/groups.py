"""`AWS::IAM::Group` and `AWS::IAM::UserToGroupAddition`."""

from __future__ import annotations

from typing import Any

from cloudarium.core.resources import Property, Resource, ResourceRequest, ResourceType
from cloudarium.services.iam.resources import holders


async def _create(resource: ResourceRequest) -> Resource:
    name = resource.properties.get("GroupName") or resource.generated_name(128)
    params = holders.picked(resource.properties, "Path")
    group = await holders.create(resource, "Group", name, params)
    return Resource(name, {"Arn": group["Arn"]})


async def _update(resource: ResourceRequest) -> Resource:
    name = resource.physical_id
    path = resource.properties.get("Path", "/")
    if path != resource.previous.get("Path", "/"):
        await resource.call("iam", "UpdateGroup", {"GroupName": name, "NewPath": path})
    await holders.update(resource, "Group", name)
    group = (await resource.call("iam", "GetGroup", {"GroupName": name}))["Group"]
    return Resource(name, {"Arn": group["Arn"]})


async def _delete(resource: ResourceRequest) -> None:
    await holders.remove(resource, "Group", resource.physical_id)


GROUP = ResourceType(
    name="AWS::IAM::Group",
    properties={
        "GroupName": Property(replaces=True),
        "ManagedPolicyArns": Property(),
        "Path": Property(),
        "Policies": Property(),
    },
    create=_create,
    update=_update,
    delete=_delete,
    attributes=("Arn",),
)


def _memberships(properties: dict[str, Any]) -> list[tuple[str, str]]:
    return [(properties["GroupName"], user) for user in properties.get("Users") or []]


async def _add(resource: ResourceRequest) -> Resource:
    old = _memberships(resource.previous) if resource.previous else []
    new = _memberships(resource.properties)
    for group, user in new:
        if (group, user) not in old:
            params = {"GroupName": group, "UserName": user}
            await resource.call("iam", "AddUserToGroup", params)
    await _leave(resource, [each for each in old if each not in new])
    return Resource(resource.physical_id or resource.generated_name())


async def _remove(resource: ResourceRequest) -> None:
    await _leave(resource, _memberships(resource.properties))


async def _leave(resource: ResourceRequest, memberships: list[tuple[str, str]]) -> None:
    for group, user in memberships:
        params = {"GroupName": group, "UserName": user}
        await holders.call_unless_missing(resource, "RemoveUserFromGroup", params)


USER_TO_GROUP_ADDITION = ResourceType(
    name="AWS::IAM::UserToGroupAddition",
    properties={"GroupName": Property(required=True), "Users": Property(required=True)},
    create=_add,
    update=_add,
    delete=_remove,
)
