-- A trace is what its segments tell; this row is for finding it. Times are epoch seconds.
CREATE TABLE traces (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    id TEXT NOT NULL,
    began INTEGER NOT NULL,     -- as its id says
    first_start REAL NOT NULL,
    last_end REAL NOT NULL,
    revision INTEGER NOT NULL,
    PRIMARY KEY (account, region, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX traces_by_time ON traces (account, region, began, id);

-- Documents as they were sent: segments, and subsegments that came on their own.
CREATE TABLE segments (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    trace TEXT NOT NULL,
    id TEXT NOT NULL,
    document TEXT NOT NULL,     -- JSON
    finished REAL,              -- its end_time
    PRIMARY KEY (account, region, trace, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE groups (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    arn TEXT NOT NULL,
    expression TEXT,
    insights TEXT NOT NULL,     -- JSON: InsightsConfiguration
    tags TEXT NOT NULL,         -- JSON
    PRIMARY KEY (account, region, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE sampling_rules (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    rule TEXT NOT NULL,         -- JSON: SamplingRule
    created_at REAL NOT NULL,
    modified_at REAL NOT NULL,
    tags TEXT NOT NULL,         -- JSON
    PRIMARY KEY (account, region, name)
) STRICT, WITHOUT ROWID;

-- What clients reported of a rule's use, by minute.
CREATE TABLE sampling_statistics (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    rule TEXT NOT NULL,
    client TEXT NOT NULL,
    window INTEGER NOT NULL,
    reported REAL NOT NULL,
    requests INTEGER NOT NULL,
    sampled INTEGER NOT NULL,
    borrowed INTEGER NOT NULL,
    PRIMARY KEY (account, region, rule, window, client)
) STRICT, WITHOUT ROWID;

-- What an account has one of: its encryption, when its rules were last changed, when traces expire.
CREATE TABLE settings (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,        -- JSON
    PRIMARY KEY (account, region, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE resource_policies (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    document TEXT NOT NULL,
    revision TEXT NOT NULL,
    updated_at REAL NOT NULL,
    PRIMARY KEY (account, region, name)
) STRICT, WITHOUT ROWID;
