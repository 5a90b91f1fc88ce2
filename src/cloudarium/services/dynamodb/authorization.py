"""Which IAM action on which table or index each operation needs.

Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon
DynamoDB"; Developer Guide, "Using IAM policy conditions for fine-grained access control".
"""

from collections.abc import Iterable
from typing import Any

from cloudarium.core.context import Context, Request
from cloudarium.core.identity import Access

_ON_EVERYTHING = frozenset(("ListTables", "DescribeLimits", "DescribeEndpoints"))
_TRANSACTED = {
    "ConditionCheck": "ConditionCheckItem",
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "Get": "GetItem",
}


def required(ctx: Context, operation: str, request: Request) -> Iterable[Access]:
    """The access an operation needs: per table, for batches and transactions."""
    if operation in _ON_EVERYTHING:
        yield Access(f"dynamodb:{operation}", "*")
    elif "TransactItems" in request:
        for item in request["TransactItems"]:
            for kind, given in item.items():
                yield Access(f"dynamodb:{_TRANSACTED[kind]}", _table(ctx, given["TableName"]))
    elif "RequestItems" in request:
        for table in request["RequestItems"]:
            yield Access(f"dynamodb:{operation}", _table(ctx, table))
    elif operation == "RestoreTableToPointInTime":
        source = request.get("SourceTableArn") or request.get("SourceTableName", "")
        yield Access(f"dynamodb:{operation}", _table(ctx, source))
        yield Access(f"dynamodb:{operation}", _table(ctx, request["TargetTableName"]))
    elif "ResourceArn" in request:
        yield Access(f"dynamodb:{operation}", request["ResourceArn"])
    else:
        yield Access(f"dynamodb:{operation}", _resource(ctx, request), _conditions(request))
        if operation == "CreateTable" and request.get("Tags"):
            yield Access("dynamodb:TagResource", _table(ctx, request["TableName"]))


def _table(ctx: Context, given: str) -> str:
    return given if given.startswith("arn:") else ctx.arn(f"table/{given}")


def _resource(ctx: Context, request: Request) -> str:
    table = _table(ctx, request["TableName"])
    index = request.get("IndexName")
    return table if index is None else f"{table}/index/{index}"


def _conditions(request: Request) -> dict[str, Any]:
    found = {}
    if "ReturnValues" in request:
        found["dynamodb:ReturnValues"] = request["ReturnValues"]
    if "Select" in request:
        found["dynamodb:Select"] = request["Select"]
    return found
