"""Asynchronous invocation: a durable queue, retries by the clock, destinations, dead letters."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cloudarium.core.context import Context
from cloudarium.core.documents import exact_json_value, json_object
from cloudarium.core.errors import AwsError
from cloudarium.services.lambda_ import (
    deliveries,
    errors,
    event_configs,
    invocations,
    limits,
    names,
    recursion,
    reports,
)
from cloudarium.services.lambda_.deliveries import Delivery
from cloudarium.services.lambda_.event_configs import EventConfig
from cloudarium.services.lambda_.invocations import Event, Result, Target
from cloudarium.services.lambda_.names import Reference

_NOT_FOUND = "ResourceNotFoundException"


@dataclass(frozen=True)
class Queued:
    """An accepted event. `attempts` counts those that ended in a function error."""

    event: Event
    reference: Reference
    accepted: float
    attempts: int


def accept(ctx: Context, reference: Reference, event: Event) -> None:
    """Queue an event; it is kept until it has succeeded or been given up."""
    ctx.db.execute(
        "INSERT OR IGNORE INTO events VALUES (?, ?, ?, ?, ?, ?, ?, 0)",
        (
            event.request_id,
            reference.function_arn,
            reference.qualifier,
            event.payload,
            event.client_context,
            event.trace_id,
            ctx.now,
        ),
    )
    _schedule(ctx, event.request_id, 0, ctx.now)
    reports.count(ctx.telemetry, reference, "AsyncEventsReceived", 1, "Count")


def _schedule(ctx: Context, identity: str, step: int, at: float) -> None:
    ctx.schedule("invoke", {"id": identity, "step": step}, at=at, key=f"{identity}:{step}")


async def invoke_later(ctx: Context, payload: dict[str, Any]) -> None:
    """Job: try an event once; then it is done, given up, or scheduled again."""
    with ctx.transaction():
        queued = _get(ctx, payload["id"])
        if queued is None:
            return
        config = event_configs.get(ctx, queued.reference) or EventConfig(queued.reference)
        try:
            target = invocations.resolve(ctx, queued.reference)
        except AwsError as error:
            if error.code != _NOT_FOUND:
                raise
            _forget(ctx, queued)  # the function is gone, and its events with it
            return
    try:
        result = await invocations.run(ctx, target, queued.event)
    except AwsError as error:
        if errors.is_recursive(error):
            await _stop(ctx, queued, config, target, error)
            return
        # "Throttling errors and system errors": back to the queue, for as long as events may live.
        await _throttled(ctx, queued, config, target, payload["step"])
        return
    age = (ctx.now - queued.accepted) * 1000
    reports.count(ctx.telemetry, queued.reference, "AsyncEventAge", age, "Milliseconds")
    if result.outcome.error_type:
        await _failed(ctx, queued, config, target, result, payload["step"])
    else:
        arn = config.destinations.get("OnSuccess")
        if arn:
            record = _record(ctx, queued, target, "Success", result)
            await _deliver(ctx, queued, target, arn, record, "OnSuccess")
        with ctx.transaction():
            _forget(ctx, queued)


async def _throttled(
    ctx: Context, queued: Queued, config: EventConfig, target: Target, step: int
) -> None:
    shortest, longest = limits.THROTTLED_RETRY_SECONDS
    at = ctx.now + min(shortest * 2.0**step, longest)
    if at > queued.accepted + config.seconds_allowed:
        await _give_up(ctx, queued, config, target, "EventAgeExceeded", None)
        return
    with ctx.transaction():
        _schedule(ctx, queued.event.request_id, step + 1, at)


async def _failed(
    ctx: Context, queued: Queued, config: EventConfig, target: Target, result: Result, step: int
) -> None:
    if queued.attempts >= config.retries_allowed:
        await _give_up(ctx, queued, config, target, "RetriesExhausted", result)
        return
    at = ctx.now + limits.RETRY_SECONDS[queued.attempts]
    if at > queued.accepted + config.seconds_allowed:
        await _give_up(ctx, queued, config, target, "EventAgeExceeded", result)
        return
    with ctx.transaction():
        ctx.db.execute(
            "UPDATE events SET attempts = ? WHERE id = ?",
            (queued.attempts + 1, queued.event.request_id),
        )
        _schedule(ctx, queued.event.request_id, step + 1, at)


async def _stop(
    ctx: Context, queued: Queued, config: EventConfig, target: Target, error: AwsError
) -> None:
    """Give up an event of a recursive loop; of a loop through the destination, without telling."""
    _, lineage = recursion.split(queued.event.trace_id)
    if recursion.times(lineage, target.in_lineages) > limits.RECURSIVE_INVOCATIONS:
        _drop(ctx, queued)
    else:
        await _give_up(ctx, queued, config, target, "RetriesExhausted", None, error)


async def _give_up(
    ctx: Context,
    queued: Queued,
    config: EventConfig,
    target: Target,
    condition: str,
    result: Result | None,
    error: AwsError | None = None,
) -> None:
    arn = config.destinations.get("OnFailure")
    if arn:
        record = _record(ctx, queued, target, condition, result)
        await _deliver(ctx, queued, target, arn, record, "OnFailure")
    dead_letters = target.version.configuration.get("DeadLetterConfig", {}).get("TargetArn")
    if dead_letters:
        await _dead_letter(ctx, queued, target, dead_letters, result or error)
    _drop(ctx, queued)


def _drop(ctx: Context, queued: Queued) -> None:
    reports.count(ctx.telemetry, queued.reference, "AsyncEventsDropped", 1, "Count")
    with ctx.transaction():
        _forget(ctx, queued)


def _record(
    ctx: Context, queued: Queued, target: Target, condition: str, result: Result | None
) -> dict[str, Any]:
    """The invocation record, as in "Capturing records of Lambda asynchronous invocations"."""
    reference = queued.reference
    record: dict[str, Any] = {
        "version": "1.0",
        "timestamp": deliveries.stamp(ctx.now),
        "requestContext": {
            "requestId": queued.event.request_id,
            "functionArn": reference.qualified(reference.qualifier or names.LATEST).arn,
            "condition": condition,
            "approximateInvokeCount": queued.attempts + (1 if result else 0),
        },
        "requestPayload": _value(queued.event.payload or b"{}"),
    }
    if result:
        context: dict[str, Any] = {"statusCode": 200, "executedVersion": target.version.version}
        if result.outcome.error_type:
            context["functionError"] = "Unhandled"
        record["responseContext"] = context
        record["responsePayload"] = _value(result.outcome.payload or b"null")
    return record


def _value(payload: bytes) -> Any:
    """Return a payload as a record shows it: its value, or its text if it is no JSON."""
    try:
        return exact_json_value(payload)
    except ValueError:
        return payload.decode("utf-8", "replace")


def _object_key(ctx: Context, queued: Queued) -> str:
    """Of a record in a bucket: "Capturing records of Lambda asynchronous invocations"."""
    moment = datetime.fromtimestamp(ctx.now, UTC)
    return (
        f"aws/lambda/async/{queued.reference.name}/{moment:%Y/%m/%d}/"
        f"{moment:%Y-%m-%dT%H.%M.%S}-{queued.event.request_id}"
    )


async def _deliver(
    ctx: Context, queued: Queued, target: Target, arn: str, record: dict[str, Any], kind: str
) -> None:
    """Send an invocation record as the function's role; a refusal is counted, as on AWS."""
    text = json.dumps(record, separators=(",", ":"))
    detail_type = f"Lambda Function Invocation Result - {kind.removeprefix('On')}"
    try:
        key = f"{queued.event.request_id}:{kind}"
        delivery = Delivery(
            arn,
            text,
            key,
            detail_type=detail_type,
            object_key=_object_key(ctx, queued),
            trace=_trace(queued, target),
        )
        await deliveries.send(ctx, target, delivery)
    except AwsError:
        reports.count(ctx.telemetry, queued.reference, "DestinationDeliveryFailures", 1, "Count")


def _trace(queued: Queued, target: Target) -> str:
    return recursion.sent_on(queued.event.trace_id, target.in_lineages)


async def _dead_letter(
    ctx: Context, queued: Queued, target: Target, arn: str, reason: Result | AwsError | None
) -> None:
    """Send the event, with why it was given up: an outcome, an error, or nothing but throttling."""
    code, message = 429, "Rate Exceeded."
    if isinstance(reason, AwsError):
        code, message = reason.status, reason.message
    elif reason:
        code = 200
        told = json_object(reason.outcome.payload) or {}
        message = str(told.get("errorMessage", "")) or message
    attributes = {
        "RequestID": {"DataType": "String", "StringValue": queued.event.request_id},
        "ErrorCode": {"DataType": "Number", "StringValue": str(code)},
        "ErrorMessage": {"DataType": "String", "StringValue": message[:1024]},
    }
    text = queued.event.payload.decode() or "{}"
    try:
        key = f"{queued.event.request_id}:DeadLetter"
        delivery = Delivery(arn, text, key, attributes, trace=_trace(queued, target))
        await deliveries.send(ctx, target, delivery)
    except AwsError:
        reports.count(ctx.telemetry, queued.reference, "DeadLetterErrors", 1, "Count")


def _get(ctx: Context, identity: str) -> Queued | None:
    row = ctx.db.execute("SELECT * FROM events WHERE id = ?", (identity,)).fetchone()
    if row is None:
        return None
    event = Event(
        row["id"],
        row["payload"],
        row["client_context"],
        row["trace_id"],
        row["attempts"] + 1,
        row["accepted"],
    )
    reference = names.parse(ctx, row["function_arn"]).qualified(row["qualifier"])
    return Queued(event, reference, row["accepted"], row["attempts"])


def _forget(ctx: Context, queued: Queued) -> None:
    ctx.db.execute("DELETE FROM events WHERE id = ?", (queued.event.request_id,))
