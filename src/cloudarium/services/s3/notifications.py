"""Bucket notifications: checking a configuration, choosing its destinations, delivering."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.services.s3 import buckets, errors, events
from cloudarium.services.s3.buckets import Bucket
from cloudarium.services.s3.objects import ObjectVersion

KIND = "notification"
_SUBJECT = "Amazon S3 Notification"
_LISTS = {
    "TopicConfigurations": "TopicArn",
    "QueueConfigurations": "QueueArn",
    "LambdaFunctionConfigurations": "LambdaFunctionArn",
}
_RETRY_SECONDS = (1, 5, 30, 120, 600, 3600)
_DENIED = {
    "sns": "Permissions on the destination topic do not allow S3 to publish notifications from "
    "this bucket",
    "sqs": "Permissions on the destination queue do not allow S3 to publish notifications from "
    "this bucket",
    "lambda": "Not authorized to invoke function [{arn}]",
}


@dataclass(frozen=True)
class Rule:
    """One destination: `service` (sns, sqs, lambda), its ARN, event names, prefix and suffix."""

    id: str
    service: str
    arn: str
    event_names: tuple[str, ...]
    prefix: str
    suffix: str

    def wants(self, kind: events.Kind, key: str) -> bool:
        """Tell whether an event of `kind` about `key` goes to this destination."""
        group = kind.name.split(":")[0]
        named = f"s3:{kind.name}" in self.event_names or f"s3:{group}:*" in self.event_names
        return named and key.startswith(self.prefix) and key.endswith(self.suffix)

    def overlaps(self, other: Rule) -> bool:
        """Tell whether one event could go to both (which S3 refuses)."""
        return (
            any(_share(one, two) for one in self.event_names for two in other.event_names)
            and (self.prefix.startswith(other.prefix) or other.prefix.startswith(self.prefix))
            and (self.suffix.endswith(other.suffix) or other.suffix.endswith(self.suffix))
        )


def _share(one: str, two: str) -> bool:
    return one == two or (
        one.rpartition(":")[0] == two.rpartition(":")[0] and "*" in (one[-1], two[-1])
    )


def rules(configuration: Mapping[str, Any]) -> list[Rule]:
    """Return the destinations of a configuration.

    Raises InvalidArgument for what S3 would not take.
    """
    found = [
        _rule(entry, entry[member])
        for name, member in _LISTS.items()
        for entry in configuration.get(name) or []
    ]
    for index, rule in enumerate(found):
        if any(rule.overlaps(other) for other in found[:index]):
            raise errors.InvalidArgument(
                message="Configuration is ambiguously defined. Cannot have overlapping suffixes in "
                "two rules if the prefixes are overlapping for the same event type."
            )
    return found


def _rule(entry: Mapping[str, Any], arn: str) -> Rule:
    for name in entry["Events"]:
        if name not in events.NAMES:
            raise errors.InvalidArgument(
                members={"ArgumentName": "Event", "ArgumentValue": name},
                message="The event is not supported for notifications",
            )
    key_filter = ((entry.get("Filter") or {}).get("Key") or {}).get("FilterRules") or []
    _check_filter([rule["Name"].lower() for rule in key_filter])
    values = {rule["Name"].lower(): rule.get("Value", "") for rule in key_filter}
    parts = arn.split(":")
    if len(parts) < 6 or parts[2] not in _DENIED:
        raise errors.InvalidArgument(
            members={"ArgumentName": "arn", "ArgumentValue": arn},
            message="The ARN could not be parsed",
        )
    if parts[2] == "sqs" and arn.endswith(".fifo"):
        raise errors.InvalidArgument(
            members={"ArgumentName": "arn", "ArgumentValue": arn},
            message="FIFO SQS queues are not supported.",
        )
    texts = (values.get("prefix", ""), values.get("suffix", ""))
    return Rule(entry.get("Id", ""), parts[2], arn, tuple(entry["Events"]), *texts)


def _check_filter(names: list[str]) -> None:
    if not set(names) <= {"prefix", "suffix"}:
        raise errors.InvalidArgument(message="filter rule name must be either prefix or suffix")
    for name in ("prefix", "suffix"):
        if names.count(name) > 1:
            raise errors.InvalidArgument(
                message=f"Cannot specify more than one {name} rule in a filter."
            )


def check_region(bucket: Bucket, rule: Rule) -> None:
    """Raise InvalidArgument for a destination in another region than the bucket's."""
    if rule.arn.split(":")[3] != bucket.region:
        raise errors.InvalidArgument(
            members={"ArgumentName": "arn", "ArgumentValue": rule.arn},
            message="The notification destination service region is not valid for the bucket "
            "location constraint",
        )


def named(ctx: Context, configuration: Mapping[str, Any]) -> dict[str, Any]:
    """Return the configuration with an Id for each destination that has none."""
    result: dict[str, Any] = {
        name: [{"Id": ctx.ids.uuid(), **entry} for entry in configuration[name]]
        for name in _LISTS
        if configuration.get(name)
    }
    if configuration.get("EventBridgeConfiguration") is not None:
        result["EventBridgeConfiguration"] = {}
    return result


def announce(ctx: Context, bucket: Bucket, version: ObjectVersion, kind: events.Kind) -> None:
    """Tell everybody the bucket's configuration names, after this transaction."""
    configuration = buckets.configuration(ctx, bucket.name, KIND)
    if not configuration:
        return
    owner = ctx.runtime.context(bucket.account, bucket.region, ctx.principal, ctx.request_id)
    if "EventBridgeConfiguration" in configuration:
        owner.emit(events.aws_event(ctx, bucket, version, kind))
    for rule in _wanting(configuration, kind, version.key):
        message = {"Records": [events.record(ctx, bucket, version, kind, rule.id)]}
        payload = {
            "id": ctx.ids.uuid(),
            "bucket": bucket.arn,
            "arn": rule.arn,
            "message": json.dumps(message, separators=(",", ":")),
            "attempt": 0,
            "trace": ctx.trace,
        }
        owner.schedule("notify", payload)


def _wanting(configuration: Mapping[str, Any], kind: events.Kind, key: str) -> Iterator[Rule]:
    return (rule for rule in rules(configuration) if rule.wants(kind, key))


async def notify(ctx: Context, payload: dict[str, Any]) -> None:
    """Job: hand one notification to its destination; given up after a few attempts."""
    ctx.trace = payload.get("trace", "")
    try:
        await send(ctx, payload["bucket"], payload["arn"], payload["message"], payload["id"])
    except AwsError:
        attempt = payload["attempt"]
        if attempt < len(_RETRY_SECONDS):
            with ctx.transaction():
                later = {**payload, "attempt": attempt + 1}
                ctx.schedule("notify", later, ctx.now + _RETRY_SECONDS[attempt])


async def send(ctx: Context, bucket_arn: str, arn: str, message: str, once: str) -> None:
    """Deliver `message` as s3.amazonaws.com for the bucket. Raises the destination's AwsError."""
    service, region, account = arn.split(":")[2:5]
    calls: dict[str, tuple[str, dict[str, Any]]] = {
        "sns": ("Publish", {"TopicArn": arn, "Message": message, "Subject": _SUBJECT}),
        "sqs": ("SendMessage", {"QueueUrl": _queue_url(arn), "MessageBody": message}),
        "lambda": (
            "Invoke",
            {"FunctionName": arn, "InvocationType": "Event", "Payload": message.encode()},
        ),
    }
    operation, params = calls[service]
    await ctx.call(
        service,
        operation,
        params,
        account=account,
        region=region,
        source_arn=bucket_arn,
        idempotency_key=once,
        trace=ctx.trace,
    )


def _queue_url(arn: str) -> str:
    region, account, name = arn.split(":")[3:6]
    return f"https://sqs.{region}.amazonaws.com/{account}/{name}"


async def check_destination(ctx: Context, bucket: Bucket, rule: Rule) -> None:
    """Send the test event (to a function: ask whether S3 may invoke it). Raises InvalidArgument."""
    message = json.dumps(events.test_event(ctx, bucket))
    try:
        if rule.service == "lambda":
            await _dry_run(ctx, bucket, rule.arn)
        else:
            await send(ctx, bucket.arn, rule.arn, message, ctx.ids.uuid())
    except AwsError as error:
        reason = _DENIED[rule.service].format(arn=rule.arn)
        if error.status == 404 or "NonExistent" in error.code or "DoesNotExist" in error.code:
            what = {"sns": "topic", "sqs": "queue", "lambda": "function"}[rule.service]
            reason = f"The destination {what} does not exist"
        raise errors.InvalidArgument(
            members={"ArgumentName": rule.arn, "ArgumentValue": reason},
            message="Unable to validate the following destination configurations",
        ) from error


async def _dry_run(ctx: Context, bucket: Bucket, arn: str) -> None:
    region, account = arn.split(":")[3:5]
    await ctx.call(
        "lambda",
        "Invoke",
        {"FunctionName": arn, "InvocationType": "DryRun"},
        account=account,
        region=region,
        source_arn=bucket.arn,
    )
