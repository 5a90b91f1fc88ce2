"""The ordered key-value store beneath items, index entries and expiry times.

A space is an ordered map from (partition, sort), both bytes, to bytes. This module is all that
knows it is SQLite.
"""

import sqlite3
from collections.abc import Iterator

Entry = tuple[bytes, bytes, bytes]


def new_space(db: sqlite3.Connection) -> int:
    """Makes an empty space; its number, never used before or again."""
    return db.execute("INSERT INTO spaces DEFAULT VALUES").lastrowid or 0


def clear(db: sqlite3.Connection, space: int, at_most: int) -> bool:
    """Removes up to so many entries of a space; once there are none left, the space, and True."""
    gone = db.execute(
        "DELETE FROM entries WHERE space = ?1 AND (partition, sort) IN "
        "(SELECT partition, sort FROM entries WHERE space = ?1 LIMIT ?2)",
        (space, at_most),
    ).rowcount
    if gone == at_most:
        return False
    db.execute("DELETE FROM spaces WHERE space = ?", (space,))
    return True


def totals(db: sqlite3.Connection, space: int) -> tuple[int, int]:
    """How many entries a space has, and their sizes' sum as told to `put` and `remove`."""
    row = db.execute("SELECT entries, bytes FROM spaces WHERE space = ?", (space,)).fetchone()
    return (row[0], row[1]) if row else (0, 0)


def get(db: sqlite3.Connection, space: int, partition: bytes, sort: bytes) -> bytes | None:
    """The value of a key, or None."""
    row = db.execute(
        "SELECT value FROM entries WHERE space = ? AND partition = ? AND sort = ?",
        (space, partition, sort),
    ).fetchone()
    return row[0] if row else None


def put(db: sqlite3.Connection, space: int, entry: Entry, added: int, grown: int) -> None:
    """Writes an entry; `added` (1 if the key is new) and `grown` bytes go into the totals."""
    db.execute("INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?)", (space, *entry))
    _count(db, space, added, grown)


def remove(db: sqlite3.Connection, space: int, partition: bytes, sort: bytes, size: int) -> None:
    """Removes the entry of a key that is there, of so many bytes."""
    db.execute(
        "DELETE FROM entries WHERE space = ? AND partition = ? AND sort = ?",
        (space, partition, sort),
    )
    _count(db, space, -1, -size)


def _count(db: sqlite3.Connection, space: int, added: int, grown: int) -> None:
    if added or grown:
        db.execute(
            "UPDATE spaces SET entries = entries + ?, bytes = bytes + ? WHERE space = ?",
            (added, grown, space),
        )


def within(
    db: sqlite3.Connection,
    space: int,
    partition: bytes,
    low: bytes,
    high: bytes | None,
    *,
    forward: bool = True,
) -> Iterator[Entry]:
    """A partition's entries with low <= sort < high (None: no end), in order or in reverse."""
    return db.execute(
        "SELECT partition, sort, value FROM entries WHERE space = ? AND partition = ? "
        f"AND sort >= ? {'' if high is None else 'AND sort < ?'} "
        f"ORDER BY sort {'ASC' if forward else 'DESC'}",
        (space, partition, low) if high is None else (space, partition, low, high),
    )


def across(
    db: sqlite3.Connection, space: int, start: tuple[bytes, bytes], end: bytes | None
) -> Iterator[Entry]:
    """Entries after the key `start` with partition < end (None: to the last), in order."""
    return db.execute(
        "SELECT partition, sort, value FROM entries "
        "WHERE space = ? AND (partition, sort) > (?, ?) "
        f"{'' if end is None else 'AND partition < ?'} ORDER BY partition, sort",
        (space, *start) if end is None else (space, *start, end),
    )
