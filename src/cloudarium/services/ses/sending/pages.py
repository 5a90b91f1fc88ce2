"""The outbox over HTTP, for people and tests on this machine: `GET` and `DELETE /_aws/ses`.

The form of the answer is LocalStack's, which tests for other emulators expect.
"""

from __future__ import annotations

import ipaddress
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import TYPE_CHECKING, Any

import orjson

from cloudarium.services.ses import addresses
from cloudarium.services.ses.receiving.mail import timestamp
from cloudarium.services.ses.sending import outbox
from cloudarium.wire.http import HttpRequest, HttpResponse

if TYPE_CHECKING:
    from cloudarium.core.runtime import ServiceRuntime


async def answer(runtime: ServiceRuntime, request: HttpRequest) -> HttpResponse:
    """Show the messages sent, all or those of an `id` or from an `email`; or forget them."""
    if not ipaddress.ip_address(request.client).is_loopback:
        return _json(403, {"message": "The outbox is shown on this machine only."})
    if request.method == "DELETE":
        with runtime.store.transaction() as db:
            outbox.clear(db)
        return HttpResponse(204)
    if request.method != "GET":
        return _json(405, {"message": "GET and DELETE are what the outbox takes."})
    with runtime.store.transaction() as db:
        found = outbox.listed(db)
    wanted_id, wanted_source = request.query.get("id"), request.query.get("email")
    shown = [
        _shown(runtime, each)
        for each in found
        if wanted_id in (None, each.id) and wanted_source in (None, addresses.bare(each.source))
    ]
    return _json(200, {"messages": shown})


def _shown(runtime: ServiceRuntime, sent: outbox.Sent) -> dict[str, Any]:
    path = outbox.path(runtime.kernel.info.folder, sent.id)
    raw = path.read_bytes() if path.exists() else b""
    message = message_from_bytes(raw, policy=default)
    return {
        "Id": sent.id,
        "Account": sent.account,
        "Region": sent.region,
        "Timestamp": timestamp(sent.sent_at),
        "Source": sent.source,
        "Destination": {"ToAddresses": sent.destinations},
        "Subject": str(message["subject"] or ""),
        "Body": {"text_part": _part(message, "plain"), "html_part": _part(message, "html")},
        "RawData": raw.decode("utf-8", "replace"),
    }


def _part(message: EmailMessage, kind: str) -> str | None:
    found = message.get_body((kind,))
    if found is None:
        return None
    payload = found.get_payload(decode=True)
    assert isinstance(payload, bytes)
    try:
        return payload.decode(found.get_content_charset("utf-8"), "replace")
    except LookupError:
        return payload.decode("utf-8", "replace")


def _json(status: int, value: Any) -> HttpResponse:
    return HttpResponse(status, [("content-type", "application/json")], orjson.dumps(value))
