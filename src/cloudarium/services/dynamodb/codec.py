"""Items as bytes: a head of three bytes (size and a flag), then JSON.

The flag says that some value is binary: then every `B` and `BS` is Base64 in the JSON.
"""

from base64 import b64decode, b64encode
from typing import Any

import orjson

from .values import AttributeValue, Item

_HEAD = 3


def encode(item: Item, size: int) -> bytes:
    """The bytes of an item whose size, as AWS counts it, is known."""
    binary = False

    def portable(value: Any) -> str:
        nonlocal binary
        binary = True
        return b64encode(value).decode()

    body = orjson.dumps(item, default=portable)
    return (size << 1 | binary).to_bytes(_HEAD, "big") + body


def decode(data: bytes) -> Item:
    """The item."""
    item: Item = orjson.loads(memoryview(data)[_HEAD:])
    if data[_HEAD - 1] & 1:
        for value in item.values():
            _restore(value)
    return item


def json_of(data: bytes) -> bytes:
    """The item as JSON of DynamoDB's."""
    return data[_HEAD:]


def size_of(data: bytes) -> int:
    """The item's size as AWS counts it."""
    return int.from_bytes(data[:_HEAD], "big") >> 1


def _restore(value: AttributeValue) -> None:
    ((kind, content),) = value.items()
    if kind == "B":
        value["B"] = b64decode(content)
    elif kind == "BS":
        value["BS"] = [b64decode(member) for member in content]
    elif kind == "M":
        for element in content.values():
            _restore(element)
    elif kind == "L":
        for element in content:
            _restore(element)
