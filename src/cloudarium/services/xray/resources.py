"""X-Ray's CloudFormation resource types."""

from __future__ import annotations

from typing import Any

import orjson

from cloudarium.core import tags
from cloudarium.core.errors import AwsError
from cloudarium.core.resources import Property, Resource, ResourceRequest, ResourceType
from cloudarium.services.xray.errors import GroupNotFound

_NUMBERS = {"Priority": int, "ReservoirSize": int, "Version": int, "FixedRate": float}


async def _retag(resource: ResourceRequest, arn: str) -> None:
    gone, put = tags.changes(resource, system=False)
    if gone:
        await resource.call("xray", "UntagResource", {"ResourceARN": arn, "TagKeys": gone})
    if put:
        params = {"ResourceARN": arn, "Tags": tags.to_list(put)}
        await resource.call("xray", "TagResource", params)


async def _deleted(resource: ResourceRequest, operation: str, params: dict[str, str]) -> None:
    try:
        await resource.call("xray", operation, params)
    except AwsError as error:
        if not GroupNotFound.matches(error):  # the code that all of X-Ray's missing things have
            raise


def _group_params(properties: dict[str, Any]) -> dict[str, Any]:
    params: dict[str, Any] = {"FilterExpression": properties.get("FilterExpression", "")}
    configuration = properties.get("InsightsConfiguration")
    if configuration:
        params["InsightsConfiguration"] = {
            name: str(value).lower() == "true" for name, value in configuration.items()
        }
    return params


async def _create_group(resource: ResourceRequest) -> Resource:
    properties = resource.properties
    name = properties.get("GroupName") or resource.generated_name(32)
    params = {
        "GroupName": name,
        "Tags": tags.to_list(tags.of_resource(resource, system=False)),
        **_group_params(properties),
    }
    arn = (await resource.call("xray", "CreateGroup", params))["Group"]["GroupARN"]
    return Resource(arn, {"GroupARN": arn})


async def _update_group(resource: ResourceRequest) -> Resource:
    arn = resource.physical_id
    await resource.call(
        "xray", "UpdateGroup", {"GroupARN": arn, **_group_params(resource.properties)}
    )
    await _retag(resource, arn)
    return Resource(arn, {"GroupARN": arn})


async def _delete_group(resource: ResourceRequest) -> None:
    await _deleted(resource, "DeleteGroup", {"GroupARN": resource.physical_id})


GROUP = ResourceType(
    name="AWS::XRay::Group",
    properties={
        "GroupName": Property(required=True, replaces=True),
        "FilterExpression": Property(),
        "InsightsConfiguration": Property(),
        "Tags": Property(),
    },
    create=_create_group,
    update=_update_group,
    delete=_delete_group,
    attributes=("GroupARN",),
)


def _rule(properties: dict[str, Any]) -> dict[str, Any]:
    given = properties.get("SamplingRule") or {}
    rule = {
        name: _NUMBERS[name](value) if name in _NUMBERS else value for name, value in given.items()
    }
    return {"Version": 1, **rule}


async def _create_rule(resource: ResourceRequest) -> Resource:
    rule = _rule(resource.properties)
    rule.setdefault("RuleName", resource.generated_name(32))
    params = {
        "SamplingRule": rule,
        "Tags": tags.to_list(tags.of_resource(resource, system=False)),
    }
    answer = await resource.call("xray", "CreateSamplingRule", params)
    arn = answer["SamplingRuleRecord"]["SamplingRule"]["RuleARN"]
    return Resource(arn, {"RuleARN": arn})


async def _update_rule(resource: ResourceRequest) -> Resource:
    arn = resource.physical_id
    rule = _rule(resource.properties)
    changes = {name: value for name, value in rule.items() if name not in ("RuleName", "Version")}
    await resource.call(
        "xray", "UpdateSamplingRule", {"SamplingRuleUpdate": {**changes, "RuleARN": arn}}
    )
    await _retag(resource, arn)
    return Resource(arn, {"RuleARN": arn})


async def _delete_rule(resource: ResourceRequest) -> None:
    await _deleted(resource, "DeleteSamplingRule", {"RuleARN": resource.physical_id})


SAMPLING_RULE = ResourceType(
    name="AWS::XRay::SamplingRule",
    properties={"SamplingRule": Property(required=True), "Tags": Property()},
    create=_create_rule,
    update=_update_rule,
    delete=_delete_rule,
    attributes=("RuleARN",),
)


async def _put_policy(resource: ResourceRequest) -> Resource:
    properties = resource.properties
    document = properties["PolicyDocument"]
    params = {
        "PolicyName": properties["PolicyName"],
        "PolicyDocument": document
        if isinstance(document, str)
        else orjson.dumps(document).decode(),
        "BypassPolicyLockoutCheck": str(properties.get("BypassPolicyLockoutCheck")).lower()
        == "true",
    }
    await resource.call("xray", "PutResourcePolicy", params)
    return Resource(properties["PolicyName"])


async def _delete_policy(resource: ResourceRequest) -> None:
    await _deleted(resource, "DeleteResourcePolicy", {"PolicyName": resource.physical_id})


RESOURCE_POLICY = ResourceType(
    name="AWS::XRay::ResourcePolicy",
    properties={
        "PolicyName": Property(required=True, replaces=True),
        "PolicyDocument": Property(required=True),
        "BypassPolicyLockoutCheck": Property(),
    },
    create=_put_policy,
    update=_put_policy,
    delete=_delete_policy,
)
