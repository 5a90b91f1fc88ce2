"""What items were before they were changed, for point-in-time recovery.

A record's key is when the item changed, then where the item is; its value is what the item was
before (nothing, if there was none). Of several changes in one microsecond the first counts.
"""

from collections.abc import Iterator

from cloudarium.core.context import Context

from . import storage
from .tables import Table
from .ttl import Place

_LENGTH = 4


def record(ctx: Context, table: Table, place: Place) -> None:
    """Notes what the item at `place` is, just before it changes."""
    key = moment(ctx.now) + place[0] + place[1]
    if storage.get(ctx, table.history_space, b"", key) is not None:
        return
    before = storage.get(ctx, table.space, *place) or b""
    value = len(place[0]).to_bytes(_LENGTH, "big") + before
    storage.put(ctx, table.history_space, (b"", key, value), 1, len(value))


def moment(at: float) -> bytes:
    """A time as the beginning of a record's key."""
    return int(at * 1_000_000).to_bytes(8, "big")


def backwards(
    ctx: Context, table: Table, since: float, before: bytes | None
) -> Iterator[tuple[bytes, Place, bytes]]:
    """(key, place, what was there) of changes later than `since`, the latest first.

    `before` is the key of the last record seen, to go on from.
    """
    low = moment(since + 0.000001)
    found = storage.within(ctx, table.history_space, b"", low, before, forward=False)
    for _, key, value in found:
        end = 8 + int.from_bytes(value[:_LENGTH], "big")
        yield key, (key[8:end], key[end:]), value[_LENGTH:]


def prune(ctx: Context, table: Table, until: float, at_most: int) -> bool:
    """Drops up to so many records of changes before `until`; whether that was all of them."""
    found = storage.within(ctx, table.history_space, b"", b"", moment(until))
    old = [(key, len(value)) for _, (_, key, value) in zip(range(at_most), found, strict=False)]
    for key, size in old:
        storage.remove(ctx, table.history_space, b"", key, size)
    return len(old) < at_most
