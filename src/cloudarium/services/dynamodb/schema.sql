-- One row per table; its definition is a JSON document (tables.py).
CREATE TABLE tables (
    account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL, definition BLOB NOT NULL,
    PRIMARY KEY (account, region, name)
) STRICT, WITHOUT ROWID;

-- Numbers of spaces (storage.py), which are in the items' file. A space holds a table's items, an
-- index's entries, a table's expiry times, a stream's records or a table's history.
CREATE TABLE spaces (space INTEGER PRIMARY KEY AUTOINCREMENT) STRICT;

-- What the items' file did not have yet when a transaction committed that changed both (engine.py).
CREATE TABLE ahead (
    id INTEGER NOT NULL, key BLOB PRIMARY KEY, value BLOB
) STRICT, WITHOUT ROWID;

-- ClientRequestTokens of transactions; `request` is a digest and the sizes of the items (tokens.py).
CREATE TABLE tokens (
    account TEXT NOT NULL, region TEXT NOT NULL, token TEXT NOT NULL,
    request BLOB NOT NULL, expires REAL NOT NULL,
    PRIMARY KEY (account, region, token)
) STRICT, WITHOUT ROWID;
CREATE INDEX tokens_expiry ON tokens (expires);

-- Streams, past ones too for as long as they can be read. `space` has the records (streams.py).
CREATE TABLE streams (
    account TEXT NOT NULL, region TEXT NOT NULL, table_name TEXT NOT NULL, label TEXT NOT NULL,
    space INTEGER NOT NULL, view TEXT NOT NULL, keys BLOB NOT NULL, created REAL NOT NULL,
    disabled REAL,
    PRIMARY KEY (account, region, table_name, label)
) STRICT, WITHOUT ROWID;

-- Streams that were read to their end: the next record is announced (streams.py).
CREATE TABLE streams_read (
    space INTEGER PRIMARY KEY, arn TEXT NOT NULL
) STRICT;

-- Backups. `space` has the items as they were; `definition` is the table's, at that time.
CREATE TABLE backups (
    account TEXT NOT NULL, region TEXT NOT NULL, arn TEXT NOT NULL, table_name TEXT NOT NULL,
    name TEXT NOT NULL, status TEXT NOT NULL, created REAL NOT NULL, space INTEGER NOT NULL,
    definition BLOB NOT NULL,
    PRIMARY KEY (account, region, arn)
) STRICT, WITHOUT ROWID;

-- Exports to and imports from S3; `description` is what is answered of them.
CREATE TABLE transfers (
    account TEXT NOT NULL, region TEXT NOT NULL, arn TEXT NOT NULL, kind TEXT NOT NULL,
    table_arn TEXT NOT NULL, token TEXT, description BLOB NOT NULL,
    PRIMARY KEY (account, region, arn)
) STRICT, WITHOUT ROWID;
