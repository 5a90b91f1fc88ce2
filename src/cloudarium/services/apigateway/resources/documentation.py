"""AWS::ApiGateway::DocumentationPart and DocumentationVersion."""

from __future__ import annotations

from cloudarium.core.resources import Property, Resource, ResourceRequest, ResourceType
from cloudarium.services.apigateway.resources.shared import camel, delete, replace


async def _create_part(resource: ResourceRequest) -> Resource:
    location = camel(
        resource.properties["Location"], "Type", "Path", "Method", "StatusCode", "Name"
    )
    params = {**camel(resource.properties, "RestApiId", "Properties"), "location": location}
    part = await resource.call("apigateway", "CreateDocumentationPart", params)
    return _part(part["id"])


async def _update_part(resource: ResourceRequest) -> Resource:
    params = {
        "restApiId": resource.properties["RestApiId"],
        "documentationPartId": resource.physical_id,
        "patchOperations": [replace("/properties", resource.properties["Properties"])],
    }
    await resource.call("apigateway", "UpdateDocumentationPart", params)
    return _part(resource.physical_id)


async def _delete_part(resource: ResourceRequest) -> None:
    params = {
        "restApiId": resource.properties["RestApiId"],
        "documentationPartId": resource.physical_id,
    }
    await delete(resource, "DeleteDocumentationPart", params)


def _part(part_id: str) -> Resource:
    return Resource(part_id, {"DocumentationPartId": part_id})


DOCUMENTATION_PART = ResourceType(
    name="AWS::ApiGateway::DocumentationPart",
    properties={
        "Location": Property(required=True, replaces=True),
        "Properties": Property(required=True),
        "RestApiId": Property(required=True, replaces=True),
    },
    create=_create_part,
    update=_update_part,
    delete=_delete_part,
    attributes=("DocumentationPartId",),
)


async def _create_version(resource: ResourceRequest) -> Resource:
    params = camel(resource.properties, "RestApiId", "DocumentationVersion", "Description")
    await resource.call("apigateway", "CreateDocumentationVersion", params)
    return Resource(params["documentationVersion"])


async def _update_version(resource: ResourceRequest) -> Resource:
    params = camel(resource.properties, "RestApiId", "DocumentationVersion")
    patches = [replace("/description", resource.properties.get("Description", ""))]
    await resource.call(
        "apigateway", "UpdateDocumentationVersion", {**params, "patchOperations": patches}
    )
    return Resource(resource.physical_id)


async def _delete_version(resource: ResourceRequest) -> None:
    params = camel(resource.properties, "RestApiId", "DocumentationVersion")
    await delete(resource, "DeleteDocumentationVersion", params)


DOCUMENTATION_VERSION = ResourceType(
    name="AWS::ApiGateway::DocumentationVersion",
    properties={
        "Description": Property(),
        "DocumentationVersion": Property(required=True, replaces=True),
        "RestApiId": Property(required=True, replaces=True),
    },
    create=_create_version,
    update=_update_version,
    delete=_delete_version,
)
