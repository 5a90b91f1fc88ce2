"""What DynamoDB tells CloudWatch, in namespace `AWS/DynamoDB`.

Source of names, units and dimensions: Developer Guide, "DynamoDB metrics and dimensions".
"""

from collections.abc import Callable, Iterable
from functools import wraps

from cloudarium.core.context import Context, Request, Response
from cloudarium.core.errors import AwsError

from . import errors
from .partiql import parser

NAMESPACE = "AWS/DynamoDB"
Operation = Callable[[Context, Request], Response]


def count(ctx: Context, name: str, value: float, **dimensions: str) -> None:
    """Counts one value of a metric."""
    ctx.telemetry.metric(NAMESPACE, name, value, "Count", dimensions)


def metered(name: str) -> Callable[[Operation], Operation]:
    """Counts an operation's latency and failures, per table it names."""

    def wrap(operation: Operation) -> Operation:
        @wraps(operation)
        def run(ctx: Context, request: Request) -> Response:
            began = ctx.now
            try:
                answer = operation(ctx, request)
            except AwsError as error:
                _count_failure(ctx, name, request, error)
                raise
            latency = round((ctx.now - began) * 1000, 2)
            for table in tables_named(request):
                dimensions = {"TableName": table, "Operation": name}
                ctx.telemetry.metric(
                    NAMESPACE, "SuccessfulRequestLatency", latency, "Milliseconds", dimensions
                )
            return answer

        return run

    return wrap


def tables_named(request: Request) -> Iterable[str]:
    """The names of the tables a data request is about, without repetition."""
    if "TableName" in request:
        return (_name(request["TableName"]),)
    if "RequestItems" in request:
        return dict.fromkeys(map(_name, request["RequestItems"]))
    for member in ("Statements", "TransactStatements"):
        if member in request:
            return parser.tables_named(each["Statement"] for each in request[member])
    if "Statement" in request:
        return parser.tables_named([request["Statement"]])
    actions = (action for item in request["TransactItems"] for action in item.values())
    return dict.fromkeys(_name(action["TableName"]) for action in actions)


def _name(given: str) -> str:
    return given.rpartition("/")[2]


def _count_failure(ctx: Context, name: str, request: Request, error: AwsError) -> None:
    if errors.ConditionFailed.matches(error):
        for table in tables_named(request):
            count(ctx, "ConditionalCheckFailedRequests", 1, TableName=table)
    elif errors.is_throttled(error):
        for table in tables_named(request):
            count(ctx, "ThrottledRequests", 1, TableName=table, Operation=name)
    else:
        count(ctx, "UserErrors", 1)
