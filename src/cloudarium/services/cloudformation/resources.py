"""CloudFormation's own resource types."""

from __future__ import annotations

from cloudarium.core.resources import Resource, ResourceRequest, ResourceType


async def _create_handle(resource: ResourceRequest) -> Resource:
    return Resource(f"{resource.stack_id}/{resource.logical_id}")


async def _delete_handle(resource: ResourceRequest) -> None:
    return None


WAIT_CONDITION_HANDLE = ResourceType(
    name="AWS::CloudFormation::WaitConditionHandle",
    properties={},
    create=_create_handle,
    delete=_delete_handle,
)
