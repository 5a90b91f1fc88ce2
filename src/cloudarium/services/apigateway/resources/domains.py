"""AWS::ApiGateway::DomainName and BasePathMapping."""

from __future__ import annotations

from cloudarium.core.resources import Property, Resource, ResourceRequest, ResourceType
from cloudarium.services.apigateway.resources.shared import (
    Document,
    camel,
    delete,
    escaped,
    physical,
    remove,
    replace,
    sync_tags,
    tags,
)

_ATTRIBUTES = (
    "DistributionDomainName",
    "DistributionHostedZoneId",
    "RegionalDomainName",
    "RegionalHostedZoneId",
)
_PATCHED = (
    "CertificateArn",
    "RegionalCertificateArn",
    "SecurityPolicy",
    "EndpointAccessMode",
    "RoutingMode",
    "OwnershipVerificationCertificateArn",
)
_TRUST = ("TruststoreUri", "TruststoreVersion")


async def _create(resource: ResourceRequest) -> Resource:
    properties = resource.properties
    params = camel(properties, "DomainName", *_PATCHED)
    if endpoint := properties.get("EndpointConfiguration"):
        params["endpointConfiguration"] = camel(endpoint, "Types", "IpAddressType")
    if trust := properties.get("MutualTlsAuthentication"):
        params["mutualTlsAuthentication"] = camel(trust, *_TRUST)
    params["tags"] = tags(resource)
    return _described(resource, await resource.call("apigateway", "CreateDomainName", params))


async def _update(resource: ResourceRequest) -> Resource:
    name = resource.physical_id
    patches = [
        replace(f"/{member[0].lower()}{member[1:]}", resource.properties[member])
        for member in _PATCHED
        if resource.properties.get(member)
    ]
    endpoint = resource.properties.get("EndpointConfiguration") or {}
    if types := endpoint.get("Types"):
        patches.append(replace("/endpointConfiguration/types/0", types[0]))
    if kind := endpoint.get("IpAddressType"):
        patches.append(replace("/endpointConfiguration/ipAddressType", kind))
    trust = resource.properties.get("MutualTlsAuthentication") or {}
    for member in _TRUST:
        path = f"/mutualTlsAuthentication/{member[0].lower()}{member[1:]}"
        patches.append(replace(path, trust[member]) if member in trust else remove(path))
    params = {"domainName": name, "patchOperations": patches}
    domain = await resource.call("apigateway", "UpdateDomainName", params)
    arn = f"arn:aws:apigateway:{resource.region}::/domainnames/{name}"
    await sync_tags(resource, arn, domain.get("tags") or {})
    return _described(resource, domain)


async def _delete(resource: ResourceRequest) -> None:
    await delete(resource, "DeleteDomainName", {"domainName": resource.physical_id})


def _described(resource: ResourceRequest, domain: Document) -> Resource:
    attributes = {name: domain.get(name[0].lower() + name[1:], "") for name in _ATTRIBUTES}
    name = domain["domainName"]
    attributes["DomainNameArn"] = f"arn:aws:apigateway:{resource.region}::/domainnames/{name}"
    return Resource(name, attributes)


DOMAIN_NAME = ResourceType(
    name="AWS::ApiGateway::DomainName",
    properties={
        "CertificateArn": Property(),
        "DomainName": Property(required=True, replaces=True),
        "EndpointAccessMode": Property(),
        "EndpointConfiguration": Property(),
        "MutualTlsAuthentication": Property(),
        "OwnershipVerificationCertificateArn": Property(),
        "RegionalCertificateArn": Property(),
        "RoutingMode": Property(),
        "SecurityPolicy": Property(),
        "Tags": Property(),
    },
    create=_create,
    update=_update,
    delete=_delete,
    attributes=(*_ATTRIBUTES, "DomainNameArn"),
)


async def _create_mapping(resource: ResourceRequest) -> Resource:
    params = camel(resource.properties, "DomainName", "BasePath", "RestApiId", "Stage")
    await resource.call("apigateway", "CreateBasePathMapping", params)
    return Resource(physical(params["domainName"], params.get("basePath", "")))


async def _update_mapping(resource: ResourceRequest) -> Resource:
    properties = resource.properties
    patches = [replace("/restapiId", properties.get("RestApiId", ""))]
    stage = properties.get("Stage")
    patches.append(replace("/stage", escaped(stage)) if stage else remove("/stage"))
    params = {**_place(properties), "patchOperations": patches}
    await resource.call("apigateway", "UpdateBasePathMapping", params)
    return Resource(resource.physical_id)


async def _delete_mapping(resource: ResourceRequest) -> None:
    await delete(resource, "DeleteBasePathMapping", _place(resource.properties))


def _place(properties: Document) -> Document:
    return {
        "domainName": properties["DomainName"],
        "basePath": properties.get("BasePath") or "(none)",
    }


BASE_PATH_MAPPING = ResourceType(
    name="AWS::ApiGateway::BasePathMapping",
    properties={
        "BasePath": Property(replaces=True),
        "DomainName": Property(required=True, replaces=True),
        "RestApiId": Property(),
        "Stage": Property(),
    },
    create=_create_mapping,
    update=_update_mapping,
    delete=_delete_mapping,
)
