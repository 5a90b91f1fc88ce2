"""An HTTP response's head, and how its body is delimited."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from enum import Enum
from http import HTTPStatus

from cloudarium.wire.http import FileBody, HttpResponse

StreamedBody = FileBody | AsyncIterator[bytes]
_REASONS = {status.value: status.phrase for status in HTTPStatus}
_LINE_BREAKS = re.compile(r"[\r\n]")
_FILE_PART = 256 << 10  # bytes
_BODILESS = frozenset({101, 204, 304})


class Framing(Enum):
    """How the client sees where the body ends: not at all, by length, chunks, or the line's end."""

    NONE = "none"
    LENGTH = "length"
    CHUNKED = "chunked"
    CLOSE = "close"


def framing(method: str, version: str, response: HttpResponse) -> Framing:
    """Return how the body of a response to `method` in HTTP `version` is delimited."""
    if method == "HEAD" or response.status in _BODILESS:
        return Framing.NONE
    if type(response.body) is bytes or isinstance(response.body, FileBody):
        return Framing.LENGTH
    if _has(response, "content-length"):
        return Framing.LENGTH
    return Framing.CHUNKED if version == "1.1" else Framing.CLOSE


def _has(response: HttpResponse, header: str) -> bool:
    size = len(header)
    return bool([1 for name, _ in response.headers if len(name) == size and name.lower() == header])


def head(
    response: HttpResponse, framing: Framing, date: str, keep_alive: bool, version: str
) -> bytes:
    """Return the status line and headers; `date` is the Date header's value."""
    status, body = response.status, response.body
    lines = "".join([f"{name}: {value}\r\n" for name, value in response.headers])
    breaks = len(response.headers)
    if lines.count("\n") != breaks or lines.count("\r") != breaks:
        # No header's value may become a header of its own.
        lines = "".join(
            [f"{_LINE_BREAKS.sub(' ', f'{name}: {value}')}\r\n" for name, value in response.headers]
        )
    if framing is Framing.CHUNKED:
        lines += "transfer-encoding: chunked\r\n"
    elif status not in _BODILESS and not _has(response, "content-length"):
        if type(body) is bytes:
            lines += f"content-length: {len(body)}\r\n"
        elif isinstance(body, FileBody):
            lines += f"content-length: {body.length}\r\n"
    if not keep_alive:
        lines += "connection: close\r\n"
    elif version == "1.0":
        lines += "connection: keep-alive\r\n"
    reason = _REASONS.get(status, "Unknown")
    text = f"HTTP/1.1 {status} {reason}\r\ndate: {date}\r\n{lines}\r\n"
    return text.encode("utf-8", "replace")


def defect() -> HttpResponse:
    """Return the answer to a request that could have been answered."""
    return HttpResponse(500, [("content-type", "text/plain")], b"Internal Server Error")


def refusal(status: int) -> bytes:
    """Return a whole response without a body that ends the connection."""
    return (
        f"HTTP/1.1 {status} {_REASONS[status]}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    ).encode()


async def parts(body: StreamedBody) -> AsyncIterator[bytes]:
    """Yield a body's bytes as they come. Raises ConnectionAbortedError for too short a file."""
    if not isinstance(body, FileBody):
        async for part in body:
            yield part
        return
    left = body.length
    with body.path.open("rb") as source:
        source.seek(body.offset)
        while left > 0:
            part = source.read(min(_FILE_PART, left))
            if not part:
                raise ConnectionAbortedError("the file is shorter than announced")
            left -= len(part)
            yield part


async def discard(body: bytes | StreamedBody) -> None:
    """End a body that is not, or no longer, read."""
    close = getattr(body, "aclose", None)
    if close is not None:
        await close()
