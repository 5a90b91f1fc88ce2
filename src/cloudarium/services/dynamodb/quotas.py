"""The account's and its tables' quotas of provisioned capacity, and of tables.

Source: Developer Guide, "Quotas in Amazon DynamoDB": a table's capacity is its own and that of its
global indexes together. Which words refuse a request beyond them is not documented.
"""

from cloudarium.core.context import Context

from . import limits, quota_errors, tables
from .tables import Table


def check_count(ctx: Context) -> None:
    """Raises LimitExceededException if the account has as many tables as it may have."""
    if len(tables.names(ctx, "", limits.TABLES)) >= limits.TABLES:
        raise quota_errors.TooManyTables()


def check_capacity(ctx: Context, table: Table) -> None:
    """Raises LimitExceededException if a table, as it is to be, has more than its quota.

    So it does if all the account's tables together then have more than theirs.
    """
    if not table.is_provisioned:
        return
    own = _capacity(table)
    if max(own) > limits.TABLE_CAPACITY:
        raise quota_errors.TableCapacityExceeded(limit=limits.TABLE_CAPACITY)
    others = [_capacity(other) for other in tables.every(ctx) if other.name != table.name]
    if max(sum(each) for each in zip(own, *others, strict=True)) > limits.ACCOUNT_CAPACITY:
        raise quota_errors.AccountCapacityExceeded(limit=limits.ACCOUNT_CAPACITY)


def _capacity(table: Table) -> tuple[int, int]:
    """Read and write units, 0 on demand."""
    keyed = [table.throughput, *(index.throughput for index in table.indexes.values())]
    return sum(each.read for each in keyed), sum(each.write for each in keyed)
