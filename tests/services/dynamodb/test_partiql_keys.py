"""PartiQL: what statements say of the keys of single items, also together.

Source: what users of the service captured from it, as floci's tests of PartiQL have it.
"""

from __future__ import annotations

from typing import Any

import pytest

from .support import invalid, make_table

UPDATE = "UPDATE songs SET n = 1 WHERE "
DOES_NOT_FIT = "The provided key element does not match the schema"


@pytest.fixture
def songs(db: Any) -> Any:
    """A client, and a table with two items."""
    make_table(db, "songs", "artist", "song")
    for artist in ("a", "b"):
        item = {"artist": {"S": artist}, "song": {"S": "1"}, "flag": {"S": "x"}}
        db.put_item(TableName="songs", Item=item)
    return db


def _statements(*texts: str) -> list[dict[str, str]]:
    return [{"Statement": text} for text in texts]


def _reasons(db: Any, *texts: str) -> list[tuple[str, str | None]]:
    """Why a transaction of these statements is cancelled."""
    with pytest.raises(db.exceptions.TransactionCanceledException) as caught:
        db.execute_transaction(TransactStatements=_statements(*texts))
    reasons = caught.value.response["CancellationReasons"]
    return [(reason["Code"], reason.get("Message")) for reason in reasons]


def _read(db: Any, artist: str) -> Any:
    key = {"artist": {"S": artist}, "song": {"S": "1"}}
    return db.get_item(TableName="songs", Key=key)["Item"]


def test_a_write_is_of_one_key(songs: Any) -> None:
    several = (
        "Multiple conditions on same key artist. "
        "Only single item Update/Insert/Delete are supported"
    )
    where = "artist = 'a' AND song = '1' AND artist = 'b'"
    for start in (UPDATE, "DELETE FROM songs WHERE "):
        assert invalid(songs.execute_statement, Statement=start + where) == several
    songs.execute_statement(Statement=UPDATE + where.replace("'b'", "'a'"))
    assert _read(songs, "a")["n"] == {"N": "1"}


def test_a_read_says_its_key_in_any_way(songs: Any) -> None:
    select = "SELECT flag FROM songs WHERE "
    for where in (
        "artist IN ['a'] AND song IN ['1']",
        "(song = '1') AND artist = 'a' AND artist = 'a'",
        "(artist IN ['a']) AND artist = 'a' AND song = '1'",
    ):
        given = _statements(select + where)
        answers = songs.execute_transaction(TransactStatements=given)["Responses"]
        assert answers == [{"Item": {"flag": {"S": "x"}}}]
        answers = songs.batch_execute_statement(Statements=given)["Responses"]
        assert answers == [{"TableName": "songs", "Item": {"flag": {"S": "x"}}}]
    refused = "must specify the primary key in the where clause."
    for where, said in (
        ("artist = 'a' AND song = '1' AND flag = 'x'", refused),
        ("artist = 'a' AND song = '1' AND artist = 'b'", refused),
        ("artist IN ['a', 'a'] AND song = '1'", "Overlapping conditions with range keys"),
    ):
        given = _statements(select + where)
        assert said in invalid(songs.execute_transaction, TransactStatements=given)


def test_a_batch_looks_for_one_item_only_where_a_read_is_of_one(songs: Any) -> None:
    select = "SELECT flag FROM songs WHERE artist = 'a' AND song = '1'"
    given = _statements(select, select + " AND flag = 'x'", select + " AND artist = 'b'")
    first, *others = songs.batch_execute_statement(Statements=given)["Responses"]
    assert first["Item"] == {"flag": {"S": "x"}}
    assert [each["Error"]["Code"] for each in others] == ["ValidationError"] * 2


def test_a_transaction_says_of_each_write_that_its_key_does_not_fit(songs: Any) -> None:
    wrong = (
        "artist = 'a'",
        "artist IN ['a'] AND song = '1'",
        "artist = 'a' AND song = '1' AND artist = 'b'",
        "artist = 'a' AND song = 1",
    )
    reasons = _reasons(
        songs, *[UPDATE + where for where in wrong], UPDATE + "artist = 'a' AND song = '1'"
    )
    assert reasons == [("ValidationError", DOES_NOT_FIT)] * 4 + [("None", None)]
    insert = "INSERT INTO songs VALUE {'artist': 'c'}"
    assert _reasons(songs, insert, "DELETE FROM songs WHERE song = '1'") == [
        (
            "ValidationError",
            "One or more parameter values were invalid: Missing the key song in the item",
        ),
        ("ValidationError", DOES_NOT_FIT),
    ]
    assert "n" not in _read(songs, "a")


def test_a_transaction_says_which_table_is_missing(songs: Any) -> None:
    """But first what is wrong with statements whose table is there."""
    missing = ("ResourceNotFound", "Requested resource not found")
    update = UPDATE.replace("songs", "absent") + "artist = 'a' AND song = '1'"
    select = "SELECT * FROM songs WHERE artist = 'a' AND song = '1'"
    delete = "DELETE FROM absent WHERE artist = 'a' AND song = '1'"
    assert _reasons(songs, update + " RETURNING ALL NEW *", delete) == [missing] * 2
    index = select.replace("songs", 'absent."index"')
    assert _reasons(songs, select, index) == [("None", None), missing]
    returning = UPDATE + "artist = 'a' AND song = '1' RETURNING ALL NEW *"
    given = _statements(update, returning)
    assert invalid(songs.execute_transaction, TransactStatements=given) == (
        "Validation failed in TransactStatements[1]: "
        "RETURNING clause is not supported in ExecuteTransaction."
    )


def test_a_check_is_of_one_item_and_of_something_more(songs: Any) -> None:
    check = "EXISTS(SELECT * FROM songs WHERE {})"
    for where in (
        "artist IN ['a'] AND song = '1' AND flag = 'x'",
        "artist = 'a' AND flag = 'x'",
        "artist = 'a' AND song = '1' AND song = '1'",
    ):
        given = _statements(check.format(where), UPDATE + "artist = 'b' AND song = '1'")
        assert invalid(songs.execute_transaction, TransactStatements=given) == (
            "Validation failed in TransactStatements[0]: "
            "EXISTS() must contain a single item read with additional condition"
        )
    other = check.format("artist = 'a' AND song = '1' AND artist = 'b' AND flag = 'x'")
    (code, _), _ = _reasons(songs, other, UPDATE + "artist = 'b' AND song = '1'")
    assert code == "ConditionalCheckFailed"


def test_a_batch_names_the_table_that_a_write_reached(songs: Any) -> None:
    make = "UPDATE songs SET m = {} WHERE artist = 'a' AND song = '1'"
    songs.execute_statement(Statement=make)
    value: dict[str, Any] = {"S": "x"}
    for _ in range(31):
        value = {"M": {"a": value}}
    deep = {
        "Statement": "UPDATE songs SET m.deep = ? WHERE artist = 'a' AND song = '1'",
        "Parameters": [value],
    }
    (answer,) = songs.batch_execute_statement(Statements=[deep])["Responses"]
    assert answer == {
        "TableName": "songs",
        "Error": {
            "Code": "ValidationError",
            "Message": "Nesting Levels have exceeded supported limits",
        },
    }
