"""BatchExecuteStatement."""

from typing import Any

from cloudarium.core.context import Context, Request, Response
from cloudarium.core.errors import AwsError

from .. import authorization
from .. import errors as dynamodb
from ..metrics import metered
from ..partiql import errors, statements
from ..partiql.binding import Binding
from ..partiql.parser import tables_named
from ..partiql.syntax import Select, Statement

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
# Errors of statements that reached their table, which the answer then names.
_RAN = (
    "AccessDenied",
    "ConditionalCheckFailed",
    "DuplicateItem",
    "ItemCollectionSizeLimitExceeded",
    "ProvisionedThroughputExceeded",
)
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
    consumed: list[dict[str, Any]] = []
    for each, found in zip(given, bound, strict=True):
        asked = {**each, "ReturnConsumedCapacity": request.get("ReturnConsumedCapacity")}
        response, report = _response(ctx, asked, found)
        responses.append(response)
        consumed += [report] if report is not None else []
    return {"Responses": responses, "ConsumedCapacity": consumed or None}


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
            place = None if isinstance(each, AwsError) else statements.place(ctx, *each)
        except AwsError:
            continue  # its own response says what is wrong
        if place in seen:
            raise dynamodb.DuplicateKeys()
        seen |= {place} if place else set()


def _response(
    ctx: Context, asked: Request, bound: _Bound
) -> tuple[dict[str, Any], dict[str, Any] | None]:
    table = next(iter(tables_named([asked["Statement"]])), None)
    try:
        answer = _run(ctx, asked, bound)
    except AwsError as error:
        if error.code not in _CODES:
            raise
        code = _CODES[error.code]
        failure = {"Code": code, "Message": error.message, **error.members}
        return {"Error": failure, "TableName": table if code in _RAN else None}, None
    item = answer["Items"][0] if answer["Items"] else None
    return {"TableName": table, "Item": item}, answer["ConsumedCapacity"]


def _run(ctx: Context, asked: Request, bound: _Bound) -> Response:
    if isinstance(bound, AwsError):
        raise bound
    statement, binding = bound
    if isinstance(statement, Select):
        statements.check_whole_key(ctx, statement, binding, _OPERATION)
    ctx.authorize(authorization.of_statement(ctx, statement, binding, _OPERATION))
    return statements.run(ctx, statement, binding, asked)
