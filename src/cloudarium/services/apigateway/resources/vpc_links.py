"""AWS::ApiGateway::VpcLink."""

from __future__ import annotations

from cloudarium.core.resources import Property, Resource, ResourceRequest, ResourceType
from cloudarium.services.apigateway.resources.shared import (
    camel,
    delete,
    replace,
    sync_tags,
    tags,
)


async def _create(resource: ResourceRequest) -> Resource:
    params = camel(resource.properties, "Name", "Description", "TargetArns")
    link = await resource.call("apigateway", "CreateVpcLink", {**params, "tags": tags(resource)})
    place = {"vpcLinkId": link["id"]}

    async def is_available() -> bool:
        return bool((await resource.call("apigateway", "GetVpcLink", place))["status"] != "PENDING")

    await resource.poll(is_available)
    return _described(link["id"])


async def _update(resource: ResourceRequest) -> Resource:
    properties, link_id = resource.properties, resource.physical_id
    patches = [
        replace("/name", properties["Name"]),
        replace("/description", properties.get("Description", "")),
    ]
    params = {"vpcLinkId": link_id, "patchOperations": patches}
    link = await resource.call("apigateway", "UpdateVpcLink", params)
    arn = f"arn:aws:apigateway:{resource.region}::/vpclinks/{link_id}"
    await sync_tags(resource, arn, link.get("tags") or {})
    return _described(link_id)


async def _delete(resource: ResourceRequest) -> None:
    await delete(resource, "DeleteVpcLink", {"vpcLinkId": resource.physical_id})


def _described(link_id: str) -> Resource:
    return Resource(link_id, {"VpcLinkId": link_id})


VPC_LINK = ResourceType(
    name="AWS::ApiGateway::VpcLink",
    properties={
        "Description": Property(),
        "Name": Property(required=True),
        "Tags": Property(),
        "TargetArns": Property(required=True, replaces=True),
    },
    create=_create,
    update=_update,
    delete=_delete,
    attributes=("VpcLinkId",),
)
