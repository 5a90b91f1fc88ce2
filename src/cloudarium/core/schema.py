"""A database's tables and indexes: those its schema has and it lacks are made at its opening.

A fingerprint of the schema's text is the database's `application_id`, a number that SQLite keeps
in the file's header for whoever writes it (https://sqlite.org/pragma.html#pragma_application_id):
only where it is another one are the database and the schema compared.
"""

from __future__ import annotations

import sqlite3
import zlib

_OBJECTS = (
    "SELECT name, type, sql FROM sqlite_schema "
    "WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY rowid"
)

Column = tuple[str, str, bool, str | None, int]
"""Name, type, whether it is NOT NULL, default, place in the primary key from 1."""


class SchemaError(Exception):
    """The database has something that is not as the schema has it; the message says what."""


def complete(db: sqlite3.Connection, schema: str, layout: int) -> bool:
    """Make what a database lacks of a schema, in one transaction; tell whether it was written to.

    `layout` becomes its `user_version`. What the schema does not have is left alone. Raises
    SchemaError, the database being as it was.
    """
    fingerprint = zlib.crc32(schema.encode()) >> 1 or 1
    if db.execute("PRAGMA application_id").fetchone()[0] == fingerprint:
        return False
    missing = _missing(db, schema) if db.execute(_OBJECTS).fetchone() else [schema]
    done = (f"PRAGMA application_id={fingerprint}", f"PRAGMA user_version={layout}")
    try:
        db.executescript(";\n".join(("BEGIN", *missing, *done, "COMMIT")))
    except sqlite3.IntegrityError as error:
        db.execute("ROLLBACK")
        raise SchemaError(f"rows do not fit a new index: {error}") from error
    return True


def _missing(db: sqlite3.Connection, schema: str) -> list[str]:
    """Return the statements of the schema whose table or index is missing, in its order."""
    model = sqlite3.connect(":memory:")
    try:
        model.executescript(schema)
        wanted = model.execute(_OBJECTS).fetchall()
        found = {row[0]: (row[1], row[2]) for row in db.execute(_OBJECTS)}
        for name, kind, sql in wanted:
            if name not in found:
                continue
            if found[name][0] != kind:
                raise SchemaError(f"{name} is not a {kind}")
            if kind == "table":
                _check_columns(name, _columns(db, name), _columns(model, name))
            elif found[name][1].split() != sql.split():
                raise SchemaError(f"the {kind} {name} is another one")
    finally:
        model.close()
    return [sql for name, _, sql in wanted if name not in found]


def _columns(db: sqlite3.Connection, table: str) -> list[Column]:
    rows = db.execute(
        'SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_xinfo(?)', (table,)
    )
    return [(row[0], row[1], bool(row[2]), row[3], row[4]) for row in rows]


def _check_columns(table: str, found: list[Column], wanted: list[Column]) -> None:
    """Raise SchemaError unless a table has the columns wanted, and of others none to be filled."""
    names = {name for name, *_ in wanted}
    if [column for column in found if column[0] in names] != wanted:
        differing = [name for name, *rest in wanted if (name, *rest) not in found] or sorted(names)
        raise SchemaError(f"the table {table} has other columns: {', '.join(differing)}")
    for name, _, is_needed, default, _ in found:
        if name not in names and is_needed and default is None:
            raise SchemaError(f"the table {table} has one column more: {name}")
