"""The account's and its tables' quotas of provisioned capacity, and of tables.

Source: Developer Guide, "Quotas in Amazon DynamoDB": a table's capacity is its own and that of its
global indexes together. The words of the refusals are the service's, as its users recorded them.
"""

from cloudarium.core.context import Context

from . import limits, quota_errors, tables, throughputs
from .tables import Index, Table

_MEMBERS = ("ReadCapacityUnits", "WriteCapacityUnits")


def check_count(ctx: Context) -> None:
    """Raises LimitExceededException if the account has as many tables as it may have."""
    if len(tables.names(ctx, "", limits.TABLES)) >= limits.TABLES:
        raise quota_errors.TooManyTables()


def check_capacity(ctx: Context, table: Table) -> None:
    """Raises LimitExceededException if a table, as it is to be, has more than its quota.

    So it does if all the account's tables together then have more than theirs.
    """
    _check_others(ctx, table)
    if not table.is_provisioned:
        return
    others = [_capacity(other) for other in tables.every(ctx) if other.name != table.name]
    for way, member in enumerate(_MEMBERS):
        for index in table.indexes.values():
            units = (index.throughput.read, index.throughput.write)[way]
            _check(ctx, member, units, "index", f" for index {index.name}")
        own = _capacity(table)[way]
        _check(ctx, member, own, "table")
        present = sum(each[way] for each in others)
        if present + own > limits.ACCOUNT_CAPACITY:
            raise quota_errors.AccountCapacityExceeded(
                member=member,
                region=ctx.region,
                present=present,
                limit=limits.ACCOUNT_CAPACITY,
                units=own,
            )


def _check(ctx: Context, member: str, units: int, kind: str, where: str = "") -> None:
    if units > limits.TABLE_CAPACITY:
        raise quota_errors.TableCapacityExceeded(
            member=member,
            where=where,
            units=units,
            kind=kind,
            region=ctx.region,
            limit=limits.TABLE_CAPACITY,
        )


def _check_others(ctx: Context, table: Table) -> None:
    """On-demand maximums and warm throughputs have the quota of a table each."""
    for keyed in throughputs.keyed_of(table):
        name = keyed.name if isinstance(keyed, Index) else ""
        most, warm = keyed.maximum, keyed.warm or {}
        for way, units in (("Read", most and most.read), ("Write", most and most.write)):
            if (units or 0) > limits.TABLE_CAPACITY:
                raise quota_errors.ThroughputAboveTable(
                    member=f"Max{way}RequestUnits",
                    parameter="OnDemandThroughput",
                    keyed=f"index : {name}" if name else "table",
                    way=way,
                    region=ctx.region,
                )
            if warm.get(f"{way}UnitsPerSecond", 0) > limits.TABLE_CAPACITY:
                raise quota_errors.ThroughputAboveTable(
                    member=f"{way}UnitsPerSecond",
                    parameter="WarmThroughput",
                    keyed=f"index {name}" if name else "table",
                    way=way,
                    region=ctx.region,
                )


def _capacity(table: Table) -> tuple[int, int]:
    """Read and write units, 0 on demand."""
    keyed = [table.throughput, *(index.throughput for index in table.indexes.values())]
    return sum(each.read for each in keyed), sum(each.write for each in keyed)
