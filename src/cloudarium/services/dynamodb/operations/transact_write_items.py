"""TransactWriteItems."""

from functools import partial
from typing import Any

from cloudarium.core.context import Context, Request, Response

from .. import errors, items, limits, tables, tokens, transactions, values, writes
from ..expressions.expressions import Expressions, expressions_of
from ..metrics import metered
from ..requests import NOTHING_ASKED
from ..writes import Write

_PREPARE = {
    "ConditionCheck": writes.check,
    "Put": writes.put,
    "Delete": writes.delete,
    "Update": writes.update,
}
_EXPRESSIONS = ("UpdateExpression", "ConditionExpression")
_Action = tuple[str, dict[str, Any]]


@metered("TransactWriteItems")
def transact_write_items(ctx: Context, request: Request) -> Response:
    """Writes up to 100 items, all of them or none."""
    actions = [_action(each) for each in request["TransactItems"]]
    prepared = _prepared(ctx, actions)
    named = tables.as_given(ctx, [action["TableName"] for _, action in actions])
    sizes = tokens.sizes_of_done(ctx, request)
    if sizes is not None:
        return {"ConsumedCapacity": transactions.reread(ctx, request, prepared, sizes, named)}
    runs = [
        partial(transactions.run, ctx, write, _returns_old(action))
        for write, action in zip(prepared, actions, strict=True)
    ]
    done = transactions.commit(ctx, request, prepared, runs)
    return {
        "ConsumedCapacity": transactions.consumed_writes(request, done, named),
        "ItemCollectionMetrics": writes.collections_by_table(ctx, request, prepared, named),
    }


def _action(each: dict[str, Any]) -> _Action:
    if len(each) != 1:
        raise errors.OneTransactItem() if each else errors.NoTransactItem()
    ((kind, given),) = each.items()
    return kind, given


def _prepared(ctx: Context, actions: list[_Action]) -> list[Write]:
    asked = [_asked(given) for _, given in actions]
    transactions.check_size(_size(given) for _, given in actions)
    for _, given in actions:
        table = tables.usable(ctx, given["TableName"])
        items.check_not_empty(table, given.get("Item") or given.get("Key") or {})
    prepared: list[Write] = transactions.attempt(
        [
            partial(_PREPARE[kind], ctx, given, found)
            for (kind, given), found in zip(actions, asked, strict=True)
        ],
        ends_at_failure=True,
    )
    return prepared


def _size(given: dict[str, Any]) -> int:
    """The bytes of the values that an action sends."""
    members = ("Item", "Key", "ExpressionAttributeValues")
    return sum(values.item_size(given.get(member) or {}) for member in members)


def _asked(given: dict[str, Any]) -> Expressions:
    """What an action asks for. Raises what concerns the whole request, before any action runs.

    Unlike other operations, a transaction takes expressions' values of one level more, and names
    and values without any expression.
    """
    if values.admit_item(given.get("Item", {})) > limits.ITEM_BYTES:
        raise errors.ItemTooLarge()
    present = [name for name in _EXPRESSIONS if name in given]
    asked = expressions_of(given, *present, depth=0) if present else NOTHING_ASKED
    values.admit_key(given.get("Key", {}))
    return asked


def _returns_old(action: _Action) -> bool:
    return action[1].get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD"
