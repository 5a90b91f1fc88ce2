"""Dead letters: events a target never took, sent to a queue that lets EventBridge send.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-event-delivery.html#eb-rule-dlq
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.services.events import errors
from cloudarium.services.events.rules import Rule, Target

PERMISSIONS, RESOURCE, PARAMETER = "NO_PERMISSIONS", "NO_RESOURCE", "INVALID_PARAMETER"
_CODES = (
    ("AccessDenied", PERMISSIONS),
    ("NotFound", RESOURCE),
    ("NonExistent", RESOURCE),
    ("DoesNotExist", RESOURCE),
    ("Validation", PARAMETER),
    ("Invalid", PARAMETER),
    ("Throttl", "THROTTLING"),
    ("TooManyRequests", "THROTTLING"),
)


def code(error: AwsError) -> str:
    """Return EventBridge's own name for a kind of failure."""
    return next((name for part, name in _CODES if part in error.code), "ERROR_FROM_TARGET")


def check(wanted: Mapping[str, Any]) -> None:
    """Raise ValidationException unless a bus's or a target's dead letters can go to a queue."""
    arn = (wanted.get("DeadLetterConfig") or {}).get("Arn") or ""
    service = arn.split(":")[2] if arn.count(":") > 2 else "sqs"
    if service != "sqs":
        raise errors.NoDeadLetters(service=service)
    if arn.endswith(".fifo"):
        raise errors.NoFifoDeadLetters()


async def send(
    ctx: Context,
    rule: Rule,
    target: Target,
    payload: dict[str, Any],
    error: AwsError,
    condition: str | None,
) -> None:
    """Send a dead letter, if the target has a queue for them; a failure is only counted.

    `condition` is the one of the retry policy that was exhausted, if one was.
    """
    queue = target.get("DeadLetterConfig", {}).get("Arn")
    if queue is None:
        return
    attributes = {
        "RULE_ARN": rule.arn,
        "TARGET_ARN": target["Arn"],
        "ERROR_CODE": code(error),
        "ERROR_MESSAGE": error.message or error.code,
        "RETRY_ATTEMPTS": str(payload["attempt"]),
        **({"EXHAUSTED_RETRY_CONDITION": condition} if condition else {}),
    }
    params = {
        "QueueUrl": queue_url(queue),
        "MessageBody": orjson.dumps(payload["event"]).decode(),
        "MessageAttributes": {
            name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()
        },
    }
    metric = "InvocationsSentToDlq"
    try:
        key = f"{payload['delivery']}/dead"
        await ctx.call("sqs", "SendMessage", params, source_arn=rule.arn, idempotency_key=key)
    except AwsError:
        metric = "InvocationsFailedToBeSentToDlq"
    ctx.telemetry.metric("AWS/Events", metric, 1, "Count", {"RuleName": rule.name})


def queue_url(arn: str) -> str:
    """Return a URL by which SQS finds the queue."""
    account, name = arn.split(":")[4:6]
    return f"/{account}/{name}"
