"""The HTTP/1.1 server: a bare asyncio protocol rather than an ASGI server.

What that is worth: docs/decisions/0002-http-server.md.
"""

from __future__ import annotations

import asyncio
import logging
import resource
import socket
import time
from collections.abc import Callable, Coroutine, Iterable
from email.utils import formatdate
from functools import partial
from heapq import nsmallest
from operator import attrgetter
from typing import Any, TypeVar

from cloudarium.wire import responses
from cloudarium.wire.connection import Connection
from cloudarium.wire.heads import Message
from cloudarium.wire.http import Answer, Handler, Handlers, HttpRequest, HttpResponse, answered
from cloudarium.wire.lookout import Lookout

T = TypeVar("T")
log = logging.getLogger(__name__)
_SWEEP_SECONDS = 5.0
_TOGETHER = 16  # requests whose first waits for the last; more are hardly quicker


class Server:
    """A listening HTTP server."""

    def __init__(self, handle: Handlers, most: int | None = None) -> None:
        """`most` connections are kept: if None, half of what the process may have open."""
        self._handle = handle
        self._most = most or resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 2
        self._server: asyncio.Server | None = None
        self._sweeper: asyncio.TimerHandle | None = None
        self.connections: set[Connection] = set()
        self.lookout = Lookout()
        self.names: dict[bytes, str] = {}  # headers' names as clients write them: in lower case
        self._workers: set[asyncio.Task[None]] = set()
        self._asked: list[tuple[Connection, Message]] = []
        self._asked_last: Connection | None = None
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

    def admit(self, connection: Connection) -> None:
        """Take a new connection, perhaps in place of those that have waited the longest."""
        self.connections.add(connection)
        if len(self.connections) > self._most:
            waiting = [each for each in self.connections if each.is_waiting]
            for each in nsmallest(1 + self._most // 8, waiting, key=attrgetter("waiting_since")):
                each.close()

    def _sweep_later(self) -> None:
        self._sweeper = asyncio.get_running_loop().call_later(_SWEEP_SECONDS, self._sweep)

    def _sweep(self) -> None:
        self._sweeper = None
        self.expire(asyncio.get_running_loop().time())
        if self.connections:
            self._sweep_later()

    def expire(self, now: float) -> None:
        """Drop the clients whose deadline is before `now`, in the loop's time."""
        for connection in list(self.connections):
            connection.expire(now)

    def spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run a connection's work as a task that ends with the server at the latest."""
        task = asyncio.get_running_loop().create_task(work)
        self._workers.add(task)
        task.add_done_callback(self._workers.discard)
        return task

    def ask(self, connection: Connection, message: Message) -> None:
        """Have a request answered: with all that this turn of the loop brings.

        Who asks twice in a row asks alone, and is answered at once.
        """
        is_alone, self._asked_last = self._asked_last is connection, connection
        if is_alone:
            (answer,) = self._handle([message.request])
            connection.answer(message, answer)
            return
        self._asked.append((connection, message))
        if len(self._asked) == 1:
            asyncio.get_running_loop().call_soon(self._answer)

    def _answer(self) -> None:
        asked, self._asked = self._asked[:_TOGETHER], self._asked[_TOGETHER:]
        if self._asked:
            asyncio.get_running_loop().call_soon(self._answer)
        answers = self._handle([message.request for _, message in asked])
        for (connection, message), answer in zip(asked, answers, strict=True):
            connection.answer(message, answer)
            connection.serve()

    async def finish(self, request: HttpRequest, answer: Answer) -> HttpResponse:
        """Return an answer that is not there at once, when it is and may leave."""
        try:
            return await answered(answer)
        except Exception:
            log.exception("%s %s", request.method, request.path)
            return responses.defect()

    async def close(self) -> None:
        """Stop listening, drop all connections and what is being answered on them."""
        if self._sweeper is not None:
            self._sweeper.cancel()
        if self._server is not None:
            self._server.close()
        self._asked.clear()
        for connection in list(self.connections):
            connection.close()
        workers = list(self._workers)
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)


async def serve(
    handler: Handler, host: str = "127.0.0.1", port: int = 0, most: int | None = None
) -> Server:
    """Listen on `host`:`port` (any free port if 0) and answer each request with `handler`."""
    sock = bind(host, port)
    server = Server(partial(_each, handler), most)
    await server.listen(sock)
    return server


def _each(handler: Handler, requests: Iterable[HttpRequest]) -> list[Answer]:
    return [tried(handler, request) for request in requests]


def tried(answer: Callable[[HttpRequest], T], request: HttpRequest) -> T | HttpResponse:
    """Answer a request; an exception is a defect and answered with 500."""
    try:
        return answer(request)
    except Exception:
        log.exception("%s %s", request.method, request.path)
        return responses.defect()


class CannotListen(OSError):
    """An address that cannot be listened at; the text says which and why."""


def bind(host: str, port: int) -> socket.socket:
    """Return a socket bound to `host`:`port`. Raises CannotListen if the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.setblocking(False)
    try:
        sock.bind((host, port))
    except OSError as error:
        sock.close()
        raise CannotListen(f"cannot listen: {host} port {port}: {error.strerror}") from None
    return sock
