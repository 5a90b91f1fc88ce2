CREATE TABLE rule_sets (
    account    TEXT NOT NULL,
    region     TEXT NOT NULL,
    name       TEXT NOT NULL,
    created_at REAL NOT NULL,
    active     INTEGER NOT NULL,     -- at most one of an account and region
    rules      TEXT NOT NULL,        -- JSON: the API's ReceiptRules, in order
    PRIMARY KEY (account, region, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE receipt_filters (
    account TEXT NOT NULL,
    region  TEXT NOT NULL,
    name    TEXT NOT NULL,
    policy  TEXT NOT NULL,           -- Block or Allow
    cidr    TEXT NOT NULL,
    PRIMARY KEY (account, region, name)
) STRICT, WITHOUT ROWID;
