"""A message as SES's events tell of it: the `mail` object (developer guide, "Contents of
notifications for Amazon SES email receiving")."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import formataddr, getaddresses
from typing import Any

from cloudarium.services.ses import addresses, limits

_LISTS = {"from": "from", "to": "to", "cc": "cc", "bcc": "bcc", "reply-to": "replyTo"}
_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n")
_TEXTS = {"date": "date", "message-id": "messageId", "subject": "subject"}


def timestamp(at: float) -> str:
    """Return epoch seconds as SES writes a time: `2019-08-05T21:30:02.028Z`."""
    text = datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def parsed(raw: bytes) -> Message:
    """Return a message's headers."""
    end = _END_OF_HEADERS.search(raw)
    head = raw[: end.end()] if end else raw
    return BytesHeaderParser(policy=compat32).parsebytes(head)


def headers(message: Message) -> tuple[list[dict[str, str]], bool]:
    """Return headers as events list them, and whether the list was cut at 10 KB."""
    listed: list[dict[str, str]] = []
    size = 0
    for name, value in message.items():
        text = _unfolded(value)
        size += len(name) + len(text)
        if size > limits.EVENT_HEADERS_BYTES:
            return listed, True
        listed.append({"name": name, "value": text})
    return listed, False


def common_headers(message: Message) -> dict[str, Any]:
    """Return the headers every program wants, decoded; those that are there."""
    found: dict[str, Any] = {}
    for name, key in _LISTS.items():
        if name in message:
            found[key] = _people(message, name)
    for name, key in _TEXTS.items():
        if name in message:
            found[key] = _decoded(message[name])
    if "sender" in message:
        found["sender"] = _decoded(message["sender"])
    return found


def received(
    raw: bytes, *, message_id: str, source: str, recipients: list[str], at: float
) -> dict[str, Any]:
    """Return the `mail` object of a message that came in at epoch seconds `at`."""
    message = parsed(raw)
    listed, truncated = headers(message)
    destination = addresses.all_of(
        [_unfolded(value) for name in ("to", "cc") for value in message.get_all(name, [])]
    )
    return {
        "timestamp": timestamp(at),
        "source": source,
        "messageId": message_id,
        "destination": destination or recipients,
        "headersTruncated": truncated,
        "headers": listed,
        "commonHeaders": {"returnPath": source, **common_headers(message)},
    }


def _unfolded(value: object) -> str:
    return str(value).replace("\r", "").replace("\n", "")


def _decoded(value: object) -> str:
    text = _unfolded(value)
    try:
        return str(make_header(decode_header(text)))
    except (HeaderParseError, LookupError, UnicodeError):
        return text


def _people(message: Message, name: str) -> list[str]:
    values = [_unfolded(value) for value in message.get_all(name, [])]
    return [_person(_decoded(who), address) for who, address in getaddresses(values)]


def _person(name: str, address: str) -> str:
    if not name:
        return address
    return formataddr((name, address)) if name.isascii() else f"{name} <{address}>"
