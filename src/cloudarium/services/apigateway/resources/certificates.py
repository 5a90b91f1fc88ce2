"""AWS::ApiGateway::ClientCertificate."""

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
    params = {**camel(resource.properties, "Description"), "tags": tags(resource)}
    made = await resource.call("apigateway", "GenerateClientCertificate", params)
    return _described(made["clientCertificateId"])


async def _update(resource: ResourceRequest) -> Resource:
    name = resource.physical_id
    patches = [replace("/description", resource.properties.get("Description", ""))]
    params = {"clientCertificateId": name, "patchOperations": patches}
    updated = await resource.call("apigateway", "UpdateClientCertificate", params)
    arn = f"arn:aws:apigateway:{resource.region}::/clientcertificates/{name}"
    await sync_tags(resource, arn, updated.get("tags") or {})
    return _described(name)


async def _delete(resource: ResourceRequest) -> None:
    params = {"clientCertificateId": resource.physical_id}
    await delete(resource, "DeleteClientCertificate", params)


def _described(name: str) -> Resource:
    return Resource(name, {"ClientCertificateId": name})


CLIENT_CERTIFICATE = ResourceType(
    name="AWS::ApiGateway::ClientCertificate",
    properties={"Description": Property(), "Tags": Property()},
    create=_create,
    update=_update,
    delete=_delete,
    attributes=("ClientCertificateId",),
)
