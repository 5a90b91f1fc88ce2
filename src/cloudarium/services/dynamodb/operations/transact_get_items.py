"""TransactGetItems."""

from typing import Any

from cloudarium.core.context import Context, Request, Response

from .. import capacity, errors, items, tables, transactions, values
from ..expressions import paths
from ..expressions.expressions import expressions_of
from ..metrics import metered
from ..requests import NOTHING_ASKED
from ..tables import Table


@metered("TransactGetItems")
def transact_get_items(ctx: Context, request: Request) -> Response:
    """Reads up to 100 items as they are at one moment."""
    gets = [each["Get"] for each in request["TransactItems"]]
    projections = [_projection(get) for get in gets]
    found = [tables.usable(ctx, get["TableName"]) for get in gets]
    for table, get in zip(found, gets, strict=True):
        items.check_not_empty(table, get["Key"])
    reads = transactions.attempt(
        [_reader(ctx, table, get) for table, get in zip(found, gets, strict=True)]
    )
    keys = [items.key_of(table, get["Key"]) for table, get in zip(found, gets, strict=True)]
    if len({(t.space, k.partition, k.sort) for t, k in zip(found, keys, strict=True)}) < len(keys):
        raise errors.SameItemTwice()
    named = tables.as_given(ctx, [get["TableName"] for get in gets])
    transactions.check_size(stored.size for _, stored in reads)
    sums: transactions.Sums = {}
    responses = []
    for (table, stored), projection in zip(reads, projections, strict=True):
        transactions.add_read(sums, table, stored.size)
        item = stored if projection is None else paths.pick(stored.item, projection)
        responses.append({"Item": item} if item else {})
    consumed = transactions.consumed_reads(ctx, request, sums, named)
    return {"Responses": responses, "ConsumedCapacity": consumed}


def _projection(get: dict[str, Any]) -> paths.Tree | None:
    """Raises what concerns the whole request, before any item is read.

    Unlike other operations, a transaction takes names without an expression.
    """
    is_projected = "ProjectionExpression" in get
    asked = expressions_of(get, "ProjectionExpression") if is_projected else NOTHING_ASKED
    values.admit_key(get["Key"])
    return asked.projection


def _reader(ctx: Context, table: Table, get: dict[str, Any]) -> transactions.Step:
    def read() -> tuple[Table, items.Stored]:
        key = items.key_of(table, get["Key"])
        capacity.admit(ctx, table, "read")
        return table, items.find(ctx, table, key)

    return read
