"""PartiQL: several statements in one request, and who may run which."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cloudarium.pytest_plugin import CloudUnderTest

from .support import invalid, make_table, refused

UPDATE = "UPDATE things SET n = n + 1 WHERE id = "


@pytest.fixture
def things(db: Any) -> Any:
    """A client, and a table with two items."""
    make_table(db, "things", "id")
    for name in ("a", "b"):
        db.put_item(TableName="things", Item={"id": {"S": name}, "n": {"N": "0"}})
    return db


def _read(db: Any, name: str) -> Any:
    return db.get_item(TableName="things", Key={"id": {"S": name}}).get("Item")


def _statements(*texts: str) -> list[dict[str, str]]:
    return [{"Statement": text} for text in texts]


def test_a_batch_runs_each_statement_by_itself(things: Any) -> None:
    answer = things.batch_execute_statement(
        Statements=[
            *_statements(
                UPDATE + "'a' RETURNING MODIFIED NEW *",
                UPDATE + "'a' AND n = 7",
                "INSERT INTO things VALUE {'id': 'b'}",
                "DELETE FROM absent WHERE id = 'a'",
                "SLECT",
            ),
            {"Statement": UPDATE + "?", "Parameters": [{"S": "b"}]},
        ],
        ReturnConsumedCapacity="TOTAL",
    )
    assert answer["Responses"] == [
        {"TableName": "things", "Item": {"n": {"N": "1"}}},
        {
            "TableName": "things",
            "Error": {
                "Code": "ConditionalCheckFailed",
                "Message": "The conditional request failed",
            },
        },
        {
            "TableName": "things",
            "Error": {
                "Code": "DuplicateItem",
                "Message": "Duplicate primary key exists in table",
            },
        },
        {"Error": {"Code": "ResourceNotFound", "Message": "Requested resource not found"}},
        {
            "Error": {
                "Code": "ValidationError",
                "Message": "Statement wasn't well formed, can't be processed: "
                "Expected data manipulation",
            }
        },
        {"TableName": "things"},
    ]
    assert answer["ConsumedCapacity"] == [{"TableName": "things", "CapacityUnits": 1.0}] * 2


def test_a_batch_reads_single_items(things: Any) -> None:
    read = "SELECT n FROM things WHERE id = 'a'"
    answer = things.batch_execute_statement(
        Statements=[
            {"Statement": read, "ConsistentRead": True},
            {"Statement": read},
            {"Statement": read + " AND n = 0"},
            {"Statement": "SELECT n FROM things WHERE id = 'c'"},
        ],
        ReturnConsumedCapacity="TOTAL",
    )
    assert [each.get("Item") for each in answer["Responses"]] == [
        {"n": {"N": "0"}},
        {"n": {"N": "0"}},
        None,
        None,
    ]
    assert answer["Responses"][2]["Error"] == {
        "Code": "ValidationError",
        "Message": "Select statements within BatchExecuteStatement "
        "must specify the primary key in the where clause.",
    }
    assert [each["CapacityUnits"] for each in answer["ConsumedCapacity"]] == [1.0, 0.5, 0.5]
    mixed = _statements(read, UPDATE + "'a'")
    assert "both read and write" in invalid(things.batch_execute_statement, Statements=mixed)


def test_a_transaction_does_all_or_nothing(things: Any) -> None:
    answer = things.execute_transaction(
        TransactStatements=_statements(
            "EXISTS(SELECT * FROM things WHERE id = 'a' AND n = 0)",
            UPDATE + "'b'",
            "INSERT INTO things VALUE {'id': 'c'}",
        ),
        ReturnConsumedCapacity="TOTAL",
    )
    assert answer["Responses"] == []
    consumed = {"TableName": "things", "CapacityUnits": 6.0, "WriteCapacityUnits": 6.0}
    assert answer["ConsumedCapacity"] == [consumed]
    with pytest.raises(things.exceptions.TransactionCanceledException) as caught:
        things.execute_transaction(
            TransactStatements=_statements(
                UPDATE + "'a'", "INSERT INTO things VALUE {'id': 'c'}", UPDATE + "'b' AND n = 0"
            )
        )
    reasons = caught.value.response["CancellationReasons"]
    assert [reason["Code"] for reason in reasons] == [
        "None",
        "DuplicateItem",
        "ConditionalCheckFailed",
    ]
    assert _read(things, "a")["n"] == {"N": "0"}


def test_a_transaction_is_done_once_per_token(things: Any) -> None:
    request = {
        "TransactStatements": _statements(UPDATE + "'a'"),
        "ClientRequestToken": "token",
        "ReturnConsumedCapacity": "INDEXES",
    }
    first, second = (things.execute_transaction(**request)["ConsumedCapacity"][0] for _ in "12")
    assert (first["WriteCapacityUnits"], second["ReadCapacityUnits"]) == (2.0, 2.0)
    assert "WriteCapacityUnits" not in second
    assert _read(things, "a")["n"] == {"N": "1"}


def test_a_transaction_reads_items(things: Any) -> None:
    answer = things.execute_transaction(
        TransactStatements=_statements(
            "SELECT n FROM things WHERE id = 'a'", "SELECT * FROM things WHERE id = 'x'"
        )
    )
    assert answer["Responses"] == [{"Item": {"n": {"N": "0"}}}, {}]


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        (
            UPDATE + "'a' RETURNING ALL NEW *",
            "RETURNING clause is not supported in ExecuteTransaction.",
        ),
        (
            'SELECT * FROM things."index" WHERE id = 1',
            "Reads on indices are not supported within transactions.",
        ),
        (
            "SELECT * FROM things WHERE n = 1",
            "Select statements within ExecuteTransaction "
            "must specify the primary key in the where clause.",
        ),
        (
            "EXISTS(SELECT * FROM things WHERE id = 'a')",
            "EXISTS() must contain a single item read with additional condition",
        ),
        (
            "SELECT * FROM things WHERE",
            "Statement wasn't well formed, can't be processed: Unexpected term",
        ),
    ],
)
def test_a_transaction_says_which_statement_is_wrong(
    things: Any, statement: str, message: str
) -> None:
    given = _statements(statement)
    assert invalid(things.execute_transaction, TransactStatements=given) == (
        f"Validation failed in TransactStatements[0]: {message}"
    )


def test_each_statement_needs_its_own_right(cloud: CloudUnderTest, things: Any) -> None:
    iam = cloud.client("iam")
    iam.create_user(UserName="reader")
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": "dynamodb:PartiQLSelect", "Resource": "*"},
            {
                "Effect": "Deny",
                "Action": "dynamodb:PartiQLSelect",
                "Resource": "*",
                "Condition": {"Bool": {"dynamodb:FullTableScan": "true"}},
            },
        ],
    }
    iam.put_user_policy(UserName="reader", PolicyName="p", PolicyDocument=json.dumps(policy))
    key = iam.create_access_key(UserName="reader")["AccessKey"]
    reader = cloud.client("dynamodb", credentials=(key["AccessKeyId"], key["SecretAccessKey"]))
    read = "SELECT * FROM things WHERE id = 'a'"
    assert len(reader.execute_statement(Statement=read)["Items"]) == 1
    for statement in (UPDATE + "'a'", "SELECT * FROM things"):
        error = refused(reader.execute_statement, Statement=statement)
        assert error[0] == "AccessDeniedException"
    answer = reader.batch_execute_statement(Statements=_statements(UPDATE + "'a'"))
    assert answer["Responses"][0]["Error"]["Code"] == "AccessDenied"
