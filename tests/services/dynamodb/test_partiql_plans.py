"""PartiQL: which partitions, and which stretches of them, a SELECT reads."""

from __future__ import annotations

from typing import Any

import pytest

from .support import index, invalid, make_table

SIZES = {-2: 100, 2: 4500, 10: 7900, 20: 12800}  # 1, 2, 2 and 4 units, together 7
ORDERED = " ORDER BY pk ASC, sk ASC"
OVERLAPPING = "Overlapping conditions with range keys are not supported in where clause"
UNORDERED = "Must have at least one non-optional hash key condition in WHERE clause when using"


@pytest.fixture
def read(db: Any) -> Any:
    """Reads with a WHERE clause; the items' keys and the units, or the whole page."""
    make_table(db, "plan", "pk", "sk", types="SN")
    for name in "ab":
        for number, size in SIZES.items():
            key = {"pk": {"S": name}, "sk": {"N": str(number)}}
            flag = {"S": "yes" if number == 10 else "no"}
            db.put_item(TableName="plan", Item={**key, "flag": flag, "x": {"S": "x" * size}})

    def execute(where: str, **options: Any) -> Any:
        return db.execute_statement(
            Statement=f"SELECT pk, sk FROM plan WHERE {where}",
            ConsistentRead=True,
            ReturnConsumedCapacity="TOTAL",
            **options,
        )

    return execute


def _shown(page: Any) -> tuple[str, float]:
    found = " ".join(item["pk"]["S"] + item["sk"]["N"] for item in page["Items"])
    return found, page["ConsumedCapacity"]["CapacityUnits"]


@pytest.mark.parametrize(
    ("where", "items", "units"),
    [
        ("pk = 'a' AND pk = 'a'", "a-2 a2 a10 a20", 7),
        ("pk IN ['a'] AND pk = 'a'", "a-2 a2 a10 a20", 7),
        ("pk = 'a' AND sk = 2 AND sk = 2.0", "a2", 2),
        ("pk = 'a' AND sk > 2 AND sk > 2.0", "a10 a20", 6),
        ("pk = 'a' AND (sk < 3 OR sk >= 10)", "a-2 a2 a10 a20", 8),
        ("pk = 'a' AND sk IN [20, 7, 2, -2, 10]", "a-2 a2 a10 a20", 10),
        ("pk = 'a' AND sk IN [7, 8]", "", 2),
        ("pk IN ['b', 'none', 'a']", "a-2 a2 a10 a20 b-2 b2 b10 b20", 15),
        ("pk = 'a' AND sk = 2 AND flag = 'no' OR pk = 'b' AND sk = 10 AND flag = 'no'", "a2", 4),
    ],
)
def test_stretches_are_read_one_by_one(read: Any, where: str, items: str, units: float) -> None:
    """Each is rounded up to units by itself, also one in which there is nothing."""
    assert _shown(read(where)) == (items, units)
    assert _shown(read(where + ORDERED)) == (items, units)


@pytest.mark.parametrize(
    ("where", "items"),
    [
        ("pk = 'a' AND sk > -2 AND sk < 20", "a2 a10"),
        ("pk = 'a' AND sk BETWEEN -2 AND 20 AND sk < 10", "a-2 a2"),
        ("pk = 'a' AND sk = 2 AND sk = 10", ""),
        ("pk = 'a' AND sk IN [2, 10] AND sk IN [10, 20]", "a10"),
        ("pk = 'a' AND pk = 'b'", ""),
        ("pk IN ['a', 'b'] AND pk = 'a'", "a-2 a2 a10 a20"),
        ("pk = 'a' AND NOT sk = 2", "a-2 a10 a20"),
        ("pk = 'a' AND sk <> 2", "a-2 a10 a20"),
    ],
)
def test_two_things_said_of_one_key_read_everything(read: Any, where: str, items: str) -> None:
    assert _shown(read(where)) == (items, 13)
    with pytest.raises(Exception, match=UNORDERED):
        read(where + ORDERED)


@pytest.mark.parametrize(
    "where",
    [
        "pk = 'a' AND (sk <= 10 OR sk >= 10)",
        "pk = 'a' AND (sk BETWEEN -2 AND 10 OR sk = 10)",
        "pk = 'a' AND (sk = 10 OR flag = 'yes')",
        "pk = 'a' AND sk IN [2, 2.0]",
        "pk IN ['b', 'a', 'b']",
        "pk = 'a' AND flag = 'yes' OR pk = 'a' AND flag = 'no'",
    ],
)
def test_stretches_do_not_overlap(read: Any, where: str) -> None:
    assert invalid(read, where=where) == OVERLAPPING
    assert invalid(read, where=where + ORDERED) == OVERLAPPING


def test_several_partitions_go_by_their_hash_key(read: Any) -> None:
    """Sort keys that an ORDER BY leaves out descend."""
    read_all = "pk IN ['b', 'a'] AND sk IN [2, 10] ORDER BY "
    for order, items in (
        ("pk ASC, sk DESC", "a10 a2 b10 b2"),
        ("pk DESC, sk ASC", "b2 b10 a2 a10"),
        ("pk", "a10 a2 b10 b2"),
        ("pk DESC", "b10 b2 a10 a2"),
    ):
        assert _shown(read(read_all + order)) == (items, 8)
    assert invalid(read, where=read_all + "sk") == (
        "Must have hash key in ORDER BY clause when more than one hash key condition specified "
        "in WHERE clause."
    )


def test_no_page_follows_the_last_single_item(read: Any) -> None:
    """It says where it ended all the same."""
    where = "pk = 'a' AND sk IN [20, 7, 2, -2] ORDER BY sk"
    pages = []
    more: dict[str, str] | None = {}
    while more is not None:
        page = read(where, Limit=1, **more)
        pages.append((*_shown(page), page["LastEvaluatedKey"]["sk"]["N"]))
        more = {"NextToken": page["NextToken"]} if "NextToken" in page else None
    assert pages == [("a-2", 1, "-2"), ("a2", 2, "2"), ("a20", 5, "20")]
    assert "NextToken" not in read("pk = 'a' AND sk = 2", Limit=1)


def test_what_one_of_a_list_is_asked_of(read: Any) -> None:
    for where in ("pk IN ?", "pk IN 'a'", "pk IN []", "size(flag) IN [2]"):
        given = {"Parameters": [{"L": [{"S": "a"}]}]} if "?" in where else {}
        assert invalid(read, where=where, **given) == (
            "IN operator must have a left hand argument of type Variable Reference and "
            "right hand argument of type Seq with at least one member"
        )


def test_keys_are_of_their_type_where_they_say_what_to_read(read: Any) -> None:
    """Source for this and the next three: floci's captures of the service."""
    schema = "Key attribute's data type should match its data type in table's schema: Key "
    assert invalid(read, where="pk = 1 OR pk = 'a'") == schema + "pk"
    assert invalid(read, where="pk = 'a' AND sk IN [1, '2']") == schema + "sk"
    no_key = "Key value must be of type S, N, or B. Key name: pk, Key type: BOOL"
    assert invalid(read, where="pk = true") == no_key
    assert invalid(read, where="pk = true ORDER BY sk") == no_key
    assert read("pk > 1")["Items"] == []


def _values(count: int) -> str:
    return "[" + ", ".join(f"'v{number}'" for number in range(count)) + "]"


def test_a_select_reads_at_most_50_times(db: Any, read: Any) -> None:
    message = "Too many decomposed read operations for a given query."
    numbers = str(list(range(26)))
    for where in (f"pk IN {_values(51)}", f"pk IN ['a', 'b'] AND sk IN {numbers}"):
        assert invalid(read, where=where) == message
    for where in (f"pk IN {_values(50)}", f"pk IN {_values(51)} OR flag = 'yes'"):
        read(where)
    statement = f"SELECT * FROM plan WHERE pk IN {_values(51)} AND sk = 1"
    (answer,) = db.batch_execute_statement(Statements=[{"Statement": statement}])["Responses"]
    assert answer["Error"]["Message"] == message


def test_a_list_of_choices_has_at_most_100(db: Any, read: Any) -> None:
    message = "The IN operator is provided with too many operands; number of operands: 101"
    read(f"flag IN {_values(100)}")
    assert invalid(read, where=f"flag IN {_values(101)}") == message
    statement = f"SELECT * FROM plan WHERE pk IN {_values(101)} AND sk = 1"
    assert invalid(db.execute_transaction, TransactStatements=[{"Statement": statement}]) == (
        f"Validation failed in TransactStatements[0]: {message}"
    )


def test_an_index_is_asked_by_alternatives_of_which_one_can_be_read(db: Any) -> None:
    """If none can, the last tells what it asks for, in the order of a Java set."""
    make_table(
        db,
        "indexed",
        "pk",
        also=[{"AttributeName": "g", "AttributeType": "S"}],
        GlobalSecondaryIndexes=[index("part", "g", projection="INCLUDE", non_key=["held"])],
    )
    for name in "yz":
        item = {"pk": {"S": name}, "g": {"S": name}, "out": {"S": "o"}, "held": {"S": "h"}}
        db.put_item(TableName="indexed", Item=item)

    def statement(where: str) -> dict[str, str]:
        return {"Statement": f'SELECT pk FROM indexed."part" WHERE {where}'}

    for where, names in (
        ("g = 'y' AND b = '1' AND (a = '2' OR held = 'h')", "a, b"),
        ("g = 'y' AND (zz = '1' OR aa = '2' OR mm = '3')", "zz, aa, mm"),
        ("(g = 'b' AND u1 = '1') OR (g = 'q' AND u2 = '1')", "u2"),
        ("(g = 'q' AND u1 = '1') OR (g = 'b' AND u2 = '1')", "u1"),
    ):
        assert invalid(db.execute_statement, **statement(where)) == (
            "One or more parameter values were invalid: Secondary index part "
            f"does not project one or more filter attributes: [{names}]"
        )
    for where, found in (
        ("(g = 'y' AND held = 'h') OR (g = 'z' AND out = 'o')", "y"),
        ("(g = 'y' AND out = 'o') OR g = 'z'", "z"),
        ("g > 'a' AND out = 'o'", ""),
    ):
        items = db.execute_statement(**statement(where))["Items"]
        assert "".join(item["pk"]["S"] for item in items) == found
    both = statement("(g = 'y' AND zz = '1') OR (g = 'y' AND aa = '1')")
    assert invalid(db.execute_statement, **both) == OVERLAPPING


def test_an_order_is_of_key_attributes(read: Any) -> None:
    assert invalid(read, where="pk = 'a' ORDER BY flag") == (
        "Attribute flag in ORDER BY clause must be part of the primary key"
    )
