CREATE TABLE repositories (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at REAL NOT NULL,
    mutability TEXT NOT NULL,        -- MUTABLE or IMMUTABLE
    scan_on_push INTEGER NOT NULL,
    policy TEXT NOT NULL,            -- JSON as given, or empty
    lifecycle TEXT NOT NULL,         -- JSON as given, or empty
    tags TEXT NOT NULL,              -- JSON object
    PRIMARY KEY (account, region, name)
) STRICT, WITHOUT ROWID;
