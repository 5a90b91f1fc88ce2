"""Requests that offer another protocol: taken up, or read as if they had not."""

from __future__ import annotations

import asyncio

from cloudarium.wire.http import Fields

_OFFER = frozenset({b"upgrade", b"http2-settings", b"connection"})


def offers_websocket(method: bytes, headers: dict[str, str]) -> bool:
    """Tell whether a request offers WebSocket: a GET without a body (RFC 6455, 4.1)."""
    return (
        method == b"GET"
        and headers.get("upgrade", "").lower() == "websocket"
        and headers.get("content-length", "0") == "0"
        and "transfer-encoding" not in headers
    )


def declined(method: bytes, target: bytes, fields: Fields) -> bytes:
    """Return the head of a request that offers another protocol (`Upgrade: h2c`) without that."""
    lines = [b"%b %b HTTP/1.1" % (method, target)]
    lines += [b"%b: %b" % field for field in fields if field[0].lower() not in _OFFER]
    return b"\r\n".join(lines) + b"\r\n\r\n"


def hand_over(transport: asyncio.Transport, protocol: asyncio.Protocol, ahead: bytes) -> None:
    """Let a protocol speak on a connection; `ahead` is what the client has sent already."""
    transport.set_protocol(protocol)
    protocol.connection_made(transport)
    if ahead:
        protocol.data_received(ahead)
