"""Invoke, and InvokeWithResponseStream."""

from __future__ import annotations

import base64
import binascii

import orjson

from cloudarium.core.context import Context, Request, Response
from cloudarium.core.documents import Json
from cloudarium.services.lambda_ import (
    asynchronous,
    errors,
    invocations,
    limits,
    malformed,
    streaming,
    traces,
)
from cloudarium.services.lambda_.invocations import Event
from cloudarium.services.lambda_.names import reference
from cloudarium.services.lambda_.xray import invocation_traces


async def invoke(ctx: Context, request: Request) -> Response:
    """Invoke a function and wait (RequestResponse), queue it (Event) or only check (DryRun)."""
    wanted = reference(ctx, request)
    kind = request.get("InvocationType") or "RequestResponse"
    event = Event(
        ctx.request_id,
        _payload(request, limits.EVENT_BYTES if kind == "Event" else limits.PAYLOAD_BYTES),
        _client_context(request),
        traces.new_trace(ctx),
    )
    with ctx.runtime.store.unit():
        target = invocations.resolve(ctx, wanted)
    if kind == "Event":
        header = await invocation_traces.accepted(
            ctx, target.version, event.request_id, event.trace_id
        )
        with ctx.transaction():
            asynchronous.accept(ctx, wanted, event._replace(trace_id=header))
        return {"StatusCode": 202, "Payload": b""}
    if kind == "DryRun":
        return {"StatusCode": 204, "Payload": b""}
    result = await invocations.run(ctx, target, event)
    return {
        "StatusCode": 200,
        "FunctionError": "Unhandled" if result.outcome.error_type else None,
        "LogResult": result.log if request.get("LogType") == "Tail" else None,
        "ExecutedVersion": result.version,
        "Payload": result.outcome.payload,
    }


async def invoke_with_response_stream(ctx: Context, request: Request) -> Response:
    """InvokeWithResponseStream: the answer's parts as the function writes them, or DryRun."""
    wanted = reference(ctx, request)
    event = Event(
        ctx.request_id,
        _payload(request, limits.PAYLOAD_BYTES),
        _client_context(request),
        traces.new_trace(ctx),
    )
    with ctx.transaction():
        target = invocations.resolve(ctx, wanted)
    if request.get("InvocationType") == "DryRun":
        return {"StatusCode": 204}
    stream = await streaming.begin(ctx, target, event)
    return {
        "StatusCode": 200,
        "ExecutedVersion": target.version.version,
        "ResponseStreamContentType": "application/vnd.amazon.eventstream",
        "EventStream": streaming.events(stream, with_log=request.get("LogType") == "Tail"),
    }


def _payload(request: Request, limit: int) -> bytes:
    payload: bytes | str = request.get("Payload") or b""
    data = payload.encode() if isinstance(payload, str) else payload
    if len(data) > limit:
        raise errors.payload_too_large(limit)
    if data and not isinstance(data, Json):
        try:
            orjson.loads(data)
        except orjson.JSONDecodeError:
            raise errors.payload_not_json(malformed.problem(data)) from None
    return data


def _client_context(request: Request) -> str:
    encoded = request.get("ClientContext")
    if not encoded:
        return ""
    try:
        text = base64.b64decode(encoded, validate=True)
        return orjson.dumps(orjson.loads(text)).decode()
    except (binascii.Error, orjson.JSONDecodeError):
        raise errors.invalid(errors.BAD_CLIENT_CONTEXT) from None
