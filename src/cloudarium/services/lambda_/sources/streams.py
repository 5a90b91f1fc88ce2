"""Polls of DynamoDB streams: one job for each shard reads and processes in turn."""

from __future__ import annotations

import asyncio
import base64
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson

from cloudarium.contracts.sources import StreamHasRecords
from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.core.identity import Principal
from cloudarium.services.lambda_ import limits
from cloudarium.services.lambda_.sources import (
    counts,
    filters,
    mappings,
    pollers,
    processing,
    shards,
    windows,
)
from cloudarium.services.lambda_.sources.mappings import Mapping
from cloudarium.services.lambda_.sources.pollers import Pollers
from cloudarium.services.lambda_.sources.shards import Batch, Record, Shard

_EXPIRED = "ExpiredIteratorException"
_TRIMMED = "TrimmedDataAccessException"


def on_records(ctx: Context, fact: StreamHasRecords) -> None:
    """A stream that was read to its end has more."""
    for mapping in mappings.of_source(ctx, fact.stream_arn):
        start(mappings.owner(ctx, mapping), mapping)


def start(ctx: Context, mapping: Mapping) -> None:
    """Poll every shard now."""
    for shard in shards.of_mapping(ctx, mapping.uuid):
        _schedule(ctx, mapping.uuid, shard.shard, ctx.now)


def _schedule(ctx: Context, mapping: str, shard: str, at: float) -> None:
    ctx.schedule("poll_shard", {"mapping": mapping, "shard": shard}, at, f"{mapping}:{shard}")


async def poll(ctx: Context, payload: dict[str, Any]) -> None:
    """Job: read and process until the shard's end, or until something has to wait."""
    uuid, shard = payload["mapping"], payload["shard"]
    async with ctx.state(Pollers).turn(f"{uuid}:{shard}"):
        while mapping := pollers.current(ctx, uuid):
            try:
                again_at = await _step(ctx, mapping, shard)
            except AwsError as error:
                with ctx.transaction():
                    mappings.note(ctx, mapping, f"PROBLEM: {error.message}")
                again_at = ctx.now + limits.POLL_RETRY_SECONDS
            if again_at is None:
                return
            if again_at > ctx.now:
                with ctx.transaction():
                    _schedule(ctx, uuid, shard, again_at)
                return


async def _step(ctx: Context, mapping: Mapping, shard_id: str) -> float | None:
    """Process what was read, or read more; when to go on, None at the shard's end."""
    with ctx.transaction():
        shard = shards.find(ctx, mapping.uuid, shard_id)
        pending = shards.pending(ctx, mapping.uuid, shard_id)
    if shard is None:
        return None
    if not pending:
        role = await mappings.poller(ctx, mapping.reference)
        at = await Reader(ctx, mapping, shard, role).read()
        return await _close_windows(ctx, mapping, shard_id) if at is None else at
    lanes = [processing.lane(ctx, mapping, batch) for batch in pending.values()]
    waits = [at for at in await asyncio.gather(*lanes) if at is not None]
    return min(waits, default=ctx.now)


async def _close_windows(ctx: Context, mapping: Mapping, shard: str) -> float | None:
    """All is processed: end the tumbling windows that are over; when the next one is."""
    with ctx.transaction():
        opened = windows.of_shard(ctx, mapping.uuid, shard)
    waits: list[float | None] = []
    for window in opened:
        end = windows.end_of(mapping, window)
        is_over = end <= ctx.now or window.ends_early
        waits.append(await windows.close(ctx, mapping, window) if is_over else end)
    return min((at for at in waits if at is not None), default=None)


@dataclass(frozen=True)
class Reader:
    """Reads one shard as the function's `role`."""

    ctx: Context
    mapping: Mapping
    shard: Shard
    role: Principal

    async def read(self) -> float | None:
        """Turn what is there into batches; when to go on, None if there is nothing."""
        ctx, mapping, shard = self.ctx, self.mapping, self.shard
        wanted = mapping.batch_size * mapping.configuration["ParallelizationFactor"]
        records = await self._records(wanted)
        if not records:
            counts.polled(ctx, mapping, 0, 0)
            return None
        if mapping.window and len(records) < wanted:
            until = shard.gather_until or ctx.now + mapping.window
            if ctx.now < until:
                with ctx.transaction():
                    shards.gather_until(ctx, shard, until)
                return until
        passes = filters.compiled(mapping.configuration.get("FilterCriteria"))
        passing = [record for record in records if passes(record)]
        counts.polled(ctx, mapping, len(records), len(passing))
        batches = _batches(mapping, shard, passing)
        with ctx.transaction():
            shards.advance(ctx, shard, shards.sequence(records[-1]), batches)
        return ctx.now

    async def _records(self, wanted: int) -> list[Record]:
        """Up to `wanted` records from the place on; fewer only at the shard's end for now."""
        iterator: str | None = await self._iterator()
        records: list[Record] = []
        while iterator and len(records) < wanted:
            params = {"ShardIterator": iterator, "Limit": min(wanted - len(records), 1000)}
            answer = await self._get(params)
            found = answer.get("Records") or []
            records += [_portable(record, self.mapping.source_arn) for record in found]
            iterator = answer.get("NextShardIterator")
            if not found:
                break
        return records

    async def _get(self, params: dict[str, Any]) -> dict[str, Any]:
        try:
            return await self._call("GetRecords", params)
        except AwsError as error:
            if error.code != _EXPIRED:
                raise
        # The iterator of the mapping's first day: what came since then is what it means.
        started = {"ShardIteratorType": "AT_TIMESTAMP", "Timestamp": self.shard.started}
        return await self._call("GetRecords", {**params, "ShardIterator": await self._at(started)})

    async def _iterator(self) -> str:
        if not self.shard.position:
            return self.shard.iterator
        after = {
            "ShardIteratorType": "AFTER_SEQUENCE_NUMBER",
            "SequenceNumber": self.shard.position,
        }
        try:
            return await self._at(after)
        except AwsError as error:
            if error.code != _TRIMMED:
                raise
            return await self._at({"ShardIteratorType": "TRIM_HORIZON"})

    async def _at(self, place: dict[str, Any]) -> str:
        source = {"StreamArn": self.mapping.source_arn, "ShardId": self.shard.shard}
        answer = await self._call("GetShardIterator", {**source, **place})
        return str(answer["ShardIterator"])

    async def _call(self, operation: str, params: dict[str, Any]) -> dict[str, Any]:
        _, _, _, region, account, _ = self.mapping.source_arn.split(":", 5)
        return await self.ctx.call(
            "dynamodbstreams",
            operation,
            params,
            principal=self.role,
            account=account,
            region=region,
        )


def _portable(record: Record, source_arn: str) -> Record:
    """A record as functions get it: JSON, with binary values in base64."""
    text = orjson.dumps({**record, "eventSourceARN": source_arn}, default=_encoded)
    found: Record = orjson.loads(text)
    return found


def _encoded(value: object) -> str:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(f"a stream's record holds no {type(value).__name__}")


def _batches(mapping: Mapping, shard: Shard, records: list[Record]) -> list[Batch]:
    """Records by lane (all changes of an item are in one), cut into batches (of one window)."""
    factor = mapping.configuration["ParallelizationFactor"]
    lanes: dict[tuple[int, float], list[Record]] = {}
    for record in records:
        keys = orjson.dumps(record["dynamodb"]["Keys"], option=orjson.OPT_SORT_KEYS)
        window = windows.start_of(mapping, record) if mapping.tumbling else 0.0
        lanes.setdefault((zlib.crc32(keys) % factor, window), []).append(record)
    return [
        Batch(mapping.uuid, shard.shard, lane, part)
        for (lane, _), found in lanes.items()
        for part in _cut(found, mapping.batch_size)
    ]


def _cut(records: list[Record], count: int) -> Iterable[list[Record]]:
    """Parts of at most `count` records that fit into an invocation's payload."""
    part: list[Record] = []
    size = 0
    for record in records:
        more = len(orjson.dumps(record))
        if part and (len(part) == count or size + more > limits.PAYLOAD_BYTES - 1024):
            yield part
            part, size = [], 0
        part.append(record)
        size += more
    if part:
        yield part
