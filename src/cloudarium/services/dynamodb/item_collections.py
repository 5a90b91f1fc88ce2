"""Item collections: what tables with local indexes hold under one partition key, at most 10 GB.

A collection's size is its items' and their entries' in the local indexes. Sources: Developer Guide,
"Item collections in Local Secondary Indexes"; API Reference, `ItemCollectionMetrics`.

The sizes of a table's collections are in a space of their own, by partition.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from cloudarium.core.context import Context

from . import codec, errors, limits, storage
from .indexes import Change
from .tables import Table

if TYPE_CHECKING:
    from .items import Stored

_SIZES = 1 << 31
_SIZE_BYTES = 8
_GB = float(limits.GB)


def space_of(table: Table) -> int:
    """The space of a table's collections' sizes: its items' space's number past all others."""
    return table.space | _SIZES


def grow(
    ctx: Context,
    table: Table,
    partition: bytes,
    images: tuple[Stored, Stored],
    changes: Iterable[Change],
    *,
    limited: bool,
) -> None:
    """Counts the replacement of an item by another (`images`) and what it changes in indexes.

    Raises ItemCollectionSizeLimitExceededException, having done nothing, if that makes the
    collection larger than it may be and is `limited`.
    """
    old, new = images
    grown = new.size - old.size
    for change in changes:
        if not change.index.is_global:
            grown += change.new.size if change.new else 0
            grown -= change.old.size if change.old else 0
    if not grown:
        return
    before = size(ctx, table, partition)
    after = before + grown
    if limited and grown > 0 and after > limits.COLLECTION_BYTES:
        raise errors.CollectionTooLarge()
    space = space_of(table)
    if after:
        entry = (partition, b"", after.to_bytes(_SIZE_BYTES, "big"))
        storage.put(ctx, space, entry, 0 if before else 1, 0)
    elif before:
        storage.remove(ctx, space, partition, b"", 0)


def size(ctx: Context, table: Table, partition: bytes) -> int:
    """How many bytes a collection has. One from before they were counted is counted now."""
    kept = storage.get(ctx, space_of(table), partition, b"")
    if kept is not None:
        return int.from_bytes(kept, "big")
    return 0 if table.counts_collections else _counted(ctx, table, partition)


def _counted(ctx: Context, table: Table, partition: bytes) -> int:
    spaces = [table.space]
    spaces += (index.space for index in table.indexes.values() if not index.is_global)
    return sum(
        codec.size_of(data)
        for space in spaces
        for _, _, data in storage.within(ctx, space, partition, b"", None)
    )


def estimate(ctx: Context, table: Table, partition: bytes) -> list[float]:
    """A collection's `SizeEstimateRangeGB`: the whole gigabytes it is between."""
    low = size(ctx, table, partition) // _GB
    return [low, low + 1.0]
