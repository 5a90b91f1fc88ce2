"""Bounces: what the sender of a message is told that was not taken (RFC 3464)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from cloudarium.core.context import Context
from cloudarium.services.ses.receiving import intake
from cloudarium.services.ses.sending import composing, outbox

_HOST = "a1-1.smtp-out.amazonses.com"
_CLIENT = "127.0.0.1"


@dataclass(frozen=True)
class Bounce:
    """A bounce: from whom, to whom, for which recipients, and why.

    `code` is the SMTP reply code, `status` the enhanced status code.
    """

    sender: str
    to: str
    recipients: list[str]
    code: str
    status: str
    message: str


async def send(ctx: Context, bounce_id: str, bounce: Bounce, original: bytes) -> None:
    """Send a bounce for the message `original`; the same `bounce_id` sends it once.

    A message without a sender, as bounces are, is never bounced.
    """
    if not bounce.to:
        return
    raw = _report(ctx, bounce_id, bounce, original)
    await asyncio.to_thread(outbox.write, ctx.cloud.folder, bounce_id, raw)
    mail = intake.Mail(
        source="", recipients=(bounce.to,), content=raw, client=_CLIENT, helo=_HOST, own=True
    )
    arrivals = await intake.prepare(ctx.runtime, mail)
    with ctx.transaction():
        if outbox.add(ctx, bounce_id, bounce.sender, [bounce.to]):
            intake.commit(arrivals)


def _report(ctx: Context, bounce_id: str, bounce: Bounce, original: bytes) -> bytes:
    boundary = f"----=_Part_{ctx.ids.hex(20)}"
    lines = [
        f"From: MAILER-DAEMON <{bounce.sender}>",
        f"To: {bounce.to}",
        "Subject: Delivery Status Notification (Failure)",
        f"Date: {composing.date(ctx)}",
        f"Message-ID: <{bounce_id}@{composing.domain(ctx)}>",
        "Auto-Submitted: auto-replied",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/report; report-type=delivery-status; boundary="{boundary}"',
        "",
        f"--{boundary}",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        "",
        bounce.message,
        f"--{boundary}",
        "Content-Type: message/delivery-status",
        "",
        f"Reporting-MTA: dns; {_HOST}",
    ]
    for recipient in bounce.recipients:
        lines += [
            "",
            "Action: failed",
            f"Final-Recipient: rfc822; {recipient}",
            f"Diagnostic-Code: smtp; {bounce.code} {' '.join(bounce.message.split())}",
            f"Status: {bounce.status}",
        ]
    lines += ["", f"--{boundary}", "Content-Type: text/rfc822-headers", "", ""]
    text = "\r\n".join(lines).encode("utf-8", "surrogateescape")
    return text + composing.head(original) + f"\r\n\r\n--{boundary}--\r\n".encode()
