"""Logs' CloudFormation resource types."""

from __future__ import annotations

from cloudarium.core.errors import AwsError
from cloudarium.core.resources import Property, Resource, ResourceRequest, ResourceType
from cloudarium.services.logs.errors import LogGroupNotFound


def _group(resource: ResourceRequest, name: str) -> Resource:
    arn = f"arn:aws:logs:{resource.region}:{resource.account}:log-group:{name}"
    return Resource(name, {"Arn": f"{arn}:*"})


def _tags(resource: ResourceRequest) -> dict[str, str]:
    own = {tag["Key"]: tag["Value"] for tag in resource.properties.get("Tags", [])}
    return {**resource.tags, **own}


async def _set_retention(resource: ResourceRequest, name: str) -> None:
    days = resource.properties.get("RetentionInDays")
    params = {"logGroupName": name}
    if days is not None:
        retention = {**params, "retentionInDays": int(days)}
        await resource.call("logs", "PutRetentionPolicy", retention)
    elif "RetentionInDays" in resource.previous:
        await resource.call("logs", "DeleteRetentionPolicy", params)


async def _create_group(resource: ResourceRequest) -> Resource:
    properties = resource.properties
    name = properties.get("LogGroupName") or resource.generated_name(512)
    params = {"logGroupName": name, "tags": _tags(resource)}
    for source, target in (("KmsKeyId", "kmsKeyId"), ("LogGroupClass", "logGroupClass")):
        if source in properties:
            params[target] = properties[source]
    await resource.call("logs", "CreateLogGroup", params)
    await _set_retention(resource, name)
    return _group(resource, name)


async def _update_group(resource: ResourceRequest) -> Resource:
    name = resource.physical_id
    await _set_retention(resource, name)
    arn = f"arn:aws:logs:{resource.region}:{resource.account}:log-group:{name}"
    old = {tag["Key"] for tag in resource.previous.get("Tags", [])}
    new = _tags(resource)
    if dropped := sorted(old - set(new)):
        await resource.call("logs", "UntagResource", {"resourceArn": arn, "tagKeys": dropped})
    if new:
        await resource.call("logs", "TagResource", {"resourceArn": arn, "tags": new})
    return _group(resource, name)


async def _delete_group(resource: ResourceRequest) -> None:
    await _deleted(resource, "DeleteLogGroup", {"logGroupName": resource.physical_id})


async def _deleted(resource: ResourceRequest, operation: str, params: dict[str, str]) -> None:
    try:
        await resource.call("logs", operation, params)
    except AwsError as error:
        if not LogGroupNotFound.matches(error):
            raise


LOG_GROUP = ResourceType(
    name="AWS::Logs::LogGroup",
    properties={
        "LogGroupName": Property(replaces=True),
        "LogGroupClass": Property(replaces=True),
        "RetentionInDays": Property(),
        "KmsKeyId": Property(replaces=True),
        "Tags": Property(),
    },
    create=_create_group,
    update=_update_group,
    delete=_delete_group,
    attributes=("Arn",),
)


async def _create_stream(resource: ResourceRequest) -> Resource:
    name = resource.properties.get("LogStreamName") or resource.generated_name(512)
    params = {"logGroupName": resource.properties["LogGroupName"], "logStreamName": name}
    await resource.call("logs", "CreateLogStream", params)
    return Resource(name)


async def _delete_stream(resource: ResourceRequest) -> None:
    group = resource.properties["LogGroupName"]
    params = {"logGroupName": group, "logStreamName": resource.physical_id}
    await _deleted(resource, "DeleteLogStream", params)


LOG_STREAM = ResourceType(
    name="AWS::Logs::LogStream",
    properties={
        "LogGroupName": Property(required=True, replaces=True),
        "LogStreamName": Property(replaces=True),
    },
    create=_create_stream,
    delete=_delete_stream,
)
