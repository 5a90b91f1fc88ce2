"""How large an update may be: what its expression says counts, whatever it makes of the item."""

from __future__ import annotations

from typing import Any

import pytest

from .support import invalid, make_table

ID = {"id": {"S": "x"}}
KEY: dict[str, Any] = {"TableName": "charges", "Key": ID}
MOST = 409_600
PADDING = 3 + 19 + len("b")  # the expression, and a SET of `b` besides its value
TEN = {"S": "y" * 10}
LIST = {"L": [TEN]}
ONE = {"N": "1"}
TOO_LARGE = "Item size to update has exceeded the maximum allowed size"

# A clause, the item before, its value and its bytes.
CLAUSES: list[tuple[str, dict[str, Any], dict[str, Any] | None, int]] = [
    ("SET c = m.z", {"m": {"M": {"z": TEN}}}, None, 19 + 1 + 1 + (14 + 1) + (14 + 1)),
    ("SET c = l[0]", {"l": LIST}, None, 19 + 1 + 1 + (14 + 1) + (14 + 1)),
    ("SET l = list_append(l, :v)", {"l": LIST}, LIST, 19 + 1 + 37 + (1 + 14 + 1) + 3 + 1 + 10),
    ("SET c = if_not_exists(c, :v)", {"c": TEN}, TEN, 19 + 1 + 39 + (1 + 14 + 1) + 10),
    ("SET n = n + :v", {"n": {"N": "12345678901234567890"}}, ONE, 19 + 1 + 34 + (1 + 14 + 1) + 2),
    ("SET n = n - :v", {"n": ONE}, ONE, 19 + 1 + 37 + (1 + 14 + 1) + 2),
    ("ADD nnnn :v", {"nnnn": ONE}, ONE, 19 + 4 + 2),
    ("REMOVE m.yyy", {"m": {"M": {"x": TEN, "yyy": ONE}}}, None, 1 + 1 + (4 + 3)),
    ("REMOVE l[10]", {"l": {"L": [{"S": "e"}] * 11}}, None, 1 + 1 + (4 + 2)),
    ("DELETE s :v", {"s": {"SS": ["p", "q" * 20]}}, {"SS": ["q" * 20]}, 1 + 1),
]


@pytest.mark.parametrize(("clause", "item", "value", "cost"), CLAUSES)
def test_every_clause_counts(
    db: Any, clause: str, item: dict[str, Any], value: dict[str, Any] | None, cost: int
) -> None:
    make_table(db, "charges", "id")
    put = {"TableName": "charges", "Item": {**ID, **item}}
    joined = clause.replace("SET ", ", ") if clause.startswith("SET") else f" {clause}"
    fits = MOST - PADDING - cost
    for size in (fits, fits + 1):
        db.put_item(**put)
        values = {":padding": {"S": "p" * size}} | ({":v": value} if value else {})
        update = {
            **KEY,
            "UpdateExpression": f"SET b = :padding{joined}",
            "ExpressionAttributeValues": values,
        }
        if size == fits:
            db.update_item(**update)
        else:
            assert invalid(db.update_item, **update) == TOO_LARGE


def test_updates_of_old_and_of_transactions_count_the_item_alone(db: Any) -> None:
    make_table(db, "charges", "id")
    value = {"S": "p" * (MOST - len("idx") - len("b"))}
    db.update_item(**KEY, AttributeUpdates={"b": {"Value": value}})
    update = {"UpdateExpression": "SET b = :v", "ExpressionAttributeValues": {":v": value}}
    db.transact_write_items(TransactItems=[{"Update": {**KEY, **update}}])
    assert invalid(db.update_item, **KEY, **update) == TOO_LARGE
