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

CREATE TABLE identities (
    account  TEXT NOT NULL,
    region   TEXT NOT NULL,
    name     TEXT NOT NULL,          -- an address or a domain, as it was given
    status   TEXT NOT NULL,          -- Pending or Success
    token    TEXT NOT NULL,          -- what a domain's DNS would have to say
    settings TEXT NOT NULL,          -- JSON: topics, forwarding, DKIM, MAIL FROM domain
    PRIMARY KEY (account, region, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE templates (
    account    TEXT NOT NULL,
    region     TEXT NOT NULL,
    name       TEXT NOT NULL,
    created_at REAL NOT NULL,
    parts      TEXT NOT NULL,        -- JSON: SubjectPart, TextPart, HtmlPart
    PRIMARY KEY (account, region, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE configuration_sets (
    account      TEXT NOT NULL,
    region       TEXT NOT NULL,
    name         TEXT NOT NULL,
    settings     TEXT NOT NULL,      -- JSON: options by their names in the API
    destinations TEXT NOT NULL,      -- JSON: the API's EventDestinations
    PRIMARY KEY (account, region, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE accounts (
    account         TEXT NOT NULL,
    region          TEXT NOT NULL,
    sending_enabled INTEGER NOT NULL,
    PRIMARY KEY (account, region)
) STRICT, WITHOUT ROWID;

-- What was sent, by the quarter of an hour.
CREATE TABLE statistics (
    account    TEXT NOT NULL,
    region     TEXT NOT NULL,
    at         INTEGER NOT NULL,     -- epoch seconds the quarter begins
    attempts   INTEGER NOT NULL,
    bounces    INTEGER NOT NULL,
    complaints INTEGER NOT NULL,
    rejects    INTEGER NOT NULL,
    PRIMARY KEY (account, region, at)
) STRICT, WITHOUT ROWID;

-- The outbox: the last messages; their text is in the mailbox.
CREATE TABLE sent (
    sequence     INTEGER PRIMARY KEY,
    id           TEXT NOT NULL UNIQUE,
    account      TEXT NOT NULL,
    region       TEXT NOT NULL,
    sent_at      REAL NOT NULL,
    source       TEXT NOT NULL,
    destinations TEXT NOT NULL       -- JSON
) STRICT;
