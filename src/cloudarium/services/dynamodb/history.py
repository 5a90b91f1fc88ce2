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

Change = tuple[bytes, Place, bytes]
"""A record's key, which begins with the change's `moment`, the item's place, what was there."""


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
    ctx: Context, table: Table, since: float, before: bytes | None, *, inclusive: bool = False
) -> Iterator[Change]:
    """Changes later than `since`, or at that time if `inclusive`, the latest first.

    `before` is the key of the last record seen, to go on from.
    """
    low = moment(since if inclusive else since + 0.000001)
    return _changes(storage.within(ctx, table.history_space, b"", low, before, forward=False))


def forwards(
    ctx: Context, table: Table, since: float, until: float, after: bytes | None
) -> Iterator[Change]:
    """Changes from `since` on and before `until`, the earliest first.

    `after` is the key of the last record seen, to go on from.
    """
    low = moment(since) if after is None else after + b"\0"
    return _changes(storage.within(ctx, table.history_space, b"", low, moment(until)))


def _changes(records: Iterator[storage.Entry]) -> Iterator[Change]:
    for _, key, value in records:
        end = 8 + int.from_bytes(value[:_LENGTH], "big")
        yield key, (key[8:end], key[end:]), value[_LENGTH:]


def prune(ctx: Context, table: Table, until: float, at_most: int) -> bool:
    """Drops up to so many records of changes before `until`; whether that was all of them."""
    found = storage.within(ctx, table.history_space, b"", b"", moment(until))
    old = [(key, len(value)) for _, (_, key, value) in zip(range(at_most), found, strict=False)]
    for key, size in old:
        storage.remove(ctx, table.history_space, b"", key, size)
    return len(old) < at_most
