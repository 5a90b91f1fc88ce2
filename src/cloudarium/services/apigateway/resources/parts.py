"""AWS::ApiGateway::Model, RequestValidator, GatewayResponse, Authorizer and Account."""

from __future__ import annotations

from cloudarium.core.resources import Property, Resource, ResourceRequest, ResourceType
from cloudarium.services.apigateway.resources.shared import (
    Document,
    as_json,
    camel,
    delete,
    is_true,
    physical,
    replace,
)


async def _create_model(resource: ResourceRequest) -> Resource:
    properties = resource.properties
    generated = "".join(one for one in resource.generated_name() if one.isalnum())
    params = {
        **camel(properties, "RestApiId", "Description"),
        "name": properties.get("Name") or generated,
        "contentType": properties.get("ContentType") or "application/json",
        "schema": as_json(properties.get("Schema") or {}),
    }
    model = await resource.call("apigateway", "CreateModel", params)
    return Resource(model["name"])


async def _update_model(resource: ResourceRequest) -> Resource:
    properties = resource.properties
    params = {
        "restApiId": properties["RestApiId"],
        "modelName": resource.physical_id,
        "patchOperations": [
            replace("/description", properties.get("Description", "")),
            replace("/schema", as_json(properties.get("Schema") or {})),
        ],
    }
    await resource.call("apigateway", "UpdateModel", params)
    return Resource(resource.physical_id)


async def _delete_model(resource: ResourceRequest) -> None:
    params = {
        "restApiId": resource.properties["RestApiId"],
        "modelName": resource.physical_id,
    }
    await delete(resource, "DeleteModel", params)


MODEL = ResourceType(
    name="AWS::ApiGateway::Model",
    properties={
        "ContentType": Property(replaces=True),
        "Description": Property(),
        "Name": Property(replaces=True),
        "RestApiId": Property(required=True, replaces=True),
        "Schema": Property(),
    },
    create=_create_model,
    update=_update_model,
    delete=_delete_model,
)

_CHECKS = ("ValidateRequestBody", "ValidateRequestParameters")


async def _create_validator(resource: ResourceRequest) -> Resource:
    properties = resource.properties
    params = camel(properties, "RestApiId", "Name")
    for name in _CHECKS:
        params[name[0].lower() + name[1:]] = is_true(properties.get(name))
    validator = await resource.call("apigateway", "CreateRequestValidator", params)
    return _described_validator(validator["id"])


async def _update_validator(resource: ResourceRequest) -> Resource:
    properties = resource.properties
    params = {
        "restApiId": properties["RestApiId"],
        "requestValidatorId": resource.physical_id,
        "patchOperations": [
            replace(f"/{name[0].lower()}{name[1:]}", is_true(properties.get(name)))
            for name in _CHECKS
        ],
    }
    await resource.call("apigateway", "UpdateRequestValidator", params)
    return _described_validator(resource.physical_id)


async def _delete_validator(resource: ResourceRequest) -> None:
    params = {
        "restApiId": resource.properties["RestApiId"],
        "requestValidatorId": resource.physical_id,
    }
    await delete(resource, "DeleteRequestValidator", params)


def _described_validator(validator_id: str) -> Resource:
    return Resource(validator_id, {"RequestValidatorId": validator_id})


REQUEST_VALIDATOR = ResourceType(
    name="AWS::ApiGateway::RequestValidator",
    properties={
        "Name": Property(replaces=True),
        "RestApiId": Property(required=True, replaces=True),
        "ValidateRequestBody": Property(),
        "ValidateRequestParameters": Property(),
    },
    create=_create_validator,
    update=_update_validator,
    delete=_delete_validator,
    attributes=("RequestValidatorId",),
)


async def _put_response(resource: ResourceRequest) -> Resource:
    properties = resource.properties
    params = camel(
        properties, "RestApiId", "ResponseType", "ResponseParameters", "ResponseTemplates"
    )
    if properties.get("StatusCode"):
        params["statusCode"] = str(properties["StatusCode"])
    await resource.call("apigateway", "PutGatewayResponse", params)
    identifier = physical(properties["RestApiId"], properties["ResponseType"])
    return Resource(identifier, {"Id": identifier})


async def _delete_response(resource: ResourceRequest) -> None:
    params = camel(resource.properties, "RestApiId", "ResponseType")
    await delete(resource, "DeleteGatewayResponse", params)


GATEWAY_RESPONSE = ResourceType(
    name="AWS::ApiGateway::GatewayResponse",
    properties={
        "ResponseParameters": Property(),
        "ResponseTemplates": Property(),
        "ResponseType": Property(required=True, replaces=True),
        "RestApiId": Property(required=True, replaces=True),
        "StatusCode": Property(),
    },
    create=_put_response,
    update=_put_response,
    delete=_delete_response,
    attributes=("Id",),
)


_AUTHORIZER = (
    "Name",
    "Type",
    "AuthType",
    "AuthorizerUri",
    "AuthorizerCredentials",
    "IdentitySource",
    "IdentityValidationExpression",
)
_TTL = "AuthorizerResultTtlInSeconds"


async def _create_authorizer(resource: ResourceRequest) -> Resource:
    properties = resource.properties
    params = camel(properties, "RestApiId", "ProviderARNs", *_AUTHORIZER)
    if _TTL in properties:
        params["authorizerResultTtlInSeconds"] = int(properties[_TTL])
    authorizer = await resource.call("apigateway", "CreateAuthorizer", params)
    return _described_authorizer(authorizer["id"])


async def _update_authorizer(resource: ResourceRequest) -> Resource:
    properties = resource.properties
    patches = [
        replace(f"/{name[0].lower()}{name[1:]}", properties.get(name, "")) for name in _AUTHORIZER
    ]
    if properties.get("ProviderARNs"):
        patches.append(replace("/providerARNs", ",".join(properties["ProviderARNs"])))
    patches.append(replace("/authorizerResultTtlInSeconds", properties.get(_TTL, 300)))
    params = {
        "restApiId": properties["RestApiId"],
        "authorizerId": resource.physical_id,
        "patchOperations": patches,
    }
    await resource.call("apigateway", "UpdateAuthorizer", params)
    return _described_authorizer(resource.physical_id)


async def _delete_authorizer(resource: ResourceRequest) -> None:
    params = {
        "restApiId": resource.properties["RestApiId"],
        "authorizerId": resource.physical_id,
    }
    await delete(resource, "DeleteAuthorizer", params)


def _described_authorizer(authorizer_id: str) -> Resource:
    return Resource(authorizer_id, {"AuthorizerId": authorizer_id})


AUTHORIZER = ResourceType(
    name="AWS::ApiGateway::Authorizer",
    properties={
        **{name: Property() for name in (*_AUTHORIZER, _TTL, "ProviderARNs")},
        "Name": Property(required=True),
        "Type": Property(required=True),
        "RestApiId": Property(required=True, replaces=True),
    },
    create=_create_authorizer,
    update=_update_authorizer,
    delete=_delete_authorizer,
    attributes=("AuthorizerId",),
)


async def _put_account(resource: ResourceRequest) -> Resource:
    role = resource.properties.get("CloudWatchRoleArn", "")
    params: Document = {"patchOperations": [replace("/cloudwatchRoleArn", role)]}
    await resource.call("apigateway", "UpdateAccount", params)
    return Resource(resource.logical_id, {"Id": resource.logical_id})


async def _leave_account(resource: ResourceRequest) -> None:
    """The account's settings stay when the stack goes, as on AWS."""


ACCOUNT = ResourceType(
    name="AWS::ApiGateway::Account",
    properties={"CloudWatchRoleArn": Property()},
    create=_put_account,
    update=_put_account,
    delete=_leave_account,
    attributes=("Id",),
)
