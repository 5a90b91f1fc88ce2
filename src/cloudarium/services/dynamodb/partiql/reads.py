"""SELECT: run as a query of one partition, or as a scan with a filter."""

import hashlib
from base64 import b64decode, b64encode
from typing import Any

import orjson

from cloudarium.core.context import Context, Request, Response
from cloudarium.core.documents import plain

from .. import key_ranges, pages, reading, tables
from ..expressions import operands, paths
from ..expressions.expressions import Expressions
from ..expressions.key_conditions import KeyCondition
from ..keys import partition
from ..pages import Source
from ..values import Item
from . import errors, where
from .binding import Binding
from .syntax import Select, Term

_EVERYTHING: reading.Bounds = (b"", None)


def select(ctx: Context, statement: Select, binding: Binding, request: Request) -> Response:
    """A page of what a SELECT asks for, as ExecuteStatement answers.

    `request` has `Statement`, `ConsistentRead`, `Limit`, `NextToken` and
    `ReturnConsumedCapacity`.
    """
    binding_test = where.test_of(binding, where.parts(statement.where))
    source = _source(ctx, statement, request)
    keys, rest = _planned(source, statement, binding)
    _check_order(source, statement, keys)
    filtered = where.test_of(binding, rest) if keys else binding_test
    expressions = Expressions(filter=filtered[0], filter_paths=filtered[1], keys=keys or None)
    page_request = _page_request(statement, request)
    choice = pages.chooser(ctx, source, page_request, _tree(statement))
    _check_filter(source, statement, expressions, bool(keys))
    choice.projection = None
    if keys:
        place = key_ranges.key_range(source, keys)
        start = pages.start_key(source, page_request)
        answer = reading.queried(ctx, page_request, choice, expressions, place, start)
    elif (partitions := _partitions(source, statement, binding)) is not None:
        answer = reading.gathered(ctx, page_request, choice, expressions, partitions)
    else:
        start = pages.start_key(source, page_request, scanned=True)
        answer = reading.scanned(ctx, page_request, choice, expressions, _EVERYTHING, start)
    pages.count_returned(ctx, "ExecuteStatement", source, answer)
    return _answer(statement, request, answer)


def _source(ctx: Context, statement: Select, request: Request) -> Source:
    name = statement.source.index
    table = tables.usable(ctx, statement.source.table)
    index = table.indexes.get(name) if name is not None else None
    if name is not None and index is None and name not in table.vectors:
        raise errors.NoSuchIndex()
    if index is not None and index.is_global and request.get("ConsistentRead"):
        raise errors.ConsistentOnIndex()
    check_index(ctx, statement)
    if statement.counts:
        raise errors.NotWellFormed(detail=errors.UnexpectedTerm)
    wanted = {"TableName": statement.source.table, "IndexName": name}
    return pages.source_of(ctx, wanted if name is not None else {"TableName": table.name})


def check_index(ctx: Context, statement: Select) -> None:
    """Raises ValidationException if a SELECT is of an index whose key has several attributes."""
    index = tables.usable(ctx, statement.source.table).indexes.get(statement.source.index or "")
    if index is not None and index.has_several_attributes:
        raise errors.SeveralKeyAttributes()


def _planned(
    source: Source, statement: Select, binding: Binding
) -> tuple[dict[str, KeyCondition], list[Term]]:
    """The key conditions of a read of one partition (none: a scan), and what is left to filter."""
    hash_key, *others = source.keys
    terms = where.parts(statement.where)
    keys: dict[str, KeyCondition] = {}
    rest: list[Term] = []
    for term in terms:
        found = where.key_condition(binding, term, hash_key)
        if found is not None and found.operator == "=" and hash_key not in keys:
            keys[hash_key] = found
            continue
        ranged = where.key_condition(binding, term, others[0]) if others else None
        if ranged is not None and others[0] not in keys:
            keys[others[0]] = ranged
            continue
        rest.append(term)
    if others:
        where.check_overlaps(binding, statement.where, hash_key, others[0])
    return (keys, rest) if hash_key in keys else ({}, terms)


def _partitions(source: Source, statement: Select, binding: Binding) -> list[bytes] | None:
    """The partitions that a read without a key condition is confined to; None if it is not."""
    hash_key = source.keys[0]
    for term in where.parts(statement.where):
        values = where.among(binding, term, hash_key)
        if values is not None:
            kind = source.table.types[hash_key]
            return sorted({partition(value) for value in values if value.get(kind)})
    return None


def _check_order(source: Source, statement: Select, keys: dict[str, KeyCondition]) -> None:
    if not statement.order:
        return
    if statement.where is None:
        raise errors.OrderWithoutWhere()
    for name, _ in statement.order:
        if name not in source.keys:
            raise errors.OrderNotKey(name=name)
    if not keys:
        raise errors.OrderWithoutHash()


def _tree(statement: Select) -> paths.Tree | None:
    """The attributes a statement names, as a projection; None for `*`."""
    names = dict.fromkeys(column.elements[0] for column in statement.columns)
    return paths.tree((name,) for name in names) if names else None


def _check_filter(source: Source, statement: Select, expressions: Expressions, keyed: bool) -> None:
    """A filter beside a key condition may only name what the index holds."""
    index = source.index
    if index is None or index.projection == "ALL":
        return
    terms = where.parts(statement.where)
    if not keyed and not any(where.is_among(term, source.keys[0]) for term in terms):
        return
    held = {*source.start_keys, *index.non_key}
    missing = dict.fromkeys(
        str(path[0]) for path in expressions.filter_paths if path[0] not in held
    )
    if missing:
        raise errors.FilterNotProjected(name=index.name, attributes=", ".join(missing))


def _page_request(statement: Select, request: Request) -> Request:
    descends = any(down for name, down in statement.order)
    found: Request = {"TableName": statement.source.table, "ScanIndexForward": not descends}
    for member in ("ConsistentRead", "Limit", "ReturnConsumedCapacity"):
        if request.get(member) is not None:
            found[member] = request[member]
    if request.get("NextToken") is not None:
        found["ExclusiveStartKey"] = _opened(request)
    return found


def _answer(statement: Select, request: Request, page: Response) -> Response:
    last = page.get("LastEvaluatedKey")
    items = page["Items"]
    if statement.columns:
        items = [projected(statement, plain(item)) for item in items]
    return {
        "Items": items,
        "ConsumedCapacity": page["ConsumedCapacity"],
        "LastEvaluatedKey": last,
        "NextToken": _token(request, last) if last is not None else None,
    }


def projected(statement: Select, item: Item) -> Item:
    """The columns of an item, each by the last name of its path."""
    found: Item = {}
    for column in statement.columns:
        value = operands.getter(column.elements)(item)
        names = [element for element in column.elements if isinstance(element, str)]
        if value is not None:
            found[names[-1]] = value
    return found


def _token(request: Request, last: Item) -> str:
    def text(value: Any) -> Any:
        return {"bytes": b64encode(value).decode()}

    return b64encode(orjson.dumps([_digest(request), last], default=text)).decode()


def _opened(request: Request) -> Item:
    """The key to go on from. ValidationException if the token is of another statement."""
    try:
        digest, last = orjson.loads(b64decode(request["NextToken"], validate=True))
        if digest != _digest(request):
            raise errors.BadNextToken()
        for value in last.values():
            if isinstance(value.get("B"), dict):
                value["B"] = b64decode(value["B"]["bytes"])
    except (ValueError, TypeError, AttributeError, KeyError):
        raise errors.BadNextToken() from None
    found: Item = last
    return found


def _digest(request: Request) -> str:
    return hashlib.sha256(request["Statement"].encode()).hexdigest()[:16]


def key_names(ctx: Context, statement: Select) -> list[str]:
    """The key attributes of the table a statement reads."""
    return tables.usable(ctx, statement.source.table).keys
