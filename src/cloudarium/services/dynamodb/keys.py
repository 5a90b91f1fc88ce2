"""Key values as bytes that sort as DynamoDB sorts them.

Strings sort by their UTF-8 bytes, binaries by their bytes, numbers by value. An encoded value is
never a prefix of another of its type, so encoded values can follow each other in one key.
"""

import hashlib

from . import numbers
from .values import AttributeValue

_HASH_BYTES = 8


def ordered(value: AttributeValue) -> bytes:
    """The order-preserving bytes of an admitted `S`, `N` or `B` value."""
    ((kind, content),) = value.items()
    if kind == "N":
        return numbers.ordered(content)
    data: bytes = content.encode() if kind == "S" else content
    return (data.replace(b"\x00", b"\x00\xff") if 0 in data else data) + b"\x00\x00"


def beginning(value: AttributeValue) -> bytes:
    """The bytes with which every string or binary starting with this one begins."""
    ((kind, content),) = value.items()
    data: bytes = content.encode() if kind == "S" else content
    return data.replace(b"\x00", b"\x00\xff") if 0 in data else data


def after(prefix: bytes) -> bytes | None:
    """The first key that is past everything beginning with `prefix`; None if nothing is."""
    stem = prefix.rstrip(b"\xff")
    return stem[:-1] + bytes((stem[-1] + 1,)) if stem else None


def partition(*values: AttributeValue) -> bytes:
    """Where a partition key's items are kept: its hash, which spreads a scan, then its bytes."""
    return placed(ordered(values[0]) if len(values) == 1 else b"".join(map(ordered, values)))


def placed(data: bytes) -> bytes:
    """Where a partition is kept whose key values have these bytes."""
    return hashlib.blake2b(data, digest_size=_HASH_BYTES).digest() + data


def segment(number: int, total: int) -> tuple[bytes, bytes | None]:
    """First partition of a parallel scan's segment, and the first past it (None: to the end)."""
    space: int = 1 << (8 * _HASH_BYTES)
    low, high = (space * at // total for at in (number, number + 1))
    return low.to_bytes(_HASH_BYTES, "big"), (
        None if high == space else high.to_bytes(_HASH_BYTES, "big")
    )
