"""Capacity units: what requests consume, and the limits of provisioned tables and indexes.

A provisioned table or index fills a bucket with its units every second, up to 300 seconds' worth
(Developer Guide, "Burst and adaptive capacity"). A request is admitted while there is something
in the bucket and takes what it turns out to need, so that the bucket can go below zero.
"""

from collections.abc import Iterable
from typing import Any

from cloudarium.core.context import Context
from cloudarium.core.runtime import ServiceRuntime

from . import errors, limits, metrics
from .tables import Index, Table

_CONSUMED = {"read": "ConsumedReadCapacityUnits", "write": "ConsumedWriteCapacityUnits"}

Units = dict[str, float]
"""Units by index name; "" is the table itself, and a vector index has bytes."""


class Buckets:
    """What is left of every provisioned table's and index's capacity: (tokens, as of when)."""

    def __init__(self, runtime: ServiceRuntime) -> None:
        self.levels: dict[tuple[int, str], tuple[float, float]] = {}
        self.reported: dict[tuple[int, str], float] = {}


def read_units(size: int, *, consistent: bool, transactional: bool = False) -> float:
    """Units for reading so many bytes: one per 4 KB, half if eventually, double if transacted."""
    blocks = -(-size // limits.READ_UNIT_BYTES) or 1
    return blocks * (2.0 if transactional else 1.0 if consistent else 0.5)


def write_units(size: int) -> float:
    """Units for writing an item of so many bytes: one per KB."""
    return float(-(-size // limits.WRITE_UNIT_BYTES) or 1)


def admit(ctx: Context, table: Table, kind: str, touched: Iterable[Index | None] = (None,)) -> None:
    """Raises ProvisionedThroughputExceededException if the table (None) or an index is used up.

    `kind` is `read` or `write`. A local index draws on its table. ThrottlingException if an
    on-demand table or index is past its maximum.
    """
    if not table.is_limited:
        return
    for each in touched:
        index = each if each is not None and each.is_global else None
        if _rate(table, index, kind) and _level(ctx, table, index, kind) <= 0:
            _count(ctx, table, index, f"{kind.title()}ThrottleEvents", 1)
            if not table.is_provisioned:
                raise errors.MaximumExceeded()
            raise errors.IndexThrottled() if index and kind == "write" else errors.Throttled()


def consume(ctx: Context, table: Table, kind: str, units: Units) -> None:
    """Takes the units a request has used, and counts them. A local index draws on its table."""
    own = 0.0
    for each, used in units.items():
        if each in table.vectors:
            continue
        index = table.indexes[each] if each else None
        if index is None or not index.is_global:
            own += used
        elif used:
            _take(ctx, table, index, kind, used)
    if own:
        _take(ctx, table, None, kind, own)


def _take(ctx: Context, table: Table, index: Index | None, kind: str, used: float) -> None:
    now = ctx.now
    meters = metrics.of_table(ctx, table.name)
    meters.consumed(_CONSUMED[kind], index.name if index else "").add(used, now)
    if table.is_limited and _rate(table, index, kind):
        space = index.space if index else table.space
        level = _level(ctx, table, index, kind) - used
        ctx.state(Buckets).levels[space, kind] = (level, now)
        if table.is_provisioned:
            _report_provisioned(ctx, table, index, kind)


def _level(ctx: Context, table: Table, index: Index | None, kind: str) -> float:
    rate = _rate(table, index, kind)
    seconds = limits.BURST_SECONDS if table.is_provisioned else limits.MAXIMUM_SECONDS
    full = float(rate * seconds)
    key = ((index or table).space, kind)
    tokens, at = ctx.state(Buckets).levels.get(key, (full, ctx.now))
    return min(full, tokens + (ctx.now - at) * rate)


def _rate(table: Table, index: Index | None, kind: str) -> int:
    """Units a second that a table or index may use: provisioned, or its maximum; 0 for any."""
    keyed: Table | Index = index or table
    limit = keyed.throughput if table.is_provisioned else keyed.maximum
    if limit is None:
        return 0
    return (limit.read if kind == "read" else limit.write) or 0


def _report_provisioned(ctx: Context, table: Table, index: Index | None, kind: str) -> None:
    """Counts what is provisioned, at most once a minute."""
    provisioned, space = _rate(table, index, kind), (index or table).space
    reported = ctx.state(Buckets).reported
    if ctx.now - reported.get((space, kind), 0) >= 60:
        reported[space, kind] = ctx.now
        _count(ctx, table, index, f"Provisioned{kind.title()}CapacityUnits", provisioned)


def _count(ctx: Context, table: Table, index: Index | None, name: str, value: float) -> None:
    if index is None:
        metrics.count(ctx, name, value, TableName=table.name)
    else:
        metrics.count(ctx, name, value, TableName=table.name, GlobalSecondaryIndexName=index.name)


def together(asked: str | None, reports: Iterable[dict[str, Any]]) -> list[dict[str, Any]] | None:
    """Reports of several parts of a request as `INDEXES` asks for them, as one for each table.

    What was used in vain, and so not by the `Table`, is not reported alone.
    """
    if asked not in ("TOTAL", "INDEXES"):
        return None
    found: dict[str, dict[str, Any]] = {}
    for each in reports:
        _add(found.setdefault(each["TableName"], {}), each)
    sums = [each for each in found.values() if each["Table"]]
    if asked == "TOTAL":
        sums = [{name: each[name] for name in ("TableName", "CapacityUnits")} for each in sums]
    return sums or None


def _add(total: dict[str, Any], part: dict[str, Any]) -> None:
    for name, value in part.items():
        if isinstance(value, dict):
            _add(total.setdefault(name, {}), value)
        else:
            total[name] = value if isinstance(value, str) else total.get(name, 0.0) + value


def report(asked: str | None, table: Table, units: Units, given: str = "") -> dict[str, Any] | None:
    """`ConsumedCapacity` as `ReturnConsumedCapacity` asked for it; None for `NONE`.

    A table that the request has `given` by its ARN is reported by it.
    """
    if asked not in ("TOTAL", "INDEXES"):
        return None
    total = sum(used for name, used in units.items() if name not in table.vectors)
    name = given if given.startswith("arn:") else table.name
    answer: dict[str, Any] = {"TableName": name, "CapacityUnits": total}
    if asked == "INDEXES":
        answer["Table"] = {"CapacityUnits": units.get("", 0.0)}
        for member, is_global in (
            ("LocalSecondaryIndexes", False),
            ("GlobalSecondaryIndexes", True),
        ):
            found = {
                name: {"CapacityUnits": used}
                for name, used in units.items()
                if name in table.indexes and table.indexes[name].is_global == is_global
            }
            if found:
                answer[member] = found
        written = {
            name: {"VectorWriteRequestBytes": used}
            for name, used in units.items()
            if name in table.vectors
        }
        if written:
            answer["VectorIndexes"] = written
    return answer
