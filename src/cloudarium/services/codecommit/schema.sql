CREATE TABLE repositories (
    account       TEXT NOT NULL,
    region        TEXT NOT NULL,
    name          TEXT NOT NULL,
    id            TEXT NOT NULL UNIQUE,
    description   TEXT,
    default_branch TEXT,
    created_at    REAL NOT NULL,
    modified_at   REAL NOT NULL,
    tags          TEXT NOT NULL DEFAULT '{}',
    triggers      TEXT NOT NULL DEFAULT '[]',
    triggers_id   TEXT,
    PRIMARY KEY (account, region, name)
) WITHOUT ROWID;

-- The references as they were last announced: what differs from this on disk is still to be told.
CREATE TABLE announced (
    repository_id TEXT NOT NULL,
    name          TEXT NOT NULL,
    commit_id     TEXT NOT NULL,
    PRIMARY KEY (repository_id, name)
) WITHOUT ROWID;
