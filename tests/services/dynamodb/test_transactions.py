"""Transactions: what counts towards their size, and which failure is told."""

from __future__ import annotations

from typing import Any

import pytest

from .support import invalid, make_table

TOO_LARGE = "Transaction payload size cannot exceed 4 MB"
MISMATCH = (
    "One or more parameter values were invalid: Type mismatch for key id expected: S actual: N"
)


def put(name: str, **more: Any) -> dict[str, Any]:
    """Return a transaction's Put of an item of table `things`."""
    return {"Put": {"TableName": "things", "Item": {"id": {"S": name}}, **more}}


@pytest.fixture
def large(db: Any) -> list[dict[str, Any]]:
    """Return the keys of 5 MB of items in a table `things`."""
    make_table(db, "things", "id")
    keys = [{"id": {"S": str(number)}} for number in range(14)]
    for key in keys:
        db.put_item(TableName="things", Item={**key, "x": {"S": "x" * 390_000}})
    return keys


def test_what_is_sent_counts_not_what_is_written(db: Any, large: list[dict[str, Any]]) -> None:
    puts = [
        {"Put": {"TableName": "things", "Item": {**key, "x": {"S": "x" * 390_000}}}}
        for key in large
    ]
    assert invalid(db.transact_write_items, TransactItems=puts) == TOO_LARGE
    db.transact_write_items(TransactItems=puts[:10])
    value = {"UpdateExpression": "SET y = :y", "ExpressionAttributeValues": {":y": {"N": "1"}}}
    updates = [{"Update": {"TableName": "things", "Key": key, **value}} for key in large]
    db.transact_write_items(TransactItems=updates)
    statement = "INSERT INTO things VALUE {'id': ?, 'x': ?}"
    inserts = [
        {"Statement": statement, "Parameters": [{"S": f"new-{number}"}, {"S": "x" * 390_000}]}
        for number in range(14)
    ]
    assert invalid(db.execute_transaction, TransactStatements=inserts) == TOO_LARGE
    deletes = [{"Delete": {"TableName": "things", "Key": key}} for key in large]
    db.transact_write_items(TransactItems=deletes)
    assert db.scan(TableName="things")["Count"] == 0


def test_what_is_read_counts(db: Any, large: list[dict[str, Any]]) -> None:
    gets = [{"Get": {"TableName": "things", "Key": key}} for key in large]
    assert invalid(db.transact_get_items, TransactItems=gets) == TOO_LARGE
    assert len(db.transact_get_items(TransactItems=gets[:10])["Responses"]) == 10
    selects = [
        {"Statement": f"SELECT x FROM things WHERE id = '{key['id']['S']}'"} for key in large
    ]
    assert invalid(db.execute_transaction, TransactStatements=selects) == TOO_LARGE


def test_the_first_action_that_cannot_be_is_told_alone(db: Any) -> None:
    make_table(db, "things", "id")
    misfit: dict[str, Any] = {"Put": {"TableName": "things", "Item": {"id": {"N": "7"}}}}
    missing = put("a", ConditionExpression="attribute_exists(id)")
    with pytest.raises(db.exceptions.TransactionCanceledException) as caught:
        db.transact_write_items(TransactItems=[put("b"), misfit, misfit, missing])
    none = {"Code": "None"}
    reason = {"Code": "ValidationError", "Message": MISMATCH}
    assert caught.value.response["CancellationReasons"] == [none, reason, none, none]
    other = put("c", ConditionExpression="attribute_exists(id)")
    with pytest.raises(db.exceptions.TransactionCanceledException) as caught:
        db.transact_write_items(TransactItems=[missing, put("b"), other])
    codes = [each["Code"] for each in caught.value.response["CancellationReasons"]]
    assert codes == ["ConditionalCheckFailed", "None", "ConditionalCheckFailed"]
