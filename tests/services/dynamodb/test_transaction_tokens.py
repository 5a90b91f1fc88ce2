"""ClientRequestTokens: which transaction is the same, and what it consumes when sent again."""

from __future__ import annotations

from typing import Any

import pytest

from .support import make_table, refused

MISMATCH = "IdempotentParameterMismatchException"
CANCELLED = "TransactionCanceledException"


@pytest.fixture
def things(db: Any) -> Any:
    """Returns a client that has a table `things`."""
    make_table(db, "things", "id")
    return db


def _item(name: str, size: int) -> dict[str, Any]:
    return {"id": {"S": name}, "x": {"S": "x" * (size - 4)}}


def _put(name: str, size: int) -> dict[str, Any]:
    return {"TableName": "things", "Item": _item(name, size)}


def _on(name: str) -> dict[str, Any]:
    return {"TableName": "things", "Key": {"id": {"S": name}}}


def test_what_is_done_again_reads_what_was_the_larger_then(things: Any) -> None:
    for name, size in (("a", 8193), ("b", 4097), ("c", 8193), ("d", 4097)):
        things.put_item(**_put(name, size))
    less = {"UpdateExpression": "SET x = :x", "ExpressionAttributeValues": {":x": {"S": "x"}}}
    request = {
        "TransactItems": [
            {"Put": _put("a", 4095)},
            {"Update": {**_on("b"), **less}},
            {"Delete": _on("c")},
            {"ConditionCheck": {**_on("d"), "ConditionExpression": "attribute_exists(id)"}},
        ],
        "ClientRequestToken": "token",
        "ReturnConsumedCapacity": "TOTAL",
    }
    (first,) = things.transact_write_items(**request)["ConsumedCapacity"]
    assert first["WriteCapacityUnits"] == 2 * (9 + 5 + 9 + 5)
    for name in "abcd":
        things.put_item(**_put(name, 16385))
    (again,) = things.transact_write_items(**request)["ConsumedCapacity"]
    assert again["ReadCapacityUnits"] == 2 * (3 + 2 + 3 + 2)
    things.delete_item(**_on("a"))
    (again,) = things.transact_write_items(**request)["ConsumedCapacity"]
    assert again["ReadCapacityUnits"] == 20
    assert "Item" not in things.get_item(**_on("a"))


def test_numbers_and_defaults_do_not_tell_requests_apart(things: Any) -> None:
    for number in ("1", "1.0", "1e0", "01", "+1"):
        item = {"id": {"S": "n"}, "n": {"N": number}}
        things.transact_write_items(
            TransactItems=[{"Put": {"TableName": "things", "Item": item}}],
            ClientRequestToken="one",
        )
        insert = {"Statement": "INSERT INTO things VALUE {'id': 'p', 'n': ?}"}
        things.execute_transaction(
            TransactStatements=[{**insert, "Parameters": [{"N": number}]}],
            ClientRequestToken="two",
        )
    given = {"Put": {"TableName": "things", "Item": item}}
    given["Put"]["ReturnValuesOnConditionCheckFailure"] = "NONE"
    things.transact_write_items(
        TransactItems=[given], ClientRequestToken="one", ReturnItemCollectionMetrics="NONE"
    )
    things.execute_transaction(
        TransactStatements=[{"Statement": insert["Statement"] + " ", "Parameters": [{"N": "1"}]}],
        ClientRequestToken="two",
        ReturnConsumedCapacity="NONE",
    )


def test_what_else_is_asked_tells_requests_apart(things: Any) -> None:
    """Both operations share the tokens."""
    puts = [{"Put": _put("a", 100)}, {"Put": _put("b", 100)}]
    request = {"TransactItems": puts, "ClientRequestToken": "token"}
    things.transact_write_items(**request)
    for other in (
        {"TransactItems": puts[::-1]},
        {"ReturnConsumedCapacity": "TOTAL"},
        {"ReturnItemCollectionMetrics": "SIZE"},
    ):
        assert refused(things.transact_write_items, **{**request, **other})[0] == MISMATCH
    statement = [{"Statement": "DELETE FROM things WHERE id = 'a'"}]
    code, _ = refused(
        things.execute_transaction, TransactStatements=statement, ClientRequestToken="token"
    )
    assert code == MISMATCH


def test_a_cancelled_transaction_can_be_sent_again_as_it_is(cloud: Any, things: Any) -> None:
    condition = {"ConditionExpression": "attribute_exists(id)"}
    request: dict[str, Any] = {
        "TransactItems": [{"Put": {**_put("a", 100), **condition}}],
        "ClientRequestToken": "token",
    }
    other = {**request, "TransactItems": [{"Put": _put("a", 200)}]}
    assert refused(things.transact_write_items, **request)[0] == CANCELLED
    assert refused(things.transact_write_items, **other)[0] == MISMATCH
    things.put_item(**_put("a", 300))
    things.transact_write_items(**request)
    assert refused(things.transact_write_items, **other)[0] == MISMATCH
    cloud.advance(601)
    things.transact_write_items(**other)
    bad = {**_on("a"), "UpdateExpression": "SET"}
    request = {"TransactItems": [{"Update": bad}], "ClientRequestToken": "unused"}
    assert refused(things.transact_write_items, **request)[0] == "ValidationException"
    things.transact_write_items(**{**other, "ClientRequestToken": "unused"})
