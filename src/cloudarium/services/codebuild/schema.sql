CREATE TABLE projects (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    body TEXT NOT NULL,          -- JSON: the project as described
    builds INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (account, region, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE builds (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    id TEXT NOT NULL,
    project TEXT NOT NULL,
    token TEXT,                  -- the idempotency token it was started with
    stopping INTEGER NOT NULL DEFAULT 0,
    body TEXT NOT NULL,          -- JSON: the build as described
    UNIQUE (account, region, id)
) STRICT;
CREATE INDEX builds_by_project ON builds (account, region, project, sequence);
CREATE UNIQUE INDEX builds_by_token ON builds (account, region, project, token)
    WHERE token IS NOT NULL;
