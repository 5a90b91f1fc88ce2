-- One row per table; its definition is a JSON document (tables.py).
CREATE TABLE tables (
    account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL, definition BLOB NOT NULL,
    PRIMARY KEY (account, region, name)
) STRICT, WITHOUT ROWID;

-- The ordered key-value store (storage.py). A space holds a table's items, an index's entries or a
-- table's expiry times.
CREATE TABLE spaces (
    space INTEGER PRIMARY KEY AUTOINCREMENT,
    entries INTEGER NOT NULL DEFAULT 0, bytes INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE entries (
    space INTEGER NOT NULL, partition BLOB NOT NULL, sort BLOB NOT NULL, value BLOB NOT NULL,
    PRIMARY KEY (space, partition, sort)
) STRICT, WITHOUT ROWID;

-- ClientRequestTokens of TransactWriteItems.
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
