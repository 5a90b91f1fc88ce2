"""AWS::ApiGateway::DomainNameV2, BasePathMappingV2, DomainNameAccessAssociation: private domains.

They are named by the domain's ARN, `...:/domainnames/{name}+{id}`.
"""

from __future__ import annotations

from cloudarium.core.resources import Property, Resource, ResourceRequest, ResourceType
from cloudarium.services.apigateway.resources.shared import (
    Document,
    as_json,
    camel,
    delete,
    escaped,
    physical,
    remove,
    replace,
    sync_tags,
    tags,
)

_PATCHED = ("CertificateArn", "EndpointAccessMode", "RoutingMode")


def _name(arn: str) -> Document:
    """Return the parameters that name a domain: its name and its id."""
    name, _, domain_id = arn.rpartition("/")[2].partition("+")
    return {"domainName": name, "domainNameId": domain_id} if domain_id else {"domainName": name}


async def _create(resource: ResourceRequest) -> Resource:
    properties = resource.properties
    endpoint = properties.get("EndpointConfiguration") or {}
    params = camel(properties, "DomainName", "SecurityPolicy", *_PATCHED)
    params["endpointConfiguration"] = {
        "types": endpoint.get("Types") or ["PRIVATE"],
        **camel(endpoint, "IpAddressType"),
    }
    if "Policy" in properties:
        params["policy"] = as_json(properties["Policy"])
    params["tags"] = tags(resource)
    return _described(await resource.call("apigateway", "CreateDomainName", params))


async def _update(resource: ResourceRequest) -> Resource:
    properties, place = resource.properties, _name(resource.physical_id)
    patches = [
        replace(f"/{member[0].lower()}{member[1:]}", properties[member])
        for member in _PATCHED
        if properties.get(member)
    ]
    if "Policy" in properties:
        patches.append(replace("/policy", as_json(properties["Policy"])))
    params = {**place, "patchOperations": patches}
    domain = await resource.call("apigateway", "UpdateDomainName", params)
    await sync_tags(resource, domain["domainNameArn"], domain.get("tags") or {})
    return _described(domain)


async def _delete(resource: ResourceRequest) -> None:
    await delete(resource, "DeleteDomainName", _name(resource.physical_id))


def _described(domain: Document) -> Resource:
    arn = domain["domainNameArn"]
    identity = domain.get("domainNameId", "")
    return Resource(arn, {"DomainNameArn": arn, "DomainNameId": identity})


DOMAIN_NAME_V2 = ResourceType(
    name="AWS::ApiGateway::DomainNameV2",
    properties={
        "CertificateArn": Property(),
        "DomainName": Property(replaces=True),
        "EndpointAccessMode": Property(),
        "EndpointConfiguration": Property(replaces=True),
        "Policy": Property(),
        "RoutingMode": Property(),
        "SecurityPolicy": Property(replaces=True),
        "Tags": Property(),
    },
    create=_create,
    update=_update,
    delete=_delete,
    attributes=("DomainNameArn", "DomainNameId"),
)


async def _create_mapping(resource: ResourceRequest) -> Resource:
    properties = resource.properties
    params = {
        **_name(properties["DomainNameArn"]),
        **camel(properties, "BasePath", "RestApiId", "Stage"),
    }
    await resource.call("apigateway", "CreateBasePathMapping", params)
    return _mapping(properties)


async def _update_mapping(resource: ResourceRequest) -> Resource:
    properties = resource.properties
    stage = properties.get("Stage")
    patches = [
        replace("/restapiId", properties.get("RestApiId", "")),
        replace("/stage", escaped(stage)) if stage else remove("/stage"),
    ]
    params = {**_place(properties), "patchOperations": patches}
    await resource.call("apigateway", "UpdateBasePathMapping", params)
    return _mapping(properties)


async def _delete_mapping(resource: ResourceRequest) -> None:
    await delete(resource, "DeleteBasePathMapping", _place(resource.properties))


def _place(properties: Document) -> Document:
    base = properties.get("BasePath") or "(none)"
    return {**_name(properties["DomainNameArn"]), "basePath": base}


def _mapping(properties: Document) -> Resource:
    arn, base = properties["DomainNameArn"], properties.get("BasePath") or ""
    identity = physical(arn, base)
    return Resource(identity, {"BasePathMappingArn": f"{arn}/basepathmappings/{base or '(none)'}"})


BASE_PATH_MAPPING_V2 = ResourceType(
    name="AWS::ApiGateway::BasePathMappingV2",
    properties={
        "BasePath": Property(replaces=True),
        "DomainNameArn": Property(required=True, replaces=True),
        "RestApiId": Property(required=True),
        "Stage": Property(),
    },
    create=_create_mapping,
    update=_update_mapping,
    delete=_delete_mapping,
    attributes=("BasePathMappingArn",),
)

_ASSOCIATION = ("DomainNameArn", "AccessAssociationSource", "AccessAssociationSourceType")
_ARN = "domainNameAccessAssociationArn"


async def _associate(resource: ResourceRequest) -> Resource:
    params = {**camel(resource.properties, *_ASSOCIATION), "tags": tags(resource)}
    made = await resource.call("apigateway", "CreateDomainNameAccessAssociation", params)
    return Resource(made[_ARN], {"DomainNameAccessAssociationArn": made[_ARN]})


async def _part(resource: ResourceRequest) -> None:
    params = {_ARN: resource.physical_id}
    await delete(resource, "DeleteDomainNameAccessAssociation", params)


ACCESS_ASSOCIATION = ResourceType(
    name="AWS::ApiGateway::DomainNameAccessAssociation",
    properties={
        **{name: Property(required=True, replaces=True) for name in _ASSOCIATION},
        "Tags": Property(replaces=True),
    },
    create=_associate,
    delete=_part,
    attributes=("DomainNameAccessAssociationArn",),
)
