"""AWS::ApiGatewayV2::RoutingRule. A rule is named by its ARN."""

from __future__ import annotations

from cloudarium.core.resources import Property, Resource, ResourceRequest, ResourceType
from cloudarium.services.apigatewayv2.resources.shared import MODEL, Document, delete, typed


async def _create(resource: ResourceRequest) -> Resource:
    params = {**_domain(resource), **_told(resource)}
    return _described(await resource.call(MODEL, "CreateRoutingRule", params))


async def _update(resource: ResourceRequest) -> Resource:
    params = {**_place(resource), **_told(resource)}
    return _described(await resource.call(MODEL, "PutRoutingRule", params))


async def _delete(resource: ResourceRequest) -> None:
    await delete(resource, "DeleteRoutingRule", _place(resource))


def _domain(resource: ResourceRequest) -> Document:
    name, _, domain_id = resource.properties["DomainNameArn"].rpartition("/")[2].partition("+")
    return {"DomainName": name, "DomainNameId": domain_id} if domain_id else {"DomainName": name}


def _place(resource: ResourceRequest) -> Document:
    return {**_domain(resource), "RoutingRuleId": resource.physical_id.rpartition("/")[2]}


def _told(resource: ResourceRequest) -> Document:
    return {name: typed(resource.properties[name], name) for name in _MEMBERS}


def _described(rule: Document) -> Resource:
    attributes = {name: rule[name] for name in ("RoutingRuleArn", "RoutingRuleId")}
    return Resource(rule["RoutingRuleArn"], attributes)


_MEMBERS = ("Actions", "Conditions", "Priority")

ROUTING_RULE = ResourceType(
    name="AWS::ApiGatewayV2::RoutingRule",
    properties={
        "DomainNameArn": Property(required=True, replaces=True),
        **{name: Property(required=True) for name in _MEMBERS},
    },
    create=_create,
    update=_update,
    delete=_delete,
    attributes=("RoutingRuleArn", "RoutingRuleId"),
)
