"""PartiQL: what is a value in a statement, and what a condition is compared with.

Source: what users of the service captured from it, as floci's tests of PartiQL have it.
"""

from __future__ import annotations

from typing import Any

import pytest

from .support import invalid, make_table, refused

KEY = " WHERE id = 'i'"
DUPLICATES = "One or more parameter values were invalid: Input collection "
BAG = "Unsupported data type in Bag. DynamoDB only supports either numbers or strings in bags"
NESTED = "Nesting Levels have exceeded supported limits under root"
OPERAND = "Incorrect operand type for operator or function; operator or function: "


@pytest.fixture
def run(db: Any) -> Any:
    """Runs a statement on a table with one item; the items."""
    make_table(db, "things", "id")
    item = {"id": {"S": "i"}, "n": {"N": "1"}, "s": {"S": "x"}, "yes": {"BOOL": True}}
    db.put_item(TableName="things", Item=item)

    def execute(statement: str, *parameters: Any) -> Any:
        given = {"Parameters": list(parameters)} if parameters else {}
        return db.execute_statement(Statement=statement, **given)["Items"]

    return execute


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("[?]", "Unsupported data type: Parameter under key root[0] at 1:24:1"),
        ("{'k': [1, ?]}", "Unsupported data type: Parameter under key root.k[1] at 1:33:1"),
        ("<<?>>", BAG),
        ("<<1, 'a'>>", BAG),
        ("<<true>>", BAG),
        ("<<'b', 'b'>>", DUPLICATES + "[b, b] contains duplicates."),
        ("<<2, 2.0>>", DUPLICATES + "[2, 2.0] contains duplicates! under root"),
        ("{'a':" * 32 + "1" + "}" * 32, NESTED + ".a" * 32),
        ("{'a':" + "[" * 31 + "1" + "]" * 31 + "}", NESTED + ".a" + "[0]" * 31),
        ("'a' + 1", OPERAND + "+, operand type: S"),
        ("n - null", OPERAND + "-, operand type: NULL"),
        ("n + [1]", OPERAND + "+, operand type: L"),
    ],
)
def test_what_is_no_value(run: Any, db: Any, value: str, message: str) -> None:
    """It is so whatever the condition says, and in a transaction whatever the others say."""
    statement: dict[str, Any] = {"Statement": f"UPDATE things SET x = {value}{KEY} AND s = 'other'"}
    if "?" in value:
        statement["Parameters"] = [{"S": "v"}]
    assert invalid(db.execute_statement, **statement) == message
    failing = {"Statement": "DELETE FROM things WHERE id = 'j' AND s = 'x'"}
    assert invalid(db.execute_transaction, TransactStatements=[failing, statement]) == (
        f"Validation failed in TransactStatements[1]: {message}"
    )


def test_values_nest_31_deep_in_an_attribute(run: Any) -> None:
    run(f"UPDATE things SET x = {'[' * 31}1{']' * 31}{KEY}")
    assert run("SELECT x FROM things") != [{}]


def test_a_parameter_may_be_one_of_a_list_of_choices(run: Any) -> None:
    assert run("SELECT id FROM things WHERE n IN [?, 2]", {"N": "1"}) == [{"id": {"S": "i"}}]


def test_numbers_have_any_signs(run: Any, db: Any) -> None:
    run(f"UPDATE things SET n = n - - 2, l = [- 1, +/* plus */5, - + - 7]{KEY}")
    assert run(f"SELECT n, l FROM things{KEY} AND n BETWEEN - 2 AND +5") == [
        {"n": {"N": "3"}, "l": {"L": [{"N": "-1"}, {"N": "5"}, {"N": "7"}]}}
    ]
    for signed in ("-n", "-?", "n--1"):
        statement = f"UPDATE things SET n = {signed}{KEY}"
        assert refused(db.execute_statement, Statement=statement)[0] == "ValidationException"


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("attribute_exists(nope) = false", True),
        ("true = attribute_exists(n)", True),
        ("attribute_exists(n) <> 1", True),
        ("attribute_exists(n) = 1", False),
        ("NOT attribute_exists(n) = true", False),
        ("(n BETWEEN 0 AND 5) = true", True),
        ("(n = 5 OR s = 'y') = false", True),
        ("(attribute_exists(n) = true) = false", False),
        ("(n = 1) = ?", True),
        ("attribute_exists(nope) IN [true, false]", True),
        ("attribute_exists(nope) IN [true, 1]", False),
        ("attribute_exists(n) IN [1]", False),
        ("attribute_exists(n) = attribute_exists(s)", True),
        ("(n = 2) <> (s = 'x')", True),
        ("attribute_exists(n) = yes", True),
        ("(n = 2) = yes", False),
        ("attribute_exists(n) = s", False),
        ("attribute_exists(nope) = s", False),
    ],
)
def test_a_condition_is_a_boolean(run: Any, condition: str, holds: bool) -> None:
    given = [{"BOOL": True}] if "?" in condition else []
    assert bool(run(f"SELECT id FROM things{KEY} AND {condition}", *given)) == holds


def test_booleans_have_no_order(run: Any, db: Any) -> None:
    for condition in ("attribute_exists(n) > false", "(n = 1) BETWEEN false AND true"):
        operator = condition.split(") ")[1].split()[0]
        said = invalid(db.execute_statement, Statement=f"SELECT * FROM things WHERE {condition}")
        assert said == f"{OPERAND}{operator}, operand type: BOOL"


def test_comparisons_are_compared_only_so_often(run: Any, db: Any) -> None:
    statement = "SELECT * FROM things WHERE n = 1"
    assert run(statement + " = true" * 80)
    assert "wasn't well formed" in invalid(
        db.execute_statement, Statement=statement + " = true" * 1000
    )


def test_names_of_types_are_those_there_are(run: Any, db: Any) -> None:
    statement = f"SELECT * FROM things{KEY} AND attribute_type(n, 'X')"
    assert invalid(db.execute_statement, Statement=statement) == (
        "Invalid attribute type name found; type: X, valid types: {N,BS,L,B,NULL,M,S,SS,NS,BOOL}"
    )


def test_exists_is_of_transactions(run: Any, db: Any) -> None:
    statement = f"EXISTS(SELECT * FROM things{KEY} AND n = 1)"
    message = "EXISTS can only be used in ExecuteTransaction write requests."
    assert invalid(db.execute_statement, Statement=statement) == message
    (answer,) = db.batch_execute_statement(Statements=[{"Statement": statement}])["Responses"]
    assert answer["Error"] == {"Code": "ValidationError", "Message": message}


def test_a_token_is_good_for_its_statement_and_parameters(run: Any, db: Any) -> None:
    db.put_item(TableName="things", Item={"id": {"S": "j"}, "n": {"N": "1"}})
    asked = {"Statement": "SELECT id FROM things WHERE n = ?", "Parameters": [{"N": "1"}]}
    token = db.execute_statement(**asked, Limit=1)["NextToken"]
    for changes, message in (
        ({"Parameters": [{"N": "2"}]}, "NextToken does not match request"),
        ({"Statement": "SELECT * FROM things WHERE n = ?"}, "NextToken does not match request"),
        ({"NextToken": "none"}, "Invalid NextToken"),
    ):
        given = {**asked, "NextToken": token, **changes}
        assert invalid(db.execute_statement, **given) == message
    rest = db.execute_statement(**asked, Limit=5, ConsistentRead=True, NextToken=token)
    assert len(rest["Items"]) == 1
