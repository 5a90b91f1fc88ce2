"""Lambda's CloudFormation resource types."""

from __future__ import annotations

from typing import Any

from cloudarium.core import tags
from cloudarium.core.errors import AwsError
from cloudarium.core.resources import Property, Resource, ResourceRequest, ResourceType
from cloudarium.services.lambda_ import inline, tag_changes

_NOT_FOUND = "ResourceNotFoundException"
_CONFLICT = "ResourceConflictException"
_OWN_TAGS = ("aws:cloudformation:stack-id", "aws:cloudformation:logical-id")
_NUMBERS = ("Timeout", "MemorySize", "ReservedConcurrentExecutions")
# What UpdateFunctionConfiguration is sent when a property was taken out of the template.
_DEFAULTS: dict[str, Any] = {
    "Description": "",
    "Timeout": 3,
    "MemorySize": 128,
    "Environment": {"Variables": {}},
    "DeadLetterConfig": {"TargetArn": ""},
    "TracingConfig": {"Mode": "PassThrough"},
    "EphemeralStorage": {"Size": 512},
    "SnapStart": {"ApplyOn": "None"},
    "Layers": [],
    "FileSystemConfigs": [],
    "VpcConfig": {"SubnetIds": [], "SecurityGroupIds": []},
}
_CONFIGURATION = (
    *_DEFAULTS,
    "Handler",
    "Role",
    "Runtime",
    "LoggingConfig",
)


async def _missing_is_fine(resource: ResourceRequest, operation: str, **params: Any) -> None:
    try:
        await resource.call("lambda", operation, params)
    except AwsError as error:
        if error.code != _NOT_FOUND:
            raise


def _configuration(properties: dict[str, Any]) -> dict[str, Any]:
    """The properties as the API takes them: numbers as numbers, variables as strings."""
    found = {name: properties[name] for name in _CONFIGURATION if name in properties}
    found.update({name: int(found[name]) for name in _NUMBERS if name in found})
    if "Environment" in found:
        variables = found["Environment"].get("Variables") or {}
        found["Environment"] = {"Variables": {key: _text(v) for key, v in variables.items()}}
    if "EphemeralStorage" in found:
        found["EphemeralStorage"] = {"Size": int(found["EphemeralStorage"]["Size"])}
    if properties.get("KmsKeyArn"):
        found["KMSKeyArn"] = properties["KmsKeyArn"]
    return found


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _code(properties: dict[str, Any]) -> dict[str, Any]:
    code = dict(properties["Code"])
    if "ZipFile" in code:
        code["ZipFile"] = inline.package(code["ZipFile"], properties.get("Runtime", ""))
    return code


async def _create_function(resource: ResourceRequest) -> Resource:
    properties = resource.properties
    name = properties.get("FunctionName") or resource.generated_name(64)
    params = {
        "FunctionName": name,
        "Code": _code(properties),
        "Tags": tags.of_resource(resource),
        **_configuration(properties),
    }
    for option in ("Architectures", "PackageType", "CodeSigningConfigArn", "ImageConfig"):
        if option in properties:
            params[option] = properties[option]
    arn = _arn(resource, name)
    try:
        await resource.call("lambda", "CreateFunction", params)
    except AwsError as error:
        if error.code != _CONFLICT or not await _made_before(resource, arn):
            raise
    await _set_others(resource, name)
    return _made(properties, name, arn)


def _made(properties: dict[str, Any], name: str, arn: str) -> Resource:
    """The function, with what it says of SnapStart: of $LATEST there are no snapshots."""
    apply_on = (properties.get("SnapStart") or {}).get("ApplyOn", "None")
    answer = {"ApplyOn": apply_on, "OptimizationStatus": "Off"}
    parts = {f"SnapStartResponse.{part}": value for part, value in answer.items()}
    return Resource(name, {"Arn": arn, "SnapStartResponse": answer, **parts})


def _arn(resource: ResourceRequest, name: str) -> str:
    return f"arn:aws:lambda:{resource.region}:{resource.account}:function:{name}"


async def _made_before(resource: ResourceRequest, arn: str) -> bool:
    """Whether the function is this resource's own: made just before the cloud was stopped."""
    answer = await resource.call("lambda", "ListTags", {"Resource": arn})
    return all(
        tag in resource.tags and answer["Tags"].get(tag) == resource.tags[tag] for tag in _OWN_TAGS
    )


def _taken_back(old: dict[str, Any], name: str) -> dict[str, Any]:
    """The defaults of all that a function had from its template."""
    defaults = {
        **_DEFAULTS,
        "LoggingConfig": {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{name}"},
        "KMSKeyArn": "",
    }
    return {each: defaults[each] for each in _configuration(old) if each in defaults}


async def _set_others(resource: ResourceRequest, name: str) -> None:
    """Set what has operations of its own, as far as it changes."""
    new, old = resource.properties, resource.previous
    where = {"FunctionName": name}
    if old.get("ReservedConcurrentExecutions") != new.get("ReservedConcurrentExecutions"):
        await _reserve(resource, name)
    if old.get("RecursiveLoop") != new.get("RecursiveLoop"):
        params = {**where, "RecursiveLoop": new.get("RecursiveLoop", "Terminate")}
        await resource.call("lambda", "PutFunctionRecursionConfig", params)
    if old.get("RuntimeManagementConfig") != new.get("RuntimeManagementConfig"):
        params = {**where, **new.get("RuntimeManagementConfig", {"UpdateRuntimeOn": "Auto"})}
        await resource.call("lambda", "PutRuntimeManagementConfig", params)


async def _sign(resource: ResourceRequest, name: str) -> None:
    """Change the code signing configuration."""
    wanted = resource.properties.get("CodeSigningConfigArn")
    if wanted == resource.previous.get("CodeSigningConfigArn"):
        return
    params = {"FunctionName": name}
    if wanted:
        params["CodeSigningConfigArn"] = wanted
    operation = "Put" if wanted else "Delete"
    await resource.call("lambda", f"{operation}FunctionCodeSigningConfig", params)


async def _reserve(resource: ResourceRequest, name: str) -> None:
    wanted = resource.properties.get("ReservedConcurrentExecutions")
    if wanted is None:
        await resource.call("lambda", "DeleteFunctionConcurrency", {"FunctionName": name})
    else:
        params = {"FunctionName": name, "ReservedConcurrentExecutions": int(wanted)}
        await resource.call("lambda", "PutFunctionConcurrency", params)


async def _update_function(resource: ResourceRequest) -> Resource:
    new, old, name = resource.properties, resource.previous, resource.physical_id
    arn = _arn(resource, name)
    await _sign(resource, name)
    if _configuration(old) != _configuration(new):
        params = {"FunctionName": name, **_taken_back(old, name), **_configuration(new)}
        await resource.call("lambda", "UpdateFunctionConfiguration", params)
    if any(old.get(part) != new.get(part) for part in ("Code", "Architectures")):
        params = {"FunctionName": name, **_code(new)}
        if new.get("Architectures"):
            params["Architectures"] = new["Architectures"]
        await resource.call("lambda", "UpdateFunctionCode", params)
    await _set_others(resource, name)
    await tag_changes.apply(resource, arn)
    return _made(new, name, arn)


async def _delete_function(resource: ResourceRequest) -> None:
    await _missing_is_fine(resource, "DeleteFunction", FunctionName=resource.physical_id)


FUNCTION = ResourceType(
    name="AWS::Lambda::Function",
    properties={
        "FunctionName": Property(replaces=True),
        "PackageType": Property(replaces=True),
        "Code": Property(required=True),
        **{name: Property(required=name == "Role") for name in _CONFIGURATION},
        "Architectures": Property(),
        "CodeSigningConfigArn": Property(),
        "ImageConfig": Property(),
        "KmsKeyArn": Property(),
        "RecursiveLoop": Property(),
        "ReservedConcurrentExecutions": Property(),
        "RuntimeManagementConfig": Property(),
        "Tags": Property(),
    },
    create=_create_function,
    update=_update_function,
    delete=_delete_function,
    attributes=(
        "Arn",
        "SnapStartResponse",
        "SnapStartResponse.ApplyOn",
        "SnapStartResponse.OptimizationStatus",
    ),
)


_PERMISSION = (
    "Action",
    "EventSourceToken",
    "FunctionName",
    "FunctionUrlAuthType",
    "InvokedViaFunctionUrl",
    "Principal",
    "PrincipalOrgID",
    "SourceAccount",
    "SourceArn",
)


async def _create_permission(resource: ResourceRequest) -> Resource:
    properties = resource.properties
    sid = resource.generated_name(100)
    params = {name: properties[name] for name in _PERMISSION if name in properties}
    if "InvokedViaFunctionUrl" in params:
        params["InvokedViaFunctionUrl"] = _text(params["InvokedViaFunctionUrl"]) == "true"
    await resource.call("lambda", "AddPermission", {**params, "StatementId": sid})
    return Resource(sid, {"Id": sid})


async def _delete_permission(resource: ResourceRequest) -> None:
    await _missing_is_fine(
        resource,
        "RemovePermission",
        FunctionName=resource.properties["FunctionName"],
        StatementId=resource.physical_id,
    )


PERMISSION = ResourceType(
    name="AWS::Lambda::Permission",
    properties={
        name: Property(required=name in ("Action", "FunctionName", "Principal"), replaces=True)
        for name in _PERMISSION
    },
    create=_create_permission,
    delete=_delete_permission,
    attributes=("Id",),
)


async def _put_event_config(resource: ResourceRequest) -> Resource:
    properties = resource.properties
    params = {
        "FunctionName": properties["FunctionName"],
        "Qualifier": properties["Qualifier"],
        "DestinationConfig": properties.get("DestinationConfig") or {},
    }
    for name in ("MaximumRetryAttempts", "MaximumEventAgeInSeconds"):
        if name in properties:
            params[name] = int(properties[name])
    await resource.call("lambda", "PutFunctionEventInvokeConfig", params)
    return Resource(resource.physical_id or resource.generated_name())


async def _delete_event_config(resource: ResourceRequest) -> None:
    await _missing_is_fine(
        resource,
        "DeleteFunctionEventInvokeConfig",
        FunctionName=resource.properties["FunctionName"],
        Qualifier=resource.properties["Qualifier"],
    )


EVENT_INVOKE_CONFIG = ResourceType(
    name="AWS::Lambda::EventInvokeConfig",
    properties={
        "FunctionName": Property(required=True, replaces=True),
        "Qualifier": Property(required=True, replaces=True),
        "MaximumRetryAttempts": Property(),
        "MaximumEventAgeInSeconds": Property(),
        "DestinationConfig": Property(),
    },
    create=_put_event_config,
    update=_put_event_config,
    delete=_delete_event_config,
)
