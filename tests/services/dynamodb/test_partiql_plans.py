"""PartiQL: which partitions, and which stretches of them, a SELECT reads."""

from __future__ import annotations

from typing import Any

import pytest

from .support import invalid, make_table

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
