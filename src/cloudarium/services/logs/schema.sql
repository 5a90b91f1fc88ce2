-- All times are epoch milliseconds.
CREATE TABLE log_groups (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    class TEXT NOT NULL,
    retention_days INTEGER,
    tags TEXT NOT NULL,                 -- JSON object
    created_at INTEGER NOT NULL,
    stored_bytes INTEGER NOT NULL DEFAULT 0,
    expires_at INTEGER,                 -- when the next expiry is scheduled
    UNIQUE (account, region, name)
) STRICT;

CREATE TABLE log_streams (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    log_group INTEGER NOT NULL REFERENCES log_groups (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    first_event_at INTEGER,
    last_event_at INTEGER,
    last_ingestion_at INTEGER,
    UNIQUE (log_group, name)
) STRICT;

CREATE TABLE events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    log_group INTEGER NOT NULL REFERENCES log_groups (id) ON DELETE CASCADE,
    stream INTEGER NOT NULL REFERENCES log_streams (id) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    ingested_at INTEGER NOT NULL,
    message TEXT NOT NULL
) STRICT;
CREATE INDEX events_of_stream ON events (stream, at, id);
CREATE INDEX events_of_group ON events (log_group, at, id);

CREATE TABLE metric_filters (
    log_group INTEGER NOT NULL REFERENCES log_groups (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    pattern TEXT NOT NULL,
    transformations TEXT NOT NULL,      -- JSON list
    created_at INTEGER NOT NULL,
    PRIMARY KEY (log_group, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE subscription_filters (
    log_group INTEGER NOT NULL REFERENCES log_groups (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    pattern TEXT NOT NULL,
    destination TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (log_group, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE resource_policies (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    document TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (account, region, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE query_definitions (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    body TEXT NOT NULL,                 -- JSON object: what was put
    modified_at INTEGER NOT NULL
) STRICT;
CREATE INDEX query_definitions_by_name ON query_definitions (account, region, name);

CREATE TABLE queries (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    log_group TEXT NOT NULL,
    text TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    results TEXT NOT NULL,              -- JSON list of rows, each a list of [field, value]
    statistics TEXT NOT NULL            -- JSON object
) STRICT;
CREATE INDEX queries_by_time ON queries (account, region, created_at);
