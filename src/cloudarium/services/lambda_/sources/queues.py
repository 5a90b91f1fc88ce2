"""Polls of SQS queues. A mapping has as many workers at a time as there is work for."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

import orjson

from cloudarium.contracts.sources import QueueHasMessages
from cloudarium.core import tracing
from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.core.identity import Principal
from cloudarium.functions.outcomes import Outcome
from cloudarium.services.lambda_ import errors, invocations, limits, recursion, traces
from cloudarium.services.lambda_.invocations import Event
from cloudarium.services.lambda_.sources import counts, filters, mappings, pollers, responses
from cloudarium.services.lambda_.sources.mappings import Mapping
from cloudarium.services.lambda_.sources.pollers import Pollers

Record = dict[str, Any]
_SHARD = ""  # of the rows of `batches`; the lane is the worker
_ATTRIBUTES = {"MessageSystemAttributeNames": ["All"], "MessageAttributeNames": ["All"]}


def on_messages(ctx: Context, fact: QueueHasMessages) -> None:
    """A queue that was found empty has messages."""
    for mapping in mappings.of_source(ctx, fact.queue_arn):
        start(mappings.owner(ctx, mapping), mapping)


def start(ctx: Context, mapping: Mapping) -> None:
    """Have a worker poll now: the one that gathers, one that is free, or the first once more."""
    worker = _gathering(ctx, mapping)
    if worker is None:
        worker = _free(ctx, mapping) or 0
    _schedule(ctx, mapping, worker, ctx.now)


def _gathering(ctx: Context, mapping: Mapping) -> int | None:
    row = ctx.db.execute(
        "SELECT lane FROM batches WHERE mapping = ? AND shard = ? LIMIT 1", (mapping.uuid, _SHARD)
    ).fetchone()
    return row["lane"] if row else None


def let_go(ctx: Context, mapping: Mapping) -> None:
    """Forget what was gathered: the queue shows it again."""
    ctx.db.execute("DELETE FROM batches WHERE mapping = ?", (mapping.uuid,))


def _free(ctx: Context, mapping: Mapping) -> int | None:
    busy = ctx.state(Pollers).is_busy
    return next((n for n in range(_workers(mapping)) if not busy(_name(mapping, n))), None)


def _workers(mapping: Mapping) -> int:
    configuration = mapping.configuration
    if provisioned := configuration.get("ProvisionedPollerConfig"):
        wanted = int(provisioned["MaximumPollers"]) * limits.INVOCATIONS_OF_A_POLLER
        return min(wanted, limits.PROVISIONED_QUEUE_POLLERS)
    scaling = configuration.get("ScalingConfig") or {}
    return int(scaling.get("MaximumConcurrency") or limits.QUEUE_POLLERS)


def _name(mapping: Mapping, worker: int) -> str:
    return f"{mapping.uuid}:{worker}"


def _schedule(ctx: Context, mapping: Mapping, worker: int, at: float) -> None:
    payload = {"mapping": mapping.uuid, "worker": worker}
    ctx.schedule("poll_queue", payload, at=at, key=_name(mapping, worker))


async def poll(ctx: Context, payload: dict[str, Any]) -> None:
    """Job: process messages until the queue is empty or the batch has to wait for more."""
    async with ctx.state(Pollers).turn(f"{payload['mapping']}:{payload['worker']}"):
        while mapping := pollers.current(ctx, payload["mapping"]):
            try:
                role = await mappings.poller(ctx, mapping.reference)
                again = await Worker(ctx, mapping, payload["worker"], role).step()
            except AwsError as error:
                with ctx.transaction():
                    mappings.note(ctx, mapping, f"PROBLEM: {error.message}")
                    at = ctx.now + limits.POLL_RETRY_SECONDS
                    _schedule(ctx, mapping, payload["worker"], at)
                return
            if not again:
                return


@dataclass(frozen=True)
class Worker:
    """One of a mapping's workers; `role` is whom it calls SQS as."""

    ctx: Context
    mapping: Mapping
    number: int
    role: Principal

    async def step(self) -> bool:
        """Gather one batch and invoke the function; False when there is nothing to do now."""
        held, until = self._held()
        records = await self._gather(held)
        if not records:
            return False
        ctx, mapping = self.ctx, self.mapping
        if until is None:
            until = ctx.now + mapping.window
        if len(records) < mapping.batch_size and ctx.now < until:
            with ctx.transaction():
                self._hold(records, until)
                _schedule(ctx, mapping, self.number, until)
            return False
        with ctx.transaction():
            self._let_go()
            another = _free(ctx, mapping)  # for what comes meanwhile
            if another is not None:
                _schedule(ctx, mapping, another, ctx.now)
        await self._process(records)
        return True

    async def _call(self, operation: str, **params: Any) -> dict[str, Any]:
        _, _, _, region, account, name = self.mapping.source_arn.split(":", 5)
        return await self.ctx.call(
            "sqs",
            operation,
            {"QueueUrl": f"https://sqs.{region}.amazonaws.com/{account}/{name}", **params},
            principal=self.role,
            account=account,
            region=region,
        )

    async def _gather(self, held: list[Record]) -> list[Record]:
        """Up to a batch of messages that pass the filter; others are deleted, as on AWS."""
        mapping = self.mapping
        passes = filters.compiled(mapping.configuration.get("FilterCriteria"))
        gathered, size = list(held), len(orjson.dumps(held))
        while len(gathered) < mapping.batch_size and size < limits.PAYLOAD_BYTES // 2:
            wanted = min(mapping.batch_size - len(gathered), limits.RECEIVED_AT_ONCE)
            answer = await self._call(
                "ReceiveMessage", MaxNumberOfMessages=wanted, WaitTimeSeconds=0, **_ATTRIBUTES
            )
            found = [_record(mapping, message) for message in answer.get("Messages") or ()]
            await self._delete([record for record in found if not passes(record)])
            passing = [record for record in found if passes(record)]
            counts.polled(self.ctx, mapping, len(found), len(passing))
            gathered += passing
            size += len(orjson.dumps(passing))
            if not found or (passing and not mapping.window):
                break
        return gathered

    async def _process(self, records: list[Record]) -> None:
        ctx, mapping = self.ctx, self.mapping
        event = Event(
            ctx.ids.uuid(), orjson.dumps({"Records": records}), trace_id=_trace(ctx, records)
        )
        with ctx.transaction():
            target = invocations.resolve(ctx, mapping.reference)
        counts.count(ctx, mapping, counts.INVOKED, len(records))
        try:
            outcome = (await invocations.run(ctx, target, event)).outcome
        except AwsError as error:
            counts.count(ctx, mapping, counts.FAILED, len(records))
            if errors.is_recursive(error):  # the queue shows the messages again, or gives them up
                return
            raise
        failed = self._failed(records, outcome)
        counts.count(ctx, mapping, counts.FAILED, len(failed))
        done = [record for record in records if record["messageId"] not in failed]
        counts.count(ctx, mapping, counts.DELETED, await self._delete(done))
        with ctx.transaction():
            mappings.note(ctx, mapping, "PROBLEM: Function call failed" if failed else "OK")

    def _failed(self, records: list[Record], outcome: Outcome) -> set[str]:
        """The identifiers of the messages that are not done."""
        known = [record["messageId"] for record in records]
        if outcome.error_type:
            return set(known)
        if self.mapping.reports_failures:
            return responses.failures(outcome.payload, known)
        return set()

    async def _delete(self, records: list[Record]) -> int:
        """Delete messages; how many were."""
        deleted = 0
        for start_at in range(0, len(records), limits.RECEIVED_AT_ONCE):
            part = records[start_at : start_at + limits.RECEIVED_AT_ONCE]
            entries = [
                {"Id": str(number), "ReceiptHandle": record["receiptHandle"]}
                for number, record in enumerate(part)
            ]
            answer = await self._call("DeleteMessageBatch", Entries=entries)
            deleted += len(answer["Successful"])
        return deleted

    def _held(self) -> tuple[list[Record], float | None]:
        """What was gathered before in this batching window, and the window's end."""
        with self.ctx.transaction() as db:
            row = db.execute(
                "SELECT records, due FROM batches WHERE mapping = ? AND shard = ? AND lane = ?",
                (self.mapping.uuid, _SHARD, self.number),
            ).fetchone()
        return (orjson.loads(row["records"]), row["due"]) if row else ([], None)

    def _hold(self, records: list[Record], until: float) -> None:
        self.ctx.db.execute(
            "INSERT OR REPLACE INTO batches (mapping, shard, lane, first, records, due)"
            " VALUES (?, ?, ?, '', ?, ?)",
            (self.mapping.uuid, _SHARD, self.number, orjson.dumps(records), until),
        )

    def _let_go(self) -> None:
        self.ctx.db.execute(
            "DELETE FROM batches WHERE mapping = ? AND shard = ? AND lane = ?",
            (self.mapping.uuid, _SHARD, self.number),
        )


def _record(mapping: Mapping, message: dict[str, Any]) -> Record:
    """A message as functions get it.

    With a batching window, one without attributes says so, as recorded from AWS.
    """
    record = {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message.get("Attributes") or {},
        "messageAttributes": {
            name: _attribute(value)
            for name, value in (message.get("MessageAttributes") or {}).items()
        },
    }
    if message.get("MD5OfMessageAttributes") or mapping.window:
        record["md5OfMessageAttributes"] = message.get("MD5OfMessageAttributes")
    return {
        **record,
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": mapping.source_arn,
        "awsRegion": mapping.source_arn.split(":")[3],
    }


def _attribute(value: dict[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "stringListValues": [],
        "binaryListValues": [],
        "dataType": value["DataType"],
    }
    if value.get("StringValue") is not None:
        shown["stringValue"] = value["StringValue"]
    if value.get("BinaryValue") is not None:
        shown["binaryValue"] = base64.b64encode(value["BinaryValue"]).decode()
    return shown


def _trace(ctx: Context, records: list[Record]) -> str:
    """The header that all records have, or a new trace's, with the lineages of all of them."""
    texts = {record["attributes"].get("AWSTraceHeader", "") for record in records}
    headers = [header for header in map(tracing.read, texts) if header]
    if len(texts) == len(headers) == 1:
        return str(headers[0])
    lineage = recursion.merged(header.lineage for header in headers)
    return recursion.joined(traces.new_trace(ctx), lineage) if lineage else traces.new_trace(ctx)
