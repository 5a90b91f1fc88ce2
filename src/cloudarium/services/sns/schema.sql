CREATE TABLE topics (
    arn        TEXT PRIMARY KEY,
    account    TEXT NOT NULL,
    region     TEXT NOT NULL,
    attributes TEXT NOT NULL,        -- JSON: those that were set
    tags       TEXT NOT NULL,        -- JSON
    deleted    INTEGER NOT NULL DEFAULT 0  -- subscriptions deleted so far
) STRICT, WITHOUT ROWID;

CREATE TABLE subscriptions (
    sequence      INTEGER PRIMARY KEY AUTOINCREMENT,
    arn           TEXT NOT NULL UNIQUE,
    topic_arn     TEXT NOT NULL REFERENCES topics (arn) ON DELETE CASCADE,
    account       TEXT NOT NULL,     -- the subscriber's
    region        TEXT NOT NULL,
    protocol      TEXT NOT NULL,
    endpoint      TEXT NOT NULL,
    subscriber    TEXT NOT NULL,     -- ARN of the principal that subscribed
    token         TEXT NOT NULL,     -- confirms it; empty once confirmed
    token_expires REAL NOT NULL,
    authenticated INTEGER NOT NULL,  -- whether the confirmation was authenticated
    attributes    TEXT NOT NULL,     -- JSON: those that were set
    UNIQUE (topic_arn, protocol, endpoint)
) STRICT;

-- The key pair that signs messages, made once per cloud.
CREATE TABLE signing (
    name        TEXT PRIMARY KEY,
    private_key TEXT NOT NULL,       -- PEM
    certificate TEXT NOT NULL        -- PEM
) STRICT, WITHOUT ROWID;

-- What was published to FIFO topics in the last five minutes.
CREATE TABLE publications (
    sequence         INTEGER PRIMARY KEY AUTOINCREMENT,
    topic_arn        TEXT NOT NULL REFERENCES topics (arn) ON DELETE CASCADE,
    scope            TEXT NOT NULL,  -- the message's group, or '' for all of the topic
    deduplication_id TEXT NOT NULL,
    message_id       TEXT NOT NULL,
    published_at     REAL NOT NULL,
    UNIQUE (topic_arn, scope, deduplication_id)
) STRICT;

-- Messages of FIFO topics not delivered yet, of each group and subscription in order.
CREATE TABLE lines (
    sequence      INTEGER PRIMARY KEY AUTOINCREMENT,
    subscription  TEXT NOT NULL,     -- its ARN
    message_group TEXT NOT NULL,
    message_id    TEXT NOT NULL,
    payload       TEXT NOT NULL      -- JSON: the delivery job's
) STRICT;
CREATE INDEX lines_by_group ON lines (subscription, message_group, sequence);
