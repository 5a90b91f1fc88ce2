"""DynamoDB's CloudFormation resource types.

Source: CloudFormation's template reference, `AWS::DynamoDB::Table`.
"""

from typing import Any

from cloudarium.core.errors import AwsError
from cloudarium.core.resources import Property, Resource, ResourceRequest, ResourceType

from . import errors, imported_tables, update_errors
from . import resource_settings as settings
from .resource_checks import check_table

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
# What an UpdateTable changes by itself only; the maximums go with the billing mode.
_ALONE = (
    "DeletionProtectionEnabled",
    "SSESpecification",
    "StreamSpecification",
    "TableClass",
    "WarmThroughput",
)
# What a table has, and is given again, whose template does not say it.
_PLAIN = {
    "BillingMode": "PROVISIONED",
    "DeletionProtectionEnabled": False,
    "TableClass": "STANDARD",
}
_UNSUPPORTED = ("KinesisStreamSpecification",)
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
    params = {"TableName": name, **_some(properties, _CREATED)}
    if "SSESpecification" in properties:
        params["SSESpecification"] = _encryption(properties["SSESpecification"])
    if "StreamSpecification" in properties:
        params["StreamSpecification"] = _stream(properties)
    if tags := settings.tags_of(resource):
        params["Tags"] = [{"Key": key, "Value": value} for key, value in tags.items()]
    if source := properties.get("ImportSourceSpecification"):
        left = await imported_tables.create(resource, params, source)
        await _update_each(resource, name, left)
    else:
        await resource.call("dynamodb", "CreateTable", params)
        await _settled(resource, name)
    return await _with_settings(resource, name, {}, properties)


async def _update(resource: ResourceRequest) -> Resource:
    name, new, old = resource.physical_id, _supported(resource), _typed(resource.previous)
    index = _index_change(old, new)
    if "Delete" in index:  # first: the capacity of all that stay goes with a billing mode
        await _change_index(resource, name, index, new)
    await _update_settings(resource, name, old, new)
    await _update_stream(resource, name, old, new)
    if "Create" in index:
        await _change_index(resource, name, index, new)
    found = await _with_settings(resource, name, old, new)
    await settings.update_tags(resource, found.attributes["Arn"])
    return found


async def _with_settings(
    resource: ResourceRequest, name: str, old: dict[str, Any], new: dict[str, Any]
) -> Resource:
    """The table, given all that is set by requests of its own."""
    await settings.update_time_to_live(resource, name, old, new)
    await settings.update_recovery(resource, name, old, new)
    await settings.update_insights(resource, name, old, new)
    found = await _described(resource, name)
    await settings.update_policies(resource, dict(found.attributes), old, new)
    return found


async def _delete(resource: ResourceRequest) -> None:
    name = resource.physical_id
    try:
        await settings.patiently(resource, "DeleteTable", {"TableName": name})
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
    before, after = {**_PLAIN, **old}, {**_PLAIN, **new}
    changed = {
        key: after[key] for key in _UPDATED if key in after and after[key] != before.get(key)
    }
    billing = after["BillingMode"]
    switched = billing != before["BillingMode"]
    if switched and billing == "PROVISIONED":
        changed["ProvisionedThroughput"] = new["ProvisionedThroughput"]
    if updates := _index_throughputs(old, new, anew=switched):
        changed["GlobalSecondaryIndexUpdates"] = updates
    encrypted, wanted = (_encryption(each.get("SSESpecification", {})) for each in (old, new))
    if wanted != encrypted:
        changed["SSESpecification"] = wanted
    await _update_each(resource, name, changed)


async def _update_each(resource: ResourceRequest, name: str, changed: dict[str, Any]) -> None:
    """Changes a table's settings, each in a request of its own where that must be."""
    names = _ALONE if "BillingMode" in changed else (*_ALONE, "OnDemandThroughput")
    alone = [{key: changed[key]} for key in names if key in changed]
    rest = {key: wanted for key, wanted in changed.items() if key not in names}
    for wanted in (*alone, rest):
        if not wanted:
            continue
        params = {"TableName": name, **wanted}
        if "DeletionProtectionEnabled" in wanted:
            await settings.patiently(resource, "UpdateTable", params)
        else:
            await resource.call("dynamodb", "UpdateTable", params)
        await _settled(resource, name)


def _index_throughputs(
    old: dict[str, Any], new: dict[str, Any], *, anew: bool
) -> list[dict[str, Any]]:
    """Updates for the indexes there were whose throughput is another, or to be said anew."""
    before = _by_name(old)
    return [
        {"Update": {"IndexName": name, "ProvisionedThroughput": index["ProvisionedThroughput"]}}
        for name, index in _by_name(new).items()
        if name in before
        and "ProvisionedThroughput" in index
        and (anew or index["ProvisionedThroughput"] != before[name].get("ProvisionedThroughput"))
    ]


def _index_change(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """The index to be made or deleted. ValidationException for more than one."""
    before, after = _by_name(old), _by_name(new)
    changes: list[dict[str, Any]] = [
        {"Delete": {"IndexName": index}} for index in before if index not in after
    ]
    changes += [{"Create": after[index]} for index in after if index not in before]
    if len(changes) > 1:
        raise update_errors.OneIndexPerUpdate()
    return changes[0] if changes else {}


async def _change_index(
    resource: ResourceRequest, name: str, change: dict[str, Any], new: dict[str, Any]
) -> None:
    params = {"TableName": name, "GlobalSecondaryIndexUpdates": [change]}
    if "Create" in change:
        params["AttributeDefinitions"] = new["AttributeDefinitions"]
    await resource.call("dynamodb", "UpdateTable", params)
    await _settled(resource, name)


async def _update_stream(
    resource: ResourceRequest, name: str, old: dict[str, Any], new: dict[str, Any]
) -> None:
    views = [each.get("StreamSpecification", {}).get("StreamViewType") for each in (old, new)]
    if views[0] == views[1]:
        return
    for properties, enabled in ((old, False), (new, True)):
        if "StreamSpecification" in properties:
            wanted = _stream(properties) if enabled else {"StreamEnabled": False}
            params = {"TableName": name, "StreamSpecification": wanted}
            await resource.call("dynamodb", "UpdateTable", params)
            await _settled(resource, name)


async def _described(resource: ResourceRequest, name: str) -> Resource:
    answer = await resource.call("dynamodb", "DescribeTable", {"TableName": name})
    attributes = {
        "Arn": answer["Table"]["TableArn"],
        "TableId": answer["Table"]["TableId"],
    }
    if "StreamSpecification" in answer["Table"]:
        attributes["StreamArn"] = answer["Table"]["LatestStreamArn"]
    return Resource(name, attributes)


async def _settled(resource: ResourceRequest, name: str) -> None:
    async def is_active() -> bool:
        answer = await resource.call("dynamodb", "DescribeTable", {"TableName": name})
        table = answer["Table"]
        indexes = table.get("GlobalSecondaryIndexes", []) + table.get("VectorIndexes", [])
        parts = [table.get("WarmThroughput", {}), table.get("SSEDescription", {})]
        statuses = [table["TableStatus"], *(index["IndexStatus"] for index in indexes)]
        return statuses.count("ACTIVE") == len(statuses) and all(
            each.get("Status") != "UPDATING" for each in parts
        )

    await resource.poll(is_active)


def _supported(resource: ResourceRequest) -> dict[str, Any]:
    """The properties with numbers and flags as such. ValidationException for what cannot be."""
    properties: dict[str, Any] = _typed(resource.properties)
    for name in _UNSUPPORTED:
        if properties.get(name):
            raise errors.Unsupported(name=name)
    check_table(properties)
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
