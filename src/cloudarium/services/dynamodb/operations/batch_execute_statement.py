"""BatchExecuteStatement."""

from typing import Any

from cloudarium.core.context import Context, Request, Response
from cloudarium.core.errors import AwsError

from .. import authorization
from ..metrics import metered
from ..partiql import errors, statements
from ..partiql.parser import parse, tables_named
from ..partiql.syntax import Select

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
    "ConditionalCheckFailed",
    "DuplicateItem",
    "ItemCollectionSizeLimitExceeded",
    "ProvisionedThroughputExceeded",
)


@metered(_OPERATION)
def batch_execute_statement(ctx: Context, request: Request) -> Response:
    """Runs up to 25 statements, reads or writes, each by itself."""
    given = request["Statements"]
    kinds = {isinstance(found, Select) for each in given if (found := _parsed(each)) is not None}
    if len(kinds) > 1:
        raise errors.ReadsAndWrites(operation=_OPERATION)
    responses: list[dict[str, Any]] = []
    consumed: list[dict[str, Any]] = []
    for each in given:
        asked = {**each, "ReturnConsumedCapacity": request.get("ReturnConsumedCapacity")}
        response, report = _response(ctx, asked)
        responses.append(response)
        consumed += [report] if report is not None else []
    return {"Responses": responses, "ConsumedCapacity": consumed or None}


def _parsed(each: dict[str, Any]) -> object | None:
    try:
        return parse(each["Statement"])[0]
    except AwsError:
        return None  # its own response says so


def _response(ctx: Context, asked: Request) -> tuple[dict[str, Any], dict[str, Any] | None]:
    table = next(iter(tables_named([asked["Statement"]])), None)
    try:
        answer = _run(ctx, asked)
    except AwsError as error:
        if error.code not in _CODES:
            raise
        code = _CODES[error.code]
        failure = {"Code": code, "Message": error.message, **error.members}
        return {"Error": failure, "TableName": table if code in _RAN else None}, None
    item = answer["Items"][0] if answer["Items"] else None
    return {"TableName": table, "Item": item}, answer["ConsumedCapacity"]


def _run(ctx: Context, asked: Request) -> Response:
    statement, binding = statements.bound(asked)
    for access in authorization.of_statement(ctx, statement, binding):
        ctx.authorize(access)
    if isinstance(statement, Select):
        statements.check_whole_key(ctx, statement, binding, _OPERATION)
    return statements.run(ctx, statement, binding, asked)
