"""`AWS::IAM::User` and `AWS::IAM::AccessKey`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cloudarium.core.errors import AwsError
from cloudarium.core.resources import Property, Resource, ResourceRequest, ResourceType
from cloudarium.services.iam.resources import holders


async def _create(resource: ResourceRequest) -> Resource:
    properties = resource.properties
    name = properties.get("UserName") or resource.generated_name(64)
    params = {
        **holders.picked(properties, "Path", "PermissionsBoundary"),
        **holders.tagging(resource),
    }
    user = await holders.create(resource, "User", name, params)
    try:
        await _put_groups(resource, name)
        await _put_password(resource, name)
    except AwsError:
        await _remove(resource, name)
        raise
    return Resource(name, {"Arn": user["Arn"]})


async def _update(resource: ResourceRequest) -> Resource:
    name = resource.physical_id
    path = resource.properties.get("Path", "/")
    if path != resource.previous.get("Path", "/"):
        await resource.call("iam", "UpdateUser", {"UserName": name, "NewPath": path})
    await holders.update(resource, "User", name)
    await _put_groups(resource, name)
    await _put_password(resource, name)
    user = (await resource.call("iam", "GetUser", {"UserName": name}))["User"]
    return Resource(name, {"Arn": user["Arn"]})


async def _put_groups(resource: ResourceRequest, name: str) -> None:
    old = resource.previous.get("Groups") or []
    new = resource.properties.get("Groups") or []
    for group in new:
        if group not in old:
            params = {"UserName": name, "GroupName": group}
            await resource.call("iam", "AddUserToGroup", params)
    for group in old:
        if group not in new:
            params = {"UserName": name, "GroupName": group}
            await holders.call_unless_missing(resource, "RemoveUserFromGroup", params)


async def _put_password(resource: ResourceRequest, name: str) -> None:
    old, new = _password(resource.previous), _password(resource.properties)
    if old and not new:
        await holders.call_unless_missing(resource, "DeleteLoginProfile", {"UserName": name})
    elif new != old:
        operation = "UpdateLoginProfile" if old else "CreateLoginProfile"
        await resource.call("iam", operation, {"UserName": name, **new})


def _password(properties: Mapping[str, Any]) -> dict[str, Any]:
    wanted = properties.get("LoginProfile")
    if not wanted:
        return {}
    reset_required = str(wanted.get("PasswordResetRequired", False)).lower() == "true"
    return {"Password": wanted["Password"], "PasswordResetRequired": reset_required}


async def _delete(resource: ResourceRequest) -> None:
    await _remove(resource, resource.physical_id)


async def _remove(resource: ResourceRequest, name: str) -> None:
    for group in resource.properties.get("Groups") or []:
        params = {"UserName": name, "GroupName": group}
        await holders.call_unless_missing(resource, "RemoveUserFromGroup", params)
    if _password(resource.properties):
        await holders.call_unless_missing(resource, "DeleteLoginProfile", {"UserName": name})
    await holders.remove(resource, "User", name)


USER = ResourceType(
    name="AWS::IAM::User",
    properties={
        "Groups": Property(),
        "LoginProfile": Property(),
        "ManagedPolicyArns": Property(),
        "Path": Property(),
        "PermissionsBoundary": Property(),
        "Policies": Property(),
        "Tags": Property(),
        "UserName": Property(replaces=True),
    },
    create=_create,
    update=_update,
    delete=_delete,
    attributes=("Arn",),
)


async def _create_key(resource: ResourceRequest) -> Resource:
    user = resource.properties["UserName"]
    answer = await resource.call("iam", "CreateAccessKey", {"UserName": user})
    key = answer["AccessKey"]
    if resource.properties.get("Status") == "Inactive":
        await _put_status(resource, key["AccessKeyId"])
    return Resource(key["AccessKeyId"], {"SecretAccessKey": key["SecretAccessKey"]})


async def _update_key(resource: ResourceRequest) -> Resource:
    await _put_status(resource, resource.physical_id)
    return Resource(resource.physical_id)


async def _put_status(resource: ResourceRequest, key_id: str) -> None:
    params = {
        "UserName": resource.properties["UserName"],
        "AccessKeyId": key_id,
        "Status": resource.properties.get("Status", "Active"),
    }
    await resource.call("iam", "UpdateAccessKey", params)


async def _delete_key(resource: ResourceRequest) -> None:
    params = {
        "UserName": resource.properties["UserName"],
        "AccessKeyId": resource.physical_id,
    }
    await holders.call_unless_missing(resource, "DeleteAccessKey", params)


ACCESS_KEY = ResourceType(
    name="AWS::IAM::AccessKey",
    properties={
        "Serial": Property(replaces=True),
        "Status": Property(),
        "UserName": Property(required=True, replaces=True),
    },
    create=_create_key,
    update=_update_key,
    delete=_delete_key,
    attributes=("SecretAccessKey",),
)
