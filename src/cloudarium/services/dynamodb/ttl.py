"""Time to live: a space per table lists its items by when they expire; a job removes them.

Source: Developer Guide, "Using time to live": a Number of epoch seconds; anything else, and what
lies more than five years back, is left alone. AWS deletes within days; here the clock does.
"""

from collections.abc import Iterator

from cloudarium.core.context import Context

from . import codec, limits, storage
from .tables import Table
from .values import AttributeValue, Item

Place = tuple[bytes, bytes]
"""Where an item is: its partition and sort bytes."""


def expiry(table: Table, item: Item) -> int | None:
    """When an item expires, in whole epoch seconds; None if never."""
    value: AttributeValue | None = item.get(table.ttl) if table.ttl else None
    if value is None or "N" not in value:
        return None
    at = int(value["N"].partition(".")[0])
    return at if 0 < at < 1 << 62 else None


def track(ctx: Context, table: Table, place: Place, old: Item, new: Item) -> None:
    """Brings the list of expiry times up to date with a write of the item at `place`."""
    before, after = expiry(table, old), expiry(table, new)
    if before == after:
        return
    if before is not None:
        storage.remove(ctx, table.ttl_space, b"", _listed(before, place), 0)
    if after is not None:
        _list(ctx, table, place, after)


def _list(ctx: Context, table: Table, place: Place, at: int) -> None:
    earliest = next(upcoming(ctx, table), None)
    length = len(place[0]).to_bytes(4, "big")
    storage.put(ctx, table.ttl_space, (b"", _listed(at, place), length), 1, 0)
    if earliest is None or at < earliest[0]:
        schedule(ctx, table, at)


def _listed(at: int, place: Place) -> bytes:
    return at.to_bytes(8, "big") + place[0] + place[1]


def upcoming(ctx: Context, table: Table) -> Iterator[tuple[int, Place]]:
    """When items expire and where they are, the earliest that is not too old first."""
    oldest = max(0, int(ctx.now - limits.TTL_TOO_OLD_SECONDS))
    found = storage.within(ctx, table.ttl_space, b"", oldest.to_bytes(8, "big"), None)
    for _, listed, length in found:
        end = 8 + int.from_bytes(length, "big")
        yield int.from_bytes(listed[:8], "big"), (listed[8:end], listed[end:])


def schedule(ctx: Context, table: Table, at: int) -> None:
    """Has expired items removed at `at` at the earliest, and no earlier."""
    if at >= ctx.now - limits.TTL_TOO_OLD_SECONDS:
        payload = {"table": table.name, "space": table.ttl_space}
        ctx.schedule("expire", payload, at=max(at, ctx.now), key=str(table.ttl_space))


def list_present(ctx: Context, table: Table, place: Place, data: bytes) -> None:
    """Lists an item that was there before time to live was enabled."""
    at = expiry(table, codec.decode(data))
    if at is None:
        return
    if storage.get(ctx, table.ttl_space, b"", _listed(at, place)) is None:
        _list(ctx, table, place, at)
