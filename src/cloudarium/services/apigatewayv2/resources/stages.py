"""AWS::ApiGatewayV2::Deployment, Stage, DomainName and ApiMapping."""

from __future__ import annotations

from dataclasses import replace

from cloudarium.core.resources import Property, Resource, ResourceRequest, ResourceType
from cloudarium.services.apigatewayv2 import stages
from cloudarium.services.apigatewayv2.resources.shared import (
    MODEL,
    Document,
    Noun,
    delete,
    sync_tags,
    tags,
)

_DEPLOYMENT = Noun("Deployment", ("ApiId",), ("Description", "StageName"))


async def _update_deployment(resource: ResourceRequest) -> Resource:
    """Change a deployment, and give it to its stage if that is another ("no interruption")."""
    place = {"ApiId": resource.properties["ApiId"], "DeploymentId": resource.physical_id}
    changes = _DEPLOYMENT.changes(resource)
    stage = changes.pop("StageName", None)
    await resource.call(MODEL, "UpdateDeployment", {**place, **changes})
    if stage and stage != resource.previous.get("StageName"):
        await resource.call(MODEL, "UpdateStage", {**place, "StageName": stage})
    return Resource(resource.physical_id, {"DeploymentId": resource.physical_id})


DEPLOYMENT = replace(_DEPLOYMENT.type(), update=_update_deployment)

_STAGE = Noun(
    "Stage",
    ("ApiId", "StageName"),
    (*stages.MEMBERS, "DeploymentId"),
    maps={"RouteSettings": {}, "StageVariables": ""},
    defaults={"DeploymentId": None},
)


async def _create_stage(resource: ResourceRequest) -> Resource:
    params = {**_stage(resource), **_STAGE.prepare(_STAGE.told(resource.properties))}
    await resource.call(MODEL, "CreateStage", {**params, "Tags": tags(resource)})
    return Resource(resource.properties["StageName"])


async def _update_stage(resource: ResourceRequest) -> Resource:
    place = _stage(resource)
    await change_stage(resource, place, _STAGE.changes(resource))
    await sync_tags(resource, f"/apis/{place['ApiId']}/stages/{place['StageName']}")
    return Resource(resource.physical_id)


async def change_stage(resource: ResourceRequest, place: Document, changes: Document) -> None:
    """Give the stage at `place` (`ApiId`, `StageName`) other members."""
    if not changes.get("AccessLogSettings", True):
        await delete(resource, "DeleteAccessLogSettings", place)
        del changes["AccessLogSettings"]
    given = {name: one for name, one in changes.items() if one is not None}
    await resource.call(MODEL, "UpdateStage", {**place, **given})


async def _delete_stage(resource: ResourceRequest) -> None:
    await delete(resource, "DeleteStage", _stage(resource))


def _stage(resource: ResourceRequest) -> Document:
    return {name: resource.properties[name] for name in _STAGE.parents}


STAGE = ResourceType(
    name="AWS::ApiGatewayV2::Stage",
    properties={
        **{name: Property(required=True, replaces=True) for name in _STAGE.parents},
        **{name: Property() for name in _STAGE.members},
        "Tags": Property(),
    },
    create=_create_stage,
    update=_update_stage,
    delete=_delete_stage,
)

_DOMAIN_MEMBERS = ("DomainNameConfigurations", "MutualTlsAuthentication", "RoutingMode")


async def _create_domain(resource: ResourceRequest) -> Resource:
    made = await resource.call(
        MODEL, "CreateDomainName", {**_domain(resource), "Tags": tags(resource)}
    )
    return _described(made)


async def _update_domain(resource: ResourceRequest) -> Resource:
    made = await resource.call(MODEL, "UpdateDomainName", _domain(resource))
    await sync_tags(resource, f"/domainnames/{resource.physical_id}")
    return _described(made)


async def _delete_domain(resource: ResourceRequest) -> None:
    await delete(resource, "DeleteDomainName", {"DomainName": resource.physical_id})


def _domain(resource: ResourceRequest) -> Document:
    properties = resource.properties
    told = {name: properties[name] for name in _DOMAIN_MEMBERS if properties.get(name)}
    return {"DomainName": properties["DomainName"], **told}


def _described(domain: Document) -> Resource:
    configuration = domain["DomainNameConfigurations"][0]
    return Resource(
        domain["DomainName"],
        {
            "DomainNameArn": domain["DomainNameArn"],
            "RegionalDomainName": configuration["ApiGatewayDomainName"],
            "RegionalHostedZoneId": configuration["HostedZoneId"],
        },
    )


DOMAIN_NAME = ResourceType(
    name="AWS::ApiGatewayV2::DomainName",
    properties={
        "DomainName": Property(required=True, replaces=True),
        **{name: Property() for name in _DOMAIN_MEMBERS},
        "Tags": Property(),
    },
    create=_create_domain,
    update=_update_domain,
    delete=_delete_domain,
    attributes=("DomainNameArn", "RegionalDomainName", "RegionalHostedZoneId"),
)

API_MAPPING = Noun(
    "ApiMapping",
    ("DomainName",),
    ("ApiId", "ApiMappingKey", "Stage"),
    required=("ApiId", "Stage"),
).type()
