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
