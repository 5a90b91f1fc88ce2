"""Secondary indexes: what entry an item has in each, and keeping the entries up to date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError

from . import capacity, codec, errors, keys, limits, storage, values
from .tables import Index, Table
from .values import AttributeValue, Item

if TYPE_CHECKING:
    from .items import Key


EMPTY_KINDS: Mapping[str, str] = {"S": "string", "B": "binary"}


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """An item's entry in an index; `size` as AWS counts its projected attributes."""

    partition: bytes
    sort: bytes
    item: Item
    size: int


@dataclass(frozen=True, slots=True)
class Change:
    """What a write does to one index, and the write units that takes."""

    index: Index
    old: IndexEntry | None
    new: IndexEntry | None
    units: float


def check(table: Table, item: Item) -> None:
    """Raises ValidationException if an attribute cannot be the index key it would be.

    Where several indexes have it as a key, the first of them by name is told.
    """
    for index in table.indexes.values():
        for name in index.keys:
            value = item.get(name)
            if value is None:
                continue
            ((kind, content),) = value.items()
            if kind != table.types[name] or not content:
                raise _unfit(table, name, kind)
            is_hash = name in index.hashes
            limit = limits.PARTITION_KEY_BYTES if is_hash else limits.SORT_KEY_BYTES
            if values.size_of(value) > limit:
                kind = "hashkey" if is_hash else "rangekey"
                raise errors.IndexKeyTooLong(kind=kind, limit=limit, index=index.name, name=name)


def check_kinds(table: Table, kinds: Mapping[str, str]) -> None:
    """Raises ValidationException if attributes of these types cannot be index keys."""
    for index in sorted(table.indexes):
        for name in table.indexes[index].keys:
            if kinds.get(name, table.types[name]) != table.types[name]:
                raise _unfit(table, name, kinds[name])


def _unfit(table: Table, name: str, kind: str) -> AwsError:
    index = min(index.name for index in table.indexes.values() if name in index.keys)
    expected = table.types[name]
    if kind != expected:
        return errors.IndexKeyTypeMismatch(name=name, expected=expected, actual=kind, index=index)
    return errors.EmptyIndexKey(kind=EMPTY_KINDS[kind], index=index, name=name)


def check_updated(table: Table, item: Item) -> None:
    """Raises ValidationException if an update makes an attribute an empty index key."""
    for index in table.indexes.values():
        for name in index.keys:
            value = item.get(name)
            if value is None:
                continue
            ((kind, content),) = value.items()
            if not content and kind in EMPTY_KINDS:
                raise errors.EmptyIndexKeyUpdate(kind=EMPTY_KINDS[kind])


def projected(table: Table, index: Index, item: Item) -> Item:
    """The attributes of an item that an index holds."""
    if index.projection == "ALL":
        return item
    names = {*table.keys, *index.keys, *index.non_key}
    return {name: value for name, value in item.items() if name in names}


def entry(table: Table, index: Index, key: Key, item: Item) -> IndexEntry | None:
    """An item's entry in an index; None if it has not the attributes that are to be its key.

    What was written before there was the index may be of other types, empty or too long, which a
    key cannot be. Source: ScyllaDB's tests of DynamoDB, `test_gsi_updatetable.py`.
    """
    for name in index.keys:
        if not _is_fit(item.get(name, {}), table.types[name], is_hash=name in index.hashes):
            return None
    held = projected(table, index, item)
    partition = keys.partition(*[item[name] for name in index.hashes])
    return IndexEntry(partition, sort_of(index, key, item), held, values.item_size(held))


def _is_fit(value: AttributeValue, kind: str, *, is_hash: bool) -> bool:
    content = value.get(kind)
    if not content or kind == "N":
        return bool(content)
    limit = limits.PARTITION_KEY_BYTES if is_hash else limits.SORT_KEY_BYTES
    return len(content) <= limit // 4 or values.size_of(value) <= limit


def sort_of(index: Index, key: Key, item: Item) -> bytes:
    """An entry's sort bytes: the index's sort key, then the item's own key to tell ties apart."""
    own = key.partition + key.sort
    return b"".join(keys.ordered(item[name]) for name in index.ranges) + own


def changes(table: Table, key: Key, old: Item, new: Item) -> list[Change]:
    """What replacing `old` by `new` (either may be empty) changes, index by index."""
    found = []
    for index in table.indexes.values():
        if index.status == "DELETING":
            continue
        before, after = (entry(table, index, key, item) for item in (old, new))
        if before != after:
            found.append(Change(index, before, after, _units(before, after)))
    return found


def _units(before: IndexEntry | None, after: IndexEntry | None) -> float:
    """An entry that moves costs a deletion and an insertion.

    Source: Developer Guide, "Using Global Secondary Indexes", write capacity units.
    """
    sizes = [each.size for each in (before, after) if each is not None]
    if before and after and (before.partition, before.sort) == (after.partition, after.sort):
        return capacity.write_units(max(sizes))
    return sum(map(capacity.write_units, sizes))


def apply(ctx: Context, change: Change) -> None:
    """Writes a change."""
    space, old, new = change.index.space, change.old, change.new
    if change.index.backfilling and old and not _is_there(ctx, space, old):
        old = None
    moved = old and (new is None or (old.partition, old.sort) != (new.partition, new.sort))
    if old and moved:
        storage.remove(ctx, space, old.partition, old.sort, old.size)
    if new is None:
        return
    stays = old is not None and not moved
    data = codec.encode(new.item, new.size)
    grown = new.size - (old.size if old and stays else 0)
    storage.put(ctx, space, (new.partition, new.sort, data), 0 if stays else 1, grown)


def backfill(ctx: Context, index: Index, new: IndexEntry) -> None:
    """Adds an entry that a write may have added already."""
    if not _is_there(ctx, index.space, new):
        apply(ctx, Change(index, None, new, 0))


def _is_there(ctx: Context, space: int, found: IndexEntry) -> bool:
    return storage.get(ctx, space, found.partition, found.sort) is not None
