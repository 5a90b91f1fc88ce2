"""Event streams in answers: `application/vnd.amazon.eventstream`.

Frames as in Smithy's specification, "Amazon Event Stream Specification": lengths and a checksum of
them, headers, payload, a checksum of everything.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

import orjson

from cloudarium.wire.model import Shape

CONTENT_TYPE = "application/vnd.amazon.eventstream"
_STRING = 7
_FRAMING_BYTES = 16
_KINDS = {"blob": "application/octet-stream", "string": "text/plain"}
Event = Mapping[str, Mapping[str, Any]]


def frame(headers: Mapping[str, str], payload: bytes) -> bytes:
    """Return one message of the stream; headers are strings."""
    head = b"".join(
        struct.pack(f"!B{len(name)}sBH", len(name), name.encode(), _STRING, len(text.encode()))
        + text.encode()
        for name, text in headers.items()
    )
    lengths = struct.pack("!II", _FRAMING_BYTES + len(head) + len(payload), len(head))
    message = lengths + struct.pack("!I", zlib.crc32(lengths)) + head + payload
    return message + struct.pack("!I", zlib.crc32(message))


async def frames(
    shape: Shape, events: AsyncIterator[Event], tree: Callable[[Shape, Any], Any]
) -> AsyncIterator[bytes]:
    """Yield the message of each event: `{"EventName": members}`, of the stream's `shape`.

    `tree` makes JSON's values of a structure's members.
    """
    async for event in events:
        for name, members in event.items():
            kind, payload = _payload(shape.members[name], members, tree)
            headers = {":event-type": name, ":content-type": kind, ":message-type": "event"}
            yield frame(headers, payload)


def _payload(
    shape: Shape, members: Mapping[str, Any], tree: Callable[[Shape, Any], Any]
) -> tuple[str, bytes]:
    """An event's content type and bytes: one member is all of them, or they are JSON."""
    for name, member in shape.members.items():
        if member.traits.get("eventpayload") and member.type in _KINDS:
            value = members.get(name) or b""
            return _KINDS[member.type], value.encode() if isinstance(value, str) else value
    return "application/json", orjson.dumps(tree(shape, members))
