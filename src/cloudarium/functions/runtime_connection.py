"""One HTTP/1.1 connection of a runtime or an extension: as little between socket and API as can be.

Bodies may come with a length or in chunks, requests one by one or several at a time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Protocol, cast

import httptools

_HEAD = b"HTTP/1.1 %d %s\r\nContent-Type: application/json\r\n%bContent-Length: %d\r\n\r\n"
_REASONS = {200: b"OK", 202: b"Accepted", 400: b"Bad Request", 403: b"Forbidden", 404: b"Not Found"}
STREAMING = "lambda-runtime-function-response-mode"
# What a client may have the server keep: functions are not to be trusted. No runtime and no
# extension comes near any of these.
_MAX_HEAD = 64 << 10
_MAX_RECEIVED = 4 * _MAX_HEAD  # of a head that has no end yet
_MAX_PIPELINED = 64  # requests that come in one go


class _TooMuch(Exception):
    """A client asks for more than it may."""


class Flow(Protocol):
    """What writes a streamed response: it can be held back."""

    def pause(self) -> None:
        """Read no more of it, so that the function has to wait."""

    def resume(self) -> None:
        """Go on."""


class Writer(Protocol):
    """Takes a streamed response's bytes."""

    def write(self, part: bytes) -> None:
        """The next ones."""


class Sink(Protocol):
    """Takes a streamed response while it comes."""

    def start(self, content_type: str, flow: Flow) -> None:
        """The response begins, out of `flow`; `content_type` as the runtime told it."""

    def write(self, part: bytes) -> None:
        """Its next bytes."""

    def end(self) -> None:
        """It is whole; the function may go on until its runtime asks for the next invocation."""


class Api(Protocol):
    """Who answers a connection's requests."""

    def handle(self, connection: Connection, method: str, path: str) -> None:
        """Answer a request, now or later."""

    def begin_stream(self, connection: Connection, path: str) -> None:
        """A response comes part by part: set the connection's `sink`, if somebody wants it."""

    def is_polled_by(self, connection: Connection) -> bool:
        """Whether this connection waits for an invocation."""

    def opened(self, connection: Connection) -> None:
        """A connection was made."""

    def lost(self, connection: Connection) -> None:
        """A connection was lost."""


class Connection(asyncio.Protocol):
    """Reads requests and writes answers.

    `headers` (lower case, trailers too) and `body` are the request's; a streamed body goes to
    `sink` instead. Of a body of more than `most` bytes only so much is kept that this is seen.
    """

    def __init__(self, api: Api, most: int) -> None:
        self._api = api
        self._most = most
        self._transport: asyncio.Transport | None = None
        self._parser = httptools.HttpRequestParser(self)
        self._path = b""
        self._answers: list[bytes] = []
        self._requests = 0
        self._received = 0
        self._is_held = self._is_full = False
        self.sink: Writer | None = None
        self.on_message_begin()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Of asyncio: a client has connected."""
        self._transport = cast(asyncio.Transport, transport)
        self._api.opened(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Of asyncio: the client is gone."""
        self._api.lost(self)

    def pause_writing(self) -> None:
        """Of asyncio: the client does not take in its answers, and is asked for no more."""
        self._is_full = True
        self._read_or_not()

    def resume_writing(self) -> None:
        """Of asyncio: it has taken them in."""
        self._is_full = False
        self._read_or_not()

    def data_received(self, data: bytes) -> None:
        """Of asyncio: bytes have come.

        A runtime that sends its response and asks for the next invocation in one go gets both
        answers in one go, and is woken once for each invocation.
        """
        self._requests = 0
        self._received += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self.close()
        if self._received > _MAX_RECEIVED and not self._is_in_body:
            self.close()
        if self._requests < 2 or not self._api.is_polled_by(self):
            self.flush()

    def on_message_begin(self) -> None:
        """Of httptools: a request starts."""
        self._path, self._is_stream, self._is_in_body = b"", False, False
        self.headers: dict[str, str] = {}
        self._body = bytearray()
        self._head_size = 0

    @property
    def body(self) -> bytes:
        """The request's body, as far as it is kept."""
        return bytes(self._body)

    def on_url(self, url: bytes) -> None:
        """Of httptools: (a part of) the request target."""
        self._count(len(url))
        self._path += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """Of httptools: one header, or one trailer after the body."""
        self._count(len(name) + len(value))
        self.headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def _count(self, size: int) -> None:
        self._head_size += size
        if self._head_size > _MAX_HEAD:
            raise _TooMuch

    def on_headers_complete(self) -> None:
        """Of httptools: a client that asks to be told gets its 100."""
        self._is_in_body = True
        if self.headers.get("expect", "").lower() == "100-continue" and self._transport:
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        if self.headers.get(STREAMING, "").lower() == "streaming":
            self._is_stream = True
            self._api.begin_stream(self, self._path.decode("latin-1"))

    def on_body(self, body: bytes) -> None:
        """Of httptools: a part of the body."""
        if self._is_stream:
            if self.sink:
                self.sink.write(body)
        elif len(self._body) <= self._most:
            self._body += body

    def on_message_complete(self) -> None:
        """Of httptools: the request is whole."""
        self._requests += 1
        self._received, self._is_in_body = 0, False
        if self._requests > _MAX_PIPELINED:
            raise _TooMuch
        method = self._parser.get_method().decode()
        self._api.handle(self, method, self._path.decode("latin-1"))

    def answer(self, status: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        """Write a response; one to what is being parsed goes out when all of that is parsed."""
        lines = b"".join(
            f"{name}: {value}\r\n".encode("latin-1") for name, value in (headers or {}).items()
        )
        reason = _REASONS.get(status, b"Answer")
        self.answer_as_it_is(_HEAD % (status, reason, lines, len(body)) + body)

    def answer_as_it_is(self, response: bytes) -> None:
        """Write a whole response, status line, headers and body."""
        self._answers.append(response)

    def flush(self) -> None:
        """Send the answers written so far, at once."""
        if self._answers and self._transport and not self._transport.is_closing():
            self._transport.write(b"".join(self._answers))
        self._answers.clear()

    def pause(self) -> None:
        """Read no more for now."""
        self._is_held = True
        self._read_or_not()

    def resume(self) -> None:
        """Go on reading."""
        self._is_held = False
        self._read_or_not()

    def _read_or_not(self) -> None:
        if self._transport and not self._transport.is_closing():
            if self._is_held or self._is_full:
                self._transport.pause_reading()
            else:
                self._transport.resume_reading()

    def close(self) -> None:
        """Drop the connection."""
        if self._transport:
            self._transport.close()
