CREATE TABLE groups (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    tags TEXT NOT NULL,        -- JSON object
    created_at REAL NOT NULL,
    PRIMARY KEY (account, region, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE schedules (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    group_name TEXT NOT NULL,
    name TEXT NOT NULL,
    id TEXT NOT NULL,          -- tells one from another that had its name before
    settings TEXT NOT NULL,    -- JSON: the members CreateSchedule was given, and their defaults
    created_at REAL NOT NULL,
    modified_at REAL NOT NULL,
    PRIMARY KEY (account, region, group_name, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE tokens (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    operation TEXT NOT NULL,
    token TEXT NOT NULL,
    request TEXT NOT NULL,     -- JSON
    answer TEXT NOT NULL,      -- JSON
    expires REAL NOT NULL,
    PRIMARY KEY (account, region, operation, token)
) STRICT, WITHOUT ROWID;
