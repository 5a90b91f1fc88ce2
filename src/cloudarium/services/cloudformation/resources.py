"""CloudFormation's own resource types: nested stacks and handles."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from typing import Any

from cloudarium.core import tags
from cloudarium.core.errors import AwsError
from cloudarium.core.resources import Property, Resource, ResourceRequest, ResourceType
from cloudarium.services.cloudformation import stacks
from cloudarium.services.cloudformation.deployment.handlers import Failed, Request, own
from cloudarium.services.cloudformation.errors import NoUpdates
from cloudarium.services.cloudformation.operations.update_stack import UPDATABLE
from cloudarium.services.cloudformation.template.parameters import text

_MODEL = "cloudformation"


async def _create_handle(resource: ResourceRequest) -> Resource:
    return Resource(f"{resource.stack_id}/{resource.logical_id}")


async def _keep(resource: ResourceRequest) -> Resource:
    return Resource(resource.physical_id)


async def _nothing_to_delete(resource: ResourceRequest) -> None:
    return None


WAIT_CONDITION_HANDLE = ResourceType(
    name="AWS::CloudFormation::WaitConditionHandle",
    properties={},
    create=_create_handle,
    delete=_nothing_to_delete,
)
# What CDK applications say about themselves; AWS makes nothing of it either.
CDK_METADATA = ResourceType(
    name="AWS::CDK::Metadata",
    properties={"Analytics": Property()},
    create=_create_handle,
    update=_keep,
    delete=_nothing_to_delete,
)


def _wanted(request: Request) -> dict[str, Any]:
    """Return the request members a nested stack's properties stand for."""
    properties = request.properties
    given = properties.get("Parameters", {})
    wanted: dict[str, Any] = {
        "ClientRequestToken": _token(request),
        "TemplateURL": properties["TemplateURL"],
        "Parameters": [
            {"ParameterKey": name, "ParameterValue": _joined(value)}
            for name, value in given.items()
        ],
        "Capabilities": list(request.stack.config.capabilities),
        "Tags": tags.to_list(tags.of_resource(request, system=False)),
    }
    if properties.get("NotificationARNs"):
        wanted["NotificationARNs"] = properties["NotificationARNs"]
    return wanted


def _token(request: Request) -> str:
    """Return the client token that makes a repeated request the same one."""
    return hashlib.sha256(request.key.encode()).hexdigest()


def _joined(value: Any) -> str:
    return ",".join(text(item) for item in value) if isinstance(value, list) else text(value)


async def _create_stack(resource: ResourceRequest) -> Resource:
    request = own(resource)
    wanted = {**_wanted(request), "StackName": request.generated_name(128)}
    if "TimeoutInMinutes" in request.properties:
        wanted["TimeoutInMinutes"] = int(request.properties["TimeoutInMinutes"])
    answer = await request.call(_MODEL, "CreateStack", wanted)
    stack_id = answer["StackId"]
    with request.ctx.transaction():
        stacks.set_parent(request.ctx, stack_id, request.stack_id)
    return await _settled(request, stack_id, ("CREATE_COMPLETE",), "created")


async def _update_stack(resource: ResourceRequest) -> Resource:
    request = own(resource)
    wanted = {**_wanted(request), "StackName": request.physical_id}
    try:
        await request.call(_MODEL, "UpdateStack", wanted)
    except AwsError as error:
        if error.message != NoUpdates.template:
            raise
        return await _settled(request, request.physical_id, UPDATABLE, "updated")
    return await _settled(request, request.physical_id, ("UPDATE_COMPLETE",), "updated")


async def _delete_stack(resource: ResourceRequest) -> None:
    request = own(resource)
    params = {"StackName": request.physical_id, "ClientRequestToken": _token(request)}
    await request.call(_MODEL, "DeleteStack", params)
    await _settled(request, request.physical_id, ("DELETE_COMPLETE",), "deleted")


async def _settled(request: Request, stack_id: str, good: tuple[str, ...], verb: str) -> Resource:
    """Wait until a nested stack's operation is over. Raises `Failed` if it did not end well."""
    found: dict[str, Any] = {}
    await request.poll(_over(request, stack_id, found))
    if found["StackStatus"] not in good:
        raise Failed(
            f"Embedded stack {stack_id} was not successfully {verb}: "
            f"{found.get('StackStatusReason', found['StackStatus'])}",
            physical_id=stack_id,
        )
    outputs = found.get("Outputs", [])
    return Resource(stack_id, {f"Outputs.{o['OutputKey']}": o["OutputValue"] for o in outputs})


def _over(request: Request, stack_id: str, found: dict[str, Any]) -> Callable[[], Awaitable[bool]]:
    async def over() -> bool:
        answer = await request.call(_MODEL, "DescribeStacks", {"StackName": stack_id})
        found.update(answer["Stacks"][0])
        return not found["StackStatus"].endswith("_IN_PROGRESS")

    return over


STACK = ResourceType(
    name="AWS::CloudFormation::Stack",
    properties={
        "TemplateURL": Property(required=True),
        "Parameters": Property(),
        "Tags": Property(),
        "TimeoutInMinutes": Property(),
        "NotificationARNs": Property(),
    },
    create=_create_stack,
    update=_update_stack,
    delete=_delete_stack,
)
