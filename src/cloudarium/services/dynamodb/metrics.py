"""What DynamoDB tells CloudWatch, in namespace `AWS/DynamoDB`.

Source of names, units and dimensions: Developer Guide, "DynamoDB metrics and dimensions".
"""

from collections.abc import Callable, Iterable
from functools import wraps

from cloudarium.core.context import Context, Request, Response
from cloudarium.core.errors import AwsError
from cloudarium.core.runtime import ServiceRuntime
from cloudarium.core.telemetry import Series

from . import errors
from .partiql import parser, syntax

NAMESPACE = "AWS/DynamoDB"
Operation = Callable[[Context, Request], Response]


class Meters:
    """The metrics of one table that are counted with every request."""

    def __init__(self, ctx: Context, table: str) -> None:
        self._telemetry = ctx.telemetry
        self._table = table
        self._latencies: dict[str, Series] = {}
        self._known: dict[tuple[str, str], Series] = {}

    def latency(self, operation: str) -> Series:
        """How long an operation that succeeded took, in milliseconds."""
        found = self._latencies.get(operation)
        if found is None:
            name, dimensions = "SuccessfulRequestLatency", {"Operation": operation}
            found = self._latencies[operation] = self._made(name, "Milliseconds", dimensions)
        return found

    def returned(self, operation: str) -> Series:
        """How many items an operation returned."""
        return self._counted("ReturnedItemCount", "Operation", operation)

    def consumed(self, name: str, index: str) -> Series:
        """The units a global index of the table, or ("") the table itself has used."""
        return self._counted(name, "GlobalSecondaryIndexName", index)

    def _counted(self, name: str, dimension: str, value: str) -> Series:
        found = self._known.get((name, value))
        if found is None:
            dimensions = {dimension: value} if value else {}
            found = self._known[name, value] = self._made(name, "Count", dimensions)
        return found

    def _made(self, name: str, unit: str, dimensions: dict[str, str]) -> Series:
        return self._telemetry.series(
            NAMESPACE, name, unit, {"TableName": self._table, **dimensions}
        )


class _Known:
    """The meters of every table, by account, region and name."""

    def __init__(self, runtime: ServiceRuntime) -> None:
        self.meters: dict[tuple[str, str, str], Meters] = {}


def of_table(ctx: Context, table: str) -> Meters:
    """The metrics of the table of this name, which there is."""
    meters = ctx.state(_Known).meters
    key = (ctx.account, ctx.region, table)
    found = meters.get(key)
    if found is None:
        found = meters[key] = Meters(ctx, table)
    return found


def count(ctx: Context, name: str, value: float, **dimensions: str) -> None:
    """Counts one value of a metric."""
    ctx.telemetry.metric(NAMESPACE, name, value, "Count", dimensions)


def metered(name: str) -> Callable[[Operation], Operation]:
    """Counts an operation's latency and failures, per table it names."""

    def wrap(operation: Operation) -> Operation:
        @wraps(operation)
        def run(ctx: Context, request: Request) -> Response:
            clock = ctx.clock
            began = clock.now()
            failed = True
            try:
                answer = operation(ctx, request)
                failed = False
            except AwsError as error:
                failed = False
                _count_failure(ctx, name, request, error)
                raise
            finally:
                if failed:
                    _count_of_each(ctx, "SystemErrors", name, request)
            now = clock.now()
            latency = round((now - began) * 1000, 2)
            for table in tables_named(request):
                of_table(ctx, table).latency(name).add(latency, now)
            return answer

        return run

    return wrap


def tables_named(request: Request) -> Iterable[str]:
    """The names of the tables a data request is about, without repetition."""
    if "TableName" in request:
        name = request["TableName"]
        return (_name(name) if "/" in name else name,)
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


def _count_of_each(
    ctx: Context, metric: str, name: str, request: Request, **dimensions: str
) -> None:
    for table in tables_named(request):
        count(ctx, metric, 1, TableName=table, Operation=name, **dimensions)


def _statement_of(name: str, request: Request) -> dict[str, str]:
    """What more is told of a throttled operation's statements: those tried have been parsed."""
    if name == "ExecuteStatement":
        statement, _ = parser.parse(request["Statement"])
        return {"Verb": f"PartiQL{type(statement).__name__}"}
    if name == "ExecuteTransaction":
        statement, _ = parser.parse(request["TransactStatements"][0]["Statement"])
        return {"OperationType": "Read" if isinstance(statement, syntax.Select) else "Write"}
    return {}


def _count_failure(ctx: Context, name: str, request: Request, error: AwsError) -> None:
    if errors.ConditionFailed.matches(error):
        for table in tables_named(request):
            count(ctx, "ConditionalCheckFailedRequests", 1, TableName=table)
    elif errors.is_throttled(error):
        _count_of_each(ctx, "ThrottledRequests", name, request, **_statement_of(name, request))
    elif error.status >= 500:
        _count_of_each(ctx, "SystemErrors", name, request)
    else:
        count(ctx, "UserErrors", 1)
