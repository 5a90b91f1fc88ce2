"""AWS::ApiGatewayV2::ApiGatewayManagedOverrides: what quick create made, made otherwise.

What is no longer overridden is as quick create makes it ("If you remove this property, API Gateway
restores the default values").
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cloudarium.core.errors import AwsError
from cloudarium.core.resources import Property, Resource, ResourceRequest, ResourceType
from cloudarium.services.apigatewayv2 import errors, integrations, limits
from cloudarium.services.apigatewayv2.resources.shared import MODEL, NOT_FOUND, Document, Noun
from cloudarium.services.apigatewayv2.resources.stages import change_stage

_INTEGRATION = ("Description", "IntegrationMethod", "PayloadFormatVersion", "TimeoutInMillis")
_ROUTE = ("AuthorizationScopes", "AuthorizationType", "AuthorizerId", "OperationName", "Target")
_STAGE = (
    "AccessLogSettings",
    "AutoDeploy",
    "DefaultRouteSettings",
    "Description",
    "RouteSettings",
    "StageVariables",
)
_KINDS = ("Integration", "Route", "Stage")


async def _create(resource: ResourceRequest) -> Resource:
    await _override(resource, {}, resource.properties)
    return _described(resource.properties["ApiId"])


async def _update(resource: ResourceRequest) -> Resource:
    await _override(resource, resource.previous, resource.properties)
    return _described(resource.physical_id)


def _described(api_id: str) -> Resource:
    """The overrides of an API are one, and go by its id here."""
    return Resource(api_id, {"Id": api_id})


async def _delete(resource: ResourceRequest) -> None:
    try:
        await _override(resource, resource.properties, {})
    except AwsError as error:
        if error.code != NOT_FOUND:
            raise


async def _override(
    resource: ResourceRequest, before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    place = {"ApiId": resource.properties["ApiId"]}
    integration = await _managed(resource, "Integration")
    route = await _managed(resource, "Route")
    stage = await _managed(resource, "Stage")
    nouns = (_integration(integration), _of_route(integration), _of_stage())
    changes = {
        kind: noun.changed(before.get(kind) or {}, after.get(kind) or {})
        for kind, noun in zip(_KINDS, nouns, strict=True)
    }
    if changes["Integration"]:
        params = {**place, "IntegrationId": integration["IntegrationId"], **changes["Integration"]}
        await resource.call(MODEL, "UpdateIntegration", params)
    if changes["Route"]:
        params = {**place, "RouteId": route["RouteId"], **changes["Route"]}
        await resource.call(MODEL, "UpdateRoute", params)
    if changes["Stage"]:
        await change_stage(resource, {**place, "StageName": stage["StageName"]}, changes["Stage"])


async def _managed(resource: ResourceRequest, kind: str) -> Document:
    """Return the one of a kind that quick create made."""
    api_id = resource.properties["ApiId"]
    found = await resource.call(MODEL, f"Get{kind}s", {"ApiId": api_id})
    for one in found["Items"]:
        if one.get("ApiGatewayManaged"):
            return dict(one)
    raise errors.NothingManaged(api_id=api_id, kind=kind)


def _integration(managed: Document) -> Noun:
    is_function = bool(integrations.function(managed))
    defaults = {
        "IntegrationMethod": "POST" if is_function else "ANY",
        "PayloadFormatVersion": "2.0" if is_function else "1.0",
        "TimeoutInMillis": limits.HTTP_TIMEOUT_MS,
    }
    return Noun("Integration", ("ApiId",), _INTEGRATION, defaults=defaults)


def _of_route(integration: Document) -> Noun:
    target = f"integrations/{integration['IntegrationId']}"
    defaults = {"AuthorizationType": "NONE", "Target": target}
    return Noun("Route", ("ApiId",), _ROUTE, defaults=defaults)


def _of_stage() -> Noun:
    maps = {"RouteSettings": {}, "StageVariables": ""}
    return Noun("Stage", ("ApiId",), _STAGE, maps=maps, defaults={"AutoDeploy": True})


MANAGED_OVERRIDES = ResourceType(
    name="AWS::ApiGatewayV2::ApiGatewayManagedOverrides",
    properties={
        "ApiId": Property(required=True, replaces=True),
        **{kind: Property() for kind in _KINDS},
    },
    create=_create,
    update=_update,
    delete=_delete,
    attributes=("Id",),
)
