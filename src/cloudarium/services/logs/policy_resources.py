"""AWS::Logs::ResourcePolicy."""

from __future__ import annotations

import json

from cloudarium.core.errors import AwsError
from cloudarium.core.resources import Property, Resource, ResourceRequest, ResourceType
from cloudarium.services.logs.errors import PolicyNotFound


async def _put(resource: ResourceRequest) -> Resource:
    name, document = resource.properties["PolicyName"], resource.properties["PolicyDocument"]
    text = document if isinstance(document, str) else json.dumps(document)
    params = {"policyName": name, "policyDocument": text}
    await resource.call("logs", "PutResourcePolicy", params)
    return Resource(name)


async def _delete(resource: ResourceRequest) -> None:
    try:
        params = {"policyName": resource.physical_id}
        await resource.call("logs", "DeleteResourcePolicy", params)
    except AwsError as error:
        if not PolicyNotFound.matches(error):
            raise


RESOURCE_POLICY = ResourceType(
    name="AWS::Logs::ResourcePolicy",
    properties={
        "PolicyDocument": Property(required=True),
        "PolicyName": Property(required=True, replaces=True),
    },
    create=_put,
    update=_put,
    delete=_delete,
)
