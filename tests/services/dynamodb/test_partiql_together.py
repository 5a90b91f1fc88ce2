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
    for name in "cd":
        things.put_item(TableName="things", Item={"id": {"S": name}, "n": {"N": "0"}})
    answer = things.batch_execute_statement(
        Statements=[
            *_statements(
                UPDATE + "'a' RETURNING MODIFIED NEW *",
                UPDATE + "'c' AND n = 7",
                "INSERT INTO things VALUE {'id': 'd'}",
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
    # Two that were done and two that were refused by what they found.
    assert answer["ConsumedCapacity"] == [{"TableName": "things", "CapacityUnits": 4.0}]


def test_a_batch_reports_its_capacity_by_table(things: Any) -> None:
    make_table(things, "others", "id")
    insert = "INSERT INTO {} VALUE {{'id': ?, 'x': ?}}"
    answer = things.batch_execute_statement(
        Statements=[
            {"Statement": insert.format(table), "Parameters": [{"S": name}, {"S": "x" * size}]}
            for table, name, size in (
                ("things", "d", 1018),
                ("things", "e", 1024),
                ("things", "a", 9000),  # there is one
                ("others", "a", 1),
            )
        ],
        ReturnConsumedCapacity="INDEXES",
    )
    assert answer["Responses"][2]["Error"]["Code"] == "DuplicateItem"
    assert answer["ConsumedCapacity"] == [
        {"TableName": "things", "CapacityUnits": 4.0, "Table": {"CapacityUnits": 3.0}},
        {"TableName": "others", "CapacityUnits": 1.0, "Table": {"CapacityUnits": 1.0}},
    ]


def test_a_batch_reads_single_items(things: Any) -> None:
    read = "SELECT n FROM things WHERE id = 'a'"
    answer = things.batch_execute_statement(
        Statements=[
            {"Statement": read, "ConsistentRead": True},
            {"Statement": "SELECT n FROM things WHERE id = 'b'"},
            {"Statement": "SELECT n FROM things WHERE id = 'd' AND n = 0"},
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
    assert [each["CapacityUnits"] for each in answer["ConsumedCapacity"]] == [2.0]
    mixed = _statements(read, UPDATE + "'a'")
    assert "both read and write" in invalid(things.batch_execute_statement, Statements=mixed)
    assert invalid(things.execute_transaction, TransactStatements=mixed) == (
        "ExecuteTransaction API does not support both read and write operations "
        "in the same request."
    )


def test_a_batch_is_of_different_items(things: Any) -> None:
    """Also if one of the statements would fail; none is run."""
    delete, insert = "DELETE FROM things WHERE id = 'a'", "INSERT INTO things VALUE {'id': 'a'}"
    read = "SELECT n FROM things WHERE id = 'a'"
    for texts in ((UPDATE + "'a'",) * 2, (delete, insert), (insert, insert), (read, read)):
        given = _statements(UPDATE + "'b'" if texts[0] != read else read + " AND n = 0", *texts)
        assert invalid(things.batch_execute_statement, Statements=given) == (
            "Provided list of item keys contains duplicates"
        )
    assert [_read(things, name)["n"] for name in "ab"] == [{"N": "0"}] * 2


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
    twice = _statements(
        "SELECT n FROM things WHERE id = 'a'", "SELECT * FROM things WHERE id = 'a'"
    )
    assert invalid(things.execute_transaction, TransactStatements=twice) == (
        "Transaction request cannot include multiple operations on one item"
    )


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


@pytest.fixture
def kept(cloud: CloudUnderTest, things: Any) -> Any:
    """Puts a condition on a user's right to PartiQL; a client of theirs."""
    iam = cloud.client("iam")
    iam.create_user(UserName="ann")
    made = iam.create_access_key(UserName="ann")["AccessKey"]
    client = cloud.client("dynamodb", credentials=(made["AccessKeyId"], made["SecretAccessKey"]))

    def condition(**given: Any) -> Any:
        may = {"Effect": "Allow", "Action": "dynamodb:PartiQL*", "Resource": "*"}
        policy = {"Version": "2012-10-17", "Statement": [{**may, "Condition": given}]}
        iam.put_user_policy(UserName="ann", PolicyName="p", PolicyDocument=json.dumps(policy))
        return client

    return condition


def _ways(db: Any, text: str) -> str:
    """Whether a statement is allowed by itself, in a batch and in a transaction."""
    denied = ""
    try:
        db.execute_statement(Statement=text)
    except db.exceptions.ClientError as error:
        assert error.response["Error"]["Code"] == "AccessDeniedException"
        denied += "s"
    (response,) = db.batch_execute_statement(Statements=_statements(text))["Responses"]
    if "Error" in response:
        assert (response["Error"]["Code"], response["TableName"]) == ("AccessDenied", "things")
        denied += "b"
    try:
        db.execute_transaction(TransactStatements=_statements(text))
    except db.exceptions.TransactionCanceledException as error:
        (reason,) = error.response["CancellationReasons"]
        assert reason["Code"] == "AccessDenied"
        assert "is not authorized to perform: dynamodb:PartiQL" in reason["Message"]
        denied += "t"
    return denied


READ = "SELECT * FROM things WHERE id = 'a'"


def test_rights_may_be_kept_to_what_encloses_a_statement(kept: Any) -> None:
    enclosing = "dynamodb:EnclosingOperation"
    assert _ways(kept(Null={enclosing: "true"}), READ) == "bt"
    assert _ways(kept(StringEquals={enclosing: "BatchExecuteStatement"}), READ) == "st"
    assert _ways(kept(StringEquals={enclosing: "ExecuteTransaction"}), READ) == "sb"


def test_rights_may_be_kept_to_the_attributes_statements_name(kept: Any) -> None:
    """`*` names none."""
    ann = kept(**{"ForAllValues:StringEquals": {"dynamodb:Attributes": ["id"]}})
    assert _ways(ann, READ) == ""
    assert _ways(ann, READ.replace("*", "id")) == ""
    assert _ways(ann, READ.replace("*", "n")) == "sbt"
    assert _ways(ann, UPDATE + "'a'") == "sbt"
    assert _ways(ann, "INSERT INTO things VALUE {'id': 'x', 'n': 1}") == "sbt"
    denied = "AccessDeniedException"
    assert refused(ann.execute_statement, Statement=READ + " AND n = 0")[0] == denied
    assert len(ann.execute_statement(Statement="SELECT * FROM things")["Items"]) == 2
    given = _statements(READ + " AND n = 0")
    assert ann.batch_execute_statement(Statements=given)["Responses"][0]["Error"]["Code"] == (
        "ValidationError"
    )
    assert "must specify the primary key" in invalid(
        ann.execute_transaction, TransactStatements=given
    )


def test_rights_may_be_kept_to_hash_keys(kept: Any) -> None:
    """A statement that reads everything is of none."""
    key = "dynamodb:LeadingKeys"
    ann = kept(**{"ForAllValues:StringEquals": {key: ["a"]}, "Null": {key: "false"}})
    assert _ways(ann, READ) == ""
    assert _ways(ann, UPDATE + "'a'") == ""
    assert _ways(ann, UPDATE + "'b'") == "sbt"
    assert _ways(ann, "INSERT INTO things VALUE {'id': 'x'}") == "sbt"
    for where in ("", " WHERE id IN ['a', 'b']", " WHERE id = 'a' AND id = 'b'"):
        error = refused(ann.execute_statement, Statement="SELECT * FROM things" + where)
        assert error[0] == "AccessDeniedException"
    ann.execute_statement(Statement="SELECT * FROM things WHERE id IN ['a']")


def test_a_statement_that_says_what_no_key_can_be_is_of_no_hash_key(kept: Any) -> None:
    ann = kept(**{"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["a"]}})
    for statement, message in (
        ("SELECT * FROM things WHERE id = [1]", "Key value must be of type S, N, or B."),
        (UPDATE + "true", "The provided key element does not match the schema"),
    ):
        assert invalid(ann.execute_statement, Statement=statement).startswith(message)


def test_rights_may_be_kept_from_full_scans(kept: Any) -> None:
    ann = kept(Bool={"dynamodb:FullTableScan": "false"})
    assert _ways(ann, READ) == ""
    ann.execute_statement(Statement="SELECT * FROM things WHERE id IN ['a', 'b']")
    for where in ("", " WHERE id = 'a' AND id = 'b'", " WHERE id = 'a' OR n = 0"):
        error = refused(ann.execute_statement, Statement="SELECT * FROM things" + where)
        assert error[0] == "AccessDeniedException"
    ordered = "SELECT * FROM things WHERE id = 'a' AND id = 'b' ORDER BY id"
    assert "non-optional hash key" in invalid(ann.execute_statement, Statement=ordered)


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
