"""One client's HTTP/1.1 connection: requests parsed by httptools, answered in their order."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, cast

import httptools

from cloudarium.wire import limits, responses, upgrades
from cloudarium.wire.heads import Message, Refused, origin_form
from cloudarium.wire.http import Answer, Body, Fields, HttpRequest, HttpResponse

if TYPE_CHECKING:
    from cloudarium.wire.server import Server

log = logging.getLogger(__name__)


class Connection(asyncio.Protocol):
    """One client's. It is waited for since `waiting_since` until `deadline`: the loop's times."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._loop = asyncio.get_running_loop()
        self._parser = httptools.HttpRequestParser(self)
        self._transport: asyncio.Transport | None = None
        self._client = ""
        self._queue: deque[Message] = deque()
        self.worker: asyncio.Task[None] | None = None
        self._streams = False
        self._refused = False
        self._busy = False
        # What a client that offers WebSocket has sent ahead, until it is answered.
        self._ahead: bytearray | None = None
        self._reading = True
        self._writable = True
        self._when_writable: Callable[[], None] | None = None
        self._begin()
        self._wait(limits.HEAD_SECONDS)

    def _begin(self) -> None:
        self._target = b""
        self._fields: Fields = []
        self._headers: dict[str, str] = {}
        self._version = "1.1"
        self._head_size = self._received = 0
        self._in_body = False
        self._body = Body()

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = cast(asyncio.Transport, transport)
        peer = transport.get_extra_info("peername")
        self._client = peer[0] if peer else "127.0.0.1"
        self._server.admit(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """End; a streamed answer under way is stopped, an operation runs to its end."""
        self._transport = None
        self.resume_writing()
        self._body.close()
        self._server.connections.discard(self)
        self._server.lookout.answered(self)
        if self._streams and self.worker is not None:
            self.worker.cancel()

    def pause_writing(self) -> None:
        """Hold an answer back until the client has taken in what was sent."""
        self._writable = False

    def resume_writing(self) -> None:
        """Let an answer go on."""
        self._writable = True
        waiting, self._when_writable = self._when_writable, None
        if waiting is not None:
            waiting()
            self.serve()

    def data_received(self, data: bytes) -> None:
        """Feed the parser; malformed HTTP is answered with 400 and the connection closed."""
        if self._refused:
            return
        if self._ahead is not None:
            self._hold(data)
            return
        self._received += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            rest = data[upgrade.args[0] :]
            if upgrades.offers_websocket(self._parser.get_method(), self._headers):
                self._offered(rest)
            else:
                self._without_upgrade(rest)
        except httptools.HttpParserError as error:
            cause = error.__context__
            self._refuse(cause.status if isinstance(cause, Refused) else 400)
        if self._in_body and not self._refused:
            self._wait(limits.BODY_SECONDS)
        elif self._received > limits.MAX_RECEIVED and not self._refused:
            self._refuse(431)  # the parser tells of a header when it has all of it

    def _without_upgrade(self, rest: bytes) -> None:
        """Read a request that offers another protocol (`Upgrade: h2c`) as if it had not."""
        if self._parser.get_method() == b"CONNECT":
            self._refuse(405)
            return
        head = upgrades.declined(self._parser.get_method(), self._target, self._fields)
        self._begin()
        self._parser = httptools.HttpRequestParser(self)
        self.data_received(head + rest)

    def _offered(self, rest: bytes) -> None:
        """Queue a request that offers WebSocket; what comes after it waits for the answer."""
        message = self._message(is_offer=True)
        self._parser = httptools.HttpRequestParser(self)
        self._ahead = bytearray()
        self._hold(rest)
        self._enqueue(message)

    def _hold(self, data: bytes) -> None:
        assert self._ahead is not None
        self._ahead += data
        if len(self._ahead) > limits.MAX_HEAD:
            self._refuse(400)

    def _take_ahead(self) -> bytes:
        ahead, self._ahead = bytes(self._ahead or b""), None
        return ahead

    def _switch(self, upgrade: Callable[[], asyncio.Protocol]) -> None:
        """Hand the connection over to another protocol."""
        transport, ahead = self._transport, self._take_ahead()
        self._server.connections.discard(self)
        self._server.lookout.answered(self)
        self._transport, self._refused = None, True
        if transport is not None and not transport.is_closing():
            transport.resume_reading()
            upgrades.hand_over(transport, upgrade(), ahead)

    def _refuse(self, status: int) -> None:
        """Answer with `status` after the answers that are still due, and read no more."""
        self._refused = True
        self._body.close()
        self._enqueue(Message(HttpRequest("", "", {}), refusal=status))

    # httptools' callbacks

    def on_url(self, url: bytes) -> None:
        """Take a part of the request target."""
        self._target += url
        self._head_size += len(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header, or a trailer."""
        self._head_size += len(name) + len(value)
        if self._head_size > limits.MAX_HEAD:
            raise Refused(431)
        self._fields.append((name, value))

    def on_headers_complete(self) -> None:
        """Answer `Expect: 100-continue`, refuse what is announced as too large."""
        self._in_body = True
        version = self._version = self._parser.get_http_version()
        if version not in ("1.0", "1.1"):
            raise Refused(505)
        headers = self._headers = self._joined()
        if version == "1.1" and ("host" not in headers or "," in headers["host"]):
            raise Refused(400)
        if int(headers.get("content-length", 0)) > limits.MAX_BODY:
            raise Refused(413)
        if "expect" in headers and version == "1.1" and not self._busy:
            self._answer_expectation(headers["expect"])

    def _joined(self) -> dict[str, str]:
        """Return the headers by lower-case name, repeated ones joined."""
        names, headers = self._server.names, dict[str, str]()
        for field, value in self._fields:
            name = names.get(field)
            if name is None:
                name = field.decode("latin-1").lower()
                if len(names) < limits.MAX_NAMES:
                    names[field] = name
            text = value.decode("latin-1")
            headers[name] = f"{headers[name]},{text}" if name in headers else text
        return headers

    def _answer_expectation(self, expected: str) -> None:
        if expected.lower() == "100-continue" and self._transport is not None:
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, data: bytes) -> None:
        """Take a part of the body."""
        if self._body.size + len(data) > limits.MAX_BODY:
            raise Refused(413)
        self._body.append(data)

    def on_message_complete(self) -> None:
        """Queue the request. Trailers are not taken as headers."""
        if self._parser.should_upgrade():
            return
        self._enqueue(self._message())

    def _message(self, *, is_offer: bool = False) -> Message:
        """Return the request that was read, and be ready for the next."""
        request = HttpRequest(
            self._parser.get_method().decode(),
            origin_form(self._target.decode("latin-1"), self._headers),
            self._headers,
            self._body,
            client=self._client,
            fields=self._fields,
        )
        keep_alive = is_offer or self._parser.should_keep_alive()
        message = Message(request, keep_alive, self._version, is_offer=is_offer)
        self._begin()
        return message

    # answering

    def _enqueue(self, message: Message) -> None:
        self._queue.append(message)
        if len(self._queue) >= limits.MAX_PIPELINED and self._transport is not None:
            self._transport.pause_reading()
            self._reading = False
        if not self._busy:
            self.serve()

    def serve(self) -> None:
        """Have what is queued answered, in its order, as far as nothing has to be waited for."""
        while self._queue and not self._busy and self._transport is not None:
            message = self._queue.popleft()
            self._busy = True
            self._server.lookout.asked(self)
            self.deadline = limits.NEVER
            if message.refusal:
                self._write_refusal(message.refusal)
                return
            self._server.ask(self, message)

    def answer(self, message: Message, answer: Answer) -> None:
        """Send a request's answer, when it is there and may leave."""
        if not isinstance(answer, HttpResponse) or not isinstance(answer.body, bytes):
            self.worker = self._server.spawn(self._answer(message, answer))
            self.worker.add_done_callback(self._answered)
        elif answer.after is None:
            self._send_whole(message, answer)
        else:
            answer.after.add_done_callback(partial(self._send_synced, message, answer))

    def _send_synced(
        self, message: Message, response: HttpResponse, synced: asyncio.Future[None]
    ) -> None:
        """Send an answer whose effects are on disk, or 500 if they cannot be."""
        if synced.cancelled():
            self.close()
        else:
            self._send_whole(message, responses.defect() if synced.exception() else response)
            self.serve()

    def _send_whole(self, message: Message, response: HttpResponse) -> None:
        """Send an answer, if the client is still there."""
        message.request.body.close()
        if self._transport is None:
            return
        head, framing = self._head(message, response)
        assert isinstance(response.body, bytes)
        self._transport.write(head if framing is responses.Framing.NONE else head + response.body)
        if response.upgrade is not None:
            self._switch(response.upgrade)
        elif self._writable:
            self._end(message)
        else:
            self._wait(limits.WRITE_SECONDS)
            self._when_writable = partial(self._end, message)

    def _end(self, message: Message) -> None:
        """Be ready for the next request, or close the connection."""
        if self._transport is None:
            return
        if message.keep_alive:
            self._busy = False
            self._server.lookout.answered(self)
            self._wait(limits.IDLE_SECONDS)
            if not self._reading:
                self._reading = True
                self._transport.resume_reading()
            if message.is_offer and (ahead := self._take_ahead()):
                self.data_received(ahead)
        else:
            self._refused = True
            self._queue.clear()
            self._transport.close()

    def _answered(self, worker: asyncio.Task[None]) -> None:
        """Go on, or drop the client if its answer broke off, so that it does not look complete."""
        self.worker = None
        if worker.cancelled():
            self.close()
        elif (error := worker.exception()) is not None:
            if not isinstance(error, ConnectionError):
                log.error("an answer broke off", exc_info=error)
            self.close()
        else:
            self.serve()

    async def _answer(self, message: Message, answer: Answer) -> None:
        try:
            response = await self._server.finish(message.request, answer)
            head, framing = self._head(message, response)
            if framing is responses.Framing.NONE or self._transport is None:
                await self._send(head)
                await responses.discard(response.body)
                if response.upgrade is not None:
                    self._switch(response.upgrade)
            elif isinstance(response.body, bytes):
                await self._send(head + response.body)
            else:
                await self._stream(head, response.body, framing)
        finally:
            message.request.body.close()
        self._end(message)

    def _write_refusal(self, status: int) -> None:
        """Answer and let the client read it: closing with unread input would reset the line."""
        if self._transport is None:
            return
        self._transport.resume_reading()
        self._transport.write(responses.refusal(status))
        self._transport.write_eof()
        self._wait(limits.LINGER_SECONDS)

    def _head(self, message: Message, response: HttpResponse) -> tuple[bytes, responses.Framing]:
        framing = responses.framing(message.request.method, message.version, response)
        if framing is responses.Framing.CLOSE:
            message.keep_alive = False
        date, keep_alive = self._server.date(), message.keep_alive
        return responses.head(response, framing, date, keep_alive, message.version), framing

    async def _stream(
        self, head: bytes, body: responses.StreamedBody, framing: responses.Framing
    ) -> None:
        self._streams = True
        try:
            await self._send(head)
            chunked = framing is responses.Framing.CHUNKED
            async for chunk in responses.parts(body):
                if chunk:
                    await self._send(b"%x\r\n%b\r\n" % (len(chunk), chunk) if chunked else chunk)
            if chunked:
                await self._send(b"0\r\n\r\n")
        finally:
            self._streams = False
            await responses.discard(body)

    async def _send(self, data: bytes) -> None:
        if self._transport is None:
            raise ConnectionResetError
        self._transport.write(data)
        if not self._writable:
            self._wait(limits.WRITE_SECONDS)
            taken_in = self._loop.create_future()
            self._when_writable = lambda: None if taken_in.done() else taken_in.set_result(None)
            await taken_in
            self.deadline = limits.NEVER

    def _wait(self, seconds: float) -> None:
        """Wait for the client from now on, so long."""
        self.waiting_since = self._loop.time()
        self.deadline = self.waiting_since + seconds

    @property
    def is_waiting(self) -> bool:
        """Whether the client is waited for, rather than the client for an answer."""
        return self.deadline < limits.NEVER

    def expire(self, now: float) -> None:
        """Drop a client that has not kept its deadline."""
        if now > self.deadline:
            self.close()

    def close(self) -> None:
        """Drop the client at once."""
        if self._transport is not None:
            self._transport.abort()
