"""Items: their keys, reading them, and writing them together with their index entries."""

from collections.abc import Mapping
from dataclasses import dataclass

from cloudarium.core.context import Context

from . import capacity, codec, errors, history, indexes, keys, limits, storage, streams, ttl, values
from .tables import Table
from .values import AttributeValue, Item


@dataclass(frozen=True, slots=True)
class Key:
    """Where an item is kept, and the attributes that say so."""

    partition: bytes
    sort: bytes
    attributes: Item


@dataclass(frozen=True, slots=True)
class Stored:
    """An item as it was found, with its size in bytes; empty where there is none."""

    item: Item
    size: int

    def __bool__(self) -> bool:
        return bool(self.item)


NOTHING = Stored({}, 0)


def key_of(table: Table, given: Mapping[str, AttributeValue]) -> Key:
    """The key a request gives as `Key`. ValidationException unless it fits the key schema."""
    for value in given.values():
        values.admit(value)
    names = table.keys
    if len(given) != len(names):
        raise errors.KeyDoesNotFit()
    for name in names:
        if name not in given or table.types[name] not in given[name]:
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
    if _size(table.hash, hash_value) > limits.PARTITION_KEY_BYTES:
        raise errors.PartitionKeyTooLong()
    partition = keys.partition(hash_value)
    if table.range is None:
        return Key(partition, b"", {table.hash: hash_value})
    range_value = item[table.range]
    if _size(table.range, range_value) > limits.SORT_KEY_BYTES:
        raise errors.SortKeyTooLong()
    attributes = {table.hash: hash_value, table.range: range_value}
    return Key(partition, keys.ordered(range_value), attributes)


def _size(name: str, value: AttributeValue) -> int:
    ((kind, content),) = value.items()
    if not content:
        raise (errors.EmptyKeyString if kind == "S" else errors.EmptyKeyBinary)(name=name)
    return values.size_of(value)


def find(ctx: Context, table: Table, key: Key) -> Stored:
    """The item with this key, or `NOTHING`."""
    data = storage.get(ctx, table.space, key.partition, key.sort)
    return NOTHING if data is None else Stored(codec.decode(data), codec.size_of(data))


def replace(
    ctx: Context, table: Table, key: Key, old: Stored, new: Stored, *, limited: bool = True
) -> capacity.Units:
    """Puts `new` in the place of `old` (either may be `NOTHING`), in the table and its indexes.

    The write units used, by index name ("" for the table). Raises
    ProvisionedThroughputExceededException when a global index it must change has none left,
    unless it is the service's own write (`limited` is false).
    """
    units = {"": capacity.write_units(max(old.size, new.size))}
    if table.indexes:
        changes = indexes.changes(table, key, old.item, new.item)
        if limited:
            capacity.admit(ctx, table, "write", [change.index for change in changes])
        for change in changes:
            indexes.apply(ctx, change)
            units[change.index.name] = change.units
    if table.history_space:
        history.record(ctx, table, (key.partition, key.sort))
    if new:
        data = codec.encode(new.item, new.size)
        entry = (key.partition, key.sort, data)
        storage.put(ctx, table.space, entry, 0 if old else 1, new.size - old.size)
    elif old:
        storage.remove(ctx, table.space, key.partition, key.sort, old.size)
    if table.stream is not None:
        streams.record(ctx, table, old.item, new.item, by_service=not limited)
    if table.ttl is not None:
        ttl.track(ctx, table, (key.partition, key.sort), old.item, new.item)
    return units
