"""How entries and totals are keys and values of the items' file: layout 1."""

import struct

_SPACE = struct.Struct(">I")
_LENGTH = struct.Struct(">H")
_COUNTS = struct.Struct(">QQ")


def place(space: int, partition: bytes, sort: bytes) -> bytes:
    """An entry's key in the file."""
    return _SPACE.pack(space) + partition + sort


def kept(partition: bytes, value: bytes) -> bytes:
    """An entry's value in the file."""
    return _LENGTH.pack(len(partition)) + value


def counter(space: int) -> bytes:
    """Where in the file a space's totals are."""
    return b"\0\0\0\0totals" + _SPACE.pack(space)


def counts(entries: int, size: int) -> bytes:
    """Totals as they are in the file."""
    return _COUNTS.pack(entries, size)


def entry(key: bytes, value: bytes) -> tuple[bytes, bytes, bytes]:
    """(partition, sort, value) of a key and value in the file."""
    at = 4 + _LENGTH.unpack_from(value)[0]
    return key[4:at], key[at:], value[2:]


def totals(data: bytes) -> tuple[int, int]:
    """(entries, bytes) of a space's totals."""
    entries, size = _COUNTS.unpack(data)
    return entries, size
