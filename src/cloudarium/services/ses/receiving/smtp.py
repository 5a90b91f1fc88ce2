"""The SMTP port: mail for the recipients of active receipt rules, from anybody.

aiosmtpd speaks the protocol; its sessions run on the cloud's own loop. A message is answered with
250 once it is on disk.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from typing import TYPE_CHECKING, cast

from aiosmtpd.smtp import SMTP, Envelope, Session

from cloudarium.services.ses import limits
from cloudarium.services.ses.receiving import intake

if TYPE_CHECKING:
    from cloudarium.core.runtime import ServiceRuntime

log = logging.getLogger(__name__)
_HOST = "inbound-smtp.amazonaws.com"
_IDENTITY = "ESMTP SimpleEmailService Cloudarium"
# Every session may hold a message of 40 MB in memory.
_SESSIONS = 64
# A client that goes on beyond the largest message is cut off once it has sent this much.
_ENDLESS = 2 * limits.INCOMING_BYTES
# RFC 5321, 4.5.3.2: how long a server waits for a client.
PATIENCE_SECONDS = 300.0
_BUSY = b"421 4.3.2 Too many connections, try again later\r\n"
_UNKNOWN = "550 5.1.1 Requested action not taken: mailbox unavailable"
_BLOCKED = "550 5.7.1 Requested action not taken: blocked by a receipt filter"
_TOO_MANY = "452 4.5.3 Too many recipients"
_FAILED = "451 4.3.0 Requested action aborted: local error in processing"


async def serve(runtime: ServiceRuntime, listening: socket.socket) -> None:
    """Serve SMTP connections until cancelled."""
    # Its own errors come to us; the rest of what it says is about its defaults.
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    loop = asyncio.get_running_loop()
    connections: set[Connection] = set()

    def connected() -> asyncio.Protocol:
        return Connection(runtime, connections) if len(connections) < _SESSIONS else _Busy()

    server = await loop.create_server(connected, sock=listening)
    try:
        await loop.create_future()
    finally:
        server.close()
        for connection in list(connections):
            connection.abort()


class _Busy(asyncio.Protocol):
    """Sends a client away."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        client = cast(asyncio.WriteTransport, transport)
        client.write(_BUSY)
        client.close()


class Connection(SMTP):
    """One client's connection; `connections` holds those that are open."""

    # Mail programs send lines beyond RFC 5321's 998 bytes; SES takes them.
    line_length_limit = 1 << 16

    def __init__(
        self,
        runtime: ServiceRuntime,
        connections: set[Connection],
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        super().__init__(
            Mailroom(runtime),
            data_size_limit=limits.INCOMING_BYTES,
            enable_SMTPUTF8=True,
            hostname=_HOST,
            ident=_IDENTITY,
            timeout=patience,
            loop=asyncio.get_running_loop(),
        )
        self._connections = connections
        self._received = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to serve the client."""
        self._connections.add(self)
        super().connection_made(transport)
        assert self._handler_coroutine is not None
        self._handler_coroutine.add_done_callback(_ended)

    def connection_lost(self, error: Exception | None) -> None:
        """Forget the client."""
        self._connections.discard(self)
        super().connection_lost(error)

    def eof_received(self) -> bool:
        """Let the client go: aiosmtpd keeps one that leaves at once until its patience ends."""
        super().eof_received()
        return False

    def data_received(self, data: bytes) -> None:
        """Take bytes, but not without end."""
        self._received += len(data)
        if self._received > _ENDLESS:
            self.abort()
        else:
            super().data_received(data)

    def abort(self) -> None:
        """Cut the client off."""
        if self.transport is not None:
            cast(asyncio.WriteTransport, self.transport).abort()

    def _set_post_data_state(self) -> None:
        self._received = 0
        super()._set_post_data_state()  # type: ignore[no-untyped-call]

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        try:
            return super()._getaddr(arg)
        except (IndexError, ValueError, AttributeError):
            # The standard library's parser stumbles over some addresses that are none.
            return None, None


def _ended(task: asyncio.Task[None]) -> None:
    """Take note of how a connection ended: broken off is as good an end as any."""
    if not task.cancelled() and task.exception() is not None:
        log.debug("an SMTP connection broke off: %s", task.exception())


class Mailroom:
    """Answers a session's commands."""

    def __init__(self, runtime: ServiceRuntime) -> None:
        self._runtime = runtime

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a recipient if a rule does."""
        if len(envelope.rcpt_tos) >= limits.INCOMING_RECIPIENTS:
            return _TOO_MANY
        admission = intake.admission(self._runtime, address, _client(session))
        if admission is intake.Admission.UNKNOWN:
            return _UNKNOWN
        if admission is intake.Admission.BLOCKED:
            return _BLOCKED
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Recipient OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Take a message: it is on disk before the answer leaves."""
        source = envelope.mail_from or ""
        mail = intake.Mail(
            source="" if source == "<>" else source,
            recipients=tuple(envelope.rcpt_tos),
            content=bytes(envelope.original_content or b""),
            client=_client(session),
            helo=session.host_name or "",
        )
        arrivals = await intake.prepare(self._runtime, mail)
        if not arrivals:
            return _UNKNOWN
        with self._runtime.store.transaction():
            intake.commit(arrivals)
        await self._runtime.store.durable()
        return f"250 OK {arrivals[0].message_id}"

    async def handle_exception(self, error: Exception) -> str:
        """Answer a defect of ours, or a full disk."""
        log.error("an SMTP command failed", exc_info=error)
        return _FAILED


def _client(session: Session) -> str:
    """Return the client's IP address."""
    peer = session.peer
    return str(peer[0]) if isinstance(peer, tuple) else "127.0.0.1"
