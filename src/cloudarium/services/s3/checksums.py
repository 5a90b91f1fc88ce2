"""The checksums of S3 (user guide, "Checking object integrity"): computing and combining them."""

from __future__ import annotations

import base64
import hashlib
import sys
import zlib
from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

from cloudarium.services.s3 import errors

FULL_OBJECT = "FULL_OBJECT"
COMPOSITE = "COMPOSITE"
UNSUPPORTED = ("XXHASH64", "XXHASH3", "XXHASH128")

# Reflected polynomials: CRC-32/ISO-HDLC, CRC-32/ISCSI (Castagnoli), CRC-64/NVME.
_POLYNOMIALS = {"CRC32": 0xEDB88320, "CRC32C": 0x82F63B78, "CRC64NVME": 0x9A6C9329AC4BC9B5}
_WIDTHS = {"CRC32": 32, "CRC32C": 32, "CRC64NVME": 64}
_HASHES = {"SHA1": "sha1", "SHA256": "sha256", "SHA512": "sha512", "MD5": "md5"}
ALGORITHMS = (*_POLYNOMIALS, *_HASHES)


class Digest(Protocol):
    """What computes a checksum piece by piece, like `hashlib`'s objects."""

    def update(self, data: bytes, /) -> None:
        """Take in more bytes."""

    def digest(self) -> bytes:
        """Return the checksum so far, big-endian."""


class _Crc:
    def __init__(self, algorithm: str) -> None:
        self._algorithm = algorithm
        self._value = 0

    def update(self, data: bytes, /) -> None:
        if self._algorithm == "CRC32":
            self._value = zlib.crc32(data, self._value)
        else:
            self._value = _crc(self._algorithm, data, self._value)

    def digest(self) -> bytes:
        return self._value.to_bytes(_WIDTHS[self._algorithm] // 8, "big")


@cache
def _table(algorithm: str) -> tuple[int, ...]:
    """Return the CRC of every pair of bytes: two at a time is twice as fast as one."""
    table = [_shifted_byte(algorithm, value) for value in range(256)]
    halves = [table[pair & 0xFF] ^ pair >> 8 for pair in range(65_536)]
    return tuple(table[half & 0xFF] ^ half >> 8 for half in halves)


def _crc(algorithm: str, data: bytes, value: int) -> int:
    ones = (1 << _WIDTHS[algorithm]) - 1
    pairs = array("H", data[: len(data) & ~1])
    if sys.byteorder == "big":
        pairs.byteswap()
    value = _advanced(_table(algorithm), pairs, value ^ ones)
    if len(data) & 1:
        value = _shifted_byte(algorithm, value ^ data[-1])
    return value ^ ones


def _advanced(table: tuple[int, ...], pairs: Iterable[int], value: int) -> int:
    for pair in pairs:
        value = table[(value ^ pair) & 0xFFFF] ^ value >> 16
    return value


def _shifted_byte(algorithm: str, value: int) -> int:
    for _ in range(8):
        value = value >> 1 ^ (_POLYNOMIALS[algorithm] if value & 1 else 0)
    return value


def new(algorithm: str) -> Digest:
    """Return a fresh computation of `algorithm`.

    Raises NotImplemented for one we cannot compute.
    """
    if algorithm in _HASHES:
        return hashlib.new(_HASHES[algorithm], usedforsecurity=False)
    if algorithm in _POLYNOMIALS:
        return _Crc(algorithm)
    raise errors.NotImplemented(name=f"checksum algorithm {algorithm}")


def member(algorithm: str) -> str:
    """Return the name of the member that carries the checksum: `ChecksumCRC32`."""
    return f"Checksum{algorithm}"


def given(request: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return the algorithm and value (base64) a request carries, or None."""
    for algorithm in (*ALGORITHMS, *UNSUPPORTED):
        value = request.get(member(algorithm))
        if value is not None:
            return algorithm, value
    return None


@dataclass(frozen=True)
class PartChecksum:
    """A part's checksum (base64) and size in bytes."""

    value: str
    size: int


def composite(algorithm: str, parts: Iterable[PartChecksum]) -> str:
    """Return the checksum of the parts' checksums, as S3 writes it: `<base64>-<count of parts>`."""
    parts = list(parts)
    whole = new(algorithm)
    for part in parts:
        whole.update(base64.b64decode(part.value))
    return f"{base64.b64encode(whole.digest()).decode()}-{len(parts)}"


def full_object(algorithm: str, parts: Iterable[PartChecksum]) -> str:
    """Return the CRC of the whole object out of its parts' CRCs and sizes."""
    value = 0
    for part in parts:
        following = int.from_bytes(base64.b64decode(part.value), "big")
        value = _shifted(algorithm, value, part.size) ^ following
    return base64.b64encode(value.to_bytes(_WIDTHS[algorithm] // 8, "big")).decode()


def _shifted(algorithm: str, value: int, size: int) -> int:
    """Return the CRC `value` as if `size` zero bytes followed, squaring the shift operator."""
    operator = _one_bit(algorithm)
    bits = size * 8
    while bits:
        if bits & 1:
            value = _times(operator, value)
        operator = [_times(operator, column) for column in operator]
        bits >>= 1
    return value


def _one_bit(algorithm: str) -> list[int]:
    """Return the operator over GF(2) that shifts a reflected CRC by one zero bit, by columns."""
    return [_POLYNOMIALS[algorithm], *(1 << bit for bit in range(_WIDTHS[algorithm] - 1))]


def _times(operator: list[int], vector: int) -> int:
    product = 0
    for column in operator:
        if vector & 1:
            product ^= column
        vector >>= 1
    return product
