"""DynamoDB's CloudFormation resource types.

Source: CloudFormation's template reference, `AWS::DynamoDB::Table`.
"""

from typing import Any

import orjson

from cloudarium.core.errors import AwsError
from cloudarium.core.resources import Property, Resource, ResourceRequest, ResourceType

from . import errors

_CREATED = (
    "AttributeDefinitions",
    "BillingMode",
    "DeletionProtectionEnabled",
    "GlobalSecondaryIndexes",
    "KeySchema",
    "LocalSecondaryIndexes",
    "OnDemandThroughput",
    "ProvisionedThroughput",
    "TableClass",
    "WarmThroughput",
)
_UPDATED = (
    "BillingMode",
    "DeletionProtectionEnabled",
    "OnDemandThroughput",
    "ProvisionedThroughput",
    "TableClass",
    "WarmThroughput",
)
_UNSUPPORTED = ("ImportSourceSpecification", "KinesisStreamSpecification")
_NUMBERS = (
    "MaxReadRequestUnits",
    "MaxWriteRequestUnits",
    "ReadCapacityUnits",
    "ReadUnitsPerSecond",
    "RecoveryPeriodInDays",
    "WriteCapacityUnits",
    "WriteUnitsPerSecond",
)
_FLAGS = ("DeletionProtectionEnabled", "Enabled", "SSEEnabled", "PointInTimeRecoveryEnabled")


async def _create(resource: ResourceRequest) -> Resource:
    properties = _supported(resource)
    name = properties.get("TableName") or resource.generated_name(255)
    tags = [{"Key": key, "Value": value} for key, value in _tags(resource).items()]
    params = {"TableName": name, **_some(properties, _CREATED)}
    if "SSESpecification" in properties:
        params["SSESpecification"] = _encryption(properties["SSESpecification"])
    if "StreamSpecification" in properties:
        params["StreamSpecification"] = _stream(properties)
    if tags:
        params["Tags"] = tags
    await resource.call("dynamodb", "CreateTable", params)
    await _settled(resource, name)
    await _set_time_to_live(resource, name, {}, properties.get("TimeToLiveSpecification", {}))
    await _set_recovery(resource, name, {}, properties)
    await _set_insights(resource, name, {}, properties)
    found = await _described(resource, name)
    await _set_policy(resource, found.attributes["Arn"], {}, properties)
    return found


async def _update(resource: ResourceRequest) -> Resource:
    name, new, old = resource.physical_id, _supported(resource), _typed(resource.previous)
    await _update_settings(resource, name, old, new)
    await _update_stream(resource, name, old, new)
    await _update_index(resource, name, old, new)
    before = old.get("TimeToLiveSpecification", {})
    await _set_time_to_live(resource, name, before, new.get("TimeToLiveSpecification", {}))
    await _set_recovery(resource, name, old, new)
    await _set_insights(resource, name, old, new)
    arn = (await _described(resource, name)).attributes["Arn"]
    await _set_policy(resource, arn, old, new)
    await _update_tags(resource, arn)
    return await _described(resource, name)


async def _delete(resource: ResourceRequest) -> None:
    name = resource.physical_id
    try:
        await resource.call("dynamodb", "DeleteTable", {"TableName": name})
    except AwsError as error:
        if not errors.TableNotFound.matches(error):
            raise
        return

    async def is_gone() -> bool:
        try:
            await resource.call("dynamodb", "DescribeTable", {"TableName": name})
        except AwsError as error:
            if errors.TableNotFound.matches(error):
                return True
            raise
        return False

    await resource.poll(is_gone)


async def _update_settings(
    resource: ResourceRequest, name: str, old: dict[str, Any], new: dict[str, Any]
) -> None:
    changed = {key: new[key] for key in _UPDATED if key in new and new[key] != old.get(key)}
    if old.get("DeletionProtectionEnabled") and "DeletionProtectionEnabled" not in new:
        changed["DeletionProtectionEnabled"] = False
    billing = new.get("BillingMode", "PROVISIONED")
    if billing != old.get("BillingMode", "PROVISIONED"):
        changed["BillingMode"] = billing
        if billing == "PROVISIONED":
            changed["ProvisionedThroughput"] = new.get("ProvisionedThroughput")
            changed["GlobalSecondaryIndexUpdates"] = _index_throughputs({}, new)
    elif updates := _index_throughputs(_by_name(old), new):
        changed["GlobalSecondaryIndexUpdates"] = updates
    if new.get("SSESpecification") != old.get("SSESpecification"):
        changed["SSESpecification"] = _encryption(new.get("SSESpecification", {}))
    if changed:
        await resource.call("dynamodb", "UpdateTable", {"TableName": name, **changed})
        await _settled(resource, name)


def _index_throughputs(old: dict[str, dict[str, Any]], new: dict[str, Any]) -> list[dict[str, Any]]:
    """Updates for the indexes there were whose throughput is not what it was."""
    return [
        {"Update": {"IndexName": name, "ProvisionedThroughput": index["ProvisionedThroughput"]}}
        for name, index in _by_name(new).items()
        if "ProvisionedThroughput" in index
        and (not old or name in old)
        and index["ProvisionedThroughput"] != old.get(name, {}).get("ProvisionedThroughput")
    ]


async def _update_index(
    resource: ResourceRequest, name: str, old: dict[str, Any], new: dict[str, Any]
) -> None:
    before, after = _by_name(old), _by_name(new)
    updates: list[dict[str, Any]] = [
        {"Delete": {"IndexName": index}} for index in before if index not in after
    ]
    updates += [{"Create": after[index]} for index in after if index not in before]
    if len(updates) > 1:
        raise errors.OneIndexPerUpdate()
    if not updates:
        return
    params = {"TableName": name, "GlobalSecondaryIndexUpdates": updates}
    if "Create" in updates[0]:
        params["AttributeDefinitions"] = new["AttributeDefinitions"]
    await resource.call("dynamodb", "UpdateTable", params)
    await _settled(resource, name)


async def _update_stream(
    resource: ResourceRequest, name: str, old: dict[str, Any], new: dict[str, Any]
) -> None:
    if new.get("StreamSpecification") == old.get("StreamSpecification"):
        return
    for properties, enabled in ((old, False), (new, True)):
        if "StreamSpecification" in properties:
            wanted = _stream(properties) if enabled else {"StreamEnabled": False}
            params = {"TableName": name, "StreamSpecification": wanted}
            await resource.call("dynamodb", "UpdateTable", params)
            await _settled(resource, name)


async def _set_time_to_live(
    resource: ResourceRequest, name: str, old: dict[str, Any], new: dict[str, Any]
) -> None:
    before = old.get("AttributeName") if old.get("Enabled") else None
    after = new.get("AttributeName") if new.get("Enabled") else None
    for attribute, enabled in ((before, False), (after, True)):
        if attribute is not None and before != after:
            wanted = {"AttributeName": attribute, "Enabled": enabled}
            params = {"TableName": name, "TimeToLiveSpecification": wanted}
            await resource.call("dynamodb", "UpdateTimeToLive", params)


async def _set_recovery(
    resource: ResourceRequest, name: str, old: dict[str, Any], new: dict[str, Any]
) -> None:
    off = {"PointInTimeRecoveryEnabled": False}
    before = old.get("PointInTimeRecoverySpecification") or off
    after = new.get("PointInTimeRecoverySpecification") or off
    if before != after:
        params = {"TableName": name, "PointInTimeRecoverySpecification": after}
        await resource.call("dynamodb", "UpdateContinuousBackups", params)


async def _set_insights(
    resource: ResourceRequest, name: str, old: dict[str, Any], new: dict[str, Any]
) -> None:
    before, after = (each.get("ContributorInsightsSpecification") or {} for each in (old, new))
    if before == after:
        return
    params = {
        "TableName": name,
        "ContributorInsightsAction": "ENABLE" if after.get("Enabled") else "DISABLE",
    }
    if "Mode" in after:
        params["ContributorInsightsMode"] = after["Mode"]
    await resource.call("dynamodb", "UpdateContributorInsights", params)


async def _set_policy(
    resource: ResourceRequest, arn: str, old: dict[str, Any], new: dict[str, Any]
) -> None:
    before, after = (each.get("ResourcePolicy") or {} for each in (old, new))
    if before == after:
        return
    if after:
        document = orjson.dumps(after["PolicyDocument"]).decode()
        params = {"ResourceArn": arn, "Policy": document}
        await resource.call("dynamodb", "PutResourcePolicy", params)
    else:
        await resource.call("dynamodb", "DeleteResourcePolicy", {"ResourceArn": arn})


async def _update_tags(resource: ResourceRequest, arn: str) -> None:
    answer = await resource.call("dynamodb", "ListTagsOfResource", {"ResourceArn": arn})
    present = {tag["Key"]: tag["Value"] for tag in answer["Tags"]}
    wanted = _tags(resource)
    gone = [key for key in present if key not in wanted]
    added = [{"Key": k, "Value": v} for k, v in wanted.items() if present.get(k) != v]
    if gone:
        params: dict[str, Any] = {"ResourceArn": arn, "TagKeys": gone}
        await resource.call("dynamodb", "UntagResource", params)
    if added:
        await resource.call("dynamodb", "TagResource", {"ResourceArn": arn, "Tags": added})


async def _described(resource: ResourceRequest, name: str) -> Resource:
    answer = await resource.call("dynamodb", "DescribeTable", {"TableName": name})
    attributes = {
        "Arn": answer["Table"]["TableArn"],
        "TableId": answer["Table"]["TableId"],
    }
    if "LatestStreamArn" in answer["Table"]:
        attributes["StreamArn"] = answer["Table"]["LatestStreamArn"]
    return Resource(name, attributes)


async def _settled(resource: ResourceRequest, name: str) -> None:
    async def is_active() -> bool:
        answer = await resource.call("dynamodb", "DescribeTable", {"TableName": name})
        return bool(answer["Table"]["TableStatus"] == "ACTIVE")

    await resource.poll(is_active)


def _supported(resource: ResourceRequest) -> dict[str, Any]:
    """The properties with numbers and flags as such. ValidationException for what is not there."""
    properties: dict[str, Any] = _typed(resource.properties)
    for name in _UNSUPPORTED:
        if properties.get(name):
            raise errors.Unsupported(name=name)
    return properties


def _typed(value: Any, name: str = "") -> Any:
    """Template text as the API's types: CloudFormation takes "5" for 5 and "true" for true."""
    if isinstance(value, dict):
        return {
            key: each if key == "PolicyDocument" else _typed(each, key)
            for key, each in value.items()
        }
    if isinstance(value, list):
        return [_typed(each) for each in value]
    if name in _NUMBERS:
        return int(value)
    if name in _FLAGS:
        return str(value).lower() == "true"
    return value


def _tags(resource: ResourceRequest) -> dict[str, str]:
    own = {tag["Key"]: tag["Value"] for tag in resource.properties.get("Tags", [])}
    return {**resource.tags, **own}


def _some(properties: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: properties[name] for name in names if name in properties}


def _by_name(properties: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["IndexName"]: each for each in properties.get("GlobalSecondaryIndexes", [])}


def _stream(properties: dict[str, Any]) -> dict[str, Any]:
    view = properties["StreamSpecification"]["StreamViewType"]
    return {"StreamEnabled": True, "StreamViewType": view}


def _encryption(given: dict[str, Any]) -> dict[str, Any]:
    """`SSEEnabled` is the API's `Enabled`."""
    renamed = {"Enabled": given.get("SSEEnabled", False)}
    return {**renamed, **_some(given, ("SSEType", "KMSMasterKeyId"))}


TABLE = ResourceType(
    name="AWS::DynamoDB::Table",
    properties={
        "AttributeDefinitions": Property(),
        "BillingMode": Property(),
        "ContributorInsightsSpecification": Property(),
        "DeletionProtectionEnabled": Property(),
        "GlobalSecondaryIndexes": Property(),
        "ImportSourceSpecification": Property(replaces=True),
        "KeySchema": Property(required=True, replaces=True),
        "KinesisStreamSpecification": Property(),
        "LocalSecondaryIndexes": Property(replaces=True),
        "OnDemandThroughput": Property(),
        "PointInTimeRecoverySpecification": Property(),
        "ProvisionedThroughput": Property(),
        "ResourcePolicy": Property(),
        "SSESpecification": Property(),
        "StreamSpecification": Property(),
        "TableClass": Property(),
        "TableName": Property(replaces=True),
        "Tags": Property(),
        "TimeToLiveSpecification": Property(),
        "WarmThroughput": Property(),
    },
    create=_create,
    update=_update,
    delete=_delete,
    attributes=("Arn", "StreamArn"),
)
