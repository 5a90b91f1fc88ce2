"""EventBridge Scheduler's CloudFormation resource types.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_Scheduler.html
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from cloudarium.core import tags
from cloudarium.core.errors import AwsError
from cloudarium.core.resources import Property, Resource, ResourceRequest, ResourceType
from cloudarium.services.scheduler.errors import GroupNotFound, ScheduleNotFound, Unfit

_DATES = ("StartDate", "EndDate")
_NUMBERS = ("MaximumWindowInMinutes", "MaximumEventAgeInSeconds", "MaximumRetryAttempts")
_SETTINGS = (
    "Description",
    "FlexibleTimeWindow",
    "GroupName",
    "KmsKeyArn",
    "ScheduleExpression",
    "ScheduleExpressionTimezone",
    "State",
    "Target",
)
_REQUIRED = ("FlexibleTimeWindow", "ScheduleExpression", "Target")


def _params(resource: ResourceRequest, name: str) -> dict[str, Any]:
    properties = resource.properties
    found = {key: _numbered(properties[key]) for key in _SETTINGS if key in properties}
    found |= {key: _seconds(properties[key]) for key in _DATES if key in properties}
    return {**found, "Name": name}


def _numbered(value: Any) -> Any:
    """Return a property with its numbers as numbers: templates may have them as text."""
    if not isinstance(value, dict):
        return value
    return {
        key: int(each) if key in _NUMBERS and str(each).isdigit() else _numbered(each)
        for key, each in value.items()
    }


def _seconds(text: str) -> float:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Unfit(reason=f"{text} is not a date and time.") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


async def _create_schedule(resource: ResourceRequest) -> Resource:
    name = resource.properties.get("Name") or resource.generated_name(64)
    answer = await resource.call("scheduler", "CreateSchedule", _params(resource, name))
    return Resource(name, {"Arn": answer["ScheduleArn"]})


async def _update_schedule(resource: ResourceRequest) -> Resource:
    name = resource.physical_id
    answer = await resource.call("scheduler", "UpdateSchedule", _params(resource, name))
    return Resource(name, {"Arn": answer["ScheduleArn"]})


async def _delete_schedule(resource: ResourceRequest) -> None:
    params = {"Name": resource.physical_id}
    if group := resource.properties.get("GroupName"):
        params["GroupName"] = group
    try:
        await resource.call("scheduler", "DeleteSchedule", params)
    except AwsError as error:
        if not ScheduleNotFound.matches(error):
            raise


SCHEDULE = ResourceType(
    name="AWS::Scheduler::Schedule",
    properties={
        "Name": Property(replaces=True),
        **{name: Property() for name in _DATES},
        **{
            # AWS says that another group needs no interruption, and then does not find the
            # schedule there (github.com/aws/aws-cdk/issues/34216): a new one is made here.
            name: Property(required=name in _REQUIRED, replaces=name == "GroupName")
            for name in _SETTINGS
        },
    },
    create=_create_schedule,
    update=_update_schedule,
    delete=_delete_schedule,
    attributes=("Arn",),
)


async def _described(resource: ResourceRequest, name: str) -> Resource:
    group = await resource.call("scheduler", "GetScheduleGroup", {"Name": name})
    return Resource(
        name,
        {
            "Arn": group["Arn"],
            "State": group["State"],
            "CreationDate": _shown(group["CreationDate"]),
            "LastModificationDate": _shown(group["LastModificationDate"]),
        },
    )


def _shown(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds")


async def _create_group(resource: ResourceRequest) -> Resource:
    name = resource.properties.get("Name") or resource.generated_name(64)
    own = tags.to_list(tags.of_resource(resource, system=False))
    await resource.call("scheduler", "CreateScheduleGroup", {"Name": name, "Tags": own})
    return await _described(resource, name)


async def _update_group(resource: ResourceRequest) -> Resource:
    made = await _described(resource, resource.physical_id)
    gone, added = tags.changes(resource, system=False)
    target = {"ResourceArn": made.attributes["Arn"]}
    if gone:
        await resource.call("scheduler", "UntagResource", {**target, "TagKeys": gone})
    if added:
        params = {**target, "Tags": tags.to_list(added)}
        await resource.call("scheduler", "TagResource", params)
    return made


async def _delete_group(resource: ResourceRequest) -> None:
    try:
        params = {"Name": resource.physical_id}
        await resource.call("scheduler", "DeleteScheduleGroup", params)
    except AwsError as error:
        if not GroupNotFound.matches(error):
            raise


SCHEDULE_GROUP = ResourceType(
    name="AWS::Scheduler::ScheduleGroup",
    properties={"Name": Property(replaces=True), "Tags": Property()},
    create=_create_group,
    update=_update_group,
    delete=_delete_group,
    attributes=("Arn", "CreationDate", "LastModificationDate", "State"),
)
