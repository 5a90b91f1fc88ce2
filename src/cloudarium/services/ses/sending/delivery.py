"""Delivering what was sent: into the mailbox, and back in to whom a receipt rule takes.

No message leaves the machine. The addresses of the mailbox simulator bounce and complain as on AWS
(developer guide, "Using the mailbox simulator").
"""

from __future__ import annotations

import asyncio
from typing import Any

from cloudarium.core.context import Context
from cloudarium.services.ses import account, addresses
from cloudarium.services.ses.receiving import intake, verdicts
from cloudarium.services.ses.sending import events, outbox

_SIMULATOR = "simulator.amazonses.com"
_BOUNCE, _COMPLAINT, _SUPPRESSED = "bounce", "complaint", "suppressionlist"
_LOCAL_CLIENT = "127.0.0.1"


async def deliver(ctx: Context, payload: dict[str, Any]) -> None:
    """Job: deliver a message to all its recipients and tell how that went."""
    path = outbox.path(ctx.cloud.folder, payload["message_id"])
    try:
        raw = await asyncio.to_thread(path.read_bytes)
    except FileNotFoundError:
        # Somebody emptied the mailbox: nobody misses it.
        return
    if verdicts.has_virus(raw):
        with ctx.transaction():
            account.count(ctx, "rejects")
            events.tell(ctx, payload, "Reject", {"reason": "Bad content"})
        ctx.telemetry.metric("AWS/SES", "Reject", 1, "Count")
    else:
        await _deliver(ctx, payload, raw)


async def _deliver(ctx: Context, payload: dict[str, Any], raw: bytes) -> None:
    outcomes: dict[str, list[str]] = {}
    for recipient in payload["recipients"]:
        outcomes.setdefault(_simulated(recipient), []).append(recipient)
    delivered = outcomes.get("", []) + outcomes.get(_COMPLAINT, [])
    region = "" if ctx.region == "us-east-1" else f"{ctx.region}."
    mail = intake.Mail(
        source=f"{payload['message_id']}@{region}amazonses.com",
        recipients=tuple(outcomes.get("", [])),
        content=raw,
        client=_LOCAL_CLIENT,
        helo="a1-1.smtp-out.amazonses.com",
        own=True,
    )
    arrivals = await intake.prepare(ctx.runtime, mail) if mail.recipients else []
    with ctx.transaction():
        intake.commit(arrivals)
        if delivered:
            events.tell(ctx, payload, "Delivery", events.delivery(ctx, payload, delivered))
        for kind in (_BOUNCE, _SUPPRESSED):
            if bounced := outcomes.get(kind, []):
                account.count(ctx, "bounces", len(bounced))
                bounce = events.bounce(ctx, bounced, suppressed=kind == _SUPPRESSED)
                events.tell(ctx, payload, "Bounce", bounce)
        if complaining := outcomes.get(_COMPLAINT, []):
            account.count(ctx, "complaints", len(complaining))
            events.tell(ctx, payload, "Complaint", events.complaint(ctx, complaining))
    _measure(ctx, outcomes, delivered)


def _measure(ctx: Context, outcomes: dict[str, list[str]], delivered: list[str]) -> None:
    bounces = len(outcomes.get(_BOUNCE, [])) + len(outcomes.get(_SUPPRESSED, []))
    counts = {
        "Delivery": len(delivered),
        "Bounce": bounces,
        "Complaint": len(outcomes.get(_COMPLAINT, [])),
    }
    for name, number in counts.items():
        for _ in range(number):
            ctx.telemetry.metric("AWS/SES", name, 1, "Count")


def _simulated(recipient: str) -> str:
    """Return what the mailbox simulator does for an address, empty for delivery."""
    if addresses.domain(recipient) != _SIMULATOR:
        return ""
    name = addresses.without_label(recipient).partition("@")[0].lower()
    return name if name in (_BOUNCE, _COMPLAINT, _SUPPRESSED) else ""
