"""AWS::ApiGateway::Deployment and AWS::ApiGateway::Stage."""

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
    own_tags,
    remove,
    replace,
    retag,
    sync_tags,
    tags,
)

# A method setting's property and the end of its patch path.
_METHOD_SETTINGS = {
    "MetricsEnabled": "metrics/enabled",
    "DataTraceEnabled": "logging/dataTrace",
    "LoggingLevel": "logging/loglevel",
    "ThrottlingBurstLimit": "throttling/burstLimit",
    "ThrottlingRateLimit": "throttling/rateLimit",
    "CachingEnabled": "caching/enabled",
    "CacheTtlInSeconds": "caching/ttlInSeconds",
    "CacheDataEncrypted": "caching/dataEncrypted",
}


async def _create_deployment(resource: ResourceRequest) -> Resource:
    properties = resource.properties
    params = camel(properties, "RestApiId", "Description", "StageName")
    stage = _stage_described(properties)
    params |= camel(stage, "Variables")
    if stage.get("Description"):
        params["stageDescription"] = stage["Description"]
    params |= _canary(properties.get("DeploymentCanarySettings") or stage.get("CanarySetting"))
    params |= _cache(stage)
    made = await resource.call("apigateway", "CreateDeployment", params)
    if properties.get("StageName"):
        documented = camel(stage, "DocumentationVersion").values()
        patches = [replace("/documentationVersion", one) for one in documented]
        await _patch_stage(resource, [*patches, *_stage_patches({}, stage)])
        await _tag_stage(resource, {}, stage)
    return _described(made["id"])


async def _update_deployment(resource: ResourceRequest) -> Resource:
    """Change the description, and the stage it made, which goes on serving the same snapshot."""
    properties, previous = resource.properties, resource.previous
    params = {
        "restApiId": properties["RestApiId"],
        "deploymentId": resource.physical_id,
        "patchOperations": [replace("/description", properties.get("Description", ""))],
    }
    await resource.call("apigateway", "UpdateDeployment", params)
    before, after = _stage_described(previous), _stage_described(properties)
    name, earlier = properties.get("StageName"), previous.get("StageName")
    if name and name == earlier:
        await _patch_stage(resource, _changes(before, after))
        await _tag_stage(resource, before, after)
    elif name:
        stage = {
            **camel(properties, "RestApiId", "StageName"),
            "deploymentId": resource.physical_id,
        }
        await resource.call("apigateway", "CreateStage", {**stage, **_told(after)})
        await _patch_stage(resource, _stage_patches({}, after))
        await _tag_stage(resource, {}, after)
    if name != earlier:
        await _drop_stage(resource, previous)
    return _described(resource.physical_id)


def _stage_described(properties: Document) -> Document:
    """Return a `StageDescription` as a stage's properties; its own settings are for all methods."""
    stage = properties.get("StageDescription") or {}
    own = {name: stage[name] for name in _METHOD_SETTINGS if name in stage}
    settings = [own, *(stage.get("MethodSettings") or [])] if own else stage.get("MethodSettings")
    return {**stage, "MethodSettings": settings}


async def _tag_stage(resource: ResourceRequest, before: Document, after: Document) -> None:
    """Give a stage the tags of its `StageDescription`."""
    place = camel(resource.properties, "RestApiId", "StageName")
    await retag(resource, _stage_arn(resource, place), own_tags(before), own_tags(after))


async def _delete_deployment(resource: ResourceRequest) -> None:
    """Delete a deployment, and the stage it made if that still points to it."""
    await _drop_stage(resource, resource.properties)
    params = {**camel(resource.properties, "RestApiId"), "deploymentId": resource.physical_id}
    await delete(resource, "DeleteDeployment", params)


async def _drop_stage(resource: ResourceRequest, properties: Document) -> None:
    place = camel(properties, "RestApiId", "StageName")
    if "stageName" not in place:
        return
    try:
        stage = await resource.call("apigateway", "GetStage", place)
    except AwsError as error:
        if error.code != NOT_FOUND:
            raise
        return
    if stage["deploymentId"] == resource.physical_id:
        await delete(resource, "DeleteStage", place)


def _canary(given: Document | None) -> Document:
    """Return the parameter for a canary."""
    if not given:
        return {}
    settings = {
        "percentTraffic": float(given.get("PercentTraffic", 0)),
        "useStageCache": is_true(given.get("UseStageCache", False)),
        **camel(given, "DeploymentId"),
    }
    if given.get("StageVariableOverrides"):
        settings["stageVariableOverrides"] = given["StageVariableOverrides"]
    return {"canarySettings": settings}


def _cache(given: Document) -> Document:
    enabled = is_true(given.get("CacheClusterEnabled"))
    return {"cacheClusterEnabled": enabled, **camel(given, "CacheClusterSize")}


def _described(deployment_id: str) -> Resource:
    return Resource(deployment_id, {"DeploymentId": deployment_id})


DEPLOYMENT = ResourceType(
    name="AWS::ApiGateway::Deployment",
    properties={
        "DeploymentCanarySettings": Property(replaces=True),
        "Description": Property(),
        "RestApiId": Property(required=True, replaces=True),
        "StageDescription": Property(),
        "StageName": Property(),
    },
    create=_create_deployment,
    update=_update_deployment,
    delete=_delete_deployment,
    attributes=("DeploymentId",),
)


async def _create_stage(resource: ResourceRequest) -> Resource:
    properties = resource.properties
    params = camel(properties, "RestApiId", "StageName", "DeploymentId") | _told(properties)
    params["tags"] = tags(resource)
    await resource.call("apigateway", "CreateStage", params)
    try:
        await _patch_stage(resource, _stage_patches({}, properties))
    except AwsError:
        await _delete_stage(resource)
        raise
    return Resource(properties["StageName"])


def _told(properties: Document) -> Document:
    """Return what CreateStage is told of a stage's properties besides its place."""
    plain = camel(properties, "Description", "Variables", "DocumentationVersion")
    return {**plain, **_cache(properties), **_canary(properties.get("CanarySetting"))}


async def _update_stage(resource: ResourceRequest) -> Resource:
    properties, previous = resource.properties, resource.previous
    deployed = replace("/deploymentId", properties["DeploymentId"])
    await _patch_stage(resource, [deployed, *_changes(previous, properties)])
    place = camel(properties, "RestApiId", "StageName")
    stage = await resource.call("apigateway", "GetStage", place)
    await sync_tags(resource, _stage_arn(resource, place), stage.get("tags") or {})
    return Resource(resource.physical_id)


def _changes(previous: Document, properties: Document) -> list[Document]:
    """Return the patches from a stage's previous properties to those wanted."""
    patches = [replace("/description", properties.get("Description", ""))]
    wanted, known = properties.get("Variables") or {}, previous.get("Variables") or {}
    patches += [remove(f"/variables/{escaped(name)}") for name in known if name not in wanted]
    patches += [replace(f"/variables/{escaped(name)}", one) for name, one in wanted.items()]
    return [*patches, *_kept_patches(previous, properties), *_stage_patches(previous, properties)]


def _kept_patches(previous: Document, properties: Document) -> list[Document]:
    """Return the patches for cache cluster, canary and documentation."""
    patches = []
    if "CacheClusterEnabled" in properties or "CacheClusterEnabled" in previous:
        patches.append(
            replace("/cacheClusterEnabled", is_true(properties.get("CacheClusterEnabled")))
        )
    if properties.get("CacheClusterSize"):
        patches.append(replace("/cacheClusterSize", properties["CacheClusterSize"]))
    if "DocumentationVersion" in properties:
        patches.append(replace("/documentationVersion", properties["DocumentationVersion"]))
    if previous.get("CanarySetting"):
        patches.append(remove("/canarySettings"))
    canary = _canary(properties.get("CanarySetting")).get("canarySettings", {})
    overrides = canary.pop("stageVariableOverrides", {})
    patches += [replace(f"/canarySettings/{name}", one) for name, one in canary.items()]
    patches += [
        replace(f"/canarySettings/stageVariableOverrides/{escaped(name)}", one)
        for name, one in overrides.items()
    ]
    return patches


async def _delete_stage(resource: ResourceRequest) -> None:
    await delete(resource, "DeleteStage", camel(resource.properties, "RestApiId", "StageName"))


async def _patch_stage(resource: ResourceRequest, patches: list[Document]) -> None:
    if patches:
        place = camel(resource.properties, "RestApiId", "StageName")
        params = {**place, "patchOperations": patches}
        await resource.call("apigateway", "UpdateStage", params)


def _stage_arn(resource: ResourceRequest, place: Document) -> str:
    path = f"/restapis/{place['restApiId']}/stages/{place['stageName']}"
    return f"arn:aws:apigateway:{resource.region}::{path}"


def _stage_patches(previous: Document, properties: Document) -> list[Document]:
    """Return the patches from the previous settings, logs and tracing to those wanted."""
    patches = []
    if "TracingEnabled" in properties or "TracingEnabled" in previous:
        patches.append(replace("/tracingEnabled", is_true(properties.get("TracingEnabled"))))
    if "ClientCertificateId" in properties or "ClientCertificateId" in previous:
        patches.append(replace("/clientCertificateId", properties.get("ClientCertificateId", "")))
    log = properties.get("AccessLogSetting") or {}
    if log:
        patches += [
            replace(f"/accessLogSettings/{path}", log[name])
            for name, path in (("DestinationArn", "destinationArn"), ("Format", "format"))
            if name in log
        ]
    elif previous.get("AccessLogSetting"):
        patches.append(remove("/accessLogSettings"))
    known, wanted = _methods(previous), _methods(properties)
    patches += [remove(path) for path, one in known.items() if one.keys() - wanted.get(path, {})]
    for path, one in wanted.items():
        patches += [
            replace(f"{path}/{end}", one[name])
            for name, end in _METHOD_SETTINGS.items()
            if name in one
        ]
    return patches


def _methods(properties: Document) -> dict[str, Document]:
    return {_method_path(one): one for one in properties.get("MethodSettings") or []}


def _method_path(setting: dict[str, Any]) -> str:
    """Return where a method's settings are: `/{resource path}/{HTTP method}`, or `/*/*`."""
    path = setting.get("ResourcePath", "/*").removeprefix("/").replace("~1", "/")
    return f"/{escaped(path)}/{setting.get('HttpMethod', '*')}"


STAGE = ResourceType(
    name="AWS::ApiGateway::Stage",
    properties={
        "AccessLogSetting": Property(),
        "CacheClusterEnabled": Property(),
        "CacheClusterSize": Property(),
        "CanarySetting": Property(),
        "ClientCertificateId": Property(),
        "DeploymentId": Property(),
        "Description": Property(),
        "DocumentationVersion": Property(),
        "MethodSettings": Property(),
        "RestApiId": Property(required=True, replaces=True),
        "StageName": Property(replaces=True),
        "Tags": Property(),
        "TracingEnabled": Property(),
        "Variables": Property(),
    },
    create=_create_stage,
    update=_update_stage,
    delete=_delete_stage,
)
