"""Application Auto Scaling's CloudFormation resource types.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_ApplicationAutoScaling.html
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from cloudarium.core.errors import AwsError
from cloudarium.core.resources import Property, Resource, ResourceRequest, ResourceType
from cloudarium.services.autoscaling.errors import TargetNotFound

_MODEL = "application-autoscaling"
_KEY = ("ResourceId", "ScalableDimension", "ServiceNamespace")
_TRACKING = "TargetTrackingScalingPolicyConfiguration"
_INTEGERS = ("MinCapacity", "MaxCapacity", "ScaleInCooldown", "ScaleOutCooldown")
_TIMES = ("StartTime", "EndTime")


def _fitted(value: Any, name: str = "") -> Any:
    """Return a property with numbers and truth values as such: templates may have them as text."""
    if isinstance(value, dict):
        return {key: _fitted(each, key) for key, each in value.items()}
    if isinstance(value, list):
        return [_fitted(each) for each in value]
    if name in _INTEGERS:
        return int(value)
    if name == "TargetValue":
        return float(value)
    if name in _TIMES:
        moment = datetime.fromisoformat(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    return value


def _key(resource: ResourceRequest) -> dict[str, str]:
    """Return what the target is known by: members of its own, or the target's id."""
    properties = resource.properties
    if "ScalingTargetId" in properties:
        return dict(zip(_KEY, properties["ScalingTargetId"].split("|"), strict=True))
    return {name: properties[name] for name in _KEY}


async def _put_target(resource: ResourceRequest) -> Resource:
    properties, key = resource.properties, _key(resource)
    names = ("MinCapacity", "MaxCapacity", "RoleARN", "SuspendedState")
    given = {name: _fitted(properties[name], name) for name in names if name in properties}
    await resource.call(_MODEL, "RegisterScalableTarget", {**key, **given})
    wanted = properties.get("ScheduledActions", [])
    kept = {action["ScheduledActionName"] for action in wanted}
    for action in resource.previous.get("ScheduledActions", []):
        name = action["ScheduledActionName"]
        if name not in kept:
            params = {**key, "ScheduledActionName": name}
            await resource.call(_MODEL, "DeleteScheduledAction", params)
    for action in wanted:
        await resource.call(_MODEL, "PutScheduledAction", {**key, **_fitted(action)})
    identifier = "|".join(key[name] for name in _KEY)
    return Resource(identifier, {"Id": identifier})


async def _delete_target(resource: ResourceRequest) -> None:
    await _deleted(resource, "DeregisterScalableTarget", _key(resource))


async def _deleted(resource: ResourceRequest, operation: str, params: dict[str, str]) -> None:
    try:
        await resource.call(_MODEL, operation, params)
    except AwsError as error:
        if not TargetNotFound.matches(error):
            raise


SCALABLE_TARGET = ResourceType(
    name="AWS::ApplicationAutoScaling::ScalableTarget",
    properties={
        **{name: Property(required=True, replaces=True) for name in _KEY},
        **{name: Property(required=True) for name in ("MinCapacity", "MaxCapacity")},
        **{name: Property() for name in ("RoleARN", "ScheduledActions", "SuspendedState")},
    },
    create=_put_target,
    update=_put_target,
    delete=_delete_target,
    attributes=("Id",),
)


async def _put_policy(resource: ResourceRequest) -> Resource:
    properties = resource.properties
    params = {
        **_key(resource),
        "PolicyName": properties["PolicyName"],
        "PolicyType": properties["PolicyType"],
    }
    if _TRACKING in properties:
        params[_TRACKING] = _fitted(properties[_TRACKING])
    answer = await resource.call(_MODEL, "PutScalingPolicy", params)
    return Resource(answer["PolicyARN"], {"Arn": answer["PolicyARN"]})


async def _delete_policy(resource: ResourceRequest) -> None:
    params = {**_key(resource), "PolicyName": resource.properties["PolicyName"]}
    await _deleted(resource, "DeleteScalingPolicy", params)


SCALING_POLICY = ResourceType(
    name="AWS::ApplicationAutoScaling::ScalingPolicy",
    properties={
        **{name: Property(required=True, replaces=True) for name in ("PolicyName", "PolicyType")},
        **{name: Property(replaces=True) for name in (*_KEY, "ScalingTargetId")},
        _TRACKING: Property(),
    },
    create=_put_policy,
    update=_put_policy,
    delete=_delete_policy,
    attributes=("Arn",),
)
