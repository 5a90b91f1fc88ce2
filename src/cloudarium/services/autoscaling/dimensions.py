"""What can be scaled: capacities of DynamoDB's tables and indexes, and of Lambda's aliases.

https://docs.aws.amazon.com/autoscaling/application/userguide/integrated-services-list.html
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.core.identity import Principal
from cloudarium.services.autoscaling import errors

Read = Callable[[Context, Principal, "Dimension", str], Awaitable[int | None]]
Write = Callable[[Context, Principal, "Dimension", str, int], Awaitable[None]]


@dataclass(frozen=True)
class Dimension:
    """A scalable dimension; `units` is how activities name it, `metric` its predefined metric.

    `read` returns the capacity (None where there is none to scale), `write` asks for another one.
    """

    name: str
    resource: re.Pattern[str]
    units: str
    metric: str
    read: Read
    write: Write

    @property
    def namespace(self) -> str:
        """The service namespace."""
        return self.name.partition(":")[0]


def find(namespace: str, resource: str, name: str) -> Dimension:
    """Return the dimension of a resource. Raises ValidationException."""
    dimension = DIMENSIONS.get(name)
    if dimension is None or dimension.namespace != namespace:
        raise errors.Unsupported()
    if not dimension.resource.fullmatch(resource):
        raise errors.Unsupported()
    return dimension


async def _read_table(
    ctx: Context, caller: Principal, dimension: Dimension, resource: str
) -> int | None:
    throughput = await _throughput(ctx, caller, resource)
    return throughput[dimension.name.rpartition(":")[2]] or None


async def _throughput(ctx: Context, caller: Principal, resource: str) -> dict[str, int]:
    """Return the provisioned throughput of `table/name` or `table/name/index/name`."""
    _, table, *index = resource.split("/")
    try:
        answer = await ctx.call("dynamodb", "DescribeTable", {"TableName": table}, principal=caller)
    except AwsError as error:
        if error.code == "ResourceNotFoundException":
            raise errors.NoTable(resource=resource) from None
        raise
    found = [answer["Table"]]
    if index:
        indexes = answer["Table"].get("GlobalSecondaryIndexes", [])
        found = [each for each in indexes if each["IndexName"] == index[1]]
    if not found:
        raise errors.NoTable(resource=resource)
    throughput: dict[str, int] = found[0]["ProvisionedThroughput"]
    return throughput


async def _write_table(
    ctx: Context, caller: Principal, dimension: Dimension, resource: str, capacity: int
) -> None:
    _, table, *index = resource.split("/")
    known = await _throughput(ctx, caller, resource)
    both = {name: known[name] for name in ("ReadCapacityUnits", "WriteCapacityUnits")}
    wanted = {"ProvisionedThroughput": {**both, dimension.name.rpartition(":")[2]: capacity}}
    params: dict[str, Any] = {"TableName": table, **wanted}
    if index:
        update = {"Update": {"IndexName": index[1], **wanted}}
        params = {"TableName": table, "GlobalSecondaryIndexUpdates": [update]}
    await ctx.call("dynamodb", "UpdateTable", params, principal=caller)


def _alias(resource: str) -> dict[str, str]:
    _, name, qualifier = resource.split(":")
    return {"FunctionName": name, "Qualifier": qualifier}


async def _read_function(
    ctx: Context, caller: Principal, dimension: Dimension, resource: str
) -> int | None:
    try:
        answer = await ctx.call(
            "lambda", "GetProvisionedConcurrencyConfig", _alias(resource), principal=caller
        )
    except AwsError as error:
        if error.code == "ProvisionedConcurrencyConfigNotFoundException":
            return 0
        if error.code == "ResourceNotFoundException":
            raise errors.NoFunction(resource=resource) from None
        raise
    return int(answer["RequestedProvisionedConcurrentExecutions"])


async def _write_function(
    ctx: Context, caller: Principal, dimension: Dimension, resource: str, capacity: int
) -> None:
    operation = "PutProvisionedConcurrencyConfig"
    params: dict[str, Any] = {**_alias(resource), "ProvisionedConcurrentExecutions": capacity}
    if capacity == 0:
        operation, params = "DeleteProvisionedConcurrencyConfig", _alias(resource)
    await ctx.call("lambda", operation, params, principal=caller)


_TABLE = re.compile(r"table/[A-Za-z0-9_.-]+")
_INDEX = re.compile(r"table/[A-Za-z0-9_.-]+/index/[A-Za-z0-9_.-]+")
_FUNCTION = re.compile(r"function:[A-Za-z0-9_-]+:[A-Za-z0-9_-]+")


def _of_dynamodb(kind: str, resource: re.Pattern[str], way: str) -> Dimension:
    return Dimension(
        f"dynamodb:{kind}:{way}CapacityUnits",
        resource,
        f"{way.lower()} capacity units",
        f"DynamoDB{way}CapacityUtilization",
        _read_table,
        _write_table,
    )


DIMENSIONS = MappingProxyType(
    {
        dimension.name: dimension
        for dimension in (
            *(_of_dynamodb("table", _TABLE, way) for way in ("Read", "Write")),
            *(_of_dynamodb("index", _INDEX, way) for way in ("Read", "Write")),
            Dimension(
                "lambda:function:ProvisionedConcurrency",
                _FUNCTION,
                "provisioned concurrency",
                "LambdaProvisionedConcurrencyUtilization",
                _read_function,
                _write_function,
            ),
        )
    }
)
