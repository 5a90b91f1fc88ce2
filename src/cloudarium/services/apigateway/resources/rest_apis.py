"""AWS::ApiGateway::RestApi and AWS::ApiGateway::Resource."""

from __future__ import annotations

from typing import Any

from cloudarium.core.errors import AwsError
from cloudarium.core.resources import Property, Resource, ResourceRequest, ResourceType
from cloudarium.gateway import bodies
from cloudarium.services.apigateway.patches import unescape
from cloudarium.services.apigateway.resources.shared import (
    Document,
    as_json,
    as_text,
    camel,
    delete,
    escaped,
    is_true,
    remove,
    replace,
    sync_tags,
    tags,
)

# Plain properties and their patch paths.
_PATHS = {
    "Name": "/name",
    "Description": "/description",
    "Version": "/version",
    "ApiKeySourceType": "/apiKeySource",
    "MinimumCompressionSize": "/minimumCompressionSize",
    "DisableExecuteApiEndpoint": "/disableExecuteApiEndpoint",
    "SecurityPolicy": "/securityPolicy",
    "EndpointAccessMode": "/endpointAccessMode",
}
_DEFAULTS: dict[str, Any] = {
    "ApiKeySourceType": "HEADER",
    "DisableExecuteApiEndpoint": False,
    "MinimumCompressionSize": "",
    "SecurityPolicy": "",
    "EndpointAccessMode": "",
}
_MODES = ("merge", "overwrite")


async def _create(resource: ResourceRequest) -> Resource:
    properties = resource.properties
    body = await _body(resource)
    if body is None:
        api = await resource.call("apigateway", "CreateRestApi", _new(resource))
        return _described(api)
    params = {
        "body": body,
        "failOnWarnings": is_true(properties.get("FailOnWarnings")),
        "parameters": {name: as_text(one) for name, one in _parameters(properties).items()},
    }
    api = await resource.call("apigateway", "ImportRestApi", params)
    try:
        await _patch(resource, api)
        await sync_tags(resource, _arn(resource, api["id"]), {})
    except AwsError:
        await delete(resource, "DeleteRestApi", {"restApiId": api["id"]})
        raise
    return _described(api)


async def _update(resource: ResourceRequest) -> Resource:
    properties, api_id = resource.properties, resource.physical_id
    body = await _body(resource)
    if body is not None:
        mode = str(properties.get("Mode", "overwrite")).lower()
        params = {
            "restApiId": api_id,
            "mode": mode if mode in _MODES else "overwrite",
            "body": body,
            "failOnWarnings": is_true(properties.get("FailOnWarnings")),
            "parameters": {name: as_text(one) for name, one in _parameters(properties).items()},
        }
        await resource.call("apigateway", "PutRestApi", params)
    api = await resource.call("apigateway", "GetRestApi", {"restApiId": api_id})
    await _patch(resource, api)
    await sync_tags(resource, _arn(resource, api_id), api.get("tags") or {})
    return _described(api)


async def _delete(resource: ResourceRequest) -> None:
    await delete(resource, "DeleteRestApi", {"restApiId": resource.physical_id})


def _new(resource: ResourceRequest) -> Document:
    properties = resource.properties
    params = camel(properties, "Name", "Description", "CloneFrom", "SecurityPolicy", "Version")
    if properties.get("EndpointAccessMode"):
        params["endpointAccessMode"] = properties["EndpointAccessMode"]
    params["binaryMediaTypes"] = _media_types(properties)
    params.setdefault("name", resource.generated_name())
    params["tags"] = tags(resource)
    params["disableExecuteApiEndpoint"] = is_true(properties.get("DisableExecuteApiEndpoint"))
    if "ApiKeySourceType" in properties:
        params["apiKeySource"] = properties["ApiKeySourceType"]
    if "MinimumCompressionSize" in properties:
        params["minimumCompressionSize"] = int(properties["MinimumCompressionSize"])
    if "Policy" in properties:
        params["policy"] = as_json(properties["Policy"])
    if endpoint := properties.get("EndpointConfiguration"):
        names = ("Types", "VpcEndpointIds", "IpAddressType")
        params["endpointConfiguration"] = camel(endpoint, *names)
    return params


def _parameters(properties: Document) -> Document:
    return properties.get("Parameters") or {}


async def _body(resource: ResourceRequest) -> bytes | None:
    """Return the OpenAPI document, from the template or from S3."""
    properties = resource.properties
    if properties.get("Body") is not None:
        return as_json(properties["Body"]).encode()
    return await bodies.from_s3(resource)


async def _patch(resource: ResourceRequest, api: Document) -> None:
    """Set what the template says besides the document, and take back what it no longer says."""
    properties, previous = resource.properties, resource.previous
    operations = [
        replace(path, properties[name]) for name, path in _PATHS.items() if name in properties
    ]
    for name, path in _PATHS.items():
        if name in previous and name not in properties and name != "Name":
            default = _DEFAULTS.get(name)
            operations.append(remove(path) if default is None else replace(path, default))
    operations += _policy(properties, previous)
    operations += _endpoint(properties, previous, api)
    operations += _binary_media_types(properties, previous, api)
    if operations:
        params = {"restApiId": api["id"], "patchOperations": operations}
        await resource.call("apigateway", "UpdateRestApi", params)


def _policy(properties: Document, previous: Document) -> list[Document]:
    if "Policy" in properties:
        return [replace("/policy", as_json(properties["Policy"]))]
    return [remove("/policy")] if "Policy" in previous else []


def _endpoint(properties: Document, previous: Document, api: Document) -> list[Document]:
    wanted = properties.get("EndpointConfiguration") or {}
    earlier = previous.get("EndpointConfiguration") or {}
    known, start = api["endpointConfiguration"], "/endpointConfiguration"
    patches = []
    if wanted.get("Types") and wanted["Types"] != known["types"]:
        patches.append(replace(f"{start}/types/{known['types'][0]}", wanted["Types"][0]))
    if wanted.get("IpAddressType", known["ipAddressType"]) != known["ipAddressType"]:
        patches.append(replace(f"{start}/ipAddressType", wanted["IpAddressType"]))
    if "VpcEndpointIds" not in {*wanted, *earlier}:
        return patches
    endpoints, path = known.get("vpcEndpointIds") or [], f"{start}/vpcEndpointIds"
    ids = wanted.get("VpcEndpointIds") or []
    patches += [{"op": "add", "path": path, "value": one} for one in ids if one not in endpoints]
    patches += [{**remove(path), "value": one} for one in endpoints if one not in ids]
    return patches


def _binary_media_types(properties: Document, previous: Document, api: Document) -> list[Document]:
    if "BinaryMediaTypes" not in properties and "BinaryMediaTypes" not in previous:
        return []
    wanted, known = _media_types(properties), api.get("binaryMediaTypes") or []
    path = "/binaryMediaTypes/"
    gone = [remove(path + escaped(one)) for one in known if one not in wanted]
    new = [{"op": "add", "path": path + escaped(one)} for one in wanted if one not in known]
    return [*gone, *new]


def _media_types(properties: Document) -> list[str]:
    """Return the binary media types; templates may write their slash as `~1`."""
    return [unescape(one) for one in properties.get("BinaryMediaTypes") or []]


def _arn(resource: ResourceRequest, api_id: str) -> str:
    return f"arn:aws:apigateway:{resource.region}::/restapis/{api_id}"


def _described(api: Document) -> Resource:
    return Resource(api["id"], {"RestApiId": api["id"], "RootResourceId": api["rootResourceId"]})


REST_API = ResourceType(
    name="AWS::ApiGateway::RestApi",
    properties={
        "ApiKeySourceType": Property(),
        "BinaryMediaTypes": Property(),
        "Body": Property(),
        "BodyS3Location": Property(),
        "CloneFrom": Property(),
        "Description": Property(),
        "DisableExecuteApiEndpoint": Property(),
        "EndpointAccessMode": Property(),
        "EndpointConfiguration": Property(),
        "FailOnWarnings": Property(),
        "MinimumCompressionSize": Property(),
        "Mode": Property(),
        "Name": Property(),
        "Parameters": Property(),
        "Policy": Property(),
        "SecurityPolicy": Property(),
        "Tags": Property(),
        "Version": Property(),
    },
    create=_create,
    update=_update,
    delete=_delete,
    attributes=("RestApiId", "RootResourceId"),
)


async def _create_resource(resource: ResourceRequest) -> Resource:
    params = camel(resource.properties, "RestApiId", "ParentId", "PathPart")
    made = await resource.call("apigateway", "CreateResource", params)
    return Resource(made["id"], {"ResourceId": made["id"]})


async def _delete_resource(resource: ResourceRequest) -> None:
    params = {
        "restApiId": resource.properties["RestApiId"],
        "resourceId": resource.physical_id,
    }
    await delete(resource, "DeleteResource", params)


RESOURCE = ResourceType(
    name="AWS::ApiGateway::Resource",
    properties={
        "ParentId": Property(required=True, replaces=True),
        "PathPart": Property(required=True, replaces=True),
        "RestApiId": Property(required=True, replaces=True),
    },
    create=_create_resource,
    delete=_delete_resource,
    attributes=("ResourceId",),
)
