"""Delivery to targets: durable, retried with growing delays, given up into a dead-letter queue."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import orjson

from cloudarium.core import arn as arns
from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.core.identity import Principal
from cloudarium.services.events import dead_letters, limits, log_events, rules, transform
from cloudarium.services.events.rules import Rule, Target

# Errors after which AWS does not try again: what is missing or forbidden stays so.
_FINAL = (dead_letters.PERMISSIONS, dead_letters.RESOURCE, dead_letters.PARAMETER)
_LONGEST_DELAY = 900.0


async def deliver(ctx: Context, payload: dict[str, Any]) -> None:
    """Send one event to one target."""
    with ctx.transaction():
        rule = rules.lookup(ctx, payload["bus"], payload["rule"])
        found = (
            [t for t in rules.targets(ctx, rule) if t["Id"] == payload["target"]] if rule else []
        )
    if rule is None or not found:
        return
    target = found[0]
    metrics = {"RuleName": rule.name}
    try:
        await _send(ctx, rule, target, payload)
        ctx.telemetry.metric("AWS/Events", "Invocations", 1, "Count", metrics)
    except AwsError as error:
        await _failed(ctx, rule, target, payload, error)


async def _failed(
    ctx: Context, rule: Rule, target: Target, payload: dict[str, Any], error: AwsError
) -> None:
    final = dead_letters.code(error) in _FINAL
    condition = None if final else _exhausted(ctx, target, payload)
    if final or condition:
        metrics = {"RuleName": rule.name}
        ctx.telemetry.metric("AWS/Events", "FailedInvocations", 1, "Count", metrics)
        await dead_letters.send(ctx, rule, target, payload, error, condition)
        return
    delay = min(2.0 ** payload["attempt"], _LONGEST_DELAY)
    with ctx.transaction():
        again = {**payload, "attempt": payload["attempt"] + 1}
        ctx.schedule("deliver", again, at=ctx.now + delay)


def _exhausted(ctx: Context, target: Target, payload: dict[str, Any]) -> str | None:
    """Return the condition of the retry policy that forbids a further attempt, if one does."""
    policy = target.get("RetryPolicy", {})
    if payload["attempt"] >= policy.get("MaximumRetryAttempts", limits.RETRY_ATTEMPTS):
        return "MaximumRetryAttempts"
    age = ctx.now - payload["since"]
    oldest = policy.get("MaximumEventAgeInSeconds", limits.RETRY_SECONDS)
    return "MaximumEventAgeInSeconds" if age > oldest else None


@dataclass(frozen=True)
class Message:
    """What a target is sent: `text` as `principal` (None: as EventBridge), once per `key`."""

    rule: Rule
    target: Target
    event: dict[str, Any]
    text: str
    principal: Principal | None
    key: str


async def _send(ctx: Context, rule: Rule, target: Target, payload: dict[str, Any]) -> None:
    text = transform.payload(target, rule, payload["event"])
    parts = arns.parse(target["Arn"])
    service = parts.service if parts else ""
    role = None if service in ROLE_REFUSED else target.get("RoleArn") or rule.role_arn
    principal = await ctx.assume_role(role, rule.name[:64]) if role else None
    message = Message(rule, target, payload["event"], text, principal, payload["delivery"])
    await SENDERS[service](ctx, message)


async def _call(
    ctx: Context, message: Message, model: str, operation: str, params: dict[str, Any]
) -> None:
    await ctx.call(
        model,
        operation,
        params,
        principal=message.principal,
        source_arn=message.rule.arn,
        idempotency_key=message.key,
    )


async def _to_lambda(ctx: Context, message: Message) -> None:
    params = {
        "FunctionName": message.target["Arn"],
        "InvocationType": "Event",
        "Payload": message.text.encode(),
    }
    await _call(ctx, message, "lambda", "Invoke", params)


async def _to_sqs(ctx: Context, message: Message) -> None:
    params = {
        "QueueUrl": dead_letters.queue_url(message.target["Arn"]),
        "MessageBody": message.text,
    }
    if group := message.target.get("SqsParameters", {}).get("MessageGroupId"):
        params["MessageGroupId"] = group
    await _call(ctx, message, "sqs", "SendMessage", params)


async def _to_sns(ctx: Context, message: Message) -> None:
    params = {"TopicArn": message.target["Arn"], "Message": message.text}
    await _call(ctx, message, "sns", "Publish", params)


async def _to_pipeline(ctx: Context, message: Message) -> None:
    name = message.target["Arn"].rpartition(":")[2]
    params = {"name": name, "clientRequestToken": message.key}
    await _call(ctx, message, "codepipeline", "StartPipelineExecution", params)


async def _to_build(ctx: Context, message: Message) -> None:
    name = message.target["Arn"].rpartition("/")[2]
    params = {"projectName": name, "idempotencyToken": message.key}
    await _call(ctx, message, "codebuild", "StartBuild", params)


async def _to_bus(ctx: Context, message: Message) -> None:
    entry = {
        "Source": message.event["source"],
        "DetailType": message.event["detail-type"],
        "Detail": orjson.dumps(message.event["detail"]).decode(),
        "Resources": message.event["resources"],
        "EventBusName": message.target["Arn"],
    }
    await _call(ctx, message, "events", "PutEvents", {"Entries": [entry]})


async def _to_logs(ctx: Context, message: Message) -> None:
    """Write one log event, to a log stream of its own."""
    group = log_events.group_of(message.target["Arn"])
    entry = log_events.entry(message.target, message.event, message.text)
    stream = {"logGroupName": group, "logStreamName": message.key}
    await ctx.call(
        "logs",
        "CreateLogStream",
        stream,
        source_arn=message.rule.arn,
        idempotency_key=f"{message.key}/stream",
    )
    await _call(ctx, message, "logs", "PutLogEvents", {**stream, "logEvents": [entry]})


Sender = Callable[[Context, Message], Awaitable[None]]
SENDERS: dict[str, Sender] = {
    "lambda": _to_lambda,
    "sqs": _to_sqs,
    "sns": _to_sns,
    "codepipeline": _to_pipeline,
    "codebuild": _to_build,
    "events": _to_bus,
    "logs": _to_logs,
}
# The only ones that no role but the log groups' resource policies allow.
ROLE_REFUSED = frozenset({"logs"})
ROLE_NEEDED = frozenset({"codepipeline", "codebuild", "events"})
