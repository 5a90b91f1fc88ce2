"""What templates say of a table that requests of its own set: recovery, tags, policies and more.

Each function brings a table named `name` from the `old` to the `new` properties.
"""

from typing import Any

import orjson

from cloudarium.core.errors import AwsError
from cloudarium.core.resources import ResourceRequest

Properties = dict[str, Any]

_PASSING = ("LimitExceededException", "ResourceInUseException", "ThrottlingException")
_NO_RECOVERY = {"PointInTimeRecoveryEnabled": False}


async def patiently(resource: ResourceRequest, operation: str, params: Properties) -> None:
    """Asks for a change until none that was made just before is in its way."""

    async def is_done() -> bool:
        try:
            await resource.call("dynamodb", operation, params)
        except AwsError as error:
            if error.code in _PASSING:
                return False
            raise
        return True

    await resource.poll(is_done)


async def update_time_to_live(
    resource: ResourceRequest, name: str, old: Properties, new: Properties
) -> None:
    """Sets which attribute has the time to live.

    That another one has it must be ended first, by an update of its own, as the template reference
    says.
    """
    before, after = (_expiry(each.get("TimeToLiveSpecification") or {}) for each in (old, new))
    if before != after:
        wanted = {"AttributeName": after or before, "Enabled": after is not None}
        params = {"TableName": name, "TimeToLiveSpecification": wanted}
        await resource.call("dynamodb", "UpdateTimeToLive", params)


def _expiry(given: Properties) -> str | None:
    return given.get("AttributeName") if given.get("Enabled") else None


async def update_recovery(
    resource: ResourceRequest, name: str, old: Properties, new: Properties
) -> None:
    """Turns point-in-time recovery on or off."""
    before = old.get("PointInTimeRecoverySpecification") or _NO_RECOVERY
    after = new.get("PointInTimeRecoverySpecification") or _NO_RECOVERY
    if before != after:
        params = {"TableName": name, "PointInTimeRecoverySpecification": after}
        await resource.call("dynamodb", "UpdateContinuousBackups", params)


async def update_insights(
    resource: ResourceRequest, name: str, old: Properties, new: Properties
) -> None:
    """Turns the contributor insights of the table and of its global indexes on or off."""
    before, after = _insights(old), _insights(new)
    present = {"", *(each["IndexName"] for each in new.get("GlobalSecondaryIndexes", []))}
    for index in sorted({*before, *after} & present):
        wanted = after.get(index, {})
        if wanted == before.get(index, {}):
            continue
        params = {
            "TableName": name,
            "ContributorInsightsAction": "ENABLE" if wanted.get("Enabled") else "DISABLE",
        }
        if index:
            params["IndexName"] = index
        if "Mode" in wanted:
            params["ContributorInsightsMode"] = wanted["Mode"]
        await resource.call("dynamodb", "UpdateContributorInsights", params)


def _insights(properties: Properties) -> dict[str, Properties]:
    """The `ContributorInsightsSpecification`s there are, by index ("" for the table)."""
    named = [("", properties)]
    named += [(each["IndexName"], each) for each in properties.get("GlobalSecondaryIndexes", [])]
    member = "ContributorInsightsSpecification"
    return {name: each[member] for name, each in named if each.get(member)}


async def update_policies(
    resource: ResourceRequest, arns: dict[str, str], old: Properties, new: Properties
) -> None:
    """Gives the table and its stream their policies; `arns` has `Arn` and perhaps `StreamArn`."""
    await _update_policy(resource, arns["Arn"], old, new)
    if "StreamArn" in arns:
        same = old.get("StreamSpecification", {}) if _keeps_stream(old, new) else {}
        await _update_policy(resource, arns["StreamArn"], same, new.get("StreamSpecification", {}))


def _keeps_stream(old: Properties, new: Properties) -> bool:
    before, after = (each.get("StreamSpecification", {}) for each in (old, new))
    return bool(before.get("StreamViewType") == after.get("StreamViewType"))


async def _update_policy(
    resource: ResourceRequest, arn: str, old: Properties, new: Properties
) -> None:
    before, after = (each.get("ResourcePolicy") or {} for each in (old, new))
    if before == after:
        return
    if after:
        document = orjson.dumps(after["PolicyDocument"]).decode()
        params = {"ResourceArn": arn, "Policy": document}
        await patiently(resource, "PutResourcePolicy", params)
    else:
        await patiently(resource, "DeleteResourcePolicy", {"ResourceArn": arn})


async def update_tags(resource: ResourceRequest, arn: str) -> None:
    """Gives the table the tags of the stack and of the resource, and no others."""
    answer = await resource.call("dynamodb", "ListTagsOfResource", {"ResourceArn": arn})
    present = {tag["Key"]: tag["Value"] for tag in answer["Tags"]}
    wanted = tags_of(resource)
    gone = [key for key in present if key not in wanted]
    added = [{"Key": k, "Value": v} for k, v in wanted.items() if present.get(k) != v]
    if gone:
        params: Properties = {"ResourceArn": arn, "TagKeys": gone}
        await patiently(resource, "UntagResource", params)
    if added:
        await patiently(resource, "TagResource", {"ResourceArn": arn, "Tags": added})


def tags_of(resource: ResourceRequest) -> dict[str, str]:
    """The tags a table is to have."""
    own = {tag["Key"]: tag["Value"] for tag in resource.properties.get("Tags", [])}
    return {**resource.tags, **own}
