"""Alarm tags."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.cloudwatch import alarms, errors, limits
from cloudarium.services.cloudwatch.alarms import Alarm


def tag_resource(ctx: Context, request: Request) -> Response:
    """Add or change tags of an alarm."""
    alarm = _alarm(ctx, request["ResourceARN"])
    tags = {**alarm.tags, **{tag["Key"]: tag["Value"] for tag in request["Tags"]}}
    if len(tags) > limits.MAX_TAGS:
        raise errors.InvalidParameter(reason=f"A resource has at most {limits.MAX_TAGS} tags.")
    alarms.set_tags(ctx, alarm, tags)
    return {}


def untag_resource(ctx: Context, request: Request) -> Response:
    """Remove tags of an alarm."""
    alarm = _alarm(ctx, request["ResourceARN"])
    removed = set(request["TagKeys"])
    kept = {key: value for key, value in alarm.tags.items() if key not in removed}
    alarms.set_tags(ctx, alarm, kept)
    return {}


def list_tags_for_resource(ctx: Context, request: Request) -> Response:
    """Return an alarm's tags."""
    tags = _alarm(ctx, request["ResourceARN"]).tags
    return {"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}


def _alarm(ctx: Context, arn: str) -> Alarm:
    alarm = alarms.named(ctx, arn.partition(":alarm:")[2])
    if alarm is None or alarm.arn != arn:
        members = {"ResourceType": "AlarmArn", "ResourceId": arn}
        raise errors.ResourceNotFound(members=members, arn=arn)
    return alarm
