"""Batches of a stream: the function is invoked with them until they succeed or are given up.

https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import orjson

from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.services.lambda_ import deliveries, invocations, limits, reports, traces
from cloudarium.services.lambda_.invocations import Event, Result, Target
from cloudarium.services.lambda_.sources import (
    counts,
    mappings,
    responses,
    settings,
    shards,
    windows,
)
from cloudarium.services.lambda_.sources.mappings import Mapping
from cloudarium.services.lambda_.sources.shards import Batch
from cloudarium.services.lambda_.sources.windows import Window

_CALL_FAILED = "PROBLEM: Function call failed"


async def lane(ctx: Context, mapping: Mapping, batch: Batch) -> float | None:
    """Process a lane's batches in order; when to go on if one has to wait, None at its end."""
    following: Batch | None = batch
    while following:
        if following.due > ctx.now:
            return following.due
        if over := await _window_before(ctx, mapping, following):
            again = await windows.close(ctx, mapping, over)
            if again is not None:
                return again
            continue
        await Processing(ctx, mapping, following).run()
        with ctx.transaction():
            if mappings.get(ctx, mapping.uuid) is None:
                return None
            following = shards.next_in_lane(ctx, batch)
    return None


async def _window_before(ctx: Context, mapping: Mapping, batch: Batch) -> Window | None:
    """The open tumbling window that has to end before a batch is processed, if there is one."""
    if not mapping.tumbling:
        return None
    with ctx.transaction():
        window = windows.get(ctx, batch)
    starts = windows.start_of(mapping, batch.records[0])
    return window if window and (window.ends_early or window.start < starts) else None


@dataclass(frozen=True)
class Processing:
    """One try of one batch."""

    ctx: Context
    mapping: Mapping
    batch: Batch

    async def run(self) -> None:
        """Invoke the function, then record what is left to do."""
        ctx, batch = self.ctx, self.batch
        with ctx.transaction():
            target = invocations.resolve(ctx, self.mapping.reference)
            window = windows.of_batch(ctx, self.mapping, batch) if self.mapping.tumbling else None
        if await self._dropped_too_old(target):
            return
        payload = orjson.dumps({"Records": batch.records})
        if window:
            payload = windows.event(self.mapping, window, batch.records, ends=False)
        event = Event(ctx.ids.uuid(), payload, "", traces.new_trace(ctx))
        # "when the event source mapping sends the event to the function"
        age = (ctx.now - _created(batch, -1)) * 1000
        self._count(counts.INVOKED, batch)
        try:
            result = await invocations.run(ctx, target, event)
        except AwsError as error:
            self._count(counts.FAILED, batch)
            later = replace(batch, throttles=batch.throttles + 1, due=_later(ctx, batch.throttles))
            self._settle(f"PROBLEM: {error.message}", [later])
            return
        reports.count(ctx.telemetry, self.mapping.reference, "IteratorAge", age, "Milliseconds")
        failed = self._first_failure(result)
        if window:
            window = windows.after(window, result)
            failed = 0 if window is None else failed
        if failed is None:
            self._count(counts.FAILED, replace(batch, records=[]))
            self._settle("OK", [], window)
        else:
            left = replace(batch, records=batch.records[failed:])
            self._count(counts.FAILED, left)
            await self._failed(target, event.request_id, result, left, window)

    async def _dropped_too_old(self, target: Target) -> bool:
        """Records that are too old are given up without a try; whether any was."""
        age = self.mapping.configuration["MaximumRecordAgeInSeconds"]
        oldest = self.ctx.now - min(age if age >= 0 else float("inf"), limits.STREAM_RECORD_SECONDS)
        records = self.batch.records
        kept = [r for r in records if r["dynamodb"]["ApproximateCreationDateTime"] >= oldest]
        if len(kept) == len(records):
            return False
        old = replace(self.batch, records=records[: len(records) - len(kept)])
        await self._give_up(target, old, "RecordAgeExceeded", self.ctx.ids.uuid(), None)
        self._settle(_CALL_FAILED, [replace(self.batch, records=kept)] if kept else [])
        return True

    def _first_failure(self, result: Result) -> int | None:
        """The index of the first record that is not done; None if all are."""
        if result.outcome.error_type:
            return 0
        if not self.mapping.reports_failures:
            return None
        known = [shards.sequence(record) for record in self.batch.records]
        failed = responses.failures(result.outcome.payload, known)
        return next((i for i, number in enumerate(known) if number in failed), None)

    async def _failed(
        self, target: Target, request_id: str, result: Result, left: Batch, window: Window | None
    ) -> None:
        ctx, configuration = self.ctx, self.mapping.configuration
        if configuration["BisectBatchOnFunctionError"] and len(left.records) > 1:
            # "Bisecting a batch doesn't count towards the retry quota", and neither waits.
            middle = len(left.records) // 2
            halves = (left.records[:middle], left.records[middle:])
            self._settle(_CALL_FAILED, [replace(left, records=half) for half in halves], window)
            return
        retries = configuration["MaximumRetryAttempts"]
        if 0 <= retries <= left.attempts:
            await self._give_up(target, left, "RetryAttemptsExhausted", request_id, result)
            self._settle(_CALL_FAILED, [], window)
            return
        due = _later(ctx, left.attempts)
        self._settle(_CALL_FAILED, [replace(left, attempts=left.attempts + 1, due=due)], window)

    def _settle(self, result: str, left: list[Batch], window: Window | None = None) -> None:
        """Replace the batch by what is left of it; `window` has a new state."""
        ctx = self.ctx
        with ctx.transaction():
            if mappings.get(ctx, self.mapping.uuid) is None:
                return
            shards.remove(ctx, self.batch)
            for batch in left:
                shards.put(ctx, batch)
            if window:
                windows.put(ctx, window)
            mappings.note(ctx, self.mapping, result)

    async def _give_up(
        self, target: Target, batch: Batch, condition: str, request_id: str, result: Result | None
    ) -> None:
        """Tell the on-failure destination, if there is one, where the batch lies in the stream."""
        arn = settings.failure_destination(self.mapping.configuration)
        if not arn:
            self._count(counts.DROPPED, batch)
            return
        record = self._record(batch, condition, request_id, result)
        moment = datetime.fromtimestamp(self.ctx.now, UTC)
        delivery = deliveries.Delivery(
            arn,
            orjson.dumps(record).decode(),
            key=f"{self.mapping.uuid}:{batch.first}:{condition}",
            object_key=f"aws/lambda/{self.mapping.uuid}/{batch.shard}/{moment:%Y/%m/%d}/"
            f"{moment:%Y-%m-%dT%H.%M.%S}-{request_id}",
            object_text=orjson.dumps({**record, "payload": _payload(batch)}).decode(),
        )
        try:
            await deliveries.send(self.ctx, target, delivery)
        except AwsError:
            name = "DestinationDeliveryFailures"
            reports.count(self.ctx.telemetry, self.mapping.reference, name, 1, "Count")
            self._count(counts.DROPPED, batch)
        else:
            self._count(counts.DELIVERED, batch)

    def _count(self, name: str, batch: Batch) -> None:
        counts.count(self.ctx, self.mapping, name, len(batch.records))

    def _record(
        self, batch: Batch, condition: str, request_id: str, result: Result | None
    ) -> dict[str, Any]:
        """The record of a batch that is given up, as recorded from AWS."""
        record: dict[str, Any] = {
            "requestContext": {
                "requestId": request_id,
                "functionArn": self.mapping.reference.arn,
                "condition": condition,
                "approximateInvokeCount": batch.attempts + (1 if result else 0),
            }
        }
        if result:
            record["responseContext"] = {
                "statusCode": 200,
                "executedVersion": result.version,
                "functionError": "Unhandled" if result.outcome.error_type else None,
            }
        return {
            **record,
            "version": "1.0",
            "timestamp": deliveries.stamp(self.ctx.now),
            "DDBStreamBatchInfo": {
                "shardId": batch.shard,
                "startSequenceNumber": batch.first,
                "endSequenceNumber": shards.sequence(batch.records[-1]),
                "approximateArrivalOfFirstRecord": _arrived(batch, 0),
                "approximateArrivalOfLastRecord": _arrived(batch, -1),
                "batchSize": len(batch.records),
                "streamArn": self.mapping.source_arn,
            },
        }


def _payload(batch: Batch) -> str:
    return orjson.dumps({"Records": batch.records}).decode()


def _created(batch: Batch, index: int) -> float:
    return float(batch.records[index]["dynamodb"]["ApproximateCreationDateTime"])


def _arrived(batch: Batch, index: int) -> str:
    """In whole seconds, as the stream has them."""
    return f"{datetime.fromtimestamp(_created(batch, index), UTC):%Y-%m-%dT%H:%M:%SZ}"


def _later(ctx: Context, times: int) -> float:
    shortest, longest = limits.BATCH_RETRY_SECONDS
    return float(ctx.now + min(shortest * 2.0 ** min(times, 16), longest))
