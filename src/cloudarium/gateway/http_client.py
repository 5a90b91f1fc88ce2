"""A small HTTP/1.1 client for integrations: one request a connection, bounded, no redirects."""

from __future__ import annotations

import asyncio
import re
import ssl
import tempfile
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httptools

from cloudarium.gateway import limits

_HEAD_BYTES = 64 * 1024
_CHUNK = 64 * 1024
_LINE_BREAKS = re.compile(r"[\r\n]")


class ClientError(Exception):
    """The endpoint could not be reached, or what it said is no answer; the message says why."""


@dataclass(frozen=True)
class Outgoing:
    """A request: `url` is absolute and encoded; headers have no framing among them.

    `identity` is what an HTTPS endpoint is shown of the gateway: a certificate and its key, in PEM.
    """

    method: str
    url: str
    headers: list[tuple[str, str]]
    body: bytes
    is_verified: bool = True
    identity: str = field(default="", repr=False)


@dataclass
class Incoming:
    """An answer."""

    status: int = 0
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""

    def header(self, name: str) -> str:
        """Return the header's last value, or nothing."""
        lower = name.lower()
        return next((one for key, one in reversed(self.headers) if key.lower() == lower), "")


async def send(request: Outgoing) -> Incoming:
    """Return the endpoint's answer. Raises ClientError; the caller limits the time."""
    reader, writer = await _asked(request)
    try:
        return await _Answer(request.method == "HEAD").read(reader)
    except (OSError, httptools.HttpParserError) as error:
        raise ClientError("Network error communicating with endpoint") from error
    finally:
        writer.close()


async def stream(request: Outgoing) -> tuple[Incoming, AsyncGenerator[bytes]]:
    """Return the answer's status and headers, and its body's parts as they come; of any size.

    The parts must be taken, or closed, to end the connection. Raises ClientError, the parts too.
    """
    reader, writer = await _asked(request)
    answer = _Answer(request.method == "HEAD")
    parts = answer.parts(reader, writer)
    await anext(parts)
    return answer.incoming, parts


async def _asked(request: Outgoing) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Send the request; return the connection its answer comes over."""
    parts = urlsplit(request.url)
    try:
        port = parts.port
    except ValueError as error:
        raise ClientError("Invalid endpoint address") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ClientError("Invalid endpoint address")
    secure = _context(request) if parts.scheme == "https" else None
    try:
        reader, writer = await asyncio.open_connection(
            parts.hostname, port or (443 if secure else 80), ssl=secure
        )
    except (OSError, UnicodeError) as error:
        raise ClientError("Network error communicating with endpoint") from error
    writer.write(_head(request, parts.netloc.rpartition("@")[2]) + request.body)
    return reader, writer


def _context(request: Outgoing) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if request.identity:
        with tempfile.NamedTemporaryFile("w") as file:
            file.write(request.identity)
            file.flush()
            context.load_cert_chain(file.name)
    if not request.is_verified:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _head(request: Outgoing, host: str) -> bytes:
    parts = urlsplit(request.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    lines = [f"{request.method} {target} HTTP/1.1"]
    if not any(name.lower() == "host" for name, _ in request.headers):
        lines.append(f"Host: {host}")
    # No header's value may become a header of its own.
    lines += [_LINE_BREAKS.sub(" ", f"{name}: {value}") for name, value in request.headers]
    if request.body or request.method in ("POST", "PUT", "PATCH"):
        lines.append(f"Content-Length: {len(request.body)}")
    lines += ["Connection: close", "", ""]
    return "\r\n".join(lines).encode("latin-1", "replace")


class _Answer:
    """Collects an answer; httptools calls its `on_` methods."""

    def __init__(self, is_head: bool) -> None:
        self._is_head = is_head
        self.incoming = Incoming()
        self._parts: list[bytes] = []
        self._size = 0
        self._head = 0
        self._headers_done = False
        self._done = False
        self._parser = httptools.HttpResponseParser(self)

    async def read(self, reader: asyncio.StreamReader) -> Incoming:
        """Return the whole answer. Raises ClientError."""
        while await self._feed(reader):
            if self._size > limits.PAYLOAD_BYTES:
                raise ClientError("Integration response is too large")
        if not self._headers_done:
            raise ClientError("Network error communicating with endpoint")
        self.incoming.body = b"".join(self._parts)
        return self.incoming

    async def parts(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> AsyncGenerator[bytes]:
        """Yield nothing once the headers are there, then the body's parts. Raises ClientError."""
        try:
            while not self._headers_done:
                if not await self._feed(reader):
                    raise ClientError("Network error communicating with endpoint")
            yield b""
            more = True
            while more or self._parts:
                taken, self._parts = self._parts, []
                if taken:
                    yield b"".join(taken)
                more = await self._feed(reader)
            framing = ("content-length", "transfer-encoding")
            if not self._done and any(self.incoming.header(one) for one in framing):
                raise ClientError("Network error communicating with endpoint")
        except (OSError, httptools.HttpParserError) as error:
            raise ClientError("Network error communicating with endpoint") from error
        finally:
            writer.close()

    async def _feed(self, reader: asyncio.StreamReader) -> bool:
        """Read some of the answer; tell whether there may be more."""
        if self._done:
            return False
        data = await reader.read(_CHUNK)
        if not self._headers_done:
            self._head += len(data)
        if data:
            self._parser.feed_data(data)
        if self._head > _HEAD_BYTES + _CHUNK:
            raise ClientError("Integration response is too large")
        return bool(data) and not self._done

    def on_header(self, name: bytes, value: bytes) -> None:
        """Note a header."""
        self.incoming.headers.append((name.decode("latin-1"), value.decode("latin-1")))

    def on_headers_complete(self) -> None:
        """Note the status; an answer before the answer (100 Continue) is forgotten."""
        status = self._parser.get_status_code()
        if status < 200:
            self.incoming.headers.clear()
            return
        self.incoming.status = status
        self._headers_done = True
        self._done = self._is_head or status in (204, 304)

    def on_body(self, data: bytes) -> None:
        """Note a part of the body."""
        self._size += len(data)
        self._parts.append(data)

    def on_message_complete(self) -> None:
        """Stop reading once the answer is whole."""
        self._done = self._done or self._headers_done
