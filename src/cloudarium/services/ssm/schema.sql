-- Every version kept of every parameter; the highest is the current one.
CREATE TABLE versions (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    type TEXT NOT NULL,              -- String, StringList or SecureString
    value TEXT NOT NULL,
    sealed TEXT NOT NULL,            -- what a SecureString shows undecrypted, else empty
    key_id TEXT NOT NULL,            -- of a SecureString, else empty
    description TEXT NOT NULL,
    allowed_pattern TEXT NOT NULL,
    tier TEXT NOT NULL,              -- Standard or Advanced
    modified_at REAL NOT NULL,
    modified_by TEXT NOT NULL,       -- ARN
    PRIMARY KEY (account, region, name, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE tags (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    tags TEXT NOT NULL,              -- JSON object
    PRIMARY KEY (account, region, name)
) STRICT, WITHOUT ROWID;

-- Labels of versions: each names one version of its parameter.
CREATE TABLE labels (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    label TEXT NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (account, region, name, label)
) STRICT, WITHOUT ROWID;
