"""BatchWriteItem."""

from typing import Any

from cloudarium.core.context import Context, Request, Response
from cloudarium.core.errors import AwsError

from .. import batch_names, capacity, errors, limits, tables, writes
from ..metrics import metered
from ..requests import NOTHING_ASKED
from ..writes import Write

_Requests = list[dict[str, Any]]


@metered("BatchWriteItem")
def batch_write_item(ctx: Context, request: Request) -> Response:
    """Puts and deletes up to 25 items; those past the tables' capacity are UnprocessedItems.

    Raises ProvisionedThroughputExceededException only if nothing could be written.
    """
    requested: dict[str, _Requests] = request["RequestItems"]
    batch_names.check_writes(requested)
    if sum(map(len, requested.values())) > limits.BATCH_WRITE_ITEMS:
        raise errors.TooManyWrites()
    prepared = {name: _prepared(ctx, name, each) for name, each in requested.items()}
    if len(prepared) > 1:
        _check_once([write for group in prepared.values() for _, write in group])
    left: dict[str, _Requests] = {}
    done: list[tuple[Write, capacity.Units]] = []
    refusal: AwsError | None = None
    for name, group in prepared.items():
        for each, write in group:
            try:
                capacity.admit(ctx, write.table, "write")
                units = write.run(ctx, return_old=False).units
            except AwsError as error:
                if not errors.is_throttled(error):
                    raise
                refusal = error
                left.setdefault(name, []).append(each)
                continue
            if write.table.is_limited:
                capacity.consume(ctx, write.table, "write", units)
            done.append((write, units))
    _count(ctx, done)
    if refusal is not None and not done:
        raise refusal
    return {"UnprocessedItems": left, **_reports(ctx, request, done)}


def _count(ctx: Context, done: list[tuple[Write, capacity.Units]]) -> None:
    """Counts what the writes to tables without limits have used, in one go."""
    free = [(write, units) for write, units in done if not write.table.is_limited]
    for table, units in writes.units_by_table(free):
        capacity.consume(ctx, table, "write", units)


def _prepared(ctx: Context, name: str, group: _Requests) -> list[tuple[dict[str, Any], Write]]:
    found = [(each, _write(ctx, name, each)) for each in group]
    _check_once([write for _, write in found])
    return found


def _check_once(found: list[Write]) -> None:
    places = {(write.table.space, write.key.partition, write.key.sort) for write in found}
    if len(places) != len(found):
        raise errors.DuplicateKeys()


def _write(ctx: Context, name: str, each: dict[str, Any]) -> Write:
    if len(each) != 1:
        raise errors.OneWriteRequest() if each else errors.NoWriteRequest()
    ((kind, given),) = each.items()
    prepare = writes.put if kind == "PutRequest" else writes.delete
    if kind == "PutRequest":
        table = tables.usable(ctx, name)
        for key, type_name in ((key, table.types[key]) for key in table.keys):
            if type_name not in given["Item"].get(key, {}):
                raise errors.KeyDoesNotFit()
    return prepare(ctx, {"TableName": name, **given}, NOTHING_ASKED)


def _reports(ctx: Context, request: Request, done: list[tuple[Write, capacity.Units]]) -> Response:
    asked = request.get("ReturnConsumedCapacity")
    made = (write for write, _ in done)
    named = tables.as_given(ctx, request["RequestItems"])
    return {
        "ConsumedCapacity": writes.capacity_by_table(asked, done, named),
        "ItemCollectionMetrics": writes.collections_by_table(ctx, request, made, named),
    }
