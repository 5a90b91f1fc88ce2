"""CloudFormation's AWS::Lambda::Version and AWS::Lambda::Alias."""

from __future__ import annotations

from typing import Any

from cloudarium.core.errors import AwsError
from cloudarium.core.resources import Property, Resource, ResourceRequest, ResourceType
from cloudarium.services.lambda_ import errors

_NOT_FOUND = "ResourceNotFoundException"


async def _missing_is_fine(resource: ResourceRequest, operation: str, **params: Any) -> None:
    try:
        await resource.call("lambda", operation, params)
    except AwsError as error:
        if error.code != _NOT_FOUND:
            raise


def _function(arn: str) -> str:
    return arn.rpartition(":")[0]


async def _provision(
    resource: ResourceRequest, arn: str, qualifier: str, wanted: dict[str, Any] | None
) -> None:
    """Provision a version or alias, and wait until its environments are ready."""
    if not wanted:
        return
    where = {"FunctionName": _function(arn), "Qualifier": qualifier}
    count = int(wanted["ProvisionedConcurrentExecutions"])
    params = {**where, "ProvisionedConcurrentExecutions": count}
    await resource.call("lambda", "PutProvisionedConcurrencyConfig", params)
    await _ready(resource, where)


async def _ready(resource: ResourceRequest, where: dict[str, Any]) -> None:
    """Wait until what is provisioned is there."""

    async def is_over() -> bool:
        shown = await resource.call("lambda", "GetProvisionedConcurrencyConfig", where)
        if shown["Status"] == "FAILED":
            raise errors.provisioning_failed(shown["StatusReason"])
        return bool(shown["Status"] == "READY")

    await resource.poll(is_over)


async def _create_version(resource: ResourceRequest) -> Resource:
    properties = resource.properties
    names = ("FunctionName", "CodeSha256", "Description")
    params = {name: properties[name] for name in names if name in properties}
    answer = await resource.call("lambda", "PublishVersion", params)
    arn = answer["FunctionArn"]
    if "RuntimePolicy" in properties:
        where = {"FunctionName": _function(arn), "Qualifier": answer["Version"]}
        policy = properties["RuntimePolicy"]
        await resource.call("lambda", "PutRuntimeManagementConfig", {**where, **policy})
    wanted = properties.get("ProvisionedConcurrencyConfig")
    await _provision(resource, arn, answer["Version"], wanted)
    return Resource(arn, {"FunctionArn": arn, "Version": answer["Version"]})


async def _delete_version(resource: ResourceRequest) -> None:
    await _missing_is_fine(resource, "DeleteFunction", FunctionName=resource.physical_id)


VERSION = ResourceType(
    name="AWS::Lambda::Version",
    properties={
        "FunctionName": Property(required=True, replaces=True),
        "CodeSha256": Property(replaces=True),
        "Description": Property(replaces=True),
        "ProvisionedConcurrencyConfig": Property(replaces=True),
        "RuntimePolicy": Property(replaces=True),
    },
    create=_create_version,
    delete=_delete_version,
    attributes=("FunctionArn", "Version"),
)


def _alias_params(resource: ResourceRequest) -> dict[str, Any]:
    properties = resource.properties
    weights = (properties.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or ()
    return {
        "FunctionName": properties["FunctionName"],
        "Name": properties["Name"],
        "FunctionVersion": str(properties["FunctionVersion"]),
        "Description": properties.get("Description", ""),
        "RoutingConfig": {
            "AdditionalVersionWeights": {
                str(weight["FunctionVersion"]): float(weight["FunctionWeight"])
                for weight in weights
            }
        },
    }


async def _create_alias(resource: ResourceRequest) -> Resource:
    answer = await resource.call("lambda", "CreateAlias", _alias_params(resource))
    await _provision_alias(resource, answer)
    return Resource(answer["AliasArn"], {"AliasArn": answer["AliasArn"]})


async def _update_alias(resource: ResourceRequest) -> Resource:
    answer = await resource.call("lambda", "UpdateAlias", _alias_params(resource))
    await _provision_alias(resource, answer)
    return Resource(answer["AliasArn"], {"AliasArn": answer["AliasArn"]})


async def _provision_alias(resource: ResourceRequest, alias: dict[str, Any]) -> None:
    wanted = resource.properties.get("ProvisionedConcurrencyConfig")
    had = resource.previous.get("ProvisionedConcurrencyConfig")
    arn, name = alias["AliasArn"], alias["Name"]
    where = {"FunctionName": _function(arn), "Qualifier": name}
    if had and not wanted:
        await resource.call("lambda", "DeleteProvisionedConcurrencyConfig", where)
    elif had:
        await _ready(resource, where)  # the alias moves to its new version until then
    if wanted != had:
        await _provision(resource, arn, name, wanted)


async def _delete_alias(resource: ResourceRequest) -> None:
    function, _, name = resource.physical_id.rpartition(":")
    await _missing_is_fine(resource, "DeleteAlias", FunctionName=function, Name=name)


ALIAS = ResourceType(
    name="AWS::Lambda::Alias",
    properties={
        "FunctionName": Property(required=True, replaces=True),
        "Name": Property(required=True, replaces=True),
        "FunctionVersion": Property(required=True),
        "Description": Property(),
        "RoutingConfig": Property(),
        "ProvisionedConcurrencyConfig": Property(),
    },
    create=_create_alias,
    update=_update_alias,
    delete=_delete_alias,
    attributes=("AliasArn",),
)
