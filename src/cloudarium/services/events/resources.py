"""EventBridge's CloudFormation resource types."""

from __future__ import annotations

from typing import Any

import orjson

from cloudarium.core import tags
from cloudarium.core.errors import AwsError
from cloudarium.core.resources import Property, Resource, ResourceRequest, ResourceType


def _bus_of(properties: dict[str, Any]) -> dict[str, str]:
    bus = properties.get("EventBusName")
    return {"EventBusName": bus} if bus else {}


async def _put_rule(resource: ResourceRequest) -> Resource:
    properties = resource.properties
    name = _rule_name(resource)
    params: dict[str, Any] = {
        key: properties[key]
        for key in ("ScheduleExpression", "State", "Description", "RoleArn", "EventBusName")
        if key in properties
    }
    if "EventPattern" in properties:
        pattern = properties["EventPattern"]
        params["EventPattern"] = (
            pattern if isinstance(pattern, str) else orjson.dumps(pattern).decode()
        )
    answer = await resource.call("events", "PutRule", {"Name": name, **params})
    await _put_targets(resource, name)
    return Resource(name, {"Arn": answer["RuleArn"]})


def _rule_name(resource: ResourceRequest) -> str:
    if resource.physical_id:
        return resource.physical_id
    return str(resource.properties.get("Name") or resource.generated_name(64))


async def _put_targets(resource: ResourceRequest, name: str) -> None:
    bus = _bus_of(resource.properties)
    targets = resource.properties.get("Targets", [])
    kept = {target["Id"] for target in targets}
    gone = [t["Id"] for t in resource.previous.get("Targets", []) if t["Id"] not in kept]
    if gone:
        await resource.call("events", "RemoveTargets", {"Rule": name, "Ids": gone, **bus})
    if targets:
        await resource.call("events", "PutTargets", {"Rule": name, "Targets": targets, **bus})


async def _delete_rule(resource: ResourceRequest) -> None:
    name = resource.physical_id
    bus = _bus_of(resource.properties)
    identifiers = [target["Id"] for target in resource.properties.get("Targets", [])]
    try:
        if identifiers:
            params = {"Rule": name, "Ids": identifiers, **bus}
            await resource.call("events", "RemoveTargets", params)
        await resource.call("events", "DeleteRule", {"Name": name, **bus})
    except AwsError as error:
        if error.code != "ResourceNotFoundException":
            raise


RULE = ResourceType(
    name="AWS::Events::Rule",
    properties={
        "Description": Property(),
        "EventBusName": Property(replaces=True),
        "EventPattern": Property(),
        "Name": Property(replaces=True),
        "RoleArn": Property(),
        "ScheduleExpression": Property(),
        "State": Property(),
        "Targets": Property(),
    },
    create=_put_rule,
    update=_put_rule,
    delete=_delete_rule,
    attributes=("Arn",),
)


async def _create_bus(resource: ResourceRequest) -> Resource:
    properties = resource.properties
    params: dict[str, Any] = {
        "Name": properties["Name"],
        "Tags": tags.to_list(tags.of_resource(resource)),
    }
    if "Description" in properties:
        params["Description"] = properties["Description"]
    answer = await resource.call("events", "CreateEventBus", params)
    name = properties["Name"]
    return Resource(name, {"Arn": answer["EventBusArn"], "Name": name})


async def _delete_bus(resource: ResourceRequest) -> None:
    await resource.call("events", "DeleteEventBus", {"Name": resource.physical_id})


EVENT_BUS = ResourceType(
    name="AWS::Events::EventBus",
    properties={
        "Description": Property(replaces=True),
        "Name": Property(required=True, replaces=True),
        "Tags": Property(replaces=True),
    },
    create=_create_bus,
    delete=_delete_bus,
    attributes=("Arn", "Name"),
)
