"""Streams: what changed in a table's items, in order, readable for 24 hours.

A record's key is its sequence number, which is the time of the change in microseconds, or one more
than the last one's. A stream has one shard, which is closed when the stream is disabled.
"""

import hashlib
import re
from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from cloudarium.contracts.sources import StreamHasRecords
from cloudarium.core.context import Context
from cloudarium.core.runtime import ServiceRuntime

from . import codec, limits, storage, stream_errors, values
from .tables import Table
from .values import Item

_ARN = re.compile(r"arn:[^:]+:dynamodb:[^:]+:\d{12}:table/[^/]+/stream/.+")
_BASE = 10**20
_SERVICE = {"Type": "Service", "PrincipalId": "dynamodb.amazonaws.com"}


@dataclass(frozen=True, slots=True)
class Stream:
    """A table's stream; `keys` is the table's key schema, `disabled` when it ended."""

    account: str
    region: str
    table_name: str
    label: str
    space: int
    view: str
    keys: list[dict[str, str]]
    created: float
    disabled: float | None

    @property
    def arn(self) -> str:
        """Its ARN."""
        table = f"arn:aws:dynamodb:{self.region}:{self.account}:table/{self.table_name}"
        return f"{table}/stream/{self.label}"

    @property
    def shard(self) -> str:
        """The id of its one shard."""
        digest = hashlib.sha256(self.arn.encode()).hexdigest()[:8]
        return f"shardId-{int(self.created * 1000):020}-{digest}"


class Sequences:
    """The last sequence number given in each stream's space; one of a rollback is left out."""

    def __init__(self, runtime: ServiceRuntime) -> None:
        self.last: dict[int, int] = {}


def enable(ctx: Context, table: Table, view: str, schema: list[dict[str, str]]) -> None:
    """Gives a table a new stream."""
    label = datetime.fromtimestamp(ctx.now, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3]
    table.stream = {"label": label, "view": view, "space": storage.new_space(ctx)}
    table.last_stream = label
    ctx.db.execute(
        "INSERT OR REPLACE INTO streams VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL)",
        (
            table.account,
            table.region,
            table.name,
            label,
            table.stream["space"],
            view,
            orjson.dumps(schema),
            ctx.now,
        ),
    )
    _forget_later(ctx, table.stream["space"])


def disable(ctx: Context, table: Table) -> None:
    """Ends a table's stream, which can be read for another 24 hours."""
    if table.stream is not None:
        ctx.db.execute(
            "UPDATE streams SET disabled = ? WHERE space = ?", (ctx.now, table.stream["space"])
        )
        _announce(ctx, table.stream["space"])


def record(ctx: Context, table: Table, old: Item, new: Item, *, by_service: bool) -> None:
    """Adds the change of an item (either image may be empty) to the table's stream."""
    if table.stream is None or values.equal({"M": old}, {"M": new}):
        return
    space: int = table.stream["space"]
    sequence = _next_sequence(ctx, space)
    before, after = (codec.encode(item, values.item_size(item)) for item in (old, new))
    head = int(ctx.now).to_bytes(8, "big") + bytes((by_service,)) + len(before).to_bytes(4, "big")
    value = head + before + after
    storage.put(ctx, space, (b"", sequence.to_bytes(8, "big"), value), 1, len(value))
    _announce(ctx, space)


def read_to_end(ctx: Context, stream: Stream) -> None:
    """A poll has found nothing more: the next record is announced."""
    ctx.db.execute("INSERT OR IGNORE INTO streams_read VALUES (?, ?)", (stream.space, stream.arn))


def _announce(ctx: Context, space: int) -> None:
    row = ctx.db.execute(
        "DELETE FROM streams_read WHERE space = ? RETURNING arn", (space,)
    ).fetchone()
    if row is not None:
        ctx.emit(StreamHasRecords(row["arn"]))


def _next_sequence(ctx: Context, space: int) -> int:
    last = ctx.state(Sequences).last
    if space not in last:
        last[space] = _end(ctx, space) - 1
    last[space] = max(int(ctx.now * 1_000_000), last[space] + 1)
    return last[space]


def find(ctx: Context, arn: str) -> Stream:
    """The stream with this ARN. ResourceNotFoundException if there is none.

    ValidationException if it is no stream's ARN.
    """
    check_arn(arn)
    found = next((stream for stream in listed(ctx, None) if stream.arn == arn), None)
    if found is None:
        raise stream_errors.StreamNotFound(arn=arn)
    return found


def check_arn(arn: str) -> None:
    """Raises ValidationException if this is no stream's ARN."""
    if not _ARN.fullmatch(arn):
        raise stream_errors.BadStreamArn()


def listed(ctx: Context, table_name: str | None) -> list[Stream]:
    """This account's and region's streams, of one table or all, by ARN."""
    rows = ctx.db.execute(
        "SELECT * FROM streams WHERE account = ? AND region = ? AND (disabled IS NULL "
        "OR disabled > ?) ORDER BY table_name, label",
        (ctx.account, ctx.region, ctx.now - limits.STREAM_SECONDS),
    )
    found = [Stream(**{**dict(row), "keys": orjson.loads(row["keys"])}) for row in rows]
    return [stream for stream in found if table_name in (None, stream.table_name)]


def horizon(ctx: Context) -> int:
    """The sequence number before which records are no longer there."""
    return int((ctx.now - limits.STREAM_SECONDS) * 1_000_000)


def end(ctx: Context, stream: Stream) -> int:
    """The sequence number after the stream's last record."""
    return _end(ctx, stream.space) or int(stream.created * 1_000_000)


def _end(ctx: Context, space: int) -> int:
    last = next(storage.within(ctx, space, b"", b"", None, forward=False), None)
    return int.from_bytes(last[1], "big") + 1 if last else 0


def records(ctx: Context, stream: Stream, start: int) -> Iterator[tuple[int, dict[str, Any]]]:
    """(sequence number, `Record`) from `start` on."""
    low = max(start, horizon(ctx)).to_bytes(8, "big")
    for _, key, value in storage.within(ctx, stream.space, b"", low, None):
        sequence = int.from_bytes(key, "big")
        yield sequence, _shown(stream, sequence, value)


def _shown(stream: Stream, sequence: int, value: bytes) -> dict[str, Any]:
    length = 13 + int.from_bytes(value[9:13], "big")
    old, new = codec.decode(value[13:length]), codec.decode(value[length:])
    key = {each["AttributeName"]: (new or old)[each["AttributeName"]] for each in stream.keys}
    change: dict[str, Any] = {
        "ApproximateCreationDateTime": int.from_bytes(value[:8], "big"),
        "Keys": key,
        "SequenceNumber": text(sequence),
        "StreamViewType": stream.view,
    }
    size = values.item_size(key)
    for member, image in (("NewImage", new), ("OldImage", old)):
        wanted = stream.view in ("NEW_AND_OLD_IMAGES", f"{member[:3].upper()}_IMAGE")
        if wanted and image:
            change[member] = image
            size += values.item_size(image)
    change["SizeBytes"] = size
    shown: dict[str, Any] = {
        "eventID": hashlib.sha256(f"{stream.arn}/{sequence}".encode()).hexdigest()[:32],
        "eventName": "MODIFY" if old and new else "INSERT" if new else "REMOVE",
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": stream.region,
        "dynamodb": change,
    }
    if value[8]:
        shown["userIdentity"] = _SERVICE
    return shown


def text(sequence: int) -> str:
    """A sequence number as AWS writes them: 21 digits."""
    return str(_BASE + sequence)


def number(given: str) -> int:
    """The sequence number a text of digits means."""
    return max(0, int(given) - _BASE) if given.isdigit() else 0


def iterator(stream: Stream, position: int, at: float) -> str:
    """A shard iterator: where to go on, and when it was given."""
    body = orjson.dumps([stream.arn, stream.shard, position, at])
    return b64encode(body).decode()


def opened(given: str) -> tuple[str, int, float]:
    """(stream ARN, position, when given) of a shard iterator. ValidationException if none."""
    try:
        arn, _, position, at = orjson.loads(b64decode(given, validate=True))
        return str(arn), int(position), float(at)
    except (ValueError, TypeError):
        raise stream_errors.BadIterator() from None


def _forget_later(ctx: Context, space: int) -> None:
    at = ctx.now + limits.STREAM_SECONDS
    ctx.schedule("prune_stream", {"space": space}, at=at, key=str(space))


def prune(ctx: Context, payload: dict[str, Any]) -> None:
    """Drops, once a day, the records that are past 24 hours, and a stream that has ended so."""
    space = payload["space"]
    row = ctx.db.execute("SELECT disabled FROM streams WHERE space = ?", (space,)).fetchone()
    if row is None:
        return
    if row[0] is not None and row[0] <= ctx.now - limits.STREAM_SECONDS:
        ctx.db.execute("DELETE FROM streams WHERE space = ?", (space,))
        ctx.schedule("forget_space", {"space": space})
        return
    high = horizon(ctx).to_bytes(8, "big")
    for _, key, value in list(storage.within(ctx, space, b"", b"", high)):
        storage.remove(ctx, space, b"", key, len(value))
    _forget_later(ctx, space)
