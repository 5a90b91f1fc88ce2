"""What alarms do when their state changes.

They publish to SNS topics, invoke Lambda functions and have scaling policies act.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import orjson

from cloudarium.contracts.alarms import ScalingAlarmed
from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.core.identity import service_principal
from cloudarium.services.cloudwatch import alarm_history, alarms, limits
from cloudarium.services.cloudwatch.alarms import Alarm


async def act(ctx: Context, payload: dict[str, Any]) -> None:
    """Job: do one action and note how it went."""
    if ":autoscaling:" in payload["action"]:
        with ctx.transaction():
            _scale(ctx, payload)
        return
    error = ""
    try:
        if ":lambda:" in payload["action"]:
            await _invoke(ctx, payload)
        else:
            await _publish(ctx, payload)
    except AwsError as failure:
        error = failure.message
    with ctx.transaction():
        _note(ctx, payload, error)


async def _publish(ctx: Context, payload: dict[str, Any]) -> None:
    notice = payload["notice"]
    message = {"default": notice["Message"], "email": notice["Email"]}
    await ctx.call(
        "sns",
        "Publish",
        {
            "TopicArn": payload["action"],
            "Subject": notice["Subject"],
            "Message": orjson.dumps(message).decode(),
            "MessageStructure": "json",
        },
        source_arn=payload["arn"],
        idempotency_key=payload["id"],
    )


async def _invoke(ctx: Context, payload: dict[str, Any]) -> None:
    """Invoke a function as alarms do; its policy must let them.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html
    """
    await ctx.call(
        "lambda",
        "Invoke",
        {
            "FunctionName": payload["action"],
            "InvocationType": "Event",
            "Payload": orjson.dumps(payload["event"]),
        },
        principal=service_principal("lambda.alarms.cloudwatch.amazonaws.com", ctx.account),
        source_arn=payload["arn"],
        idempotency_key=payload["id"],
    )


def _scale(ctx: Context, payload: dict[str, Any]) -> None:
    """Tell a scaling policy, and again every minute for as long as the alarm stays as it is.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
    ("Alarm actions")
    """
    alarm = alarms.named(ctx, payload["alarm"])
    if alarm is None or not alarm.acts or alarm.state != payload["state"]:
        return
    if payload["action"] not in alarm.actions(alarm.state):
        return
    if point := _latest(alarm):
        at = datetime.fromisoformat(point["timestamp"]).timestamp()
        ctx.emit(ScalingAlarmed(payload["action"], alarm.name, point["value"], at))
    if not payload.get("again"):
        _note(ctx, payload, "")
    key = f"{alarm.name} {payload['action']}"
    ctx.schedule("act", {**payload, "again": True}, at=ctx.now + limits.MINUTE, key=key)


def _latest(alarm: Alarm) -> dict[str, Any] | None:
    """Return the latest data point an alarm was judged by, if there was one."""
    data = orjson.loads(alarm.reason_data or "{}")
    points: list[dict[str, Any]] = data.get("evaluatedDatapoints", [])
    return next((point for point in points if point["value"] is not None), None)


def _note(ctx: Context, payload: dict[str, Any], error: str) -> None:
    alarm = alarms.named(ctx, payload["alarm"])
    if alarm is None:
        return
    action = payload["action"]
    data = {
        "actionState": "Failed" if error else "Succeeded",
        "stateUpdateTimestamp": int(alarm.state_updated_at * 1000),
        "notificationResource": action,
        "publishedMessage": orjson.loads(payload["notice"]["Message"]),
        "error": error or None,
    }
    summary = f"Successfully executed action {action}"
    if error:
        summary = f"Failed to execute action {action}. Received error: {error}"
    alarm_history.add(ctx, alarm, "Action", summary[:255], data)
