"""Taking a message to be sent: what forbids it, and how it is kept until it is delivered."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cloudarium.core.context import Context
from cloudarium.services.ses import (
    account,
    addresses,
    configuration_sets,
    errors,
    identities,
    limits,
)
from cloudarium.services.ses.receiving.mail import parsed
from cloudarium.services.ses.sending import events, outbox

_RECIPIENTS = ("to", "cc", "bcc")


@dataclass(frozen=True)
class Outgoing:
    """A message to be sent: `source` as given (`Name <address>`), recipients' bare addresses."""

    source: str
    recipients: list[str]
    configuration_set: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    return_path: str | None = None


def check(ctx: Context, outgoing: Outgoing) -> None:
    """Raise what forbids sending: no sender or recipient, nobody's address, a pause."""
    if not account.sending_enabled(ctx):
        raise errors.AccountSendingPaused()
    name = outgoing.configuration_set
    if name and not configuration_sets.find(ctx, name).sends:
        raise errors.ConfigurationSetSendingPaused(
            members={"ConfigurationSetName": name}, name=name
        )
    if not outgoing.recipients:
        raise errors.InvalidParameterValue(message="Empty required header 'To'.")
    if len(outgoing.recipients) > limits.RECIPIENTS:
        raise errors.InvalidParameterValue(message=f"Recipient count exceeds {limits.RECIPIENTS}.")
    for address in [outgoing.source, *outgoing.recipients]:
        check_address(address)
    senders = [outgoing.source]
    if outgoing.return_path:
        senders.append(outgoing.return_path)
    identities.check_verified(ctx, senders)


def check_address(text: str) -> None:
    """Raise InvalidParameterValue unless `text` is an address, with or without a name."""
    bare = addresses.bare(text)
    if "@" not in bare or bare.endswith("@"):
        raise errors.InvalidParameterValue(message="Missing final '@domain'")
    if not addresses.is_address(bare):
        raise errors.InvalidParameterValue(message="Illegal address")


async def send(ctx: Context, outgoing: Outgoing, message_id: str, raw: bytes) -> None:
    """Keep a checked message and have it delivered; it is on disk when this returns.

    Raises InvalidParameterValue for one that is too large.
    """
    if len(raw) > limits.MESSAGE_BYTES:
        raise errors.InvalidParameterValue(
            message=f"Message length is more than {limits.MESSAGE_BYTES} bytes long: '{len(raw)}'."
        )
    await asyncio.to_thread(outbox.write, ctx.cloud.folder, message_id, raw)
    payload: dict[str, Any] = {
        "message_id": message_id,
        "recipients": outgoing.recipients,
        "sent_at": ctx.now,
        "configuration_set": outgoing.configuration_set,
        "return_path": outgoing.return_path,
    }
    with ctx.transaction():
        payload["mail"] = events.mail(ctx, outgoing, message_id, raw)
        outbox.add(ctx, message_id, outgoing.source, outgoing.recipients)
        account.count(ctx, "attempts")
        ctx.schedule("deliver", payload)
        events.tell(ctx, payload, "Send", {})
    ctx.telemetry.metric("AWS/SES", "Send", 1, "Count")


def envelope(request: Mapping[str, Any]) -> tuple[str, list[str]]:
    """Return who a request sends a message from, as given, and to whom, as bare addresses.

    A raw message says it itself where the request does not.
    """
    if "RawMessage" in request:
        message = parsed(request["RawMessage"]["Data"])
        source = request.get("Source") or str(message["from"] or "")
        named = [str(value) for name in _RECIPIENTS for value in message.get_all(name, [])]
        return source, addresses.all_of(request.get("Destinations") or named)
    destinations = [each["Destination"] for each in request.get("Destinations") or []]
    return request["Source"], addresses.all_of(
        [
            address
            for destination in destinations or [request.get("Destination") or {}]
            for kind in ("ToAddresses", "CcAddresses", "BccAddresses")
            for address in destination.get(kind) or []
        ]
    )
