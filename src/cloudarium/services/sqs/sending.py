"""Sending: from a request's entry to a message in a queue."""

from __future__ import annotations

import hashlib
from urllib.parse import unquote

from cloudarium.core import tracing
from cloudarium.core.context import Context, Request, Response
from cloudarium.services.sqs import bodies, errors, limits, messages
from cloudarium.services.sqs.metrics import count
from cloudarium.services.sqs.queues import Queue


def send(ctx: Context, queue: Queue, entry: Request) -> Response:
    """Send one message; return what SendMessage answers."""
    attributes = entry.get("MessageAttributes", {})
    limit = queue.number("MaximumMessageSize")
    size = bodies.check(entry["MessageBody"], attributes, limit)
    identifier, sequence = messages.put(ctx, queue, _draft(ctx, queue, entry))
    count(ctx, queue, "NumberOfMessagesSent", 1)
    count(ctx, queue, "SentMessageSize", size, "Bytes")
    return {
        "MessageId": identifier,
        "MD5OfMessageBody": bodies.md5(entry["MessageBody"]),
        "MD5OfMessageAttributes": bodies.attributes_md5(attributes),
        "SequenceNumber": f"{sequence:020d}" if queue.fifo else None,
    }


def _draft(ctx: Context, queue: Queue, entry: Request) -> messages.Draft:
    delay = entry.get("DelaySeconds", queue.number("DelaySeconds"))
    if not 0 <= delay <= limits.MAX_DELAY_SECONDS:
        raise errors.InvalidValue(
            value=delay,
            name="DelaySeconds",
            reason=f"DelaySeconds must be >= 0 and <= {limits.MAX_DELAY_SECONDS}.",
        )
    if queue.fifo and "DelaySeconds" in entry:
        raise errors.InvalidValue(
            value=delay,
            name="DelaySeconds",
            reason="The request include parameter that is not valid for this queue type.",
        )
    given = entry.get("MessageSystemAttributes", {})
    for name, value in given.items():
        bodies.check_attribute(name, value, "system")
    system = {name: value["StringValue"] for name, value in given.items() if "StringValue" in value}
    if ctx.trace and tracing.read(ctx.trace):
        system.setdefault(
            "AWSTraceHeader", unquote(ctx.trace)
        )  # an own attribute overrides the header
    group, deduplication = _group(queue, entry), _deduplication(queue, entry)
    if deduplication is not None:
        system["MessageDeduplicationId"] = deduplication
        if queue.attributes.get("DeduplicationScope") == "messageGroup":
            deduplication = f"{group}/{deduplication}"
    return messages.Draft(
        entry["MessageBody"],
        entry.get("MessageAttributes", {}),
        {**system, "SenderId": ctx.principal.id},
        delay,
        group,
        deduplication,
    )


def _group(queue: Queue, entry: Request) -> str | None:
    group: str | None = entry.get("MessageGroupId")
    if queue.fifo and group is None:
        raise errors.MissingParameter(name="MessageGroupId")
    return group


def _deduplication(queue: Queue, entry: Request) -> str | None:
    if not queue.fifo:
        return None
    given: str | None = entry.get("MessageDeduplicationId")
    if given is None and queue.attributes.get("ContentBasedDeduplication") == "true":
        given = hashlib.sha256(entry["MessageBody"].encode()).hexdigest()
    if given is None:
        raise errors.MissingDeduplication()
    return given
