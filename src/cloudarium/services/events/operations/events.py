"""Events: put on a bus, or tested against a pattern."""

from __future__ import annotations

from typing import Any

from cloudarium.core.context import Context, Request, Response
from cloudarium.core.documents import json_object
from cloudarium.services.events import buses, errors, limits, patterns, routing

_NEEDED = ("Source", "DetailType", "Detail")


def put_events(ctx: Context, request: Request) -> Response:
    """Put events on buses; each entry has its own outcome."""
    entries = [_put(ctx, entry) for entry in request["Entries"]]
    failed = sum(1 for entry in entries if "ErrorCode" in entry)
    return {"FailedEntryCount": failed, "Entries": entries}


def _put(ctx: Context, entry: dict[str, Any]) -> Response:
    for name in _NEEDED:
        if not entry.get(name):
            message = f"Parameter {name} is not valid. Reason: {name} is a required argument."
            return {"ErrorCode": "InvalidArgument", "ErrorMessage": message}
    if entry["Source"].startswith("aws.") and ctx.principal.kind != "service":
        message = "Not authorized for the source."
        return {"ErrorCode": "NotAuthorizedForSourceException", "ErrorMessage": message}
    detail = json_object(entry["Detail"])
    if detail is None:
        return {"ErrorCode": "MalformedDetail", "ErrorMessage": "Detail is malformed."}
    if sum(len(entry[name].encode()) for name in _NEEDED) > limits.MAX_ENTRY_BYTES:
        message = "Total size of the entries in the request is over the limit."
        return {"ErrorCode": "InvalidArgument", "ErrorMessage": message}
    bus = buses.lookup(ctx, buses.name_of(entry.get("EventBusName")))
    identifier = ctx.ids.uuid()
    if bus is not None:
        event = routing.envelope(
            ctx,
            entry["Source"],
            entry["DetailType"],
            detail,
            entry.get("Resources", []),
            entry.get("Time", ctx.now),
            identifier,
        )
        routing.route(ctx, bus.name, event)
    return {"EventId": identifier}


def test_event_pattern(ctx: Context, request: Request) -> Response:
    """Tell whether an event matches a pattern."""
    matches = patterns.compile_pattern(request["EventPattern"])
    event = json_object(request["Event"])
    if event is None:
        raise errors.InvalidEvent()
    return {"Result": matches(event)}
