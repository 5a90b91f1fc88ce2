"""The Lambda Runtime API (version 2018-06-01) of one execution environment.

It answers on a loopback port, and to our own bootstraps on a socket that they inherit, which
costs half as much. Paths, headers and answers as in AWS's page "Using the Lambda runtime API for
custom runtimes", so that any runtime interface client and any `provided` bootstrap works with it.
"""

from __future__ import annotations

import asyncio
import base64
import json
import socket
from typing import NamedTuple, Protocol

from cloudarium.functions.runtime_connection import STREAMING, Connection, Flow, Sink

MAX_RESPONSE_BYTES = 6 * 1024 * 1024 + 100  # the figure in AWS's own error message
# "Response streaming ... maximum response payload size of 200 MB", Lambda quotas.
MAX_STREAM_BYTES = 200 * 1024 * 1024
_MOST_CONNECTIONS = 100  # of an environment: a function is not to use up the server's files
_BASE = "/2018-06-01/runtime/"
_NEXT, _INIT_ERROR = f"{_BASE}invocation/next", f"{_BASE}init/error"
_STATUS = b'{"status":"OK"}\n'
_ACCEPTED = (
    b"HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n"
    + _STATUS
)
_TRACE_CAUSE = "lambda-runtime-function-xray-error-cause"
_ANSWERS = {"response": "InvocationResponse", "error": "InvocationErrorResponse"}
_KIND, _REPORT = "lambda-runtime-function-error-type", "lambda-runtime-function-error-body"


class Invocation(NamedTuple):
    """What a runtime gets by /invocation/next. `deadline_ms` is epoch milliseconds, real time.

    span: of a traced invocation, the id of the function's segment and the header that it is under.
    """

    request_id: str
    payload: bytes
    function_arn: str
    deadline_ms: int
    trace_id: str
    client_context: str = ""
    identity: str = ""
    span: tuple[str, str] | None = None


class Reply(NamedTuple):
    """What a runtime answered: the payload, and the error's type if it reported an error.

    is_streamed: the payload came part by part; it is empty if a sink took the parts.
    trace_cause: what X-Ray is to be told of the error.
    """

    payload: bytes
    error_type: str | None = None
    is_streamed: bool = False
    trace_cause: str = ""


class _Gathered:
    """The sink of who waits for the whole response."""

    def __init__(self) -> None:
        self._payload = bytearray()

    def start(self, content_type: str, flow: Flow) -> None:
        """Nothing to tell."""

    def write(self, part: bytes) -> None:
        """Keep a part."""
        self._payload += part

    def end(self) -> None:
        """Nothing to tell."""

    @property
    def payload(self) -> bytes:
        """All parts."""
        return bytes(self._payload)


class _Pending:
    """An invocation that the runtime has to answer; `limit` is of its response, in bytes."""

    __slots__ = ("_left", "invocation", "limit", "reply", "settled", "sink", "taken")

    def __init__(self, invocation: Invocation, sink: Sink | None) -> None:
        self.invocation = invocation
        self.sink: Sink = sink or _Gathered()
        self.limit = MAX_STREAM_BYTES if sink else MAX_RESPONSE_BYTES
        self._left = self.limit
        self.reply: asyncio.Future[Reply | None] = asyncio.get_running_loop().create_future()
        self.settled: Reply | None = None  # the reply, once the runtime asks for the next one
        self.taken = False

    @property
    def is_answered(self) -> bool:
        """Whether nothing more is expected of the runtime."""
        return self.settled is not None or self.reply.done()

    @property
    def is_too_large(self) -> bool:
        """Whether the streamed response went over the limit."""
        return self._left < 0

    def write(self, part: bytes) -> None:
        """Pass a streamed response's next bytes on, as far as there may be so many."""
        self._left -= len(part)
        if not self.is_too_large:
            self.sink.write(part)
        elif not self.is_answered:
            self.reply.set_result(Reply(*_too_large(self.limit), is_streamed=True))

    def end_stream(self, reply: Reply) -> None:
        """The streamed response is whole, or broken off; a function may go on after a whole one."""
        if reply.error_type:
            self.reply.set_result(reply)
        else:
            self.settled = reply
            self.sink.end()


class Requests(Protocol):
    """Answers requests that are not the runtime's."""

    def handle(self, connection: Connection, method: str, path: str) -> None:
        """Answer a request, now or later."""


class RuntimeApi:
    """Hands invocations to the one runtime that polls it, one at a time."""

    def __init__(self) -> None:
        self.beside: Requests | None = None  # what answers an environment's extensions
        self.initialized: asyncio.Future[Reply | None] = asyncio.get_running_loop().create_future()
        self._pending: _Pending | None = None
        self._poller: Connection | None = None
        self._server: asyncio.Server | None = None
        self._connections: set[Connection] = set()

    async def start(self) -> str:
        """Listen, if it does not yet; the value of AWS_LAMBDA_RUNTIME_API."""
        loop = asyncio.get_running_loop()
        if self._server is None:
            self._server = await loop.create_server(self._connection, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        return f"127.0.0.1:{port}"

    async def channel(self) -> socket.socket:
        """The other end of a connection of its own, for a process to inherit."""
        ours, theirs = socket.socketpair()
        loop = asyncio.get_running_loop()
        await loop.create_unix_connection(self._connection, sock=ours)
        return theirs

    def _connection(self) -> Connection:
        return Connection(self, MAX_RESPONSE_BYTES)

    def close(self) -> None:
        """Stop listening and drop the connections."""
        if self._server:
            self._server.close()
        self.drop()

    def drop(self) -> None:
        """Drop the connections."""
        for connection in list(self._connections):
            connection.close()

    def renew(self) -> None:
        """Be as new, at the same address, for another runtime."""
        self.drop()
        self.initialized = asyncio.get_running_loop().create_future()
        self._pending = self._poller = None

    @property
    def taken(self) -> bool:
        """Whether the runtime has fetched the invocation it was last given."""
        return self._pending is None or self._pending.taken

    @property
    def settled(self) -> Reply | None:
        """The reply to the invocation, if only the runtime's asking for the next one is missing."""
        return self._pending.settled if self._pending else None

    def offer(
        self, invocation: Invocation, sink: Sink | None = None
    ) -> asyncio.Future[Reply | None]:
        """Give the runtime its next invocation; the future is its reply, None if it gave none.

        A response that the runtime streams goes to `sink` part by part, if there is one.
        """
        self._pending = _Pending(invocation, sink)
        if self._poller:
            self._hand_over(self._poller)
        return self._pending.reply

    def give_up(self) -> None:
        """The invocation gets no reply any more."""
        if self._pending and not self._pending.reply.done():
            self._pending.reply.set_result(None)

    def handle(self, connection: Connection, method: str, path: str) -> None:
        """Answer one request of the runtime."""
        if path == _NEXT and method == "GET":
            self._next(connection)
        elif path == _INIT_ERROR and method == "POST":
            if self.initialized.done():
                connection.answer(403, _not_allowed(self._state, "InitError"))
                return
            self.initialized.set_result(_error(connection))
            connection.answer_as_it_is(_ACCEPTED)
        elif path.startswith(_BASE) and method == "POST":
            _, request_id, kind = [*path[len(_BASE) :].split("/"), "", ""][:3]
            self._reply(connection, request_id, kind)
        elif self.beside:
            self.beside.handle(connection, method, path)
        else:
            connection.answer(404, _refusal("InvalidAction", "There is no such runtime API."))

    @property
    def _state(self) -> str:
        """What Lambda's runtime interface emulator (`core`) calls the state of the runtime."""
        if self.initialized.done() and self.initialized.result():
            return "InitError"
        if self._poller or self._pending is None:
            return "Ready"
        return "RuntimeResponseSentState" if self._pending.is_answered else "Running"

    def _next(self, connection: Connection) -> None:
        if self._poller and self._poller is not connection:
            # Another function could find this port; the runtime itself polls from one connection.
            connection.answer(403, _refusal("InvalidStateTransition", "A runtime polls already."))
            return
        self._poller = connection
        if not self.initialized.done():
            self.initialized.set_result(None)
        pending = self._pending
        if pending and not pending.taken:
            self._hand_over(connection)
        elif pending and pending.settled and not pending.reply.done():
            pending.reply.set_result(pending.settled)

    def _hand_over(self, connection: Connection) -> None:
        assert self._pending
        self._poller = None
        self._pending.taken = True
        connection.answer_as_it_is(_response(self._pending.invocation))
        connection.flush()

    def _reply(self, connection: Connection, request_id: str, kind: str) -> None:
        pending = self._pending
        if pending is None or pending.invocation.request_id != request_id:
            connection.answer(400, _refusal("InvalidRequestID", "Invalid request ID"))
        elif pending.is_too_large:
            connection.answer(413, _entity_too_large(pending.limit))
        elif kind not in _ANSWERS:
            connection.answer(404, _refusal("InvalidAction", "There is no such runtime API."))
        elif pending.is_answered:
            connection.answer(403, _not_allowed(self._state, _ANSWERS[kind]))
        elif kind == "error":
            pending.reply.set_result(_error(connection))
            connection.answer_as_it_is(_ACCEPTED)
        elif connection.headers.get(STREAMING, "streaming").lower() != "streaming":
            pending.reply.set_result(Reply(b"", "Runtime.InvalidResponseModeHeader"))
            message = "Invalid function response mode"
            connection.answer(400, _refusal("InvalidFunctionResponseMode", message))
        elif STREAMING in connection.headers:
            pending.end_stream(_stream_end(connection, pending.sink))
            connection.answer_as_it_is(_ACCEPTED)
        elif len(body := connection.body) > MAX_RESPONSE_BYTES:
            pending.settled = Reply(*_too_large(MAX_RESPONSE_BYTES))
            connection.answer(413, _entity_too_large(MAX_RESPONSE_BYTES))
        else:
            pending.reply.set_result(Reply(body))
            connection.answer_as_it_is(_ACCEPTED)

    def begin_stream(self, connection: Connection, path: str) -> None:
        """Of the connection: a streamed response begins."""
        pending = self._streaming(path)
        if pending:
            kind = connection.headers.get("content-type", "application/octet-stream")
            pending.sink.start(kind, connection)
        connection.sink = pending

    def _streaming(self, path: str) -> _Pending | None:
        pending = self._pending
        if pending is None or pending.is_answered:
            return None
        wanted = f"{_BASE}invocation/{pending.invocation.request_id}/response"
        return pending if path == wanted else None

    def is_polled_by(self, connection: Connection) -> bool:
        """Whether this connection waits for an invocation."""
        return self._poller is connection

    def opened(self, connection: Connection) -> None:
        """A connection was made."""
        self._connections.add(connection)
        if len(self._connections) > _MOST_CONNECTIONS:
            connection.close()

    def lost(self, connection: Connection) -> None:
        """A connection was lost."""
        self._connections.discard(connection)
        if self._poller is connection:
            self._poller = None


def _response(invocation: Invocation) -> bytes:
    optional = ""
    if invocation.client_context:
        optional = f"Lambda-Runtime-Client-Context: {invocation.client_context}\r\n"
    if invocation.identity:
        optional += f"Lambda-Runtime-Cognito-Identity: {invocation.identity}\r\n"
    if invocation.trace_id:
        optional += f"Lambda-Runtime-Trace-Id: {invocation.trace_id}\r\n"
    head = (
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
        f"Lambda-Runtime-Aws-Request-Id: {invocation.request_id}\r\n"
        f"Lambda-Runtime-Deadline-Ms: {invocation.deadline_ms}\r\n"
        f"Lambda-Runtime-Invoked-Function-Arn: {invocation.function_arn}\r\n"
        f"{optional}Content-Length: {len(invocation.payload)}\r\n\r\n"
    )
    return head.encode("latin-1") + invocation.payload


def _refusal(error_type: str, message: str) -> bytes:
    report = {"errorMessage": message, "errorType": error_type}
    return json.dumps(report, separators=(",", ":")).encode()


def _not_allowed(state: str, wanted: str) -> bytes:
    message = (
        f"State transition from {state} to {wanted} failed for runtime. Error: State transition is"
        " not allowed"
    )
    return _refusal("InvalidStateTransition", message)


def _too_large(limit: int) -> tuple[bytes, str]:
    message = f"Response payload size exceeded maximum allowed payload size ({limit} bytes)."
    error_type = "Function.ResponseSizeTooLarge"
    return _refusal(error_type, message), error_type


def _entity_too_large(limit: int) -> bytes:
    message = f"Exceeded maximum allowed payload size ({limit} bytes)."
    return _refusal("RequestEntityTooLarge", message)


def _error(connection: Connection) -> Reply:
    body = connection.body
    kind = connection.headers.get(_KIND, "")
    try:
        report = json.loads(body)
        kind = kind or str(report.get("errorType", ""))
    except (ValueError, AttributeError, RecursionError):
        pass
    cause = connection.headers.get(_TRACE_CAUSE, "")
    return Reply(body, kind or "Runtime.UnknownReason", trace_cause=cause)


def _stream_end(connection: Connection, sink: Sink) -> Reply:
    """The runtime tells a failure on the way by trailers: the error's type, its body in base64."""
    kind = connection.headers.get(_KIND)
    if kind:
        report = base64.b64decode(connection.headers.get(_REPORT, ""))
        return Reply(report, kind, is_streamed=True)
    return Reply(sink.payload if isinstance(sink, _Gathered) else b"", is_streamed=True)
