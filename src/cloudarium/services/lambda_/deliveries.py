"""What Lambda sends on: invocation records and dead letters, as the function's role."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cloudarium.core.context import Context
from cloudarium.services.lambda_.invocations import Target


@dataclass(frozen=True)
class Delivery:
    """A text for a queue, topic, bus, function or bucket.

    key: of the request, so that a repeated one is answered and not done. attributes: of a message.
    detail_type: of an event. object_key, object_text: of an object (`text` if empty).
    trace: the tracing header that goes along.
    """

    arn: str
    text: str
    key: str
    attributes: dict[str, Any] = field(default_factory=dict)
    detail_type: str = ""
    object_key: str = ""
    object_text: str = ""
    trace: str = ""


async def send(ctx: Context, target: Target, delivery: Delivery) -> None:
    """Deliver as the role of the function that ran. Raises AwsError."""
    _, _, service, region, account, name = delivery.arn.split(":", 5)
    operation, params = _request(target, delivery, service, account, name)
    role = target.version.configuration["Role"]
    await ctx.call(
        service,
        operation,
        params,
        principal=await ctx.assume_role(role, target.reference.session_name),
        account=account or ctx.account,
        region=region or ctx.region,
        idempotency_key=delivery.key,
        trace=delivery.trace,
    )


def _request(
    target: Target, delivery: Delivery, service: str, account: str, name: str
) -> tuple[str, dict[str, Any]]:
    text, attributes = delivery.text, delivery.attributes
    if service == "sqs":
        url = f"https://sqs.amazonaws.com/{account}/{name}"
        sent = {"QueueUrl": url, "MessageBody": text, "MessageAttributes": attributes}
        return "SendMessage", sent
    if service == "sns":
        published = {"TopicArn": delivery.arn, "Message": text, "MessageAttributes": attributes}
        return "Publish", published
    if service == "lambda":
        called = {"FunctionName": delivery.arn, "InvocationType": "Event", "Payload": text}
        return "Invoke", called
    if service == "s3":
        body = (delivery.object_text or text).encode()
        return "PutObject", {"Bucket": name, "Key": delivery.object_key, "Body": body}
    entry = {
        "Source": "lambda",
        "DetailType": delivery.detail_type,
        "Detail": text,
        "EventBusName": name.removeprefix("event-bus/"),
        "Resources": [target.version.arn],
    }
    return "PutEvents", {"Entries": [entry]}


def stamp(at: float) -> str:
    """A time (epoch seconds) as records have it."""
    moment = datetime.fromtimestamp(at, UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}Z"
