"""TransactWriteItems."""

from functools import partial
from typing import Any

from cloudarium.core.context import Context, Request, Response

from .. import capacity, errors, limits, tables, tokens, transactions, values, writes
from ..expressions.expressions import expressions_of
from ..metrics import metered
from ..writes import Write

_PREPARE = {
    "ConditionCheck": writes.check,
    "Put": writes.put,
    "Delete": writes.delete,
    "Update": writes.update,
}
_Done = list[tuple[Write, capacity.Units]]


@metered("TransactWriteItems")
def transact_write_items(ctx: Context, request: Request) -> Response:
    """Writes up to 100 items, all of them or none."""
    token = request.get("ClientRequestToken")
    if token is not None and tokens.is_repeated(ctx, token, request["TransactItems"]):
        return {}
    actions = [_action(each) for each in request["TransactItems"]]
    for _, given in actions:
        _check(ctx, given)
    prepared: list[Write] = transactions.attempt(
        [partial(_PREPARE[kind], ctx, given) for kind, given in actions]
    )
    places = {(write.table.space, write.key.partition, write.key.sort) for write in prepared}
    if len(places) != len(prepared):
        raise errors.SameItemTwice()
    steps: list[transactions.Step] = [
        partial(_run, ctx, write, given)
        for write, (_, given) in zip(prepared, actions, strict=True)
    ]
    outcomes = transactions.attempt(steps)
    if sum(values.item_size(each.new.item) for each in outcomes) > limits.TRANSACTION_BYTES:
        raise errors.TransactionTooLarge()
    done: _Done = [
        (write, {index: 2 * used for index, used in outcome.units.items()})
        for write, outcome in zip(prepared, outcomes, strict=True)
    ]
    for write, units in done:
        capacity.consume(ctx, write.table, "write", units)
    if token is not None:
        tokens.remember(ctx, token, request["TransactItems"])
    return _reports(request, done)


def _action(each: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    if len(each) != 1:
        raise errors.OneTransactItem() if each else errors.NoTransactItem()
    ((kind, given),) = each.items()
    return kind, given


def _check(ctx: Context, given: dict[str, Any]) -> None:
    """Raises what concerns the whole request, before any action is looked at by itself."""
    values.admit_item(given.get("Item", {}))
    present = ("UpdateExpression",) if "UpdateExpression" in given else ()
    expressions_of(given, *present, "ConditionExpression")
    tables.usable(ctx, given["TableName"])


def _run(ctx: Context, write: Write, given: dict[str, Any]) -> writes.Outcome:
    capacity.admit(ctx, write.table, "write")
    return_old = given.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD"
    return write.run(ctx, return_old=return_old)


def _reports(request: Request, done: _Done) -> Response:
    consumed = writes.capacity_by_table(request.get("ReturnConsumedCapacity"), done)
    for report in consumed or ():
        report["WriteCapacityUnits"] = report["CapacityUnits"]
    collections: dict[str, list[dict[str, Any]]] = {}
    for write, _ in done:
        found = writes.collection_metrics(request, write)
        if found is not None:
            collections.setdefault(write.table.name, []).append(found)
    return {"ConsumedCapacity": consumed, "ItemCollectionMetrics": collections or None}
