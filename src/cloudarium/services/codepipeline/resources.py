"""CodePipeline's CloudFormation resource types."""

from __future__ import annotations

import json
from typing import Any

from cloudarium.core import tags
from cloudarium.core.errors import AwsError
from cloudarium.core.resources import Property, Resource, ResourceRequest, ResourceType

_MODEL = "codepipeline"
_NUMBERS = ("runOrder", "timeoutInMinutes")


async def _create(resource: ResourceRequest) -> Resource:
    name = resource.properties.get("Name") or resource.generated_name(100)
    declaration = _declaration(resource, name)
    params: dict[str, Any] = {"pipeline": declaration}
    if wanted := tags.of_resource(resource, system=False):
        params["tags"] = tags.to_list(wanted, tags.SMALL)
    answer = await resource.call(_MODEL, "CreatePipeline", params)
    await _close_transitions(resource, name)
    return _described(answer)


async def _update(resource: ResourceRequest) -> Resource:
    name = resource.physical_id
    params = {"pipeline": _declaration(resource, name)}
    answer = await resource.call(_MODEL, "UpdatePipeline", params)
    await _close_transitions(resource, name)
    await _retag(resource, name)
    if _is_true(resource.properties.get("RestartExecutionOnUpdate")):
        await resource.call(_MODEL, "StartPipelineExecution", {"name": name})
    return _described(answer)


async def _delete(resource: ResourceRequest) -> None:
    try:
        await resource.call(_MODEL, "DeletePipeline", {"name": resource.physical_id})
    except AwsError as error:
        if error.code != "PipelineNotFoundException":
            raise


def _described(answer: dict[str, Any]) -> Resource:
    pipeline = answer["pipeline"]
    return Resource(pipeline["name"], {"Version": str(pipeline["version"])})


def _is_true(value: Any) -> bool:
    return value is True or str(value).lower() == "true"


async def _close_transitions(resource: ResourceRequest, name: str) -> None:
    """Close the transitions the template closes, open those it closed before."""
    before, after = (
        {one["StageName"]: one["Reason"] for one in properties}
        for properties in (
            resource.previous.get("DisableInboundStageTransitions", []),
            resource.properties.get("DisableInboundStageTransitions", []),
        )
    )
    for stage, reason in after.items():
        params = {"pipelineName": name, "stageName": stage, "transitionType": "Inbound"}
        await resource.call(_MODEL, "DisableStageTransition", {**params, "reason": reason})
    stages = {stage["Name"] for stage in resource.properties["Stages"]}
    for stage in sorted(before.keys() & stages - after.keys()):
        params = {"pipelineName": name, "stageName": stage, "transitionType": "Inbound"}
        await resource.call(_MODEL, "EnableStageTransition", params)


async def _retag(resource: ResourceRequest, name: str) -> None:
    arn = f"arn:aws:codepipeline:{resource.region}:{resource.account}:{name}"
    gone, changed = tags.changes(resource, system=False)
    if gone:
        await resource.call(_MODEL, "UntagResource", {"resourceArn": arn, "tagKeys": gone})
    if changed:
        params = {"resourceArn": arn, "tags": tags.to_list(changed, tags.SMALL)}
        await resource.call(_MODEL, "TagResource", params)


def _declaration(resource: ResourceRequest, name: str) -> dict[str, Any]:
    """Return the PipelineDeclaration of the properties."""
    properties = resource.properties
    declaration: dict[str, Any] = {
        "name": name,
        "roleArn": properties["RoleArn"],
        "stages": [_lowered(stage) for stage in properties["Stages"]],
    }
    for key in ("ArtifactStore", "ExecutionMode", "PipelineType", "Variables", "Triggers"):
        if key in properties:
            declaration[_lower(key)] = _lowered(properties[key])
    if "ArtifactStores" in properties:
        declaration["artifactStores"] = {
            one["Region"]: _lowered(one["ArtifactStore"]) for one in properties["ArtifactStores"]
        }
    return declaration


def _lower(key: str) -> str:
    return key[0].lower() + key[1:]


def _lowered(value: Any) -> Any:
    """Return `value` with the API's names; an action's configuration keeps its own."""
    if isinstance(value, list):
        return [_lowered(one) for one in value]
    if not isinstance(value, dict):
        return value
    result: dict[str, Any] = {}
    for key, inner in value.items():
        name = _lower(key)
        if name == "configuration":
            result[name] = {one: _text(text) for one, text in inner.items()}
        else:
            result[name] = int(inner) if name in _NUMBERS else _lowered(inner)
    return result


def _text(value: Any) -> str:
    """Return a configuration value as the text CloudFormation makes of it."""
    return value if isinstance(value, str) else json.dumps(value)


PIPELINE = ResourceType(
    name="AWS::CodePipeline::Pipeline",
    properties={
        "Name": Property(replaces=True),
        "RoleArn": Property(required=True),
        "Stages": Property(required=True),
        "ArtifactStore": Property(),
        "ArtifactStores": Property(),
        "DisableInboundStageTransitions": Property(),
        "ExecutionMode": Property(),
        "PipelineType": Property(),
        "RestartExecutionOnUpdate": Property(),
        "Tags": Property(),
        "Triggers": Property(),
        "Variables": Property(),
    },
    create=_create,
    update=_update,
    delete=_delete,
    attributes=("Version",),
)
