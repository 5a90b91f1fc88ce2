"""The Lambda Runtime API (version 2018-06-01) of one execution environment, on a loopback port.

Paths, headers and answers as in AWS's page "Using the Lambda runtime API for custom runtimes",
so that any runtime interface client and any `provided` bootstrap works with it.
"""

import asyncio
import json
from dataclasses import dataclass, field
from typing import cast

import httptools

MAX_RESPONSE_BYTES = 6 * 1024 * 1024 + 100  # the figure in AWS's own error message
_BASE = "/2018-06-01/runtime/"
_ACCEPTED = b'{"status":"OK"}'


@dataclass(frozen=True)
class Invocation:
    """What a runtime gets by /invocation/next. `deadline_ms` is epoch milliseconds, real time."""

    request_id: str
    payload: bytes
    function_arn: str
    deadline_ms: int
    trace_id: str
    client_context: str = ""
    identity: str = ""


@dataclass(frozen=True)
class Reply:
    """What a runtime answered: the payload, and the error's type if it reported an error."""

    payload: bytes
    error_type: str | None = None


@dataclass
class _Pending:
    invocation: Invocation
    reply: asyncio.Future[Reply] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )
    taken: bool = False


class RuntimeApi:
    """Hands invocations to the one runtime that polls it, one at a time."""

    def __init__(self) -> None:
        self.initialized: asyncio.Future[Reply | None] = asyncio.get_running_loop().create_future()
        self._pending: _Pending | None = None
        self._poller: _Connection | None = None
        self._server: asyncio.Server | None = None
        self._connections: set[_Connection] = set()

    async def start(self) -> str:
        """Listen; the value of AWS_LAMBDA_RUNTIME_API."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Connection(self), "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        return f"127.0.0.1:{port}"

    def close(self) -> None:
        """Stop listening and drop the connections."""
        if self._server:
            self._server.close()
        for connection in list(self._connections):
            connection.close()

    @property
    def taken(self) -> bool:
        """Whether the runtime has fetched the invocation it was last given."""
        return self._pending is None or self._pending.taken

    def offer(self, invocation: Invocation) -> asyncio.Future[Reply]:
        """Give the runtime its next invocation; the future is its reply."""
        self._pending = _Pending(invocation)
        if self._poller:
            self._hand_over(self._poller)
        return self._pending.reply

    def handle(self, connection: "_Connection", method: str, path: str) -> None:
        """Answer one request of the runtime."""
        what = path.removeprefix(_BASE)
        if method == "GET" and what == "invocation/next":
            self._next(connection)
        elif method == "POST" and what == "init/error":
            if not self.initialized.done():
                self.initialized.set_result(_error(connection))
            connection.answer(202, _ACCEPTED)
        elif method == "POST" and what.startswith("invocation/"):
            _, request_id, kind = [*what.split("/"), "", ""][:3]
            self._reply(connection, request_id, kind)
        else:
            connection.answer(404, _refusal("InvalidAction", "There is no such runtime API."))

    def _next(self, connection: "_Connection") -> None:
        if self._poller and self._poller is not connection:
            # Another function could find this port; the runtime itself polls from one connection.
            connection.answer(403, _refusal("InvalidStateTransition", "A runtime polls already."))
            return
        self._poller = connection
        if not self.initialized.done():
            self.initialized.set_result(None)
        if self._pending and not self._pending.taken:
            self._hand_over(connection)

    def _hand_over(self, connection: "_Connection") -> None:
        assert self._pending
        self._poller = None
        self._pending.taken = True
        invocation = self._pending.invocation
        headers = {
            "Lambda-Runtime-Aws-Request-Id": invocation.request_id,
            "Lambda-Runtime-Deadline-Ms": str(invocation.deadline_ms),
            "Lambda-Runtime-Invoked-Function-Arn": invocation.function_arn,
            "Lambda-Runtime-Trace-Id": invocation.trace_id,
            "Lambda-Runtime-Client-Context": invocation.client_context,
            "Lambda-Runtime-Cognito-Identity": invocation.identity,
        }
        connection.hand_over(invocation.payload, {k: v for k, v in headers.items() if v})

    def _reply(self, connection: "_Connection", request_id: str, kind: str) -> None:
        pending = self._pending
        if pending is None or pending.invocation.request_id != request_id or pending.reply.done():
            connection.answer(400, _refusal("InvalidRequestID", "Invalid request ID"))
        elif kind == "error":
            pending.reply.set_result(_error(connection))
            connection.answer(202, _ACCEPTED)
        elif kind != "response":
            connection.answer(404, _refusal("InvalidAction", "There is no such runtime API."))
        elif len(connection.body) > MAX_RESPONSE_BYTES:
            message = (
                "Response payload size exceeded maximum allowed payload size"
                f" ({MAX_RESPONSE_BYTES} bytes)."
            )
            error_type = "Function.ResponseSizeTooLarge"
            refusal = _refusal(error_type, message)
            pending.reply.set_result(Reply(refusal, error_type))
            connection.answer(413, refusal)
        else:
            pending.reply.set_result(Reply(bytes(connection.body)))
            connection.answer(202, _ACCEPTED)

    def is_polled_by(self, connection: "_Connection") -> bool:
        """Whether this connection waits for an invocation."""
        return self._poller is connection

    def opened(self, connection: "_Connection") -> None:
        """A connection was made."""
        self._connections.add(connection)

    def lost(self, connection: "_Connection") -> None:
        """A connection was lost."""
        self._connections.discard(connection)
        if self._poller is connection:
            self._poller = None


def _refusal(error_type: str, message: str) -> bytes:
    return json.dumps({"errorMessage": message, "errorType": error_type}).encode()


def _error(connection: "_Connection") -> Reply:
    body = bytes(connection.body)
    kind = connection.headers.get("lambda-runtime-function-error-type", "")
    try:
        report = json.loads(body)
        kind = kind or str(report.get("errorType", ""))
    except (ValueError, AttributeError):
        pass
    return Reply(body, kind or "Runtime.UnknownReason")


class _Connection(asyncio.Protocol):
    """One HTTP/1.1 connection of a runtime."""

    def __init__(self, api: RuntimeApi) -> None:
        self._api = api
        self._transport: asyncio.Transport | None = None
        self._parser = httptools.HttpRequestParser(self)
        self._path = ""
        self._answers = bytearray()
        self._requests = 0
        self.headers: dict[str, str] = {}
        self.body = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Of asyncio: a client has connected."""
        self._transport = cast(asyncio.Transport, transport)
        self._api.opened(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Of asyncio: the client is gone."""
        self._api.lost(self)

    def data_received(self, data: bytes) -> None:
        """Of asyncio: bytes have come.

        A runtime that sends its response and asks for the next invocation in one go gets both
        answers in one go, and is woken once for each invocation.
        """
        self._requests = 0
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self.close()
        if self._requests < 2 or not self._api.is_polled_by(self):
            self._flush()

    def on_message_begin(self) -> None:
        """Of httptools: a request starts."""
        self._path, self.headers, self.body = "", {}, bytearray()

    def on_url(self, url: bytes) -> None:
        """Of httptools: (a part of) the request target."""
        self._path += url.decode("latin-1")

    def on_header(self, name: bytes, value: bytes) -> None:
        """Of httptools: one header."""
        self.headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        """Of httptools: a client that asks to be told gets its 100."""
        if self.headers.get("expect", "").lower() == "100-continue" and self._transport:
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, body: bytes) -> None:
        """Of httptools: a part of the body."""
        self.body += body

    def on_message_complete(self) -> None:
        """Of httptools: the request is whole."""
        self._requests += 1
        self._api.handle(self, self._parser.get_method().decode(), self._path)

    def answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        """Write a response; one to what is being parsed goes out when all of that is parsed."""
        lines = [f"HTTP/1.1 {status} Answer", "Content-Type: application/json"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        head = "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""])
        self._answers += head.encode("latin-1") + body

    def hand_over(self, body: bytes, headers: dict[str, str]) -> None:
        """Write the answer to a poll, with what was held back until then."""
        self.answer(200, body, headers)
        self._flush()

    def _flush(self) -> None:
        if self._answers and self._transport and not self._transport.is_closing():
            self._transport.write(bytes(self._answers))
        self._answers.clear()

    def close(self) -> None:
        """Drop the connection."""
        if self._transport:
            self._transport.close()
