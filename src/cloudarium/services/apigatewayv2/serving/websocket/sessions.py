"""The open connections of WebSocket APIs. They live in memory: they end with the process."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from cloudarium.core.runtime import ServiceRuntime
from cloudarium.gateway.websocket import GOING_AWAY, WebSocket
from cloudarium.services.apigatewayv2 import limits
from cloudarium.services.apigatewayv2.serving.addresses import Address
from cloudarium.wire.http import HttpRequest

log = logging.getLogger(__name__)
Document = dict[str, Any]


@dataclass
class Session:
    """One connection. Times are epoch seconds.

    `authorizer` is what the authorizer said, `usage_key` the API key it named.
    """

    id: str
    address: Address
    request: HttpRequest
    connected_at: float
    last_active: float
    authorizer: Document = field(default_factory=dict)
    usage_key: str = ""
    socket: WebSocket | None = None
    under_way: int = 0

    @property
    def ends_at(self) -> float:
        """When the connection is too old, or has been silent for too long."""
        return min(
            self.last_active + limits.IDLE_SECONDS, self.connected_at + limits.CONNECTION_SECONDS
        )

    def send(self, data: str | bytes) -> None:
        """Send the client a message."""
        if self.socket is not None:
            self.socket.send(data)


class Sessions:
    """All open connections of one cloud by id, and the work they make."""

    def __init__(self, runtime: ServiceRuntime) -> None:
        self._clock = runtime.kernel.clock
        self._open: dict[str, Session] = {}
        self._timers: dict[str, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.is_closing = False

    def find(self, api_id: str, stage: str, session_id: str) -> Session | None:
        """Return an open connection of a stage."""
        session = self._open.get(session_id)
        if session is None:
            return None
        served = session.address.stage
        return session if (served.api_id, served.name) == (api_id, stage) else None

    def open(self, session: Session) -> None:
        """Add a connection; it is closed when its time is over."""
        self._open[session.id] = session
        self._timers[session.id] = asyncio.ensure_future(self._expire(session))

    def remove(self, session: Session) -> bool:
        """Forget a connection; tell whether it was there."""
        timer = self._timers.pop(session.id, None)
        if timer is not None:
            timer.cancel()
        return self._open.pop(session.id, None) is not None

    async def _expire(self, session: Session) -> None:
        while (at := session.ends_at) > self._clock.now():
            await self._clock.wait_until(at)
        if session.socket is not None:
            session.socket.close(GOING_AWAY, "Going away")

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run a connection's work as a task that ends with the cloud at the latest."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a message broke off", exc_info=error)

    async def close(self) -> None:
        """Drop all connections and their work."""
        self.is_closing = True
        for session in list(self._open.values()):
            self.remove(session)
            if session.socket is not None:
                session.socket.abort()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
