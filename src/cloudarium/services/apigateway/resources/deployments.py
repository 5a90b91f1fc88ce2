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
    remove,
    replace,
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
    stage = properties.get("StageDescription") or {}
    params |= camel(stage, "Variables")
    if stage.get("Description"):
        params["stageDescription"] = stage["Description"]
    params |= _canary(properties.get("DeploymentCanarySettings") or stage.get("CanarySetting"))
    params |= _cache(stage)
    made = await resource.call("apigateway", "CreateDeployment", params)
    settings = {**stage, "MethodSettings": [stage, *(stage.get("MethodSettings") or [])]}
    if properties.get("StageName") and (patches := _stage_patches({}, settings)):
        place = camel(properties, "RestApiId", "StageName")
        await resource.call("apigateway", "UpdateStage", {**place, "patchOperations": patches})
    return _described(made["id"])


async def _update_deployment(resource: ResourceRequest) -> Resource:
    properties, deployment_id = resource.properties, resource.physical_id
    params = {
        "restApiId": properties["RestApiId"],
        "deploymentId": deployment_id,
        "patchOperations": [replace("/description", properties.get("Description", ""))],
    }
    await resource.call("apigateway", "UpdateDeployment", params)
    return _described(deployment_id)


async def _delete_deployment(resource: ResourceRequest) -> None:
    """Delete a deployment, and the stage it made if that still points to it."""
    properties = resource.properties
    place = camel(properties, "RestApiId", "StageName")
    if "stageName" in place:
        try:
            stage = await resource.call("apigateway", "GetStage", place)
        except AwsError as error:
            if error.code != NOT_FOUND:
                raise
        else:
            if stage["deploymentId"] == resource.physical_id:
                await delete(resource, "DeleteStage", place)
    params = {"restApiId": place["restApiId"], "deploymentId": resource.physical_id}
    await delete(resource, "DeleteDeployment", params)


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
        "StageDescription": Property(replaces=True),
        "StageName": Property(replaces=True),
    },
    create=_create_deployment,
    update=_update_deployment,
    delete=_delete_deployment,
    attributes=("DeploymentId",),
)


async def _create_stage(resource: ResourceRequest) -> Resource:
    properties = resource.properties
    params = camel(
        properties,
        "RestApiId",
        "StageName",
        "DeploymentId",
        "Description",
        "Variables",
        "DocumentationVersion",
    )
    params["tags"] = tags(resource)
    params |= _cache(properties)
    params |= _canary(properties.get("CanarySetting"))
    await resource.call("apigateway", "CreateStage", params)
    try:
        await _patch_stage(resource, _stage_patches({}, properties))
    except AwsError:
        await _delete_stage(resource)
        raise
    return Resource(properties["StageName"])


async def _update_stage(resource: ResourceRequest) -> Resource:
    properties, previous = resource.properties, resource.previous
    patches = [
        replace("/deploymentId", properties["DeploymentId"]),
        replace("/description", properties.get("Description", "")),
    ]
    wanted, known = properties.get("Variables") or {}, previous.get("Variables") or {}
    patches += [remove(f"/variables/{escaped(name)}") for name in known if name not in wanted]
    patches += [replace(f"/variables/{escaped(name)}", one) for name, one in wanted.items()]
    patches += _kept_patches(previous, properties)
    patches += _stage_patches(previous, properties)
    await _patch_stage(resource, patches)
    place = camel(properties, "RestApiId", "StageName")
    stage = await resource.call("apigateway", "GetStage", place)
    await sync_tags(resource, _stage_arn(resource, place), stage.get("tags") or {})
    return Resource(resource.physical_id)


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
    gone = [_method_path(one) for one in previous.get("MethodSettings") or []]
    kept = [_method_path(one) for one in properties.get("MethodSettings") or []]
    patches += [remove(path) for path in gone if path not in kept]
    for one in properties.get("MethodSettings") or []:
        path = _method_path(one)
        patches += [
            replace(f"{path}/{end}", one[name])
            for name, end in _METHOD_SETTINGS.items()
            if name in one
        ]
    return patches


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
