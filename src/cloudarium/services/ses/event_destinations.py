"""Event destinations: what they may say, and whether SES may reach them."""

from __future__ import annotations

from typing import Any

from cloudarium.core.arn import parse
from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.services.ses import configuration_sets, errors

_MOST_DIMENSIONS = 10


def find(ctx: Context, set_name: str, name: str) -> dict[str, Any]:
    """Return an event destination. Raises what says that it is not there."""
    found = configuration_sets.find(ctx, set_name).destination(name)
    if found is None:
        members = {"ConfigurationSetName": set_name, "EventDestinationName": name}
        raise errors.EventDestinationDoesNotExist(members=members, name=name)
    return found


def completed(given: dict[str, Any]) -> dict[str, Any]:
    """Return an event destination as SES shows it."""
    return {**given, "Enabled": bool(given.get("Enabled"))}


async def check(ctx: Context, set_name: str, given: dict[str, Any]) -> None:
    """Raise unless SES can tell the destination of events."""
    members = {"ConfigurationSetName": set_name, "EventDestinationName": given["Name"]}
    if "KinesisFirehoseDestination" in given:
        raise errors.InvalidFirehoseDestination(members=members)
    if "CloudWatchDestination" in given:
        dimensions = given["CloudWatchDestination"]["DimensionConfigurations"]
        if not 1 <= len(dimensions) <= _MOST_DIMENSIONS:
            raise errors.InvalidCloudWatchDestination(
                members=members, message="A destination has one to ten dimensions."
            )
    elif "SNSDestination" in given:
        await _check_topic(ctx, set_name, given["SNSDestination"]["TopicARN"], members)
    else:
        raise errors.InvalidParameterValue(message="An event destination must be specified.")


async def _check_topic(ctx: Context, set_name: str, arn: str, members: dict[str, str]) -> None:
    invalid = errors.InvalidSnsDestination(members=members, arn=arn)
    parsed = parse(arn)
    if parsed is None or parsed.service != "sns" or parsed.region != ctx.region:
        raise invalid
    params = {
        "TopicArn": arn,
        "Subject": "Amazon SES Email Event Notification",
        "Message": "Successfully validated SNS topic for Amazon SES event publishing.",
    }
    source = configuration_sets.arn(ctx, set_name)
    try:
        await ctx.call("sns", "Publish", params, account=parsed.account, source_arn=source)
    except AwsError:
        raise invalid from None
