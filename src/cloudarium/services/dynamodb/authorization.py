"""Which IAM action on which table or index each operation needs.

Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon
DynamoDB".
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from cloudarium.core.context import Context, Request
from cloudarium.core.errors import AwsError
from cloudarium.core.identity import Access

from . import backups, exports, policies, resource_arns, restores, streams, tables
from .partiql import statement_keys, statements
from .partiql.binding import Binding
from .partiql.syntax import Exists, Statement
from .policy_keys import Keys, condition_keys
from .tables import Table

_ON_EVERYTHING = frozenset(
    (
        "DescribeEndpoints",
        "DescribeLimits",
        "ListBackups",
        "ListContributorInsights",
        "ListExports",
        "ListGlobalTables",
        "ListImports",
        "ListStreams",
        "ListTables",
    )
)
_ON_ONE_TABLE = frozenset(
    ("DeleteItem", "GetItem", "PutItem", "Query", "Scan", "SearchVectors", "UpdateItem")
)
_ARNS = ("ExportArn", "ImportArn")
_TRANSFERS = ("ExportTableToPointInTime", "ImportTable", "RestoreTableToPointInTime")
_STATEMENTS = ("BatchExecuteStatement", "ExecuteTransaction")
_NO_KEYS: Mapping[str, str | list[str]] = MappingProxyType({})
_TRANSACTED = {
    "ConditionCheck": "ConditionCheckItem",
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "Get": "GetItem",
}


def required(ctx: Context, operation: str, request: Request) -> Iterable[Access]:
    """The access an operation needs: per table, for batches and transactions."""
    if operation in _ON_ONE_TABLE:
        return (_access(ctx, operation, request),)
    return _required(ctx, operation, request)


def _required(ctx: Context, operation: str, request: Request) -> Iterable[Access]:
    if operation in _ON_EVERYTHING:
        yield Access(f"dynamodb:{operation}", "*")
    elif operation in _TRANSFERS:
        yield from _transferred(ctx, operation, request)
    elif arn := next((request[name] for name in _ARNS if name in request), None):
        yield Access(f"dynamodb:{operation}", arn)
    elif "BackupArn" in request:
        backups.region_of(ctx, request["BackupArn"])
        yield Access(f"dynamodb:{operation}", request["BackupArn"])
        if "TargetTableName" in request:
            yield Access(f"dynamodb:{operation}", _table(ctx, request["TargetTableName"]))
    elif operation == "ExecuteStatement":
        yield from _stated(ctx, request)
    elif operation in _STATEMENTS:
        return  # statement by statement, once it is known that they can be run
    elif "ShardIterator" in request:
        yield _guarded(ctx, operation, streams.opened(request["ShardIterator"])[0])
    elif "StreamArn" in request:
        yield _guarded(ctx, operation, request["StreamArn"])
    elif "ResourceArn" in request:
        resource_arns.check(ctx, operation, request["ResourceArn"])
        yield _guarded(ctx, operation, request["ResourceArn"])
    elif "GlobalTableName" in request:
        yield Access(f"dynamodb:{operation}", f"arn:aws:dynamodb::{ctx.account}:global-table/*")
    else:
        tables.check_place(ctx, request.get("TableName", ""))
        enclosing = operation if "TransactItems" in request else None
        for action, given in _actions(operation, request):
            yield _access(ctx, action, given, enclosing)
        if operation == "CreateTable" and request.get("Tags"):
            yield Access("dynamodb:TagResource", _table(ctx, request["TableName"]))
        if operation == "CreateTable" and request.get("ResourcePolicy"):
            yield Access("dynamodb:PutResourcePolicy", _table(ctx, request["TableName"]))


def _transferred(ctx: Context, operation: str, request: Request) -> Iterable[Access]:
    action = f"dynamodb:{operation}"
    if operation == "ImportTable":
        yield Access(action, _table(ctx, request["TableCreationParameters"]["TableName"]))
    elif operation == "ExportTableToPointInTime":
        exports.place_of(ctx, request["TableArn"])
        yield Access(action, request["TableArn"])
    else:
        source = request.get("SourceTableArn") or request.get("SourceTableName", "")
        if "SourceTableArn" in request:
            restores.source_of(ctx, source)
        yield Access(action, _table(ctx, source))
        yield Access(action, _table(ctx, request["TargetTableName"]))


def _stated(ctx: Context, given: Request) -> Iterable[Access]:
    try:
        statement, binding = statements.bound(given)
    except AwsError:
        return  # the operation itself says what is wrong with the statement
    yield of_statement(ctx, statement, binding)


def of_statement(
    ctx: Context, statement: Statement, binding: Binding, enclosing: str | None = None
) -> Access:
    """The access a PartiQL statement needs; `enclosing` is the operation that runs several."""
    inner = statement.select if isinstance(statement, Exists) else statement
    source = inner.source
    resource = _table(ctx, source.table)
    table = tables.find(ctx, source.table)
    action = f"PartiQL{type(inner).__name__}"
    if table is not None and _is_free(ctx, table):
        return Access(f"dynamodb:{action}", table.arn)
    keys = {} if table is None else statement_keys.condition_keys(table, inner, binding)
    if source.index is not None:
        resource = f"{resource}/index/{source.index}"
    return _guarded(ctx, action, resource, _within(enclosing, keys))


def _is_free(ctx: Context, table: Table) -> bool:
    """The account's root needs no policy, so that nothing would look at its condition keys."""
    return ctx.principal.kind == "root" and not table.policies


def _within(enclosing: str | None, keys: Keys) -> Keys:
    return {**keys, "dynamodb:EnclosingOperation": enclosing} if enclosing else keys


def _guarded(
    ctx: Context,
    action: str,
    resource: str,
    keys: Keys | None = None,
) -> Access:
    """An action on a table, index or stream, which may have a policy of its own."""
    policy = policies.of(ctx, resource)
    return Access(f"dynamodb:{action}", resource, _NO_KEYS if keys is None else keys, policy)


def _actions(operation: str, request: Request) -> Iterable[tuple[str, Request]]:
    """Each action on one table, with the part of the request that is about it."""
    if "TransactItems" in request:
        for item in request["TransactItems"]:
            for kind, given in item.items():
                yield _TRANSACTED[kind], given
    elif operation == "BatchGetItem":
        for table, given in request["RequestItems"].items():
            yield operation, {**given, "TableName": table}
    elif operation == "BatchWriteItem":
        for table, writes in request["RequestItems"].items():
            keys: list[Any] = [
                part for write in writes for given in write.values() for part in given.values()
            ]
            yield operation, {"TableName": table, "Keys": keys}
    else:
        yield operation, request


def _access(ctx: Context, action: str, given: Request, enclosing: str | None = None) -> Access:
    name = given["TableName"]
    table = None if name.startswith("arn:") else tables.find(ctx, name)
    if table is not None and _is_free(ctx, table):
        return Access(f"dynamodb:{action}", table.arn)
    resource = _table(ctx, name)
    if "IndexName" in given:
        resource = f"{resource}/index/{given['IndexName']}"
    return _guarded(ctx, action, resource, _within(enclosing, condition_keys(ctx, given)))


def _table(ctx: Context, given: str) -> str:
    return given if given.startswith("arn:") else ctx.arn(f"table/{given}")
