"""SELECT: run as a query of one partition, or as a scan with a filter."""

import hashlib
from base64 import b64decode, b64encode

import orjson

from cloudarium.core.context import Context, Request, Response
from cloudarium.core.documents import plain

from .. import pages, reading, tables
from ..expressions import operands, paths
from ..expressions.expressions import Expressions
from ..pages import Source
from ..values import Item
from . import errors, plans, where
from .binding import Binding
from .plans import Branch
from .syntax import Select

_EVERYTHING: reading.Bounds = (b"", None)


def select(ctx: Context, statement: Select, binding: Binding, request: Request) -> Response:
    """A page of what a SELECT asks for, as ExecuteStatement answers.

    `request` has `Statement`, `ConsistentRead`, `Limit`, `NextToken` and
    `ReturnConsumedCapacity`.
    """
    binding_test = where.test_of(binding, where.parts(statement.where))
    source = _source(ctx, statement, request)
    branches = plans.branches(binding, statement.where, source.keys)
    _check_order(source, statement, branches)
    is_one = branches is not None and len(branches) == 1
    filtered = where.test_of(binding, branches[0].rest) if branches and is_one else binding_test
    expressions = Expressions(filter=filtered[0], filter_paths=filtered[1])
    page_request = _page_request(source, statement, request)
    choice = pages.chooser(ctx, source, page_request, _tree(statement))
    stretches = _stretches(source, statement, branches)
    _check_filter(source, branches)
    choice.projection = None
    answer, is_over = _read(ctx, page_request, choice, expressions, stretches)
    pages.count_returned(ctx, "ExecuteStatement", source, answer)
    return _answer(statement, request, answer, is_over=is_over)


def _read(
    ctx: Context,
    request: Request,
    choice: pages.Choice,
    expressions: Expressions,
    stretches: list[reading.Stretch] | None,
) -> tuple[Response, bool]:
    """A page of the stretches, or of everything; and whether nothing can be after it."""
    if stretches is not None:
        return reading.gathered(ctx, request, choice, expressions, stretches)
    start = pages.start_key(choice.source, request)
    return reading.scanned(ctx, request, choice, expressions, _EVERYTHING, start), False


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


def _stretches(
    source: Source, statement: Select, branches: list[Branch] | None
) -> list[reading.Stretch] | None:
    if branches is None:
        return None
    descends = dict(statement.order).get(source.keys[0], False)
    forward = _is_forward(source, statement)
    return plans.stretches(source, branches, descends=descends, forward=forward)


def _is_forward(source: Source, statement: Select) -> bool:
    """Sort keys of which ORDER BY says nothing, only of hash keys, descend on the service."""
    order = dict(statement.order)
    return not order.get(source.keys[-1], bool(order))


def _check_order(source: Source, statement: Select, branches: list[Branch] | None) -> None:
    if not statement.order:
        return
    if statement.where is None:
        raise errors.OrderWithoutWhere()
    for name, _ in statement.order:
        if name not in source.keys:
            raise errors.OrderNotKey(name=name)
    if branches is None:
        raise errors.OrderWithoutHash()
    hash_key = source.keys[0]
    if hash_key not in dict(statement.order) and len(plans.hash_values(branches, hash_key)) > 1:
        raise errors.OrderOfSeveral()


def _tree(statement: Select) -> paths.Tree | None:
    """The attributes a statement names, as a projection; None for `*`."""
    names = dict.fromkeys(column.elements[0] for column in statement.columns)
    return paths.tree((name,) for name in names) if names else None


def _check_filter(source: Source, branches: list[Branch] | None) -> None:
    """A filter beside key conditions may only name what the index holds."""
    index = source.index
    if index is None or index.projection == "ALL" or branches is None:
        return
    missing = plans.unprojected(source, branches, {*source.start_keys, *index.non_key})
    if missing:
        raise errors.FilterNotProjected(name=index.name, attributes=", ".join(missing))


def _page_request(source: Source, statement: Select, request: Request) -> Request:
    found: Request = {
        "TableName": statement.source.table,
        "ScanIndexForward": _is_forward(source, statement),
    }
    for member in ("ConsistentRead", "Limit", "ReturnConsumedCapacity"):
        if request.get(member) is not None:
            found[member] = request[member]
    if request.get("NextToken") is not None:
        found["ExclusiveStartKey"] = _opened(request)
    return found


def _answer(statement: Select, request: Request, page: Response, *, is_over: bool) -> Response:
    last = page.get("LastEvaluatedKey")
    items = page["Items"]
    if statement.columns:
        items = [projected(statement, plain(item)) for item in items]
    return {
        "Items": items,
        "ConsumedCapacity": page["ConsumedCapacity"],
        "LastEvaluatedKey": last,
        "NextToken": None if last is None or is_over else _token(request, last),
    }


def projected(statement: Select, item: Item) -> Item:
    """The columns of an item, each by the last name of its path and the indexes after it."""
    found: Item = {}
    for column in statement.columns:
        value = operands.getter(column.elements)(item)
        name = ""
        for element in column.elements:
            name = element if isinstance(element, str) else f"{name}[{element}]"
        if value is not None:
            found[name] = value
    return found


def _token(request: Request, last: Item) -> str:
    return b64encode(orjson.dumps([_digest(request), last], default=_text)).decode()


def _opened(request: Request) -> Item:
    """The key to go on from. ValidationException if the token is none, or of another statement."""
    try:
        digest, last = orjson.loads(b64decode(request["NextToken"], validate=True))
        if digest != _digest(request):
            raise errors.OtherNextToken()
        for value in last.values():
            if isinstance(value.get("B"), dict):
                value["B"] = b64decode(value["B"]["bytes"])
    except (ValueError, TypeError, AttributeError, KeyError):
        raise errors.BadNextToken() from None
    found: Item = last
    return found


def _digest(request: Request) -> str:
    """What a token is good for: this statement with these parameters."""
    asked = orjson.dumps([request["Statement"], request.get("Parameters")], default=_text)
    return hashlib.sha256(asked).hexdigest()[:16]


def _text(value: bytes) -> dict[str, str]:
    return {"bytes": b64encode(value).decode()}


def check_branches(ctx: Context, statement: Select, binding: Binding) -> None:
    """Raises ValidationException if a table cannot be read by all that a SELECT says of its key."""
    table = tables.usable(ctx, statement.source.table)
    branches = plans.branches(binding, statement.where, table.keys)
    if branches is not None and len(branches) > 1:
        source = pages.source_of(ctx, {"TableName": table.name})
        plans.stretches(source, branches, descends=False, forward=True)
