"""AWS::ApiGatewayV2::Api and AWS::ApiGatewayV2::VpcLink."""

from __future__ import annotations

import json
from typing import Any

from cloudarium.core.errors import AwsError
from cloudarium.core.resources import Property, Resource, ResourceRequest, ResourceType
from cloudarium.gateway import bodies
from cloudarium.services.apigatewayv2.openapi import definition
from cloudarium.services.apigatewayv2.resources.shared import (
    MODEL,
    Document,
    delete,
    is_true,
    sync_tags,
    tags,
    typed,
)

_MEMBERS = (
    "ApiKeySelectionExpression",
    "CorsConfiguration",
    "CredentialsArn",
    "Description",
    "DisableExecuteApiEndpoint",
    "DisableSchemaValidation",
    "IpAddressType",
    "Name",
    "RouteKey",
    "RouteSelectionExpression",
    "Target",
    "Version",
)
_DEFAULTS: Document = {
    "ApiKeySelectionExpression": "$request.header.x-api-key",
    "Description": "",
    "DisableExecuteApiEndpoint": False,
    "DisableSchemaValidation": False,
    "IpAddressType": "ipv4",
    "Version": "",
}


async def _create(resource: ResourceRequest) -> Resource:
    properties = resource.properties
    body = await _body(resource)
    if body is None:
        params = {"ProtocolType": properties.get("ProtocolType"), **_told(properties)}
        params["Tags"] = tags(resource)
        return _described(resource, await resource.call(MODEL, "CreateApi", params))
    api = await resource.call(MODEL, "ImportApi", _import(properties, body))
    try:
        await _set(resource, api["ApiId"], _told(properties), body)
    except AwsError:
        await delete(resource, "DeleteApi", {"ApiId": api["ApiId"]})
        raise
    return _described(resource, api)


async def _update(resource: ResourceRequest) -> Resource:
    properties, api_id = resource.properties, resource.physical_id
    body = await _body(resource)
    if body is not None:
        await resource.call(MODEL, "ReimportApi", {"ApiId": api_id, **_import(properties, body)})
    told, before = _told(properties), _told(resource.previous)
    if "CorsConfiguration" in before and "CorsConfiguration" not in told and body is None:
        await delete(resource, "DeleteCorsConfiguration", {"ApiId": api_id})
    gone = {name: one for name, one in _DEFAULTS.items() if name in before and name not in told}
    await _set(resource, api_id, {**gone, **told}, body)
    return _described(resource, await resource.call(MODEL, "GetApi", {"ApiId": api_id}))


async def _delete(resource: ResourceRequest) -> None:
    await delete(resource, "DeleteApi", {"ApiId": resource.physical_id})


async def _set(resource: ResourceRequest, api_id: str, told: Document, body: str | None) -> None:
    if told:
        await resource.call(MODEL, "UpdateApi", {"ApiId": api_id, **told})
    own = definition.read(body).settings["Tags"] if body is not None else {}
    await sync_tags(resource, f"/apis/{api_id}", own)


def _told(properties: Document) -> Document:
    told: Document = typed(
        {name: properties[name] for name in _MEMBERS if properties.get(name) is not None}
    )
    return told


def _import(properties: Document, body: str) -> Document:
    params: Document = {
        "Body": body,
        "FailOnWarnings": is_true(properties.get("FailOnWarnings", False)),
    }
    if properties.get("BasePath"):
        params["Basepath"] = properties["BasePath"]
    return params


async def _body(resource: ResourceRequest) -> str | None:
    """Return the OpenAPI document, from the template or from S3."""
    properties = resource.properties
    given: Any = properties.get("Body")
    if given is not None:
        return given if isinstance(given, str) else json.dumps(given)
    found = await bodies.from_s3(resource)
    return None if found is None else found.decode("utf-8", "replace")


def _described(resource: ResourceRequest, api: Document) -> Resource:
    arn = f"arn:aws:execute-api:{resource.region}:{resource.account}:{api['ApiId']}"
    attributes = {"ApiId": api["ApiId"], "ApiEndpoint": api["ApiEndpoint"], "ExecuteApiArn": arn}
    return Resource(api["ApiId"], attributes)


API = ResourceType(
    name="AWS::ApiGatewayV2::Api",
    properties={
        **{name: Property() for name in _MEMBERS},
        "BasePath": Property(),
        "Body": Property(),
        "BodyS3Location": Property(),
        "FailOnWarnings": Property(),
        "ProtocolType": Property(replaces=True),
        "Tags": Property(),
    },
    create=_create,
    update=_update,
    delete=_delete,
    attributes=("ApiId", "ApiEndpoint", "ExecuteApiArn"),
)


async def _create_link(resource: ResourceRequest) -> Resource:
    properties = resource.properties
    params = {
        "Name": properties["Name"],
        "SubnetIds": properties["SubnetIds"],
        "SecurityGroupIds": properties.get("SecurityGroupIds") or [],
        "Tags": tags(resource),
    }
    made = await resource.call(MODEL, "CreateVpcLink", params)
    return Resource(made["VpcLinkId"], {"VpcLinkId": made["VpcLinkId"]})


async def _update_link(resource: ResourceRequest) -> Resource:
    link_id = resource.physical_id
    params = {"VpcLinkId": link_id, "Name": resource.properties["Name"]}
    await resource.call(MODEL, "UpdateVpcLink", params)
    await sync_tags(resource, f"/vpclinks/{link_id}")
    return Resource(link_id, {"VpcLinkId": link_id})


async def _delete_link(resource: ResourceRequest) -> None:
    await delete(resource, "DeleteVpcLink", {"VpcLinkId": resource.physical_id})


VPC_LINK = ResourceType(
    name="AWS::ApiGatewayV2::VpcLink",
    properties={
        "Name": Property(required=True),
        "SecurityGroupIds": Property(replaces=True),
        "SubnetIds": Property(required=True, replaces=True),
        "Tags": Property(),
    },
    create=_create_link,
    update=_update_link,
    delete=_delete_link,
    attributes=("VpcLinkId",),
)
