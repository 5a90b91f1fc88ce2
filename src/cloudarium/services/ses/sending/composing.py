"""Messages as they leave: composed from the API's parts, or raw ones put in order."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any

from cloudarium.core.context import Context
from cloudarium.services.ses import errors

_MS_HEX = 12
_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n")
_LINE_BREAK = re.compile(r"[\r\n]")
# What SES reads from a raw message and does not send on, or writes itself.
_TAKEN_OUT = (
    b"bcc",
    b"message-id",
    b"x-ses-configuration-set",
    b"x-ses-message-tags",
    b"x-ses-source-arn",
    b"x-ses-from-arn",
    b"x-ses-return-path-arn",
)


def new_id(ctx: Context) -> str:
    """Return a message's id: `0100017d38b57c61-f1af1c03-…-000000`, the time and chance."""
    return f"0100{int(ctx.now * 1000):0{_MS_HEX}x}-{ctx.ids.uuid()}-000000"


def domain(ctx: Context) -> str:
    """Return the domain of message ids (developer guide, "Message-ID header in Amazon SES")."""
    return "email.amazonses.com" if ctx.region == "us-east-1" else f"{ctx.region}.amazonses.com"


def composed(
    ctx: Context, message_id: str, request: Mapping[str, Any], message: Mapping[str, Any]
) -> bytes:
    """Return the message that SendEmail's `Message` describes. Raises InvalidParameterValue."""
    destination = request.get("Destination") or {}
    headers = {
        "From": request["Source"],
        "To": ", ".join(destination.get("ToAddresses") or []),
        "Cc": ", ".join(destination.get("CcAddresses") or []),
        "Reply-To": ", ".join(request.get("ReplyToAddresses") or []),
        "Subject": message["Subject"]["Data"],
        "Message-ID": f"<{message_id}@{domain(ctx)}>",
        "Date": date(ctx),
    }
    if any(_LINE_BREAK.search(value) for value in headers.values()):
        raise errors.InvalidParameterValue(message="Header fields may not contain line breaks.")
    made = EmailMessage(policy=SMTP)
    try:
        for name, value in headers.items():
            if value:
                made[name] = value
        _add_bodies(ctx, made, message.get("Body") or {})
        return made.as_bytes()
    except (ValueError, IndexError, LookupError) as error:
        raise errors.InvalidParameterValue(message=f"Invalid message: {error}") from None


def _add_bodies(ctx: Context, made: EmailMessage, body: Mapping[str, Any]) -> None:
    text, html = body.get("Text"), body.get("Html")
    if text is not None:
        made.set_content(text["Data"], charset=text.get("Charset") or "utf-8")
    if html is not None and text is not None:
        made.add_alternative(html["Data"], "html", charset=html.get("Charset") or "utf-8")
        made.set_boundary(f"----=_Part_{ctx.ids.hex(20)}")
    elif html is not None:
        made.set_content(html["Data"], "html", charset=html.get("Charset") or "utf-8")


def date(ctx: Context) -> str:
    """Return the time as headers write it."""
    return format_datetime(datetime.fromtimestamp(int(ctx.now), UTC))


def head(raw: bytes) -> bytes:
    """Return a message's headers, without the line break that ends them."""
    end = _END_OF_HEADERS.search(raw)
    return raw[: end.start()] if end else raw


def finished(ctx: Context, message_id: str, raw: bytes) -> bytes:
    """Return a raw message as SES sends it: with its own id, dated, without what is for SES."""
    end = _END_OF_HEADERS.search(raw)
    body = raw[end.end() :] if end else b""
    kept: list[bytes] = []
    takes_out = False
    for line in head(raw).splitlines():
        if not line.startswith((b" ", b"\t")):
            takes_out = line.partition(b":")[0].strip().lower() in _TAKEN_OUT
        if not takes_out and line:
            kept.append(line)
    kept.append(f"Message-ID: <{message_id}@{domain(ctx)}>".encode())
    if not any(line.lower().startswith(b"date:") for line in kept):
        kept.append(f"Date: {date(ctx)}".encode())
    return b"\r\n".join(kept) + b"\r\n\r\n" + body
