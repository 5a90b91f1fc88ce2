CREATE TABLE pipelines (
    account    TEXT NOT NULL,
    region     TEXT NOT NULL,
    name       TEXT NOT NULL,
    version    INTEGER NOT NULL,
    created_at REAL NOT NULL,
    updated_at REAL NOT NULL,
    tags       TEXT NOT NULL DEFAULT '{}',
    PRIMARY KEY (account, region, name)
) STRICT, WITHOUT ROWID;

-- Every version's declaration: an execution keeps the one it started with.
CREATE TABLE versions (
    account     TEXT NOT NULL,
    region      TEXT NOT NULL,
    name        TEXT NOT NULL,
    version     INTEGER NOT NULL,
    declaration TEXT NOT NULL,
    PRIMARY KEY (account, region, name, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE transitions (
    account    TEXT NOT NULL,
    region     TEXT NOT NULL,
    pipeline   TEXT NOT NULL,
    stage      TEXT NOT NULL,
    direction  TEXT NOT NULL,
    enabled    INTEGER NOT NULL,
    reason     TEXT,
    changed_by TEXT NOT NULL,
    changed_at REAL NOT NULL,
    PRIMARY KEY (account, region, pipeline, stage, direction)
) STRICT, WITHOUT ROWID;

-- `place` is what the execution does in the stage `position`: waiting to enter it, running in it,
-- or done (nowhere any more).
CREATE TABLE executions (
    sequence   INTEGER PRIMARY KEY AUTOINCREMENT,
    id         TEXT NOT NULL UNIQUE,
    account    TEXT NOT NULL,
    region     TEXT NOT NULL,
    pipeline   TEXT NOT NULL,
    version    INTEGER NOT NULL,
    status     TEXT NOT NULL,
    summary    TEXT,
    position   INTEGER NOT NULL DEFAULT 0,
    place      TEXT NOT NULL DEFAULT 'waiting',
    started_at REAL NOT NULL,
    updated_at REAL NOT NULL,
    trigger    TEXT NOT NULL,
    variables  TEXT NOT NULL DEFAULT '{}',
    revisions  TEXT NOT NULL DEFAULT '{}',
    token      TEXT,
    stop_reason TEXT
) STRICT;
CREATE INDEX executions_of_pipeline ON executions (account, region, pipeline, sequence);
CREATE INDEX executions_under_way ON executions (account, region, pipeline)
    WHERE status IN ('InProgress', 'Stopping');

CREATE TABLE stage_executions (
    sequence     INTEGER PRIMARY KEY AUTOINCREMENT,
    execution_id TEXT NOT NULL,
    stage        TEXT NOT NULL,
    status       TEXT NOT NULL,
    retries      INTEGER NOT NULL DEFAULT 0,
    UNIQUE (execution_id, stage)
) STRICT;

CREATE TABLE action_executions (
    sequence     INTEGER PRIMARY KEY AUTOINCREMENT,
    id           TEXT NOT NULL UNIQUE,
    execution_id TEXT NOT NULL,
    stage        TEXT NOT NULL,
    name         TEXT NOT NULL,
    status       TEXT NOT NULL,
    started_at   REAL NOT NULL,
    updated_at   REAL NOT NULL,
    updated_by   TEXT,
    summary      TEXT,
    external_id  TEXT,
    external_url TEXT,
    error        TEXT,
    configuration TEXT NOT NULL DEFAULT '{}',
    inputs       TEXT NOT NULL DEFAULT '[]',
    outputs      TEXT NOT NULL DEFAULT '[]',
    variables    TEXT NOT NULL DEFAULT '{}',
    revision     TEXT,
    progress     TEXT NOT NULL DEFAULT '{}',
    -- A run that a retry of its stage has set aside.
    retried      INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX actions_of_execution ON action_executions (execution_id, sequence);
CREATE INDEX actions_waiting ON action_executions (external_id) WHERE status = 'InProgress';

-- What a Lambda function is asked to do for an action, until it reports a result.
CREATE TABLE jobs (
    id        TEXT PRIMARY KEY,
    action_id TEXT NOT NULL,
    account   TEXT NOT NULL,
    status    TEXT NOT NULL,
    details   TEXT NOT NULL
) STRICT, WITHOUT ROWID;
