"""Vector indexes: what entry an item has in each, keeping them up to date, and searching them.

An entry holds the projected attributes and a copy of the vector in 32-bit floats. It is kept under
the value of the search schema's HASH attribute, if the index has one. A search reads every entry
there, so that it is exact where AWS's may be approximate.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from cloudarium.core.context import Context

from . import capacity, codec, errors, indexes, keys, limits, storage, values
from . import vector_errors as wrong
from .tables import Table, VectorIndex
from .values import AttributeValue, Item
from .vector_math import Vector, rounded, score, shortest

if TYPE_CHECKING:
    from .items import Key

_NO_PARTITION: AttributeValue = {"S": ""}


class Hit(NamedTuple):
    """An entry a search found, and its score."""

    score: float
    item: Item


def check(table: Table, item: Item) -> None:
    """Raises ValidationException if an attribute cannot be the vector or key it would be."""
    for name in sorted(table.vectors):
        index = table.vectors[name]
        if index.attribute in item:
            _check_vector(index, item[index.attribute])
        for attribute in index.schema:
            value = item.get(attribute)
            if value is not None:
                _check_key(table, index, attribute, value)


def _check_vector(index: VectorIndex, value: AttributeValue) -> None:
    name, elements = index.attribute, value.get("L")
    if elements is None:
        raise wrong.NotAVector(name=name, index=index.name)
    if len(elements) != index.dimensions:
        expected = index.dimensions
        raise wrong.WrongSize(name=name, expected=expected, actual=len(elements), index=index.name)
    for at, element in enumerate(elements):
        if _number(element) is None:
            actual = values.type_of(element)
            raise wrong.NotANumber(name=name, at=at, actual=actual, index=index.name)


def _check_key(table: Table, index: VectorIndex, name: str, value: AttributeValue) -> None:
    ((kind, content),) = value.items()
    expected = table.types[name]
    if kind != expected:
        raise errors.IndexKeyTypeMismatch(
            name=name, expected=expected, actual=kind, index=index.name
        )
    if not content and name == index.hash:
        word = indexes.EMPTY_KINDS[kind]
        raise errors.EmptyIndexKey(kind=word, index=index.name, name=name)


def _number(element: AttributeValue) -> float | None:
    """An element as a 32-bit float; None if it is none."""
    try:
        return rounded(float(element["N"])) if "N" in element else None
    except OverflowError:
        return None


def vector_of(elements: list[AttributeValue]) -> Vector | None:
    """A list's numbers as 32-bit floats; None if some element is not one."""
    found = [_number(element) for element in elements]
    numbers = tuple(number for number in found if number is not None)
    return numbers if len(numbers) == len(found) else None


def apply(ctx: Context, table: Table, key: Key, old: Item, new: Item) -> capacity.Units:
    """Writes what replacing `old` by `new` changes; `VectorWriteRequestBytes` by index name."""
    written: capacity.Units = {}
    for index in table.vectors.values():
        if index.status == "DELETING":
            continue
        before, after = (_entry(table, index, item) for item in (old, new))
        if before == after:
            continue
        if before is not None:
            _remove(ctx, table, index, key, before)
        if after is not None:
            put(ctx, table, index, key, new)
        entries = [entry for entry in (before, after) if entry]
        sizes = [charged([index], values.item_size(entry), entry) for entry in entries]
        written[index.name] = float(max(limits.KB, *sizes))
    return written


def charged(indexes: Iterable[VectorIndex], size: int, item: Item) -> int:
    """What a write of an item of this size is charged for, in bytes.

    Measured by its users in October 2026: an indexed vector is charged as four bytes for each
    dimension, whatever its numbers. Reads and the limit of 400 KB count the numbers.
    """
    dimensions = {index.attribute: index.dimensions for index in indexes if index.attribute in item}
    return size - sum(values.size_of(item[name]) - 4 * dimensions[name] for name in dimensions)


def put(ctx: Context, table: Table, index: VectorIndex, key: Key, item: Item) -> None:
    """Writes an item's entry, unless there is one or it is to have none."""
    entry = _entry(table, index, item)
    if entry is None:
        return
    place = _partition(index, entry), key.partition + key.sort
    if storage.get(ctx, index.space, *place) is None:
        size = values.item_size(entry)
        storage.put(ctx, index.space, (*place, codec.encode(entry, size)), 1, size)


def _remove(ctx: Context, table: Table, index: VectorIndex, key: Key, entry: Item) -> None:
    place = _partition(index, entry), key.partition + key.sort
    if storage.get(ctx, index.space, *place) is not None:
        storage.remove(ctx, index.space, *place, values.item_size(entry))


def _entry(table: Table, index: VectorIndex, item: Item) -> Item | None:
    """An item's entry; None if it has no vector, or not the attribute the index is parted by."""
    vector = vector_of(item.get(index.attribute, {}).get("L", []))
    if not vector or len(vector) != index.dimensions:
        return None
    if index.hash is not None and table.types[index.hash] not in item.get(index.hash, {}):
        return None
    if index.projection == "ALL":
        held = dict(item)
    else:
        names = {*table.keys, *index.schema, *index.non_key}
        held = {name: value for name, value in item.items() if name in names}
    held[index.attribute] = {"L": [{"N": shortest(number)} for number in vector]}
    return held


def _partition(index: VectorIndex, entry: Mapping[str, AttributeValue]) -> bytes:
    return keys.partition(entry[index.hash] if index.hash is not None else _NO_PARTITION)


def search(
    ctx: Context, index: VectorIndex, vector: Vector, wanted: Item, most: int
) -> tuple[list[Hit], int]:
    """The best entries whose attributes are as `wanted`, and the bytes of those looked at."""
    hits: list[Hit] = []
    read = 0
    for _, _, data in storage.within(ctx, index.space, _partition(index, wanted), b"", None):
        entry = codec.decode(data)
        read += codec.size_of(data)
        if all(name in entry and values.equal(entry[name], wanted[name]) for name in wanted):
            held = vector_of(entry[index.attribute]["L"])
            hits.append(Hit(score(index.function, vector, held or ()), entry))
    hits.sort(key=lambda hit: hit.score, reverse=index.function == "DOT_PRODUCT")
    return hits[:most], read
