"""What a message says: its body and attributes, checked and digested."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Any

from cloudarium.services.sqs import errors, limits

# https://www.w3.org/TR/REC-xml/#charsets, the set SQS names in SendMessage's documentation.
_FORBIDDEN = re.compile("[^\u0009\u000a\u000d\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ATTRIBUTE_NAME = re.compile(r"(?!(?i:aws\.|amazon\.))[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*")
_STRING_TYPES, _BINARY_TYPE = ("String", "Number"), "Binary"
Attributes = dict[str, dict[str, Any]]


def check(body: str, attributes: Attributes, limit: int) -> int:
    """Return the message's size in bytes. Raises for what a message must not be."""
    if not body:
        raise errors.MissingParameter(name="MessageBody")
    if _FORBIDDEN.search(body):
        raise errors.InvalidMessageContents()
    if len(attributes) > limits.MAX_MESSAGE_ATTRIBUTES:
        raise errors.InvalidMessageAttribute(
            reason=f"Number of message attributes [{len(attributes)}] exceeds the allowed maximum "
            f"[{limits.MAX_MESSAGE_ATTRIBUTES}]."
        )
    size = len(body.encode())
    for name, attribute in attributes.items():
        check_attribute(name, attribute)
        size += len(name.encode()) + len(attribute["DataType"].encode()) + len(_value(attribute))
    if size > limit:
        raise errors.MessageTooLong(limit=limit)
    return size


def check_attribute(name: str, attribute: dict[str, Any], kept_by: str = "user") -> None:
    """Refuse an attribute that a message must not have; it is the user's or the system's."""
    if not _ATTRIBUTE_NAME.fullmatch(name) or len(name) > 256:
        raise errors.InvalidMessageAttribute(
            reason=f"Message ({kept_by}) attribute name '{name}' can only contain alphanumeric "
            "characters, hyphens, underscores and periods."
        )
    kind = attribute.get("DataType", "").partition(".")[0]
    if kind not in (*_STRING_TYPES, _BINARY_TYPE):
        raise errors.InvalidMessageAttribute(
            reason=f"The message attribute '{name}' has an invalid message attribute type, the set "
            "of supported type prefixes is Binary, Number, and String."
        )
    expected = "BinaryValue" if kind == _BINARY_TYPE else "StringValue"
    if not attribute.get(expected):
        raise errors.InvalidMessageAttribute(
            reason=f"Message ({kept_by}) attribute '{name}' must contain a non-empty value of type "
            f"'{kind}'."
        )
    if kind == "Number":
        _check_number(name, attribute["StringValue"])


def _check_number(name: str, text: str) -> None:
    try:
        float(text)
    except ValueError:
        raise errors.InvalidMessageAttribute(
            reason=f"Can't cast the value of message (user) attribute '{name}' to a number."
        ) from None


def _value(attribute: dict[str, Any]) -> bytes:
    if attribute["DataType"].startswith(_BINARY_TYPE):
        return bytes(attribute["BinaryValue"])
    return str(attribute["StringValue"]).encode()


def md5(body: str) -> str:
    """Return the body's hexadecimal MD5."""
    return hashlib.md5(body.encode(), usedforsecurity=False).hexdigest()


def attributes_md5(attributes: Attributes) -> str | None:
    """Return the hexadecimal MD5 of message attributes, None if there are none.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
    """
    if not attributes:
        return None
    digest = hashlib.md5(usedforsecurity=False)
    for name, attribute in sorted(attributes.items()):
        value = _value(attribute)
        kind = attribute["DataType"]
        for part in (name.encode(), kind.encode()):
            digest.update(len(part).to_bytes(4, "big") + part)
        digest.update(b"\x02" if kind.startswith(_BINARY_TYPE) else b"\x01")
        digest.update(len(value).to_bytes(4, "big") + value)
    return digest.hexdigest()


def portable(attributes: Attributes) -> Attributes:
    """Return attributes as JSON can hold them."""
    return {
        name: {
            key: base64.b64encode(value).decode() if key == "BinaryValue" else value
            for key, value in attribute.items()
        }
        for name, attribute in attributes.items()
    }


def restored(attributes: Attributes) -> Attributes:
    """Return attributes as they were before `portable`."""
    return {
        name: {
            key: base64.b64decode(value) if key == "BinaryValue" else value
            for key, value in attribute.items()
        }
        for name, attribute in attributes.items()
    }
