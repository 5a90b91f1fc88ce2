"""Stack events to SNS topics, one message each.

The message: name and value in quotes, one to a line, as CloudFormation's notifications have it.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.services.cloudformation.stacks import Stack

log = logging.getLogger(__name__)


def order(ctx: Context, stack: Stack, event: Mapping[str, Any]) -> None:
    """Have an event, a row of `events`, published to the topics its stack names."""
    for topic in stack.config.notification_arns:
        message = _message(ctx, stack, event)
        payload = {"topic": topic, "message": message, "event_id": event["event_id"]}
        ctx.schedule("notify", payload)


def _message(ctx: Context, stack: Stack, event: Mapping[str, Any]) -> str:
    at = datetime.fromtimestamp(event["at"], UTC)
    lines = {
        "StackId": stack.stack_id,
        "Timestamp": f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z",
        "EventId": event["event_id"],
        "LogicalResourceId": event["logical_id"],
        "Namespace": ctx.account,
        "PhysicalResourceId": event["physical_id"],
        "ResourceProperties": event["properties"] or "null",
        "ResourceStatus": event["status"],
        "ResourceStatusReason": event["reason"] or "",
        "ResourceType": event["type"],
        "StackName": stack.name,
        "ClientRequestToken": event["token"] or "null",
    }
    return "".join(f"{name}='{value}'\n" for name, value in lines.items())


async def publish(ctx: Context, payload: dict[str, Any]) -> None:
    """Publish one event to one topic. A topic that refuses goes without, as on AWS."""
    topic = payload["topic"]
    params = {
        "TopicArn": topic,
        "Subject": "AWS CloudFormation Notification",
        "Message": payload["message"],
    }
    try:
        await ctx.call(
            "sns", "Publish", params, idempotency_key=f"notify/{topic}/{payload['event_id']}"
        )
    except AwsError as error:
        log.warning("%s did not take a stack's event: %s", topic, error.message)
