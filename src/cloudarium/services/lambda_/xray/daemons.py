"""The X-Ray daemon that functions send their segments to, by UDP.

Every account and region has one on a loopback port of its own, so that a segment's port tells
whose it is. Functions whose role may not send segments share one that drops them: with AWS their
daemon would be refused. Source of the format: X-Ray Developer Guide, "Sending segment documents to
the X-Ray daemon".
"""

from __future__ import annotations

import asyncio

from cloudarium.core.context import Context
from cloudarium.core.documents import json_object
from cloudarium.core.runtime import ServiceRuntime
from cloudarium.core.telemetry import Telemetry

_HOST = "127.0.0.1"
_FORMAT = ("json", 1)
_Place = tuple[str, str] | None


class _Daemon(asyncio.DatagramProtocol):
    def __init__(self, telemetry: Telemetry | None) -> None:
        self._telemetry = telemetry

    def datagram_received(self, data: bytes, addr: object) -> None:
        header, _, document = data.partition(b"\n")
        told = json_object(header) or {}
        if self._telemetry and (told.get("format"), told.get("version")) == _FORMAT:
            self._telemetry.segment(document.decode(errors="replace"))


class Daemons:
    """The daemons that have been asked for."""

    def __init__(self, runtime: ServiceRuntime) -> None:
        self._opened: dict[_Place, asyncio.Task[asyncio.DatagramTransport]] = {}

    async def variables(self, ctx: Context, *, is_heard: bool) -> dict[str, str]:
        """The environment variables that tell a function where its daemon is."""
        place = (ctx.account, ctx.region) if is_heard else None
        if place not in self._opened:
            self._opened[place] = asyncio.ensure_future(_open(ctx.telemetry if place else None))
        transport = await asyncio.shield(self._opened[place])
        host, port = transport.get_extra_info("sockname")[:2]
        return {
            "AWS_XRAY_DAEMON_ADDRESS": f"{host}:{port}",
            "_AWS_XRAY_DAEMON_ADDRESS": str(host),
            "_AWS_XRAY_DAEMON_PORT": str(port),
        }

    async def close(self) -> None:
        """Close the ports."""
        for opened in self._opened.values():
            opened.cancel()
            if opened.done() and not opened.cancelled() and opened.exception() is None:
                opened.result().close()


async def _open(telemetry: Telemetry | None) -> asyncio.DatagramTransport:
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(
        lambda: _Daemon(telemetry), local_addr=(_HOST, 0)
    )
    return transport
