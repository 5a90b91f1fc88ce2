"""AWS::ApiGateway::Method."""

from __future__ import annotations

from cloudarium.core.resources import Property, Resource, ResourceRequest, ResourceType
from cloudarium.services.apigateway.resources.shared import (
    Document,
    camel,
    delete,
    is_true,
    physical,
)

_INTEGRATION = (
    "Type",
    "IntegrationHttpMethod",
    "Uri",
    "Credentials",
    "ConnectionType",
    "ConnectionId",
    "RequestParameters",
    "RequestTemplates",
    "PassthroughBehavior",
    "ContentHandling",
    "CacheNamespace",
    "CacheKeyParameters",
    "ResponseTransferMode",
    "IntegrationTarget",
)


def _place(properties: Document) -> Document:
    return camel(properties, "RestApiId", "ResourceId", "HttpMethod")


async def _create(resource: ResourceRequest) -> Resource:
    await _put(resource)
    place = _place(resource.properties)
    return Resource(physical(place["restApiId"], place["resourceId"], place["httpMethod"]))


async def _update(resource: ResourceRequest) -> Resource:
    """A method is made anew: nobody sees it before the next deployment."""
    await delete(resource, "DeleteMethod", _place(resource.properties))
    await _put(resource)
    return Resource(resource.physical_id)


async def _delete(resource: ResourceRequest) -> None:
    await delete(resource, "DeleteMethod", _place(resource.properties))


async def _put(resource: ResourceRequest) -> None:
    properties, place = resource.properties, _place(resource.properties)
    method = {
        **place,
        **camel(
            properties,
            "AuthorizerId",
            "OperationName",
            "RequestModels",
            "RequestValidatorId",
            "AuthorizationScopes",
        ),
        "authorizationType": properties.get("AuthorizationType", "NONE"),
        "apiKeyRequired": is_true(properties.get("ApiKeyRequired")),
        "requestParameters": _flags(properties.get("RequestParameters")),
    }
    await resource.call("apigateway", "PutMethod", method)
    for response in properties.get("MethodResponses") or []:
        params = {
            **place,
            "statusCode": str(response["StatusCode"]),
            **camel(response, "ResponseModels"),
        }
        if response.get("ResponseParameters"):
            params["responseParameters"] = _flags(response["ResponseParameters"])
        await resource.call("apigateway", "PutMethodResponse", params)
    if integration := properties.get("Integration"):
        await _put_integration(resource, place, integration)


async def _put_integration(resource: ResourceRequest, place: Document, given: Document) -> None:
    params = {**place, **camel(given, *_INTEGRATION)}
    if given.get("TimeoutInMillis"):
        params["timeoutInMillis"] = int(given["TimeoutInMillis"])
    if tls := given.get("TlsConfig"):
        skips = is_true(tls.get("InsecureSkipVerification"))
        params["tlsConfig"] = {"insecureSkipVerification": skips}
    await resource.call("apigateway", "PutIntegration", params)
    members = ("SelectionPattern", "ResponseParameters", "ResponseTemplates", "ContentHandling")
    for response in given.get("IntegrationResponses") or []:
        params = {**place, "statusCode": str(response["StatusCode"]), **camel(response, *members)}
        await resource.call("apigateway", "PutIntegrationResponse", params)


def _flags(given: Document | None) -> dict[str, bool]:
    return {name: is_true(value) for name, value in (given or {}).items()}


METHOD = ResourceType(
    name="AWS::ApiGateway::Method",
    properties={
        "ApiKeyRequired": Property(),
        "AuthorizationScopes": Property(),
        "AuthorizationType": Property(),
        "AuthorizerId": Property(),
        "HttpMethod": Property(required=True, replaces=True),
        "Integration": Property(),
        "MethodResponses": Property(),
        "OperationName": Property(),
        "RequestModels": Property(),
        "RequestParameters": Property(),
        "RequestValidatorId": Property(),
        "ResourceId": Property(required=True, replaces=True),
        "RestApiId": Property(required=True, replaces=True),
    },
    create=_create,
    update=_update,
    delete=_delete,
)
