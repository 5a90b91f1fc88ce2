"""Spaces: ordered maps from (partition, sort), both bytes, to bytes.

A space holds a table's items, an index's entries, expiry times, a stream's records or a history. In
the items' file (engine.py) a key is the space's number, the partition and the sort; a value has the
length of its partition before it (layout.py). Partitions of a space are never prefixes of each
other.
"""

from collections.abc import Iterator

from cloudarium.core.context import Context

from . import keys, layout
from .engine import Engine

Entry = tuple[bytes, bytes, bytes]


def new_space(ctx: Context) -> int:
    """Makes an empty space; its number, never used before or again."""
    ctx.state(Engine)  # the file must be there before the database says that there are tables
    return ctx.db.execute("INSERT INTO spaces DEFAULT VALUES").lastrowid or 0


def clear(ctx: Context, space: int, at_most: int) -> bool:
    """Removes up to so many entries of a space; once there are none left, the space, and True."""
    engine = ctx.state(Engine)
    prefix = layout.place(space, b"", b"")
    found = engine.between(prefix, _past(prefix))
    gone = [key for _, (key, _) in zip(range(at_most), found, strict=False)]
    for key in gone:
        engine.put(key, None)
    if len(gone) == at_most:
        return False
    engine.put(layout.counter(space), None)
    ctx.db.execute("DELETE FROM spaces WHERE space = ?", (space,))
    return True


def totals(ctx: Context, space: int) -> tuple[int, int]:
    """How many entries a space has, and their sizes' sum as told to `put` and `remove`."""
    return ctx.state(Engine).totals(space)


def get(ctx: Context, space: int, partition: bytes, sort: bytes) -> bytes | None:
    """The value of a key, or None."""
    found = ctx.state(Engine).get(layout.place(space, partition, sort))
    return None if found is None else found[2:]


def put(ctx: Context, space: int, entry: Entry, added: int, grown: int) -> None:
    """Writes an entry; `added` (1 if the key is new) and `grown` bytes go into the totals."""
    partition, sort, value = entry
    engine = ctx.state(Engine)
    engine.put(layout.place(space, partition, sort), layout.kept(partition, value))
    if added or grown:
        engine.grow(space, added, grown)


def remove(ctx: Context, space: int, partition: bytes, sort: bytes, size: int) -> None:
    """Removes the entry of a key that is there, of so many bytes."""
    engine = ctx.state(Engine)
    engine.put(layout.place(space, partition, sort), None)
    engine.grow(space, -1, -size)


def within(
    ctx: Context,
    space: int,
    partition: bytes,
    low: bytes,
    high: bytes | None,
    *,
    forward: bool = True,
) -> Iterator[Entry]:
    """A partition's entries with low <= sort < high (None: no end), in order or in reverse."""
    prefix = layout.place(space, partition, b"")
    end = _past(prefix) if high is None else prefix + high
    found = ctx.state(Engine).between(prefix + low, end, forward=forward)
    at = len(prefix)
    return ((partition, key[at:], value[2:]) for key, value in found)


def across(
    ctx: Context, space: int, start: tuple[bytes, bytes], end: bytes | None
) -> Iterator[Entry]:
    """Entries after the key `start` with partition < end (None: to the last), in order."""
    prefix = layout.place(space, b"", b"")
    first = layout.place(space, *start)
    found = ctx.state(Engine).between(first, _past(prefix) if end is None else prefix + end)
    for key, value in found:
        if key != first:
            yield layout.entry(key, value)


def _past(prefix: bytes) -> bytes:
    end = keys.after(prefix)
    assert end is not None
    return end
