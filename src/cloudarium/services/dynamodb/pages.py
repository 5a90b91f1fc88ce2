"""A page of a query or scan: what to return of each item, and where to stop."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from cloudarium.core.context import Context, Request, Response
from cloudarium.core.errors import AwsError

from . import (
    capacity,
    errors,
    indexes,
    items,
    keys,
    limits,
    metrics,
    tables,
    value_errors,
    values,
    vector_errors,
)
from .expressions import paths
from .expressions.expressions import Expressions
from .items import Stored
from .storage import Entry
from .tables import Index, Table
from .value_errors import Refused
from .values import Item


@dataclass(slots=True)
class Source:
    """What a query or scan reads: a table or one of its indexes."""

    table: Table
    index: Index | None

    @property
    def space(self) -> int:
        """Where the entries are."""
        return self.index.space if self.index else self.table.space

    @property
    def keys(self) -> list[str]:
        """The key attributes of what is read."""
        return self.index.keys if self.index else self.table.keys

    @property
    def start_keys(self) -> list[str]:
        """The attributes of an ExclusiveStartKey and a LastEvaluatedKey."""
        return list(dict.fromkeys(self.keys + self.table.keys))


def source_of(ctx: Context, request: Request) -> Source:
    """The table or index a request reads. ValidationException if it cannot be read so."""
    table = tables.usable(ctx, request["TableName"])
    name = request.get("IndexName")
    if name is None:
        return Source(table, None)
    index = table.indexes.get(name)
    if name in table.vectors:
        operation = "Query" if "KeyConditionExpression" in request else "Scan"
        raise vector_errors.NotForVectors(operation=operation)
    if index is None:
        raise errors.NoSuchIndex(name=name)
    if index.is_global and request.get("ConsistentRead"):
        raise errors.ConsistentOnIndex()
    if index.backfilling:
        raise errors.IndexBackfilling(name=name)
    return Source(table, index)


# Of numbers and members that are there twice, it is not said where they are.
_STARTING = frozenset(
    refusal.older
    for refusal in (
        value_errors.NoType,
        value_errors.SeveralTypes,
        value_errors.NullNotTrue,
        value_errors.EmptyStringSet,
        value_errors.EmptyBinarySet,
        value_errors.NestedTooDeep,
    )
)


def admit_start(request: Request) -> None:
    """Raises ValidationException if a value of the ExclusiveStartKey is none."""
    for value in request.get("ExclusiveStartKey", {}).values():
        try:
            values.admit(value)
        except Refused as refused:
            if refused.message in _STARTING:
                raise refused.within(errors.IN_STARTING_KEY) from None
            raise


def start_key(source: Source, request: Request) -> tuple[bytes, bytes] | None:
    """Where the ExclusiveStartKey is. ValidationException unless it fits what is read."""
    given = request.get("ExclusiveStartKey")
    if given is None:
        return None
    table, index = source.table, source.index
    names = source.start_keys
    fits = all(table.types[name] in given.get(name, ()) for name in names)
    if not fits or len(given) != len(names):
        raise _misfit(source, given)
    key = items.key_in(table, given)
    if index is None:
        return key.partition, key.sort
    partition = keys.partition(*[given[name] for name in index.hashes])
    return partition, indexes.sort_of(index, key, given)


def _misfit(source: Source, given: Item) -> AwsError:
    if source.index is None and given.keys() < set(source.keys):
        return errors.StartKeySize()
    return errors.StartKeyInvalid()


def check_select(request: Request, asked: Expressions) -> None:
    """Raises ValidationException if `Select` and the projection disagree."""
    select, projection = request.get("Select"), asked.projection
    if projection is not None and select not in (None, "SPECIFIC_ATTRIBUTES"):
        parameter = "AttributesToGet" if "AttributesToGet" in request else "ProjectionExpression"
        wanted = "only the Count" if select == "COUNT" else select
        raise errors.SelectAndProjection(parameter=parameter, select=wanted)
    if select == "SPECIFIC_ATTRIBUTES" and projection is None:
        raise errors.SelectSpecificWithoutProjection()
    if select == "ALL_PROJECTED_ATTRIBUTES" and "IndexName" not in request:
        raise errors.SelectProjectedWithoutIndex()


def chooser(
    ctx: Context, source: Source, request: Request, projection: paths.Tree | None
) -> "Choice":
    """How `Select` and the projection want items. ValidationException if the source has none so."""
    index, select = source.index, request.get("Select")
    choice = Choice(ctx, source, projection, select == "COUNT")
    if index is None or index.projection == "ALL":
        return choice
    if select == "ALL_ATTRIBUTES":
        if index.is_global:
            raise errors.SelectAllOnIndex(name=index.name)
        choice.from_table = True
    if projection is not None:
        held = {*source.start_keys, *index.non_key}
        missing = [str(name) for name in projection if name not in held]
        if missing and index.is_global:
            raise errors.NotProjected(name=index.name, attributes="[" + ", ".join(missing) + "]")
        choice.from_table = bool(missing)
    return choice


@dataclass(slots=True)
class Choice:
    """What to return of each item; `fetched` bytes came from the table besides the index."""

    ctx: Context
    source: Source
    projection: paths.Tree | None
    is_count: bool
    from_table: bool = False
    fetched: list[int] = field(default_factory=list)

    def of(self, entry: Stored) -> Stored | Item:
        """The wanted part of an entry."""
        if self.from_table:
            key = items.key_in(self.source.table, entry.item)
            entry = items.find(self.ctx, self.source.table, key)
            self.fetched.append(entry.size)
        return entry if self.projection is None else paths.pick(entry.item, self.projection)


@dataclass(slots=True)
class Taken:
    """What was read for a page so far: `found` of it passes the filter, and is `more` there?"""

    found: list[Stored | Item] = field(default_factory=list)
    total: int = 0
    scanned: int = 0
    count: int = 0
    last: Stored | None = None
    more: bool = False


def page(
    ctx: Context,
    request: Request,
    choice: Choice,
    expressions: Expressions,
    entries: Iterator[Entry],
) -> Response:
    """Reads entries up to `Limit` or 1 MB, and answers with those that pass the filter."""
    taken = Taken()
    take(taken, request.get("Limit"), choice, expressions, entries)
    return answered(ctx, request, choice, taken, (taken.total,))


def take(
    taken: Taken,
    limit: int | None,
    choice: Choice,
    expressions: Expressions,
    entries: Iterator[Entry],
) -> None:
    """Reads on, until what is taken has `limit` entries or 1 MB."""
    keep, is_count, found = expressions.filter, choice.is_count, taken.found
    whole = choice.projection is None and not choice.from_table
    total, scanned, count, last = taken.total, taken.scanned, taken.count, taken.last
    for _, _, data in entries:
        entry = items.stored(data)
        if total + entry.size > limits.PAGE_BYTES and last is not None:
            taken.more = True
            break
        total, scanned, last = total + entry.size, scanned + 1, entry
        wanted = None if is_count else entry if whole else choice.of(entry)
        if keep is None or keep(entry.item):
            count += 1
            if wanted is not None:
                found.append(wanted)
        if scanned == limit:
            taken.more = True
            break
    taken.total, taken.scanned, taken.count, taken.last = total, scanned, count, last


def answered(
    ctx: Context, request: Request, choice: Choice, taken: Taken, sizes: Iterable[int]
) -> Response:
    """The answer of a page, whose stretches had so many bytes: each is rounded up by itself."""
    answer: Response = {"Count": taken.count, "ScannedCount": taken.scanned}
    if not choice.is_count:
        answer["Items"] = taken.found
    if taken.more and (last := taken.last) is not None:
        answer["LastEvaluatedKey"] = {name: last.item[name] for name in choice.source.start_keys}
    answer["ConsumedCapacity"] = _consume(ctx, request, choice, sizes)
    return answer


def _consume(ctx: Context, request: Request, choice: Choice, sizes: Iterable[int]) -> Any:
    table, index = choice.source.table, choice.source.index
    consistent = request.get("ConsistentRead", False)
    fetched = sum(capacity.read_units(size, consistent=consistent) for size in choice.fetched)
    units = {"": fetched} if index else {}
    used = sum(capacity.read_units(size, consistent=consistent) for size in sizes)
    units[index.name if index else ""] = used
    capacity.consume(ctx, table, "read", units)
    asked, given = request.get("ReturnConsumedCapacity"), request.get("TableName", "")
    return capacity.report(asked, table, units, given)


def count_returned(ctx: Context, operation: str, source: Source, answer: Response) -> Response:
    """Counts the items an answer has."""
    series = metrics.of_table(ctx, source.table.name).returned(operation)
    series.add(answer["Count"], ctx.now)
    return answer
