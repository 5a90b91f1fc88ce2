"""AWS::ApiGateway::ApiKey, UsagePlan and UsagePlanKey."""

from __future__ import annotations

from typing import Any

from cloudarium.core.errors import AwsError
from cloudarium.core.resources import Property, Resource, ResourceRequest, ResourceType
from cloudarium.services.apigateway.resources.shared import (
    NOT_FOUND,
    Document,
    camel,
    delete,
    escaped,
    is_true,
    remove,
    replace,
    sync_tags,
    tags,
)


async def _create_key(resource: ResourceRequest) -> Resource:
    properties = resource.properties
    params = camel(properties, "CustomerId", "Description", "Value")
    params["name"] = properties.get("Name") or resource.generated_name()
    params["enabled"] = is_true(properties.get("Enabled", False))
    params["tags"] = tags(resource)
    key = await resource.call("apigateway", "CreateApiKey", params)
    return _key(key["id"])


async def _update_key(resource: ResourceRequest) -> Resource:
    properties, key_id = resource.properties, resource.physical_id
    patches = [
        replace("/description", properties.get("Description", "")),
        replace("/customerId", properties.get("CustomerId", "")),
        replace("/enabled", is_true(properties.get("Enabled", False))),
    ]
    params = {"apiKey": key_id, "patchOperations": patches}
    await resource.call("apigateway", "UpdateApiKey", params)
    key = await resource.call("apigateway", "GetApiKey", {"apiKey": key_id})
    arn = f"arn:aws:apigateway:{resource.region}::/apikeys/{key_id}"
    await sync_tags(resource, arn, key.get("tags") or {})
    return _key(key_id)


async def _delete_key(resource: ResourceRequest) -> None:
    await delete(resource, "DeleteApiKey", {"apiKey": resource.physical_id})


def _key(key_id: str) -> Resource:
    return Resource(key_id, {"APIKeyId": key_id})


API_KEY = ResourceType(
    name="AWS::ApiGateway::ApiKey",
    properties={
        "CustomerId": Property(),
        "Description": Property(),
        "Enabled": Property(),
        "GenerateDistinctId": Property(replaces=True),
        "Name": Property(replaces=True),
        "StageKeys": Property(),
        "Tags": Property(),
        "Value": Property(replaces=True),
    },
    create=_create_key,
    update=_update_key,
    delete=_delete_key,
    attributes=("APIKeyId",),
)


def _throttle(given: Document | None) -> Document:
    found: Document = {}
    if given and "BurstLimit" in given:
        found["burstLimit"] = int(given["BurstLimit"])
    if given and "RateLimit" in given:
        found["rateLimit"] = float(given["RateLimit"])
    return found


def _quota(given: Document | None) -> Document:
    found = camel(given or {}, "Period")
    return found | {
        name.lower(): int(given[name]) for name in ("Limit", "Offset") if given and name in given
    }


def _stages(properties: Document) -> list[Document]:
    return [
        camel(one, "ApiId", "Stage")
        | {
            "throttle": {
                _method(place): _throttle(given)
                for place, given in (one.get("Throttle") or {}).items()
            }
        }
        for one in properties.get("ApiStages") or []
    ]


def _method(place: str) -> str:
    """Return `{path}/{METHOD}` with the leading slash the service keeps."""
    return place if place.startswith(("/", "*")) else f"/{place}"


async def _create_plan(resource: ResourceRequest) -> Resource:
    properties = resource.properties
    params: dict[str, Any] = {
        "name": properties.get("UsagePlanName") or resource.generated_name(),
        **camel(properties, "Description"),
        "apiStages": _stages(properties),
        "tags": tags(resource),
    }
    for name, value in (
        ("throttle", _throttle(properties.get("Throttle"))),
        ("quota", _quota(properties.get("Quota"))),
    ):
        if value:
            params[name] = value
    plan = await resource.call("apigateway", "CreateUsagePlan", params)
    return _plan(plan["id"])


async def _update_plan(resource: ResourceRequest) -> Resource:
    properties, previous = resource.properties, resource.previous
    plan_id = resource.physical_id
    patches = [replace("/description", properties.get("Description", ""))]
    if properties.get("UsagePlanName"):
        patches.append(replace("/name", properties["UsagePlanName"]))
    for member, wanted in (
        ("throttle", _throttle(properties.get("Throttle"))),
        ("quota", _quota(properties.get("Quota"))),
    ):
        patches += [replace(f"/{member}/{name}", one) for name, one in wanted.items()]
        if not wanted:
            patches.append(remove(f"/{member}"))
    patches += [
        {**remove("/apiStages"), "value": f"{one['apiId']}:{one['stage']}"}
        for one in _stages(previous)
    ]
    for one in _stages(properties):
        place = f"{one['apiId']}:{one['stage']}"
        patches.append({"op": "add", "path": "/apiStages", "value": place})
        for method, limits in one["throttle"].items():
            path, _, name = method.rpartition("/")
            start = f"/apiStages/{place}/throttle/{escaped(path)}/{name}"
            patches += [replace(f"{start}/{limit}", value) for limit, value in limits.items()]
    params = {"usagePlanId": plan_id, "patchOperations": patches}
    await resource.call("apigateway", "UpdateUsagePlan", params)
    plan = await resource.call("apigateway", "GetUsagePlan", {"usagePlanId": plan_id})
    arn = f"arn:aws:apigateway:{resource.region}::/usageplans/{plan_id}"
    await sync_tags(resource, arn, plan.get("tags") or {})
    return _plan(plan_id)


async def _delete_plan(resource: ResourceRequest) -> None:
    place = {"usagePlanId": resource.physical_id}
    try:
        plan = await resource.call("apigateway", "GetUsagePlan", place)
    except AwsError as error:
        if error.code != NOT_FOUND:
            raise
        return
    patches = [
        {**remove("/apiStages"), "value": f"{one['apiId']}:{one['stage']}"}
        for one in plan["apiStages"]
    ]
    if patches:
        await resource.call("apigateway", "UpdateUsagePlan", {**place, "patchOperations": patches})
    await delete(resource, "DeleteUsagePlan", {"usagePlanId": resource.physical_id})


def _plan(plan_id: str) -> Resource:
    return Resource(plan_id, {"Id": plan_id})


USAGE_PLAN = ResourceType(
    name="AWS::ApiGateway::UsagePlan",
    properties={
        "ApiStages": Property(),
        "Description": Property(),
        "Quota": Property(),
        "Tags": Property(),
        "Throttle": Property(),
        "UsagePlanName": Property(),
    },
    create=_create_plan,
    update=_update_plan,
    delete=_delete_plan,
    attributes=("Id",),
)


async def _create_plan_key(resource: ResourceRequest) -> Resource:
    params = camel(resource.properties, "KeyId", "KeyType", "UsagePlanId")
    await resource.call("apigateway", "CreateUsagePlanKey", params)
    made = f"{params['keyId']}:{params['usagePlanId']}"
    return Resource(made, {"Id": made})


async def _update_plan_key(resource: ResourceRequest) -> Resource:
    return Resource(resource.physical_id, {"Id": resource.physical_id})


async def _delete_plan_key(resource: ResourceRequest) -> None:
    await delete(resource, "DeleteUsagePlanKey", camel(resource.properties, "KeyId", "UsagePlanId"))


USAGE_PLAN_KEY = ResourceType(
    name="AWS::ApiGateway::UsagePlanKey",
    properties={
        "KeyId": Property(required=True, replaces=True),
        "KeyType": Property(required=True, replaces=True),
        "UsagePlanId": Property(required=True, replaces=True),
    },
    create=_create_plan_key,
    update=_update_plan_key,
    delete=_delete_plan_key,
    attributes=("Id",),
)
