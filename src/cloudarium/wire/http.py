"""HTTP messages as the cloud sees them."""

from __future__ import annotations

import asyncio
import hashlib
import inspect
import io
import re
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from urllib.parse import parse_qsl, unquote

from cloudarium.core.lazy import lazy

_IN_MEMORY = 4 << 20
_PORT = re.compile(r":[0-9]*$")
Headers = list[tuple[str, str]]
Fields = list[tuple[bytes, bytes]]


class Body:
    """A request's body: bytes in memory, or a temporary file once it is large."""

    __slots__ = ("_digest", "_file", "_parts", "size")

    def __init__(self, data: bytes = b"") -> None:
        self._parts: list[bytes] = [data] if data else []
        self._file: tempfile._TemporaryFileWrapper[bytes] | None = None
        self._digest: hashlib._Hash | None = None
        self.size = len(data)

    def append(self, data: bytes) -> None:
        """Add bytes at the end."""
        self.size += len(data)
        if self._file is None and self.size > _IN_MEMORY:
            self._file = tempfile.NamedTemporaryFile()  # noqa: SIM115
            for part in self._parts:
                self._spill(part)
            self._parts = []
        if self._file is not None:
            self._spill(data)
        else:
            self._parts.append(data)

    def _spill(self, data: bytes) -> None:
        """Write to the file; hashed as it comes, so that no large body is hashed in one go."""
        if self._digest is None:
            self._digest = hashlib.sha256()
        if self._file is not None:
            self._file.write(data)
        self._digest.update(data)

    def sha256(self) -> str:
        """Return the hexadecimal SHA-256 of all of it."""
        return (self._digest or hashlib.sha256(self.read())).hexdigest()

    def read(self) -> bytes:
        """Return all of it."""
        if self._file is not None:
            with self.open() as source:
                return source.read()
        if len(self._parts) > 1:
            self._parts = [b"".join(self._parts)]
        return self._parts[0] if self._parts else b""

    def open(self) -> BinaryIO:
        """Return a binary file at the body's start, of its own position; close it after use."""
        if self._file is None:
            return io.BytesIO(self.read())
        self._file.flush()
        return Path(self._file.name).open("rb")

    def close(self) -> None:
        """Forget the temporary file, if there is one."""
        if self._file is not None:
            self._file.close()


class HttpRequest:
    """A request: `target` as it came, `headers` by lower-case name, repeated ones joined.

    `path` and `query_string` are the target's two parts, still percent-encoded. `raw_headers` are
    the headers as they came: as text, or as the bytes of `fields`, decoded when they are asked for.
    """

    def __init__(
        self,
        method: str,
        target: str,
        headers: dict[str, str],
        body: Body | None = None,
        raw_headers: Headers | None = None,
        client: str = "127.0.0.1",
        fields: Fields | None = None,
    ) -> None:
        self.method = method
        self.target = target
        self.headers = headers
        self.body = Body() if body is None else body
        if raw_headers is not None:
            self.__dict__["raw_headers"] = raw_headers
        self.client = client
        self._fields = fields
        self.path, _, self.query_string = target.partition("?")

    @lazy
    def raw_headers(self) -> Headers:
        """The headers as they came, as text."""
        fields = self._fields or ()
        return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in fields]

    @property
    def is_secure(self) -> bool:
        """Whether nobody on a network could read the request: it never left this machine.

        What `aws:SecureTransport` asks; clients talk plain HTTP to this cloud.
        """
        return self.client.startswith(("127.", "::1", "::ffff:127."))

    @lazy
    def decoded_path(self) -> str:
        """The path, percent-decoded."""
        return unquote(self.path)

    @lazy
    def query_pairs(self) -> list[tuple[str, str]]:
        """The query's names and values, decoded, in order."""
        text = self.query_string
        return parse_qsl(text, keep_blank_values=True) if text else []

    @lazy
    def query(self) -> dict[str, str]:
        """The query's values by name, decoded; the last one of a repeated name."""
        return dict(self.query_pairs)

    def recode(self, body: Body) -> None:
        """Put the decoded form of the body in place of what came."""
        self.body = body
        self.__dict__.pop("form", None)

    @lazy
    def form(self) -> dict[str, str]:
        """The fields of an HTML form: the body's over the query string's."""
        form = dict(self.query_pairs)
        kind = self.headers.get("content-type", "")
        if kind.startswith("application/x-www-form-urlencoded") and self.body.size <= _IN_MEMORY:
            body = self.body.read().decode("utf-8", "replace")
            form.update(parse_qsl(body, keep_blank_values=True))
        return form

    @lazy
    def host(self) -> str:
        """The Host header without its port, lower-case."""
        return _PORT.sub("", self.headers.get("host", "")).lower()


@dataclass(frozen=True)
class FileBody:
    """A part of a file as a response's body."""

    path: Path
    offset: int
    length: int


@dataclass(slots=True)
class HttpResponse:
    """A response. An async iterator as the body is sent chunked as it comes.

    `after` is what must be done before the response may leave: the sync to disk of what it says.
    `upgrade` makes the protocol that speaks on the connection after a 101 (Switching Protocols).
    """

    status: int = 200
    headers: Headers = field(default_factory=list)
    body: bytes | FileBody | AsyncIterator[bytes] = b""
    after: asyncio.Future[None] | None = None
    upgrade: Callable[[], asyncio.Protocol] | None = None


Answer = HttpResponse | Awaitable[HttpResponse]
Handler = Callable[[HttpRequest], Answer]
Handlers = Callable[[Iterable[HttpRequest]], list[Answer]]
"""Answers requests that came together."""


async def answered(answer: Answer) -> HttpResponse:
    """Return a handler's answer, once it is there and may leave."""
    response = await answer if inspect.isawaitable(answer) else answer
    if response.after is not None:
        await asyncio.shield(response.after)
    return response


async def content(body: bytes | Body | FileBody | AsyncIterator[bytes]) -> bytes:
    """Return all of a body, of a request or a response; for small ones."""
    if isinstance(body, bytes):
        return body
    if isinstance(body, Body):
        return body.read()
    if isinstance(body, FileBody):
        with body.path.open("rb") as source:
            source.seek(body.offset)
            return source.read(body.length)
    return b"".join([chunk async for chunk in body])
