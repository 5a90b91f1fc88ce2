"""ExecuteTransaction."""

from functools import partial
from typing import Any

from cloudarium.core.context import Context, Request, Response
from cloudarium.core.errors import AwsError

from .. import authorization, capacity, items, tables, tokens, transactions, values
from ..errors import KeyDoesNotFit, NoSuchTable, SameItemTwice, within
from ..metrics import metered
from ..partiql import changes, errors, reads, statements
from ..partiql.binding import Binding, admit, matched
from ..partiql.changes import Change
from ..partiql.parser import parse, source_of
from ..partiql.syntax import Delete, Exists, Select, Statement, Update
from ..tables import Table
from ..writes import Outcome, Write

_OPERATION = "ExecuteTransaction"
_Selects = list[tuple[Select, Binding]]
_Changes = list[tuple[Change, Binding]]
_Found = tuple[Table, items.Key, items.Stored]


@metered(_OPERATION)
def execute_transaction(ctx: Context, request: Request) -> Response:
    """Runs up to 100 statements, reads or writes, all of them or none."""
    given = request["TransactStatements"]
    bound = [_bound(ctx, at, each) for at, each in enumerate(given)]
    selects = [(each, binding) for each, binding in bound if isinstance(each, Select)]
    others = [(each, binding) for each, binding in bound if not isinstance(each, Select)]
    if selects and others:
        raise errors.ReadsAndWrites(operation=_OPERATION)
    transactions.attempt([partial(_authorize, ctx, *each) for each in bound])
    return _read(ctx, request, selects) if selects else _write(ctx, request, others)


def _authorize(ctx: Context, statement: Statement, binding: Binding) -> None:
    ctx.authorize(authorization.of_statement(ctx, statement, binding, _OPERATION))


def _bound(ctx: Context, at: int, given: dict[str, Any]) -> tuple[Statement, Binding]:
    admit(given)
    try:
        statement, parameters = parse(given["Statement"])
        binding = Binding(matched(given, parameters))
        changes.examine(statement, binding)
        if _is_there(ctx, source_of(statement).table):
            _check(ctx, statement, binding)
        return statement, binding
    except AwsError as error:
        if error.code != "ValidationException":
            raise
        raise within(errors.IN_TRANSACTION, error, at=at) from None


def _is_there(ctx: Context, table: str) -> bool:
    """Whether there is a table of this name; that there is none is told as a reason."""
    try:
        tables.usable(ctx, table)
    except AwsError as error:
        if not NoSuchTable.matches(error):
            raise
        return False
    return True


def _check(ctx: Context, statement: Statement, binding: Binding) -> None:
    """Raises what AWS finds wrong with one statement before it looks at the whole."""
    if isinstance(statement, Update | Delete) and statement.returning is not None:
        raise errors.ReturningInTransaction()
    if isinstance(statement, Select):
        if statement.source.index is not None:
            raise errors.IndexInTransaction()
        statements.whole_key(ctx, statement, binding, _OPERATION)
    if isinstance(statement, Exists):
        table = tables.usable(ctx, statement.select.source.table)
        changes.checked_key_of(table, statement, binding)


def _read(ctx: Context, request: Request, bound: _Selects) -> Response:
    found = transactions.attempt([partial(_find, ctx, *each) for each in bound])
    if len({(table.space, key.partition, key.sort) for table, key, _ in found}) < len(found):
        raise SameItemTwice()
    transactions.check_size(stored.size for _, _, stored in found)
    sums: transactions.Sums = {}
    responses = []
    for (statement, _), (table, _, stored) in zip(bound, found, strict=True):
        transactions.add_read(sums, table, stored.size)
        item = reads.projected(statement, stored.item) if statement.columns else stored.item
        responses.append({"Item": item} if stored else {})
    consumed = transactions.consumed_reads(ctx, request, sums, _named(ctx, bound))
    return {"Responses": responses, "ConsumedCapacity": consumed}


def _find(ctx: Context, statement: Select, binding: Binding) -> _Found:
    table = tables.usable(ctx, statement.source.table)
    given = statements.whole_key(ctx, statement, binding, _OPERATION)
    capacity.admit(ctx, table, "read")
    key = items.key_of(table, given)
    return table, key, items.find(ctx, table, key)


def _write(ctx: Context, request: Request, bound: _Changes) -> Response:
    given = request["TransactStatements"]
    transactions.check_size(map(_size, given))
    prepared: list[Write] = transactions.attempt([partial(_prepared, ctx, *each) for each in bound])
    sizes = tokens.sizes_of_done(ctx, request)
    if sizes is not None:
        report = transactions.reread(ctx, request, prepared, sizes, _named(ctx, bound))
        return {"Responses": [], "ConsumedCapacity": report}
    runs = [
        partial(_run, ctx, statement, write, each)
        for (statement, _), write, each in zip(bound, prepared, given, strict=True)
    ]
    done = transactions.commit(ctx, request, prepared, runs)
    consumed = transactions.consumed_writes(request, done, _named(ctx, bound))
    return {"Responses": [], "ConsumedCapacity": consumed}


def _prepared(ctx: Context, statement: Change, binding: Binding) -> Write:
    """The write of a statement; a transaction says of all wrong keys that they do not fit."""
    if isinstance(statement, Update | Delete):
        table = tables.usable(ctx, statement.source.table)
        try:
            changes.key_of(table, statement.where, binding)
        except AwsError:
            raise KeyDoesNotFit() from None
    return changes.write(ctx, statement, binding)


def _size(given: dict[str, Any]) -> int:
    """The bytes of a statement and its parameters."""
    return len(given["Statement"].encode()) + sum(map(values.size_of, given.get("Parameters", ())))


def _named(ctx: Context, bound: _Selects | _Changes) -> dict[str, str]:
    return tables.as_given(ctx, [source_of(statement).table for statement, _ in bound])


def _run(ctx: Context, statement: Change, write: Write, given: dict[str, Any]) -> Outcome:
    capacity.admit(ctx, write.table, "write")
    asked = given.get("ReturnValuesOnConditionCheckFailure")
    return statements.done(ctx, statement, write, return_old=asked == "ALL_OLD")
