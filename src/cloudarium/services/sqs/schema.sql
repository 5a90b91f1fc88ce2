CREATE TABLE queues (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    attributes TEXT NOT NULL,   -- JSON object, only what was set
    tags TEXT NOT NULL,         -- JSON object
    created_at REAL NOT NULL,
    modified_at REAL NOT NULL,
    purged_at REAL,
    UNIQUE (account, region, name)
) STRICT;

CREATE TABLE messages (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    queue INTEGER NOT NULL REFERENCES queues (id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    body TEXT NOT NULL,
    attributes TEXT NOT NULL,   -- JSON: message attributes as sent, blobs in base64
    system TEXT NOT NULL,       -- JSON: SenderId, AWSTraceHeader, ...
    group_id TEXT,
    sent_at REAL NOT NULL,
    visible_at REAL NOT NULL,
    received INTEGER NOT NULL DEFAULT 0,
    first_received_at REAL,
    receipt TEXT
) STRICT;
CREATE INDEX messages_by_visibility ON messages (queue, visible_at);
CREATE INDEX messages_by_id ON messages (queue, id);

CREATE TABLE deduplications (
    queue INTEGER NOT NULL REFERENCES queues (id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    message TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    until REAL NOT NULL,
    PRIMARY KEY (queue, id)
) STRICT, WITHOUT ROWID;

-- Queues whose last poll found nothing: the next visible message is announced (announcements.py).
CREATE TABLE found_empty (
    queue INTEGER PRIMARY KEY REFERENCES queues (id) ON DELETE CASCADE,
    arn TEXT NOT NULL,
    look_at REAL
) STRICT;

-- Message move tasks, the latest of a queue last.
CREATE TABLE moves (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    queue INTEGER NOT NULL REFERENCES queues (id) ON DELETE CASCADE,
    source TEXT NOT NULL,       -- the queue's ARN
    destination TEXT,           -- an ARN; NULL for where each message came from
    rate INTEGER,               -- messages per second, if there is a limit
    status TEXT NOT NULL,       -- RUNNING, COMPLETED, CANCELLED, FAILED
    moved INTEGER NOT NULL,
    to_move INTEGER NOT NULL,
    failure TEXT,
    started_at REAL NOT NULL
) STRICT;
