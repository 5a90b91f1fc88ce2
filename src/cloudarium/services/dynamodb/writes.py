"""One write of one item: the steps PutItem, UpdateItem, DeleteItem and transactions share."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cloudarium.core.context import Context, Request, Response

from . import (
    capacity,
    errors,
    indexes,
    item_collections,
    items,
    key_paths,
    limits,
    tables,
    values,
    vectors,
)
from .expressions import paths
from .expressions.conditions import Test
from .expressions.expressions import Expressions
from .expressions.updates import CompiledUpdate
from .items import NOTHING, Key, Stored
from .requests import asked_of
from .tables import Table
from .values import Item


@dataclass(slots=True)
class Write:
    """A checked write, not yet done: `change` makes the new item of the old one."""

    table: Table
    key: Key
    condition: Test | None
    change: Callable[[Stored], Stored] | None
    update: CompiledUpdate | None = None
    looked_at: float = 0.0
    """The units that what it found costs to write."""
    refused: float = 0.0
    """The units it has used in vain: its condition did not hold."""

    def run(self, ctx: Context, *, return_old: bool) -> "Outcome":
        """Does the write, if its condition holds.

        Raises ConditionalCheckFailedException, with the item if `return_old`.
        """
        old = items.find(ctx, self.table, self.key)
        self.looked_at = capacity.write_units(old.size)
        if self.condition is not None and not self.condition(old.item):
            self.refused = self.looked_at
            capacity.consume(ctx, self.table, "write", {"": self.refused})
            members = {"Item": old.item} if return_old and old else None
            raise errors.ConditionFailed(members=members)
        if self.change is None:
            return Outcome(old, old, {"": self.looked_at})
        new = self.change(old)
        units = items.replace(ctx, self.table, self.key, old, new)
        return Outcome(old, new, units)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a write found, what it left, and the write units it used."""

    old: Stored
    new: Stored
    units: capacity.Units


def put(ctx: Context, request: Request, asked: Expressions | None = None) -> Write:
    """A PutItem or a transaction's Put. ValidationException if anything is wrong with it.

    `asked` is what the request's expressions ask for, if that is known already.
    """
    item: Item = request["Item"]
    sizes: list[int] = []

    def admit() -> None:
        sizes.append(values.admit_item(item))

    if asked is None:
        asked = asked_of(request, "ConditionExpression", first=admit)
    else:
        admit()
    (size,) = sizes
    table = tables.usable(ctx, request["TableName"])
    key = items.key_in(table, item)
    indexes.check(table, item)
    vectors.check(table, item)
    if size > limits.ITEM_BYTES:
        raise errors.ItemTooLarge()
    return Write(table, key, asked.condition, lambda _: Stored(item, size))


def delete(ctx: Context, request: Request, asked: Expressions | None = None) -> Write:
    """A DeleteItem or a transaction's Delete."""
    write = check(ctx, request, asked)
    write.change = lambda _: NOTHING
    return write


def check(ctx: Context, request: Request, asked: Expressions | None = None) -> Write:
    """A transaction's ConditionCheck: a write that changes nothing."""
    if asked is None:
        asked = asked_of(request, "ConditionExpression", first=_admitting_key(request))
    table = tables.usable(ctx, request["TableName"])
    return Write(table, items.key_of(table, request["Key"]), asked.condition, None)


def _admitting_key(request: Request) -> Callable[[], None]:
    return lambda: values.admit_key(request["Key"])


def update(
    ctx: Context, request: Request, asked: Expressions | None = None, *, alone: bool = False
) -> Write:
    """An UpdateItem (`alone`) or a transaction's Update."""
    found = asked
    if found is None:
        found = asked_of(
            request, "UpdateExpression", "ConditionExpression", first=_admitting_key(request)
        )
    table = tables.usable(ctx, request["TableName"])
    key = items.key_of(table, request["Key"])
    changes = found.update
    if changes is not None:
        _check_update(table, changes)

    def change(old: Stored) -> Stored:
        if not old and changes is not None and changes.only_removes:
            return NOTHING
        item = old.item or dict(key.attributes)
        if changes is not None:
            item = changes.apply(item)
        _check_index_keys(table, item, alone=alone)
        size = values.item_size(item)
        if size > limits.ITEM_BYTES:
            raise errors.UpdatedItemTooLarge()
        return Stored(item, size)

    if alone and changes is not None and changes.charge > limits.ITEM_BYTES:
        raise errors.UpdatedItemTooLarge()
    return Write(table, key, found.condition, change, changes)


def _check_update(table: Table, changes: CompiledUpdate) -> None:
    """Raises ValidationException for what an update cannot do to any item of the table."""
    for name in changes.attributes:
        if name in table.keys:
            raise errors.UpdatesKey(name=name)
    if table.indexes:
        whole = (step for step in changes.steps if step.kind is not None and len(step.path) == 1)
        indexes.check_kinds(table, {str(step.path[0]): step.kind or "" for step in whole})
    key_paths.check(table, changes.inside)


def _check_index_keys(table: Table, item: Item, *, alone: bool) -> None:
    for index in table.indexes.values() if alone else ():
        for name in index.keys:
            if name in item and table.types[name] not in item[name]:
                raise errors.UpdatesIndexKey()
    indexes.check_updated(table, item)
    indexes.check(table, item)
    vectors.check(table, item)


def returned(asked: str | None, outcome: Outcome, update: CompiledUpdate | None) -> Item | None:
    """`Attributes` as `ReturnValues` asked for them; None where there are none."""
    if asked is None or asked == "NONE":
        return None
    found = (outcome.old if asked.endswith("OLD") else outcome.new).item
    if asked.startswith("UPDATED"):
        found = paths.pick(found, update.touched) if update is not None else {}
    return found or None


def written(ctx: Context, write: Write, request: Request) -> Response:
    """Does a single-item operation's write and answers it."""
    capacity.admit(ctx, write.table, "write")
    return_old = request.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD"
    outcome = write.run(ctx, return_old=return_old)
    capacity.consume(ctx, write.table, "write", outcome.units)
    asked = request.get("ReturnConsumedCapacity")
    return {
        "Attributes": returned(request.get("ReturnValues"), outcome, write.update),
        "ConsumedCapacity": capacity.report(
            asked, write.table, outcome.units, request["TableName"]
        ),
        "ItemCollectionMetrics": collection_metrics(ctx, request, write),
    }


def collection_metrics(ctx: Context, request: Request, write: Write) -> dict[str, Any] | None:
    """`ItemCollectionMetrics` of a table with local indexes, if asked for."""
    if request.get("ReturnItemCollectionMetrics") != "SIZE" or not write.table.has_local_indexes:
        return None
    name = write.table.hash
    return {
        "ItemCollectionKey": {name: write.key.attributes[name]},
        "SizeEstimateRangeGB": item_collections.estimate(ctx, write.table, write.key.partition),
    }


def collections_by_table(
    ctx: Context, request: Request, done: Iterable[Write], named: Mapping[str, str]
) -> dict[str, list[dict[str, Any]]] | None:
    """`ItemCollectionMetrics` of several writes: each collection once, by its table.

    `named` is what the request calls the tables.
    """
    found: dict[str, dict[bytes, dict[str, Any]]] = {}
    for write in done:
        metrics = collection_metrics(ctx, request, write)
        if metrics is not None:
            found.setdefault(named[write.table.name], {})[write.key.partition] = metrics
    return {name: [*each.values()] for name, each in found.items()} or None


def capacity_by_table(
    asked: str | None, done: list[tuple[Write, capacity.Units]], named: Mapping[str, str]
) -> list[dict[str, Any]] | None:
    """`ConsumedCapacity` of several writes, one entry per table; None if not asked for.

    `named` is what the request calls the tables.
    """
    if asked not in ("TOTAL", "INDEXES"):
        return None
    found = [
        capacity.report(asked, table, units, named[table.name])
        for table, units in units_by_table(done)
    ]
    return [each for each in found if each is not None] or None


def units_by_table(done: list[tuple[Write, capacity.Units]]) -> list[tuple[Table, capacity.Units]]:
    """The units that several writes have used, one entry per table."""
    sums: dict[str, tuple[Table, capacity.Units]] = {}
    for write, units in done:
        _, total = sums.setdefault(write.table.name, (write.table, {}))
        for index, used in units.items():
            total[index] = total.get(index, 0.0) + used
    return list(sums.values())
