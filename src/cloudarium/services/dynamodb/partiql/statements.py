"""One statement run by itself, as ExecuteStatement and BatchExecuteStatement do."""

from cloudarium.core.context import Context, Request, Response
from cloudarium.core.errors import AwsError

from .. import capacity, items, tables
from .. import errors as dynamodb
from ..values import Item
from ..writes import Outcome, Write
from . import changes, errors, reads, where
from .binding import Binding, admit, matched
from .changes import Change
from .parser import parse, source_of
from .syntax import Exists, Insert, Select, Statement


def bound(request: Request) -> tuple[Statement, Binding]:
    """A request's `Statement` with its `Parameters`. ValidationException if they are wrong."""
    admit(request)
    statement, parameters = parse(request["Statement"])
    return statement, Binding(matched(request, parameters))


def run(ctx: Context, statement: Statement, binding: Binding, request: Request) -> Response:
    """Runs one statement and answers as ExecuteStatement does."""
    if isinstance(statement, Select):
        return reads.select(ctx, statement, binding, request)
    if isinstance(statement, Exists):
        raise errors.ExistsAlone()
    return change(ctx, statement, changes.write(ctx, statement, binding), request)


def change(ctx: Context, statement: Change, made: Write, request: Request) -> Response:
    """Does the write that a statement has been made, and answers as ExecuteStatement does."""
    capacity.admit(ctx, made.table, "write")
    asked = request.get("ReturnValuesOnConditionCheckFailure")
    outcome = done(ctx, statement, made, return_old=asked == "ALL_OLD")
    capacity.consume(ctx, made.table, "write", outcome.units)
    item = changes.returned(statement, made, outcome)
    asked = request.get("ReturnConsumedCapacity")
    report = capacity.report(asked, made.table, outcome.units, source_of(statement).table)
    return {"Items": [] if item is None else [item], "ConsumedCapacity": report}


def place(
    ctx: Context, statement: Statement, binding: Binding, operation: str
) -> tuple[int, bytes, bytes]:
    """Where the one item of a statement is kept. ValidationException if it does not say which."""
    table = tables.usable(ctx, source_of(statement).table)
    if isinstance(statement, Insert):
        key = items.key_in(table, changes.inserted(statement, binding))
    elif isinstance(statement, Select):
        key = items.key_of(table, whole_key(ctx, statement, binding, operation))
    elif isinstance(statement, Exists):
        key = items.key_of(table, changes.checked_key_of(table, statement, binding)[0])
    else:
        key = items.key_of(table, changes.key_of(table, statement.where, binding)[0])
    return table.space, key.partition, key.sort


def done(ctx: Context, statement: Change, made: Write, *, return_old: bool) -> Outcome:
    """Does a statement's write. DuplicateItemException if an INSERT finds an item."""
    try:
        return made.run(ctx, return_old=return_old)
    except AwsError as error:
        if isinstance(statement, Insert) and dynamodb.ConditionFailed.matches(error):
            raise errors.Duplicate(members=error.members) from None
        raise


def whole_key(ctx: Context, statement: Select, binding: Binding, operation: str) -> Item:
    """The primary key that a SELECT says: all of it and nothing else, or it is refused."""
    refusal = errors.SelectWithoutKey(operation=operation)
    if statement.source.index is not None:
        reads.check_index(ctx, statement)
        raise refusal
    table = tables.usable(ctx, statement.source.table)
    reads.check_branches(ctx, statement, binding)
    terms = where.singled(where.parts(statement.where))
    key, rest = where.key_in(binding, terms, table.keys)
    if rest or len(key) != len(table.keys):
        raise refusal
    return key
