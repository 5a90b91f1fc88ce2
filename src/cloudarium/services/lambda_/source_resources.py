"""CloudFormation's AWS::Lambda::EventSourceMapping."""

from __future__ import annotations

from typing import Any

from cloudarium.core import tags
from cloudarium.core.errors import AwsError
from cloudarium.core.resources import Property, Resource, ResourceRequest, ResourceType
from cloudarium.services.lambda_ import tag_changes

_NUMBERS = (
    "BatchSize",
    "MaximumBatchingWindowInSeconds",
    "MaximumRecordAgeInSeconds",
    "MaximumRetryAttempts",
    "ParallelizationFactor",
    "TumblingWindowInSeconds",
)
_OTHERS = ("DestinationConfig", "FilterCriteria", "FunctionName", "FunctionResponseTypes")
_CONFIGS = ("MetricsConfig", "ProvisionedPollerConfig", "ScalingConfig")
_FLAGS = ("BisectBatchOnFunctionError", "Enabled")
# What UpdateEventSourceMapping is sent when a property was taken out of the template.
_DEFAULTS: dict[str, Any] = {
    "Enabled": True,
    "FilterCriteria": {"Filters": []},
    "FunctionResponseTypes": [],
    "MaximumBatchingWindowInSeconds": 0,
    "MetricsConfig": {"Metrics": []},
}
_DEFAULTS_OF: dict[str, dict[str, Any]] = {
    "sqs": {"BatchSize": 10, "ScalingConfig": {}, "ProvisionedPollerConfig": {}},
    "dynamodb": {
        "BatchSize": 100,
        "BisectBatchOnFunctionError": False,
        "DestinationConfig": {"OnFailure": {}},
        "MaximumRecordAgeInSeconds": -1,
        "MaximumRetryAttempts": -1,
        "ParallelizationFactor": 1,
        "TumblingWindowInSeconds": 0,
    },
}


def _params(resource: ResourceRequest) -> dict[str, Any]:
    properties = resource.properties
    found: dict[str, Any] = {name: int(properties[name]) for name in _NUMBERS if name in properties}
    found |= {name: properties[name] for name in _OTHERS if name in properties}
    found |= {name: _truth(properties[name]) for name in _FLAGS if name in properties}
    if properties.get("MetricsConfig"):
        found["MetricsConfig"] = properties["MetricsConfig"]
    if properties.get("ProvisionedPollerConfig"):
        pollers = properties["ProvisionedPollerConfig"].items()
        found["ProvisionedPollerConfig"] = {name: int(value) for name, value in pollers}
    if properties.get("ScalingConfig"):
        most = properties["ScalingConfig"].get("MaximumConcurrency")
        found["ScalingConfig"] = {"MaximumConcurrency": int(most)} if most else {}
    return found


def _truth(value: Any) -> bool:
    return str(value).lower() == "true"


async def _create(resource: ResourceRequest) -> Resource:
    properties = resource.properties
    params = _params(resource) | {"EventSourceArn": properties["EventSourceArn"]}
    for name in ("StartingPosition", "StartingPositionTimestamp"):
        if name in properties:
            params[name] = properties[name]
    params["Tags"] = tags.of_resource(resource)
    return _made(await resource.call("lambda", "CreateEventSourceMapping", params))


def _made(answer: dict[str, Any]) -> Resource:
    attributes = {"Id": answer["UUID"], "EventSourceMappingArn": answer["EventSourceMappingArn"]}
    return Resource(answer["UUID"], attributes)


async def _update(resource: ResourceRequest) -> Resource:
    own = _DEFAULTS_OF[resource.properties["EventSourceArn"].split(":")[2]]
    params = {**_DEFAULTS, **own, **_params(resource), "UUID": resource.physical_id}
    answer = await resource.call("lambda", "UpdateEventSourceMapping", params)
    await tag_changes.apply(resource, answer["EventSourceMappingArn"])
    return _made(answer)


async def _delete(resource: ResourceRequest) -> None:
    try:
        await resource.call("lambda", "DeleteEventSourceMapping", {"UUID": resource.physical_id})
    except AwsError as error:
        if error.code != "ResourceNotFoundException":
            raise


EVENT_SOURCE_MAPPING = ResourceType(
    name="AWS::Lambda::EventSourceMapping",
    properties={
        "EventSourceArn": Property(required=True, replaces=True),
        "StartingPosition": Property(replaces=True),
        "StartingPositionTimestamp": Property(replaces=True),
        **{name: Property(required=name == "FunctionName") for name in _OTHERS},
        **{name: Property() for name in (*_NUMBERS, *_FLAGS, *_CONFIGS, "Tags")},
    },
    create=_create,
    update=_update,
    delete=_delete,
    attributes=("Id", "EventSourceMappingArn"),
)
