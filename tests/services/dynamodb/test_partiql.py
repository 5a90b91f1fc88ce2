"""PartiQL: statements run by themselves."""

from __future__ import annotations

from typing import Any

import pytest

from .support import index, invalid, make_table, refused

MALFORMED = "Statement wasn't well formed, can't be processed: "


@pytest.fixture
def run(db: Any) -> Any:
    """Runs a statement with its parameters; the items."""
    make_table(
        db,
        "music",
        "artist",
        "song",
        also=[{"AttributeName": "year", "AttributeType": "N"}],
        GlobalSecondaryIndexes=[index("by-year", "year", projection="KEYS_ONLY")],
        LocalSecondaryIndexes=[index("local", "artist", "year", projection="KEYS_ONLY")],
    )

    def execute(statement: str, *parameters: Any, **options: Any) -> Any:
        if parameters:
            options["Parameters"] = list(parameters)
        return db.execute_statement(Statement=statement, **options)["Items"]

    return execute


def _insert(run: Any, *songs: str) -> None:
    for number, song in enumerate(songs):
        run(f"INSERT INTO music VALUE {{'artist': 'a', 'song': '{song}', 'year': {1990 + number}}}")


def test_an_insert_makes_an_item_and_no_second(run: Any, db: Any) -> None:
    statement = (
        "INSERT INTO \"music\" VALUE {'artist': ?, 'song': 'It''s', 'tags': <<'x', 'y'>>, "
        "'more': {'list': [1, 2.50, null, true], 'n': -1e3}}"
    )
    assert run(statement, {"S": "a"}) == []
    assert run("SELECT * FROM music") == [
        {
            "artist": {"S": "a"},
            "song": {"S": "It's"},
            "tags": {"SS": ["x", "y"]},
            "more": {
                "M": {
                    "list": {"L": [{"N": "1"}, {"N": "2.5"}, {"NULL": True}, {"BOOL": True}]},
                    "n": {"N": "-1000"},
                }
            },
        }
    ]
    assert refused(db.execute_statement, Statement=statement, Parameters=[{"S": "a"}]) == (
        "DuplicateItemException",
        "Duplicate primary key exists in table",
    )


def test_a_select_reads_a_stretch_of_a_partition(run: Any) -> None:
    _insert(run, "b1", "b2", "c1")
    read = "SELECT song FROM music WHERE artist = 'a' AND "
    assert run(read + "song >= 'b2'") == [{"song": {"S": "b2"}}, {"song": {"S": "c1"}}]
    assert run(read + "begins_with(song, 'b') ORDER BY song DESC") == [
        {"song": {"S": "b2"}},
        {"song": {"S": "b1"}},
    ]
    assert run(read + "song BETWEEN 'b2' AND 'c' AND \"year\" = 1991") == [{"song": {"S": "b2"}}]
    assert run(read + "song <> 'b1' AND NOT song = 'c1'") == [{"song": {"S": "b2"}}]


def test_a_select_without_a_partition_key_reads_it_all(run: Any) -> None:
    _insert(run, "one", "two")
    assert run("SELECT song FROM music WHERE song IN ['two', 'three']") == [{"song": {"S": "two"}}]
    assert run('SELECT song FROM music WHERE size(song) = 3 AND "year" IS MISSING') == []
    assert len(run("SELECT * FROM music -- everything")) == 2


def test_a_select_of_several_partitions_reads_these_alone(db: Any, run: Any) -> None:
    for artist in "abcdefgh":
        db.put_item(
            TableName="music",
            Item={"artist": {"S": artist}, "song": {"S": "x"}, "b": {"B": b"x" * 4000}},
        )
    for where, units in (
        ("artist IN ['b', 'd', 'z']", 1.5),
        ("artist = 'b' OR 'd' = artist", 1.0),
        ("artist IN ['b', 'd'] AND song = 'x'", 1.0),
        ("artist = 'b' OR song = 'z'", 4.0),
    ):
        statement = f"SELECT artist FROM music WHERE {where}"
        found = db.execute_statement(Statement=statement, ReturnConsumedCapacity="TOTAL")
        assert found["ConsumedCapacity"]["CapacityUnits"] == units
        assert {"artist": {"S": "b"}} in found["Items"]
    statement = "SELECT artist FROM music WHERE artist IN ['a', 'c', 'e']"
    artists: list[str] = []
    more: dict[str, str] | None = {}
    while more is not None:
        page = db.execute_statement(Statement=statement, Limit=1, **more)
        artists += [item["artist"]["S"] for item in page["Items"]]
        more = {"NextToken": page["NextToken"]} if "NextToken" in page else None
    assert sorted(artists) == ["a", "c", "e"]


def test_columns_go_by_the_last_name_of_their_path(run: Any) -> None:
    run("INSERT INTO music VALUE {'artist': 'a', 'song': 's', 'm': {'deep': ['x', {'at': 7}]}}")
    found = run('SELECT m.deep[1]."at", m.deep[1].id, m.deep[0] FROM music')
    assert found == [{"at": {"N": "7"}, "deep[0]": {"S": "x"}}]


def test_list_indexes_are_32_bits_and_not_negative(db: Any, run: Any) -> None:
    run("INSERT INTO music VALUE {'artist': 'a', 'song': 's', 'l': ['x']}")
    assert run("SELECT l[-0], l[2147483647] FROM music") == [{"l[0]": {"S": "x"}}]
    for number, at in (("-1", "1:11:1"), ("2147483648", "1:10:10")):
        said = invalid(db.execute_statement, Statement=f"SELECT l[{number}] FROM music")
        assert said == f"List index is not within the allowable range; index: [{number}] at {at}"


def test_parameters_are_looked_at_before_the_statement(db: Any) -> None:
    said = invalid(db.execute_statement, Statement="UPDATE", Parameters=[{"SS": ["a", "a"]}])
    assert said.endswith("Input collection [a, a] contains duplicates.")


def test_pages_go_on_by_token(run: Any, db: Any) -> None:
    _insert(run, "s1", "s2", "s3")
    statement = "SELECT song FROM music WHERE artist = 'a'"
    seen: list[str] = []
    token: dict[str, str] = {}
    while True:
        page = db.execute_statement(Statement=statement, Limit=2, **token)
        seen += [item["song"]["S"] for item in page["Items"]]
        if "NextToken" not in page:
            break
        assert page["LastEvaluatedKey"] == {"artist": {"S": "a"}, "song": {"S": "s2"}}
        token = {"NextToken": page["NextToken"]}
    assert seen == ["s1", "s2", "s3"]
    other = "SELECT * FROM music"
    assert invalid(db.execute_statement, Statement=other, **token) == (
        "NextToken does not match request"
    )


def test_an_update_changes_one_item_that_is_there(run: Any, db: Any) -> None:
    _insert(run, "s")
    where = "WHERE artist = 'a' AND song = 's'"
    assert run(f"UPDATE music SET a = 1, b = [1] SET c = <<'x'>> {where}") == []
    assert run(
        f"UPDATE music SET a = a + 2 SET b = list_append(b, [2]) SET c = set_add(c, <<'y'>>) "
        f"{where} AND a = 1 RETURNING MODIFIED NEW *"
    ) == [{"a": {"N": "3"}, "b": {"L": [{"N": "1"}, {"N": "2"}]}, "c": {"SS": ["x", "y"]}}]
    assert run(f"FROM music {where} SET c = set_delete(c, <<'x', 'y'>>) REMOVE b[0]") == []
    assert run(f"UPDATE music REMOVE a {where} RETURNING MODIFIED NEW *") == []
    assert run("SELECT a, b, c FROM music") == [{"b": {"L": [{"N": "2"}]}}]
    for condition in ("AND a = 7", ""):
        failed = where.replace("'s'", "'t'") if not condition else where + condition
        error = refused(db.execute_statement, Statement=f"UPDATE music SET a = 1 {failed}")
        assert error == ("ConditionalCheckFailedException", "The conditional request failed")


def test_a_delete_of_nothing_is_no_error(run: Any, db: Any) -> None:
    _insert(run, "s")
    where = "WHERE artist = 'a' AND song = 's'"
    failing = f"DELETE FROM music {where} AND attribute_exists(nothing)"
    assert refused(db.execute_statement, Statement=failing)[0] == "ConditionalCheckFailedException"
    found = run(f"DELETE FROM music {where} RETURNING ALL OLD *")
    assert [item["song"] for item in found] == [{"S": "s"}]
    assert run(f"DELETE FROM music {where} AND a = 1") == []


def test_an_index_is_read_as_it_is(run: Any, db: Any) -> None:
    _insert(run, "s")
    assert run('SELECT * FROM music."by-year" WHERE "year" = 1990') == [
        {"artist": {"S": "a"}, "song": {"S": "s"}, "year": {"N": "1990"}}
    ]

    def message(statement: str, **options: Any) -> str:
        return invalid(db.execute_statement, Statement=statement, **options)

    keyed = 'SELECT song FROM music."by-year" WHERE "year" = 1990'
    assert message(f"{keyed} AND rating = 1") == (
        "One or more parameter values were invalid: Secondary index by-year "
        "does not project one or more filter attributes: [rating]"
    )
    assert message(keyed.replace("song", "rating", 1)) == (
        "One or more parameter values were invalid: "
        "Global secondary index by-year does not project [rating]"
    )
    assert message(keyed, ConsistentRead=True) == (
        "Strongly consistent read is not supported on Global Secondary Indexes"
    )
    assert message('SELECT * FROM music."none"') == "The table does not have the specified index"
    assert message('DELETE FROM music."by-year" WHERE artist = 1') == (
        "This operation is not supported on an index"
    )


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("attribute_exists(m.x) = true", True),
        ("attribute_not_exists(m.x)", False),
        ("attribute_type(m, 'M') AND contains(l, 'b')", True),
        ("nul IS NULL AND s IS NOT NULL", True),
        ("s IS STRING AND l IS LIST AND b IS BOOL", True),
        ("s IS NOT MISSING AND nothing IS MISSING", True),
        ("(s = 'str' OR s = 'other') AND NOT (b = false)", True),
        ("ns = <<2, 1>> AND m = {'x': 1}", True),
        ("s NOT IN ['a', 'str']", False),
    ],
)
def test_conditions_hold_or_not(db: Any, condition: str, holds: bool) -> None:
    make_table(db, "things", "id")
    db.execute_statement(
        Statement="INSERT INTO things VALUE {'id': 'i', 'm': {'x': 1}, 'l': ['a', 'b'], "
        "'nul': null, 's': 'str', 'b': true, 'ns': <<1, 2>>}"
    )
    statement = f"SELECT id FROM things WHERE id = 'i' AND {condition}"
    assert bool(db.execute_statement(Statement=statement)["Items"]) == holds


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("SLECT * FROM music", MALFORMED + "Expected data manipulation"),
        (
            "SELECT * FROM music WHERE artist = 'a' foo",
            MALFORMED + "Unexpected token after expression",
        ),
        ("SELECT * FROM music WHERE", MALFORMED + "Unexpected term"),
        ("SELECT * FROM music WHERE ORDER BY song", MALFORMED + "Unexpected keyword"),
        ("SELECT * FROM music WHERE artist = LIKE", MALFORMED + "Unexpected operator"),
        (
            "SELECT * FROM music WHERE artist = 'a' AND",
            MALFORMED + "Missing right-hand side expression of infix operator",
        ),
        ("SELECT * FROM music WHERE x IS FOO", MALFORMED + "Expected type name"),
        ("SELECT * FROM music WHERE m.inner = 1", MALFORMED + "Invalid path dot component"),
        ("SELECT * FROM music WHERE artist = 1 # note", MALFORMED),
        ("SELECT * FROM music WHERE artist = 1 /* note", MALFORMED),
        ("SELECT COUNT(*) FROM music", MALFORMED + "Unexpected term"),
        ("SELECT * FROM music WHERE artist = 1e2147483648", MALFORMED),
        ("DELETE FROM;", MALFORMED + "Expected identifier for simple path"),
        ("x IS INT4", "Unsupported operation: IsType"),
        ("SELECT * FROM music AS m", "Aliasing is not supported"),
        ("SELECT * FROM a.b.c", "A path may contain at most 2 components in the FROM clause"),
        ('SELECT * FROM ""', "Path component cannot be an empty string"),
        ("INSERT INTO music.i VALUE {}", "FROM clause may only contain a single table name"),
        (
            "INSERT INTO music VALUE ?",
            "Unsupported format in item expression. Please use struct format {...} "
            "to express item values for insert statement. at 1:25:1",
        ),
        ("SELECT size(a) FROM music", "Unexpected path component at 1:8:4"),
        (
            "SELECT * FROM music WHERE EXISTS(song)",
            "Unrecognized function: exists at 1:27:6",
        ),
        (
            "SELECT * FROM music\nWHERE a < true",
            "Incorrect operand type for operator or function; "
            "operator or function: <, operand type: BOOL",
        ),
        (
            "INSERT INTO music VALUE {'artist': 'a', 'm': {'x': 1e126}}",
            "Number overflow. Attempting to store a number with magnitude larger than "
            "supported range under root.x",
        ),
        (
            "INSERT INTO music VALUE {'artist': set_add(<<1>>, <<2>>)}",
            "Unsupported data type: set_add under key root at 1:36:7",
        ),
        ("UPDATE music SET a = <<>> WHERE artist = 'a'", "Empty bags are not supported"),
        (
            "UPDATE music SET a = set_add(b, <<'x'>>)",
            "The first argument to SET_ADD must equal the assignment value at 1:22:7",
        ),
        (
            "UPDATE music SET a = set_add(a, 'x')",
            "The second argument to SET_ADD must be a value with type SET at 1:30:1",
        ),
        (
            "UPDATE music SET a = set_delete(a)",
            "SET_DELETE must have exactly two arguments at 1:22:10",
        ),
        (
            "FROM music WHERE artist = 'a' SET c = 1",
            "Where clause does not contain a mandatory equality on all key attributes",
        ),
        (
            "DELETE FROM music WHERE artist = 'a' RETURNING MODIFIED OLD *",
            "Invalid returning clause: RETURNING MODIFIED OLD *. "
            "Only RETURNING ALL OLD * is allowed in DELETE statements.",
        ),
        (
            "SELECT * FROM music WHERE artist = 'a' AND x = 1 OR artist = 'a' AND song = 's'",
            "Overlapping conditions with range keys are not supported in where clause",
        ),
        (
            "SELECT * FROM music WHERE a = ?",
            "Number of parameters in request and statement don't match.",
        ),
        (
            "SELECT * FROM music WHERE attribute_exists()",
            "Incorrect number of operands for operator or function; "
            "operator or function: attribute_exists, number of operands: 0",
        ),
        (
            "SELECT * FROM music ORDER BY song",
            "Must have WHERE clause in the statement when using ORDER BY clause.",
        ),
    ],
)
def test_what_is_wrong_is_said_as_the_service_says_it(
    run: Any, db: Any, statement: str, message: str
) -> None:
    assert invalid(db.execute_statement, Statement=statement) == message


def test_branches_that_deny_a_sort_key_may_overlap(run: Any) -> None:
    _insert(run, "1", "2", "3")
    for denial, wanted in (("NOT song = '1'", "23"), ("song <> '3'", "12")):
        statement = (
            f"SELECT song FROM music WHERE artist = 'a' AND {denial} OR artist = 'a' AND song = '2'"
        )
        assert {item["song"]["S"] for item in run(statement)} == set(wanted)


def test_capacity_and_absent_tables(run: Any, db: Any) -> None:
    _insert(run, "s")
    statement = "SELECT * FROM music WHERE artist = 'a'"
    answer = db.execute_statement(Statement=statement, ReturnConsumedCapacity="TOTAL")
    assert answer["ConsumedCapacity"] == {"TableName": "music", "CapacityUnits": 0.5}
    answer = db.execute_statement(
        Statement="DELETE FROM music WHERE artist = 'a' AND song = 's'",
        ReturnConsumedCapacity="INDEXES",
    )
    assert answer["ConsumedCapacity"]["CapacityUnits"] == 3
    assert refused(db.execute_statement, Statement='SELECT * FROM "none"') == (
        "ResourceNotFoundException",
        "Requested resource not found",
    )
