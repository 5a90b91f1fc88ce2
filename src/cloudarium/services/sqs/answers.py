"""A received message as ReceiveMessage answers it."""

from __future__ import annotations

from cloudarium.core.context import Request, Response
from cloudarium.services.sqs import bodies
from cloudarium.services.sqs.messages import Message


def received(message: Message, request: Request) -> Response:
    """Return the message with the system and message attributes the request asked for."""
    wanted = [*request.get("AttributeNames", []), *request.get("MessageSystemAttributeNames", [])]
    names = request.get("MessageAttributeNames", [])
    system = {
        name: value for name, value in _system(message).items() if "All" in wanted or name in wanted
    }
    attributes = {
        name: value
        for name, value in message.attributes.items()
        if any(_selects(pattern, name) for pattern in names)
    }
    return {
        "MessageId": message.id,
        "ReceiptHandle": message.receipt,
        "MD5OfBody": bodies.md5(message.body),
        "Body": message.body,
        "Attributes": system or None,
        "MessageAttributes": attributes or None,
        "MD5OfMessageAttributes": bodies.attributes_md5(attributes),
    }


def _system(message: Message) -> dict[str, str]:
    shown = {
        **message.system,
        "SentTimestamp": str(int(message.sent_at * 1000)),
        "ApproximateReceiveCount": str(message.received),
        "ApproximateFirstReceiveTimestamp": str(int(message.first_received_at * 1000)),
    }
    if message.group_id is not None:
        shown["MessageGroupId"] = message.group_id
        shown["SequenceNumber"] = f"{message.sequence:020d}"
    return shown


def _selects(pattern: str, name: str) -> bool:
    """`All` and `.*` select everything, `prefix.*` what starts with it."""
    if pattern in ("All", ".*"):
        return True
    return name.startswith(pattern[:-1]) if pattern.endswith(".*") else name == pattern
