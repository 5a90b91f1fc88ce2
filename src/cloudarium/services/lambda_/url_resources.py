"""CloudFormation's AWS::Lambda::Url."""

from __future__ import annotations

from typing import Any

from cloudarium.core.errors import AwsError
from cloudarium.core.resources import Property, Resource, ResourceRequest, ResourceType


def _params(resource: ResourceRequest) -> dict[str, Any]:
    properties = resource.properties
    params: dict[str, Any] = {"FunctionName": properties["TargetFunctionArn"]}
    if properties.get("Qualifier"):
        params["Qualifier"] = properties["Qualifier"]
    return params


def _settings(resource: ResourceRequest) -> dict[str, Any]:
    properties = resource.properties
    cors = dict(properties.get("Cors") or {})
    if "MaxAge" in cors:
        cors["MaxAge"] = int(cors["MaxAge"])
    if "AllowCredentials" in cors:
        cors["AllowCredentials"] = str(cors["AllowCredentials"]).lower() == "true"
    return {
        "AuthType": properties["AuthType"],
        "Cors": cors,
        "InvokeMode": properties.get("InvokeMode", "BUFFERED"),
    }


def _made(answer: dict[str, Any]) -> Resource:
    arn = answer["FunctionArn"]
    return Resource(arn, {"FunctionArn": arn, "FunctionUrl": answer["FunctionUrl"]})


async def _create(resource: ResourceRequest) -> Resource:
    params = {**_params(resource), **_settings(resource)}
    return _made(await resource.call("lambda", "CreateFunctionUrlConfig", params))


async def _update(resource: ResourceRequest) -> Resource:
    params = {**_params(resource), **_settings(resource)}
    return _made(await resource.call("lambda", "UpdateFunctionUrlConfig", params))


async def _delete(resource: ResourceRequest) -> None:
    try:
        await resource.call("lambda", "DeleteFunctionUrlConfig", _params(resource))
    except AwsError as error:
        if error.code != "ResourceNotFoundException":
            raise


URL = ResourceType(
    name="AWS::Lambda::Url",
    properties={
        "TargetFunctionArn": Property(required=True, replaces=True),
        "Qualifier": Property(replaces=True),
        "AuthType": Property(required=True),
        "Cors": Property(),
        "InvokeMode": Property(),
    },
    create=_create,
    update=_update,
    delete=_delete,
    attributes=("FunctionArn", "FunctionUrl"),
)
