"""BatchExecuteStatement."""

from typing import Any

from cloudarium.core.context import Context, Request, Response
from cloudarium.core.errors import AwsError

from .. import authorization, capacity
from .. import errors as dynamodb
from ..metrics import metered
from ..partiql import changes, errors, statements
from ..partiql.binding import Binding
from ..partiql.parser import source_of, tables_named
from ..partiql.syntax import Exists, Select, Statement
from ..writes import Write

_OPERATION = "BatchExecuteStatement"
_CODES = {
    "AccessDeniedException": "AccessDenied",
    "ConditionalCheckFailedException": "ConditionalCheckFailed",
    "DuplicateItemException": "DuplicateItem",
    "ItemCollectionSizeLimitExceededException": "ItemCollectionSizeLimitExceeded",
    "ProvisionedThroughputExceededException": "ProvisionedThroughputExceeded",
    "ResourceNotFoundException": "ResourceNotFound",
    "ThrottlingException": "ThrottlingError",
    "ValidationException": "ValidationError",
}
# An answer names the table that a statement reached: a write that began, or one of these.
_REACHED = ("AccessDenied", "ProvisionedThroughputExceeded")
_Reports = list[dict[str, Any]]
_Bound = tuple[Statement, Binding] | AwsError


@metered(_OPERATION)
def batch_execute_statement(ctx: Context, request: Request) -> Response:
    """Runs up to 25 statements, reads or writes, each by itself."""
    given = request["Statements"]
    bound = [_bound(each) for each in given]
    kinds = {isinstance(each[0], Select) for each in bound if not isinstance(each, AwsError)}
    if len(kinds) > 1:
        raise errors.ReadsAndWrites(operation=_OPERATION)
    _check_distinct(ctx, bound)
    responses: list[dict[str, Any]] = []
    consumed: _Reports = []
    for each, found in zip(given, bound, strict=True):
        asked = {**each, "ReturnConsumedCapacity": "INDEXES"}
        responses.append(_response(ctx, asked, found, consumed))
    report = capacity.together(request.get("ReturnConsumedCapacity"), consumed)
    return {"Responses": responses, "ConsumedCapacity": report}


def _bound(given: Request) -> _Bound:
    try:
        return statements.bound(given)
    except AwsError as error:
        return error  # its own response says so


def _check_distinct(ctx: Context, bound: list[_Bound]) -> None:
    """Refuses two statements about one item, also if one of them would fail."""
    seen: set[tuple[int, bytes, bytes]] = set()
    for each in bound:
        try:
            place = None if isinstance(each, AwsError) else statements.place(ctx, *each, _OPERATION)
        except AwsError:
            continue  # its own response says what is wrong
        if place in seen:
            raise dynamodb.DuplicateKeys()
        seen |= {place} if place else set()


def _response(ctx: Context, asked: Request, bound: _Bound, consumed: _Reports) -> dict[str, Any]:
    table = next(iter(tables_named([asked["Statement"]])), None)
    made: Write | None = None
    try:
        statement, binding = _admitted(ctx, bound)
        if isinstance(statement, Select | Exists):
            answer = statements.run(ctx, statement, binding, asked)
        else:
            made = changes.write(ctx, statement, binding)
            answer = statements.change(ctx, statement, made, asked)
    except AwsError as error:
        if error.code not in _CODES:
            raise
        if made is not None and made.refused:
            consumed.append(_in_vain(made, source_of(statement).table))
        failure = {"Code": _CODES[error.code], "Message": error.message, **error.members}
        is_reached = made is not None or failure["Code"] in _REACHED
        return {"Error": failure, "TableName": table if is_reached else None}
    consumed.append(answer["ConsumedCapacity"])
    return {"TableName": table, "Item": answer["Items"][0] if answer["Items"] else None}


def _admitted(ctx: Context, bound: _Bound) -> tuple[Statement, Binding]:
    if isinstance(bound, AwsError):
        raise bound
    statement, binding = bound
    if isinstance(statement, Select):
        statements.whole_key(ctx, statement, binding, _OPERATION)
    ctx.authorize(authorization.of_statement(ctx, statement, binding, _OPERATION))
    return statement, binding


def _in_vain(made: Write, given: str) -> dict[str, Any]:
    """What a refused write has used: measured, the whole counts it, the table does not."""
    report = capacity.report("INDEXES", made.table, {}, given) or {}
    return {**report, "CapacityUnits": made.refused, "Table": {}}
