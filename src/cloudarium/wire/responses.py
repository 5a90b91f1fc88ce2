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
_LENGTH_OF_NAME = len("content-length")
_BODILESS = frozenset({204, 304})


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
    return any(name.lower() == header for name, _ in response.headers)


def head(
    response: HttpResponse, framing: Framing, date: str, keep_alive: bool, version: str
) -> bytes:
    """Return the status line and headers; `date` is the Date header's value."""
    status = response.status
    lines = [f"HTTP/1.1 {status} {_REASONS.get(status, 'Unknown')}", f"date: {date}"]
    says_length = False
    for name, value in response.headers:
        lines.append(f"{name}: {value}")
        if len(name) == _LENGTH_OF_NAME and name.lower() == "content-length":
            says_length = True
    if framing is Framing.CHUNKED:
        lines.append("transfer-encoding: chunked")
    elif not says_length and status not in _BODILESS:
        body = response.body
        if isinstance(body, bytes):
            lines.append(f"content-length: {len(body)}")
        elif isinstance(body, FileBody):
            lines.append(f"content-length: {body.length}")
    if not keep_alive:
        lines.append("connection: close")
    elif version == "1.0":
        lines.append("connection: keep-alive")
    text = "\r\n".join(lines)
    if text.count("\n") >= len(lines) or text.count("\r") >= len(lines):
        # No header's value may become a header of its own.
        text = "\r\n".join(_LINE_BREAKS.sub(" ", line) for line in lines)
    return f"{text}\r\n\r\n".encode("utf-8", "replace")


def refusal(status: int) -> bytes:
    """Return a whole response without a body that ends the connection."""
    return (
        f"HTTP/1.1 {status} {_REASONS[status]}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    ).encode()


async def discard(body: bytes | StreamedBody) -> None:
    """End a body that is not, or no longer, read."""
    close = getattr(body, "aclose", None)
    if close is not None:
        await close()
