"""Compressed requests, and responses, which DynamoDB sends compressed to whom accepts them.

Source: RFC 9110, 12.5.3; the threshold and the encodings are what the service was seen to do.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Mapping

from cloudarium.core.errors import SerializationException
from cloudarium.wire.http import HttpResponse

_MAX_UNZIPPED = 64 << 20
_MAX_MEMBERS = 64  # ours: each takes a copy of what is after it
_MAGIC = b"\x1f\x8b"
_THRESHOLD = 4096
_ENCODINGS: Mapping[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
}


def unzipped(data: bytes) -> bytes:
    """Return a request's body of one gzip member or several, and whatever else after them.

    Raises SerializationException if there is none or too much.
    """
    found: list[bytes] = []
    left = _MAX_UNZIPPED
    while not found or data.startswith(_MAGIC):
        member = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        try:
            found.append(member.decompress(data, left + 1))
        except zlib.error:
            raise SerializationException(message="The body is not gzip") from None
        left -= len(found[-1])
        if left < 0 or len(found) > _MAX_MEMBERS:
            raise SerializationException(message="The body is too large")
        if not member.eof:
            raise SerializationException(message="The body is not gzip")
        data = member.unused_data
    return b"".join(found)


def compress(response: HttpResponse, accepted: str) -> None:
    """Compress a response if it is large and an `Accept-Encoding` lets it be.

    Its `x-amz-crc32` is then of the compressed body.
    """
    body = response.body
    if not isinstance(body, bytes) or len(body) <= _THRESHOLD:
        return
    encoding = _chosen(accepted)
    if encoding is None:
        return
    response.body = body = _ENCODINGS[encoding](body)
    checksum = ("x-amz-crc32", str(zlib.crc32(body)))
    kept = [each for each in response.headers if each[0] != checksum[0]]
    response.headers = [*kept, checksum, ("content-encoding", encoding)]


def _chosen(accepted: str) -> str | None:
    """The encoding with the greatest weight; named before `*`, then the first one named."""
    weights: dict[str, tuple[float, int]] = {}
    for at, part in enumerate(accepted.lower().split(",")):
        name, _, parameter = part.partition(";")
        weights[name.strip()] = _weight(parameter), -at
    found: list[tuple[float, bool, int, str]] = []
    for at, name in enumerate(_ENCODINGS):
        if name in weights:
            weight, place = weights[name]
            found.append((weight, True, place, name))
        elif "*" in weights:
            found.append((weights["*"][0], False, -at, name))
    best = max(found, default=None)
    return best[3] if best is not None and best[0] > 0 else None


def _weight(text: str) -> float:
    try:
        return float(text.partition("=")[2]) if text.strip() else 1.0
    except ValueError:
        return 1.0
