"""Items: their keys, reading them, and writing them together with their index entries."""

from collections.abc import Mapping
from typing import NamedTuple

from cloudarium.core.context import Context
from cloudarium.core.documents import Kept

from . import (
    capacity,
    codec,
    errors,
    history,
    indexes,
    item_collections,
    keys,
    limits,
    storage,
    streams,
    ttl,
    values,
    vectors,
)
from .tables import Table
from .values import AttributeValue, Item


class Key(NamedTuple):
    """Where an item is kept, and the attributes that say so."""

    partition: bytes
    sort: bytes
    attributes: Item


class Stored(Kept):
    """An item and its size in bytes, 0 where there is none; as a value and as it is stored."""

    __slots__ = ("_data", "_item", "size")

    def __init__(self, item: Item | None, size: int, data: bytes | None = None) -> None:
        self._item = item
        self._data = data
        self.size = size

    def __bool__(self) -> bool:
        return self.size > 0

    @property
    def item(self) -> Item:
        """The item, not to be changed."""
        if self._item is None:
            self._item = codec.decode(self.data)
        return self._item

    @property
    def data(self) -> bytes:
        """The item as it is stored."""
        if self._data is None:
            self._data = codec.encode(self.item, self.size)
        return self._data

    @property
    def json(self) -> bytes:
        """The item as answers have it."""
        data = self._data
        return codec.json_of(self.data if data is None else data)

    def value(self) -> Item:
        """The item."""
        return self.item


NOTHING = Stored({}, 0)


def stored(data: bytes) -> Stored:
    """The item of what is stored."""
    return Stored(None, codec.size_of(data), data)


def key_of(table: Table, given: Mapping[str, AttributeValue]) -> Key:
    """The key an admitted `Key` is. ValidationException unless it fits the key schema."""
    types = table.types
    fits = table.hash in given and types[table.hash] in given[table.hash]
    if table.range is None:
        fits = fits and len(given) == 1
    else:
        fits = fits and len(given) == 2 and types[table.range] in given.get(table.range, ())
    if not fits:
        raise errors.KeyDoesNotFit()
    return _key(table, given)


def key_in(table: Table, item: Item) -> Key:
    """The key of a whole item. ValidationException if a key attribute is missing or wrong."""
    for name in table.keys:
        if name not in item:
            raise errors.KeyMissing(name=name)
        expected, actual = table.types[name], values.type_of(item[name])
        if expected != actual:
            raise errors.KeyTypeMismatch(name=name, expected=expected, actual=actual)
    return _key(table, item)


def check_not_empty(table: Table, given: Mapping[str, AttributeValue]) -> None:
    """Raises ValidationException if a key attribute of an item or key is an empty value."""
    for name in table.keys:
        for kind in ("S", "B"):
            if given.get(name, {}).get(kind) in ("", b""):
                raise (errors.EmptyKeyString if kind == "S" else errors.EmptyKeyBinary)(name=name)


def _key(table: Table, item: Mapping[str, AttributeValue]) -> Key:
    hash_value = item[table.hash]
    data = _ordered(table.hash, hash_value)
    if (
        len(data) > limits.PARTITION_KEY_BYTES
        and values.size_of(hash_value) > limits.PARTITION_KEY_BYTES
    ):
        raise errors.PartitionKeyTooLong()
    partition = keys.placed(data)
    if table.range is None:
        return Key(partition, b"", {table.hash: hash_value})
    range_value = item[table.range]
    sort = _ordered(table.range, range_value)
    if len(sort) > limits.SORT_KEY_BYTES and values.size_of(range_value) > limits.SORT_KEY_BYTES:
        raise errors.SortKeyTooLong()
    return Key(partition, sort, {table.hash: hash_value, table.range: range_value})


def _ordered(name: str, value: AttributeValue) -> bytes:
    """The bytes of a key attribute, longer than the value. ValidationException if it is empty."""
    ((kind, content),) = value.items()
    if not content:
        raise (errors.EmptyKeyString if kind == "S" else errors.EmptyKeyBinary)(name=name)
    return keys.ordered(value)


def find(ctx: Context, table: Table, key: Key) -> Stored:
    """The item with this key, or `NOTHING`."""
    data = storage.get(ctx, table.space, key.partition, key.sort)
    return NOTHING if data is None else stored(data)


def replace(
    ctx: Context, table: Table, key: Key, old: Stored, new: Stored, *, limited: bool = True
) -> capacity.Units:
    """Puts `new` in the place of `old` (either may be `NOTHING`), in the table and its indexes.

    The write units used, by index name ("" for the table). Raises
    ProvisionedThroughputExceededException when a global index it must change has none left, or
    ItemCollectionSizeLimitExceededException, unless it is the service's own write (`limited` is
    false).
    """
    sizes = [old.size, new.size]
    if table.vectors:
        indexed = table.vectors.values()
        sizes = [vectors.charged(indexed, each.size, each.item) for each in (old, new)]
    units = {"": capacity.write_units(max(sizes))}
    if table.indexes:
        changes = indexes.changes(table, key, old.item, new.item)
        if limited:
            capacity.admit(ctx, table, "write", [change.index for change in changes])
        if table.has_local_indexes:
            item_collections.grow(ctx, table, key.partition, (old, new), changes, limited=limited)
        for change in changes:
            indexes.apply(ctx, change)
            units[change.index.name] = change.units
    if table.vectors:
        units |= vectors.apply(ctx, table, key, old.item, new.item)
    if table.history_space:
        history.record(ctx, table, (key.partition, key.sort))
    if new:
        entry = (key.partition, key.sort, new.data)
        storage.put(ctx, table.space, entry, 0 if old else 1, new.size - old.size)
    elif old:
        storage.remove(ctx, table.space, key.partition, key.sort, old.size)
    if table.stream is not None:
        streams.record(ctx, table, old.item, new.item, by_service=not limited)
    if table.ttl is not None:
        ttl.track(ctx, table, (key.partition, key.sort), old.item, new.item)
    return units
