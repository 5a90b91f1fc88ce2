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
    if not resource.physical_id:
        params["Tags"] = tags.to_list(tags.of_resource(resource))
    answer = await resource.call("events", "PutRule", {"Name": name, **params})
    if resource.physical_id:
        await _tag(resource, answer["RuleArn"])
    await _put_targets(resource, name)
    return Resource(name, {"Arn": answer["RuleArn"]})


async def _tag(resource: ResourceRequest, arn: str) -> None:
    """Untag and tag what the resource is."""
    removed, put = tags.changes(resource)
    if removed:
        await resource.call("events", "UntagResource", {"ResourceARN": arn, "TagKeys": removed})
    if put:
        params = {"ResourceARN": arn, "Tags": tags.to_list(put)}
        await resource.call("events", "TagResource", params)


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
        "Tags": Property(),
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
    await _permit(resource)
    return _bus(properties["Name"], answer["EventBusArn"])


def _bus(name: str, arn: str) -> Resource:
    return Resource(name, {"Arn": arn, "Name": name})


async def _permit(resource: ResourceRequest) -> None:
    """Put, change or remove the bus's policy."""
    wanted, had = resource.properties.get("Policy"), resource.previous.get("Policy")
    bus = {"EventBusName": resource.properties["Name"]}
    if wanted:
        text = wanted if isinstance(wanted, str) else orjson.dumps(wanted).decode()
        await resource.call("events", "PutPermission", {**bus, "Policy": text})
    elif had:
        await resource.call("events", "RemovePermission", {**bus, "RemoveAllPermissions": True})


async def _update_bus(resource: ResourceRequest) -> Resource:
    properties = resource.properties
    params = {"Name": properties["Name"], "Description": properties.get("Description", "")}
    answer = await resource.call("events", "UpdateEventBus", params)
    await _permit(resource)
    await _tag(resource, answer["Arn"])
    return _bus(properties["Name"], answer["Arn"])


async def _delete_bus(resource: ResourceRequest) -> None:
    await resource.call("events", "DeleteEventBus", {"Name": resource.physical_id})


EVENT_BUS = ResourceType(
    name="AWS::Events::EventBus",
    properties={
        "Description": Property(),
        "Name": Property(required=True, replaces=True),
        "Policy": Property(),
        "Tags": Property(),
    },
    create=_create_bus,
    update=_update_bus,
    delete=_delete_bus,
    attributes=("Arn", "Name"),
)
