"""The HTTP server over real sockets."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable

import pytest

from cloudarium.wire.http import Answer, HttpRequest, HttpResponse
from cloudarium.wire.server import Server, bind, serve

Test = Callable[[Server, asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class _Stream:
    """A body that tells when it was given up."""

    def __init__(self) -> None:
        self.closed = asyncio.Event()

    async def chunks(self) -> AsyncIterator[bytes]:
        try:
            while True:
                yield b"x" * 65536
                await asyncio.sleep(0)
        finally:
            self.closed.set()


async def _few() -> AsyncIterator[bytes]:
    yield b"one"
    yield b"two"


async def _broken() -> AsyncIterator[bytes]:
    yield b"one"
    raise ValueError("in the middle")


async def _echo(request: HttpRequest) -> HttpResponse:
    if request.path == "/stream":
        return HttpResponse(body=_few())
    if request.path == "/broken":
        return HttpResponse(body=_broken())
    if request.path == "/none":
        return HttpResponse(204)
    if request.path == "/defect":
        raise ValueError("a defect")
    if request.path == "/wait":
        await asyncio.Event().wait()
    text = f"{request.method} {request.target} {request.host} ".encode()
    return HttpResponse(body=text + request.body.read()[:40])


def _run(test: Test, handler: Callable[[HttpRequest], Awaitable[HttpResponse]] = _echo) -> None:
    async def run() -> None:
        server = await serve(handler)
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        try:
            await asyncio.wait_for(test(server, reader, writer), 60)
        finally:
            writer.close()
            await server.close()

    asyncio.run(run())


async def _rest(reader: asyncio.StreamReader) -> bytes:
    """What comes until the server drops the line."""
    try:
        return await reader.read()
    except ConnectionResetError:
        return b""


def _answers(sent: bytes, *wanted: bytes, closes: bool = False) -> bytes:
    found = b""

    async def test(_: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal found
        writer.write(sent)
        for each in wanted:
            found += await reader.readuntil(each)
        if closes:
            found += await reader.read()

    _run(test)
    return found


def test_a_connection_is_kept_and_pipelined_requests_are_answered_in_order() -> None:
    sent = b"".join(b"GET /%d HTTP/1.1\r\nHost: h:1\r\n\r\n" % n for n in range(40))
    found = _answers(sent, *(b"GET /%d h " % n for n in range(40)))
    assert found.count(b"HTTP/1.1 200 OK\r\n") == 40


def test_a_chunked_body_is_read_and_trailers_are_no_headers() -> None:
    sent = (
        b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"3\r\nabc\r\n2\r\nde\r\n0\r\nHost: evil\r\n\r\n"
    )
    assert b"POST / h abcde" in _answers(sent, b"abcde")


def test_a_client_that_expects_it_is_told_to_continue() -> None:
    head = b"PUT / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"

    async def test(_: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        writer.write(b"ok")
        await reader.readuntil(b"PUT / h ok")

    _run(test)


def test_head_and_204_have_no_body() -> None:
    found = _answers(
        b"HEAD /a HTTP/1.1\r\nHost: h\r\n\r\nGET /none HTTP/1.1\r\nHost: h\r\n\r\n"
        b"GET /last HTTP/1.1\r\nHost: h\r\n\r\n",
        b"GET /last h ",
    )
    first, second, _ = found.split(b"HTTP/1.1 ")[1:]
    assert first.endswith(b"\r\n\r\n") and b"content-length: 10\r\n" in first
    assert second.endswith(b"\r\n\r\n") and b"content-length" not in second


def test_http_1_0_is_answered_without_chunks() -> None:
    found = _answers(b"GET /stream HTTP/1.0\r\n\r\n", closes=True)
    assert found.endswith(b"\r\n\r\nonetwo")
    assert b"chunked" not in found and b"connection: close\r\n" in found
    kept = _answers(b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", b"GET / ")
    assert b"connection: keep-alive\r\n" in kept


def test_a_stream_comes_in_chunks() -> None:
    found = _answers(b"GET /stream HTTP/1.1\r\nHost: h\r\n\r\n", b"0\r\n\r\n")
    assert found.endswith(b"\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n")


def test_an_offered_upgrade_is_ignored() -> None:
    sent = (
        b"POST /x HTTP/1.1\r\nHost: h\r\nConnection: Upgrade, HTTP2-Settings\r\n"
        b"Upgrade: h2c\r\nHTTP2-Settings: AA\r\nContent-Length: 3\r\n\r\nabc"
        b"GET /next HTTP/1.1\r\nHost: h\r\n\r\n"
    )
    assert b"POST /x h abc" in _answers(sent, b"GET /next h ")


_OFFER = b"GET %b HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"


class _Loud(asyncio.Protocol):
    """Answers everything in capitals."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        assert isinstance(self.transport, asyncio.Transport)
        self.transport.write(data.upper())


async def _switching(request: HttpRequest) -> HttpResponse:
    if request.headers.get("upgrade") == "websocket" and request.path == "/switch":
        return HttpResponse(101, [("upgrade", "websocket")], upgrade=_Loud)
    return await _echo(request)


def test_a_connection_is_handed_over_with_what_was_sent_ahead() -> None:
    async def test(
        server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        writer.write(b"GET /first HTTP/1.1\r\nHost: h\r\n\r\n" + _OFFER % b"/switch" + b"ahead")
        assert b"GET /first h " in await reader.readuntil(b"h ")
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 101 ")
        assert b"content-length" not in head
        assert await reader.readexactly(5) == b"AHEAD"
        writer.write(b"more")
        assert await reader.readexactly(4) == b"MORE"

    _run(test, _switching)


def test_an_upgrade_that_is_not_taken_up_is_a_plain_request() -> None:
    sent = _OFFER % b"/x" + b"GET /next HTTP/1.1\r\nHost: h\r\n\r\n"
    assert b"GET /x h " in _answers(sent, b"GET /next h ")


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        (b"GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505),
        (b"CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n", 405),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400),
        (
            b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            400,
        ),
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999999999\r\n\r\n", 413),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 70_000 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 600_000, 431),
    ],
)
def test_what_is_malformed_or_too_large_is_refused(sent: bytes, status: int) -> None:
    found = _answers(b"GET /ok HTTP/1.1\r\nHost: h\r\n\r\n" + sent, closes=True)
    assert b"GET /ok h " in found
    assert found.partition(b"GET /ok h ")[2].startswith(b"HTTP/1.1 %d " % status)
    assert found.endswith(b"connection: close\r\n\r\n")


def test_slow_and_idle_clients_are_dropped() -> None:
    async def test(
        server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        writer.write(b"GET / HTTP/1.1\r\nHo")
        while not server.connections:
            await asyncio.sleep(0)
        now = asyncio.get_running_loop().time()
        server.expire(now + 29)
        assert server.connections
        server.expire(now + 31)
        assert await _rest(reader) == b""

    _run(test)


def test_what_comes_together_is_handled_together() -> None:
    together: list[list[str]] = []

    def handle(requests: Iterable[HttpRequest]) -> list[Answer]:
        together.append([request.path for request in requests])
        return [HttpResponse(body=path.encode()) for path in together[-1]]

    async def run() -> None:
        server = Server(handle)
        await server.listen(bind("127.0.0.1", 0))
        clients = []
        for path in "abc":
            clients.append(await asyncio.open_connection("127.0.0.1", server.port))
            while len(server.connections) < len(clients):
                await asyncio.sleep(0)
            if path == "a":
                await ask(*clients[0], "/first")
                await ask(*clients[0], "/second")
        others = zip(clients[1:], "bc", strict=True)
        await asyncio.gather(*(ask(*client, f"/{path}") for client, path in others))
        for _, writer in clients:
            writer.close()
        await server.close()

    async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str) -> None:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: h\r\n\r\n".encode())
        await reader.readuntil(f"\r\n\r\n{path}".encode())

    asyncio.run(asyncio.wait_for(run(), 60))
    assert together == [["/first"], ["/second"], ["/b", "/c"]]


def test_thousands_of_requests_sent_in_one_go_are_answered_in_their_order() -> None:
    def answer(request: HttpRequest) -> Answer:
        return _echo(request) if request.path == "/first" else HttpResponse(204)

    async def run() -> None:
        server = await serve(answer)
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        _, other = await asyncio.open_connection("127.0.0.1", server.port)
        while len(server.connections) < 2:
            await asyncio.sleep(0)
        other.close()  # who asks alone is answered at once, also after this
        later = b"GET / HTTP/1.1\r\nHost: h\r\n\r\n" * 5000
        writer.write(b"GET /first HTTP/1.1\r\nHost: h\r\n\r\n" + later)
        assert await reader.readuntil(b"GET /first h ")
        for _ in range(5000):
            assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 204")
        writer.close()
        await server.close()

    asyncio.run(asyncio.wait_for(run(), 60))


def test_a_new_client_takes_the_place_of_those_that_wait_the_longest() -> None:
    async def run() -> None:
        server = await serve(_echo, most=8)
        clients = [await asyncio.open_connection("127.0.0.1", server.port)]
        clients[0][1].write(b"GET /wait HTTP/1.1\r\nHost: h\r\n\r\n")
        while all(connection.is_waiting for connection in server.connections):
            await asyncio.sleep(0)
        for number in range(40):
            clients.append(await asyncio.open_connection("127.0.0.1", server.port))
            while len(server.connections) > 8 or not server.connections:
                await asyncio.sleep(0)
            reader, writer = clients[-1]
            writer.write(b"GET /%d HTTP/1.1\r\nHost: h\r\n\r\n" % number)
            assert await reader.readuntil(b"GET /%d h " % number)
        assert not all(connection.is_waiting for connection in server.connections)
        assert not clients[0][0].at_eof()
        assert await _rest(clients[1][0]) == b""
        for _, writer in clients:
            writer.close()
        await server.close()

    asyncio.run(asyncio.wait_for(run(), 60))


def test_a_defect_is_a_500_and_a_broken_stream_never_looks_complete(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.CRITICAL)

    async def test(_: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"GET /defect HTTP/1.1\r\nHost: h\r\n\r\n")
        assert b" 500 " in await reader.readuntil(b"Internal Server Error")
        writer.write(b"GET /broken HTTP/1.1\r\nHost: h\r\n\r\n")
        await reader.readuntil(b"one\r\n")
        assert await _rest(reader) == b""

    _run(test)


def test_a_stream_ends_when_its_client_is_gone() -> None:
    stream = _Stream()

    async def handler(_: HttpRequest) -> HttpResponse:
        return HttpResponse(body=stream.chunks())

    async def test(_: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        await reader.readuntil(b"\r\n\r\n")
        writer.transport.abort()
        await stream.closed.wait()

    _run(test, handler)


def test_the_server_ends_promptly_with_a_request_under_way() -> None:
    async def test(
        server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        writer.write(b"GET /wait HTTP/1.1\r\nHost: h\r\n\r\n")
        while not server.connections:
            await asyncio.sleep(0)
        await asyncio.wait_for(server.close(), 10)

    _run(test)


def test_a_large_body_goes_to_disk_and_is_hashed_on_the_way() -> None:
    seen: list[str] = []

    async def handler(request: HttpRequest) -> HttpResponse:
        seen.append(request.body.sha256())
        return HttpResponse(body=str(request.body.size).encode())

    async def test(_: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        size = 9 << 20
        writer.write(b"PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n" % size)
        writer.write(b"\0" * size)
        await reader.readuntil(str(size).encode())

    _run(test, handler)
    assert seen == [hashlib.sha256(b"\0" * (9 << 20)).hexdigest()]
