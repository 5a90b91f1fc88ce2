"""WebSocket connections after their handshake (RFC 6455), by wsproto."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from cloudarium.wire.http import Headers, HttpRequest

if TYPE_CHECKING:
    from wsproto.connection import Connection

Data = str | bytes

_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_VERSION = "13"
NORMAL, GOING_AWAY, NO_STATUS, ABNORMAL, TOO_LARGE = 1000, 1001, 1005, 1006, 1009
# A frame of text has at most this many characters, so that it is never over 32 KB.
_FRAME = 8 * 1024
# A client that does not take in what it is sent is dropped once this much waits for it.
_MOST_UNSENT = 4 << 20
_CLOSING_SECONDS = 5.0


def is_offered(request: HttpRequest) -> bool:
    """Tell whether a request asks to become a WebSocket connection, in a way that can be met."""
    headers = request.headers
    return (
        headers.get("upgrade", "").lower() == "websocket"
        and headers.get("sec-websocket-version") == _VERSION
        and bool(headers.get("sec-websocket-key"))
    )


def acceptance(request: HttpRequest, protocol: str = "") -> Headers:
    """Return the headers of the 101 that accepts; `protocol` is the subprotocol chosen."""
    key = request.headers["sec-websocket-key"].strip()
    digest = hashlib.sha1(f"{key}{_GUID}".encode(), usedforsecurity=False).digest()
    headers = [
        ("upgrade", "websocket"),
        ("connection", "Upgrade"),
        ("sec-websocket-accept", base64.b64encode(digest).decode()),
    ]
    return [*headers, ("sec-websocket-protocol", protocol)] if protocol else headers


class WebSocket(asyncio.Protocol):
    """One connection. It calls `on_message` with whole messages and, once, `on_close`.

    A frame over `most_frame` or a message over `most_message` bytes ends it with 1009. The code
    given to `on_close` is the client's, or 1005 if it gave none, or 1006 if it went without a word.
    """

    def __init__(
        self,
        on_message: Callable[[Data], None],
        on_frame: Callable[[], None],
        on_close: Callable[[int, str], None],
        *,
        most_frame: int,
        most_message: int,
    ) -> None:
        self._on_message, self._on_frame, self._on_close = on_message, on_frame, on_close
        self._most_frame, self._most_message = most_frame, most_message
        self._parts: list[Data] = []
        self._size = self._frame = 0
        self._end: tuple[int, str] | None = None
        self._transport: asyncio.Transport | None = None
        self._frames: Connection | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        from wsproto.connection import Connection, ConnectionType

        self._transport = cast(asyncio.Transport, transport)
        self._frames = Connection(ConnectionType.SERVER)

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._transport = None
        code, reason = self._end or (ABNORMAL, "")
        self._on_close(code, reason)

    def data_received(self, data: bytes) -> None:
        """Take what the client sends."""
        from wsproto.utilities import LocalProtocolError

        if self._frames is None or self._transport is None:
            return
        try:
            self._frames.receive_data(data)
            self._take()
        except LocalProtocolError:
            self.abort()

    def _take(self) -> None:
        from wsproto.events import BytesMessage, CloseConnection, Ping, TextMessage

        assert self._frames is not None
        for event in self._frames.events():
            if isinstance(event, CloseConnection):
                self._closed(event)
                return
            if self._end is not None:
                continue
            if isinstance(event, Ping):
                self._on_frame()
                self._write(self._frames.send(event.response()))
            elif isinstance(event, TextMessage | BytesMessage):
                self._add(event.data, event.frame_finished, event.message_finished)

    def _add(self, data: str | bytes | bytearray, ends_frame: bool, ends_message: bool) -> None:
        part = data if isinstance(data, str) else bytes(data)
        size = len(part.encode()) if isinstance(part, str) else len(part)
        self._frame += size
        self._size += size
        if self._frame > self._most_frame or self._size > self._most_message:
            self.close(TOO_LARGE)
            return
        self._parts.append(part)
        if ends_frame:
            self._frame = 0
            self._on_frame()
        if ends_message:
            parts, self._parts, self._size = self._parts, [], 0
            self._on_message(
                "".join(cast(list[str], parts))
                if isinstance(part, str)
                else b"".join(cast(list[bytes], parts))
            )

    def _closed(self, event: object) -> None:
        """Answer the client's close frame, or a violation of the protocol, and end."""
        from wsproto.connection import ConnectionState
        from wsproto.events import CloseConnection

        assert isinstance(event, CloseConnection) and self._frames is not None
        if self._end is None:
            self._end = (int(event.code), event.reason or "")
            if self._frames.state in (ConnectionState.OPEN, ConnectionState.REMOTE_CLOSING):
                code = NORMAL if event.code == NO_STATUS else event.code
                self._write(self._frames.send(CloseConnection(code=code)))
        if self._transport is not None:
            self._transport.close()

    def send(self, data: Data) -> None:
        """Send a message, in frames of at most 32 KB. What comes after the end is dropped."""
        from wsproto.events import BytesMessage, TextMessage

        if self._transport is None or self._frames is None or self._end is not None:
            return
        size = _FRAME if isinstance(data, str) else 4 * _FRAME
        pieces = [data[at : at + size] for at in range(0, len(data), size)] or [data]
        for number, piece in enumerate(pieces, 1):
            is_last = number == len(pieces)
            if isinstance(piece, str):
                self._write(self._frames.send(TextMessage(piece, message_finished=is_last)))
            else:
                self._write(self._frames.send(BytesMessage(piece, message_finished=is_last)))
        if self._transport.get_write_buffer_size() > _MOST_UNSENT:
            self.abort()

    def close(self, code: int, reason: str = "") -> None:
        """Say goodbye and end, at the latest when the client has had time to answer."""
        from wsproto.events import CloseConnection

        if self._transport is None or self._frames is None or self._end is not None:
            return
        self._end = (code, reason)
        self._write(self._frames.send(CloseConnection(code=code, reason=reason)))
        asyncio.get_running_loop().call_later(_CLOSING_SECONDS, self.abort)

    def abort(self) -> None:
        """Drop the client at once."""
        if self._transport is not None:
            self._transport.abort()

    def pause(self) -> None:
        """Read no more for now."""
        if self._transport is not None:
            self._transport.pause_reading()

    def resume(self) -> None:
        """Read on."""
        if self._transport is not None:
            self._transport.resume_reading()

    def _write(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.write(data)
