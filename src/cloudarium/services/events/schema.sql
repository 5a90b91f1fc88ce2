CREATE TABLE buses (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    policy TEXT,               -- JSON document
    tags TEXT NOT NULL,        -- JSON object
    created_at REAL NOT NULL,
    PRIMARY KEY (account, region, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE rules (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    bus TEXT NOT NULL,
    name TEXT NOT NULL,
    pattern TEXT,
    schedule TEXT,
    state TEXT NOT NULL,
    description TEXT,
    role_arn TEXT,
    tags TEXT NOT NULL,        -- JSON object
    PRIMARY KEY (account, region, bus, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE targets (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    bus TEXT NOT NULL,
    rule TEXT NOT NULL,
    id TEXT NOT NULL,
    arn TEXT NOT NULL,
    body TEXT NOT NULL,        -- JSON: the target as it was put
    PRIMARY KEY (account, region, bus, rule, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE archives (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    bus TEXT NOT NULL,
    description TEXT,
    pattern TEXT,
    retention_days INTEGER NOT NULL,
    key_id TEXT,
    created_at REAL NOT NULL,
    PRIMARY KEY (account, region, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE archived_events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    archive TEXT NOT NULL,
    at REAL NOT NULL,          -- the event's own time
    kept_at REAL NOT NULL,
    event TEXT NOT NULL        -- JSON
) STRICT;
CREATE INDEX archived_events_by_time ON archived_events (account, region, archive, at, id);

CREATE TABLE replays (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    archive TEXT NOT NULL,
    bus TEXT NOT NULL,
    description TEXT,
    filters TEXT NOT NULL,     -- JSON: ARNs of rules, none for all
    since REAL NOT NULL,
    until REAL NOT NULL,
    state TEXT NOT NULL,
    started_at REAL NOT NULL,
    ended_at REAL,
    last_replayed REAL,
    PRIMARY KEY (account, region, name)
) STRICT, WITHOUT ROWID;
