"""From layout 0, where the items were rows of the database, to the items' file."""

import sqlite3
from collections.abc import Callable

from . import layout

_AT_ONCE = 5000

Write = Callable[[dict[bytes, bytes | None]], None]


def is_due(db: sqlite3.Connection) -> bool:
    """Whether the database still has the items."""
    found = db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'entries'").fetchone()
    return found is not None


def run(db: sqlite3.Connection, write: Write) -> None:
    """Copies the items into the file and then takes them out of the database, if they are there.

    A crash in between does no harm: the copying begins again.
    """
    if not is_due(db):
        return
    rows = db.execute("SELECT space, partition, sort, value FROM entries")
    while found := rows.fetchmany(_AT_ONCE):
        write({layout.place(r[0], r[1], r[2]): layout.kept(r[1], r[3]) for r in found})
    totals = db.execute("SELECT space, entries, bytes FROM spaces")
    write({layout.counter(r[0]): layout.counts(r[1], r[2]) for r in totals})
    db.executescript(
        "BEGIN;"
        "DROP TABLE entries;"
        "ALTER TABLE spaces DROP COLUMN entries;"
        "ALTER TABLE spaces DROP COLUMN bytes;"
        "COMMIT;"
    )
