"""The HTTP/1.1 server: one asyncio protocol over httptools' parser.

Measured with a constant 1 KB answer at 16 connections on two cores, a bare protocol answers about
three times as many requests a second as an ASGI server (docs/decisions/0002-http-server.md).
"""

from __future__ import annotations

import asyncio
import logging
import socket
import time
from collections import deque
from collections.abc import AsyncIterator
from email.utils import formatdate
from http import HTTPStatus
from typing import cast

import httptools

from cloudarium.wire.http import Body, FileBody, Handler, HttpRequest, HttpResponse

log = logging.getLogger(__name__)
_MAX_HEAD = 64 << 10
_MAX_BODY = 5 << 30
_MAX_PIPELINED = 16
_IDLE_SECONDS = 75.0
_HEAD_SECONDS = 30.0
_FILE_CHUNK = 256 << 10
_REASONS = {status.value: status.phrase for status in HTTPStatus}
_BODILESS = frozenset({204, 304})


class Connection(asyncio.Protocol):
    """One client connection: parses requests, answers them in order."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._parser = httptools.HttpRequestParser(self)
        self._transport: asyncio.Transport | None = None
        self._client = ""
        self._queue: deque[tuple[HttpRequest, bool]] = deque()
        self._worker: asyncio.Task[None] | None = None
        self._writable = asyncio.Event()
        self._writable.set()
        self._begin()
        self.deadline = time.monotonic() + _HEAD_SECONDS

    def _begin(self) -> None:
        self._target = b""
        self._raw_headers: list[tuple[str, str]] = []
        self._head_size = 0
        self._body = Body()
        self._keep_alive = True

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = cast(asyncio.Transport, transport)
        peer = transport.get_extra_info("peername")
        self._client = peer[0] if peer else "127.0.0.1"
        self._server.connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """End; a streamed answer under way is stopped."""
        self._transport = None
        self._writable.set()
        self._server.connections.discard(self)

    def pause_writing(self) -> None:
        """Hold a streamed answer back."""
        self._writable.clear()

    def resume_writing(self) -> None:
        """Let a streamed answer go on."""
        self._writable.set()

    def data_received(self, data: bytes) -> None:
        """Feed the parser; malformed HTTP is answered with 400 and the connection closed."""
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._refuse(400)
        except httptools.HttpParserError as error:
            status = 400
            if isinstance(error.__context__, _Refused):
                status = error.__context__.status
            self._refuse(status)

    def _refuse(self, status: int) -> None:
        if self._transport is not None:
            self._transport.write(
                f"HTTP/1.1 {status} {_REASONS[status]}\r\ncontent-length: 0\r\n"
                "connection: close\r\n\r\n".encode()
            )
            self._transport.close()

    # httptools' callbacks

    def on_url(self, url: bytes) -> None:
        """Take a part of the request target."""
        self._target += url
        self._count(len(url))

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header."""
        self._count(len(name) + len(value))
        self._raw_headers.append((name.decode("latin-1"), value.decode("latin-1")))

    def _count(self, size: int) -> None:
        self._head_size += size
        if self._head_size > _MAX_HEAD:
            raise _Refused(431)

    def on_headers_complete(self) -> None:
        """Answer `Expect: 100-continue`, refuse what is announced as too large."""
        self.deadline = float("inf")
        for name, value in self._raw_headers:
            lowered = name.lower()
            if lowered == "content-length" and int(value) > _MAX_BODY:
                raise _Refused(413)
            if lowered == "expect" and value.lower() == "100-continue" and self._transport:
                self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, data: bytes) -> None:
        """Take a part of the body."""
        if self._body.size + len(data) > _MAX_BODY:
            raise _Refused(413)
        self._body.append(data)

    def on_message_complete(self) -> None:
        """Queue the request."""
        headers: dict[str, str] = {}
        for name, value in self._raw_headers:
            key = name.lower()
            headers[key] = f"{headers[key]},{value}" if key in headers else value
        request = HttpRequest(
            self._parser.get_method().decode(),
            self._target.decode("latin-1"),
            headers,
            self._body,
            self._raw_headers,
            self._client,
        )
        self._queue.append((request, self._parser.should_keep_alive()))
        if len(self._queue) >= _MAX_PIPELINED and self._transport is not None:
            self._transport.pause_reading()
        self._begin()
        if self._worker is None:
            self._worker = asyncio.ensure_future(self._serve())

    # answering

    async def _serve(self) -> None:
        try:
            while self._queue and self._transport is not None:
                request, keep_alive = self._queue.popleft()
                response = await self._server.respond(request)
                await self._write(request, response, keep_alive)
                request.body.close()
                if not keep_alive and self._transport is not None:
                    self._transport.close()
                elif self._transport is not None:
                    self._transport.resume_reading()
        except ConnectionError:
            pass
        finally:
            self._worker = None
            self.deadline = time.monotonic() + _IDLE_SECONDS

    async def _write(self, request: HttpRequest, response: HttpResponse, keep_alive: bool) -> None:
        body = response.body
        bodiless = request.method == "HEAD" or response.status in _BODILESS
        head = self._head(response, keep_alive, bodiless)
        if self._transport is None:
            await _close(body)
        elif isinstance(body, bytes):
            self._transport.write(head if bodiless else head + body)
        elif bodiless:
            self._transport.write(head)
            await _close(body)
        elif isinstance(body, FileBody):
            self._transport.write(head)
            await self._write_file(body)
        else:
            self._transport.write(head)
            await self._write_stream(body, framed=b"\r\ntransfer-encoding: chunked\r\n" in head)

    def _head(self, response: HttpResponse, keep_alive: bool, bodiless: bool) -> bytes:
        status = response.status
        reason = _REASONS.get(status, "Unknown")
        lines = [f"HTTP/1.1 {status} {reason}\r\ndate: {self._server.date()}\r\n"]
        has_length = False
        for name, value in response.headers:
            lines.append(f"{name}: {_one_line(value)}\r\n")
            has_length = has_length or name.lower() == "content-length"
        body = response.body
        if not has_length and status not in _BODILESS:
            if isinstance(body, bytes):
                lines.append(f"content-length: {len(body)}\r\n")
            elif isinstance(body, FileBody):
                lines.append(f"content-length: {body.length}\r\n")
            elif not bodiless:
                lines.append("transfer-encoding: chunked\r\n")
        if not keep_alive:
            lines.append("connection: close\r\n")
        lines.append("\r\n")
        return "".join(lines).encode("utf-8", "replace")

    async def _send(self, data: bytes) -> None:
        if self._transport is None:
            raise ConnectionResetError
        self._transport.write(data)
        await self._writable.wait()

    async def _write_file(self, body: FileBody) -> None:
        left = body.length
        with body.path.open("rb") as source:
            source.seek(body.offset)
            while left > 0 and (chunk := source.read(min(_FILE_CHUNK, left))):
                left -= len(chunk)
                await self._send(chunk)

    async def _write_stream(self, body: AsyncIterator[bytes], framed: bool) -> None:
        try:
            async for chunk in body:
                if chunk:
                    await self._send(b"%x\r\n%b\r\n" % (len(chunk), chunk) if framed else chunk)
            if framed:
                await self._send(b"0\r\n\r\n")
        finally:
            await _close(body)

    def expire(self, now: float) -> None:
        """Close a connection that idles or is too slow to say what it wants."""
        if now > self.deadline and self._worker is None and self._transport is not None:
            self._transport.close()

    def close(self) -> None:
        """Close at once."""
        if self._transport is not None:
            self._transport.abort()


class _Refused(Exception):
    """A message over a limit; `status` is the answer."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Server:
    """A listening HTTP server."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._server: asyncio.Server | None = None
        self._sweeper: asyncio.TimerHandle | None = None
        self.connections: set[Connection] = set()
        self.port = 0
        self._date = (0, "")

    def date(self) -> str:
        """Return the Date header's value, made once a second."""
        second = int(time.time())
        if self._date[0] != second:
            self._date = (second, formatdate(second, usegmt=True))
        return self._date[1]

    async def listen(self, sock: socket.socket) -> None:
        """Serve a bound socket."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._connect, sock=sock, backlog=1024)
        self.port = sock.getsockname()[1]

    def _connect(self) -> Connection:
        if self._sweeper is None:
            self._sweep_later()
        return Connection(self)

    def _sweep_later(self) -> None:
        self._sweeper = asyncio.get_running_loop().call_later(5.0, self._sweep)

    def _sweep(self) -> None:
        self._sweeper = None
        now = time.monotonic()
        for connection in list(self.connections):
            connection.expire(now)
        if self.connections:
            self._sweep_later()

    async def respond(self, request: HttpRequest) -> HttpResponse:
        """Answer a request; an exception of the handler is a defect and answered with 500."""
        try:
            return await self._handler(request)
        except Exception:
            log.exception("%s %s", request.method, request.path)
            return HttpResponse(500, [("content-type", "text/plain")], b"Internal Server Error")

    async def close(self) -> None:
        """Stop listening and drop all connections."""
        if self._sweeper is not None:
            self._sweeper.cancel()
        for connection in list(self.connections):
            connection.close()
        if self._server is not None:
            self._server.close()


async def serve(handler: Handler, host: str = "127.0.0.1", port: int = 0) -> Server:
    """Listen on `host`:`port` (any free port if 0) and answer with `handler`."""
    sock = bind(host, port)
    server = Server(handler)
    await server.listen(sock)
    return server


def bind(host: str, port: int) -> socket.socket:
    """Return a socket bound to `host`:`port`. Raises OSError if the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.setblocking(False)
    sock.bind((host, port))
    return sock


async def _close(body: bytes | FileBody | AsyncIterator[bytes]) -> None:
    close = getattr(body, "aclose", None)
    if close is not None:
        await close()


def _one_line(value: str) -> str:
    """Refuse to let a header's value become two headers."""
    return value.replace("\r", " ").replace("\n", " ") if "\n" in value or "\r" in value else value
