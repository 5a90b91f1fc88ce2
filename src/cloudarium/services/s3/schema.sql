CREATE TABLE buckets (
    name       TEXT PRIMARY KEY,     -- unique over all accounts and regions, as on AWS
    account    TEXT NOT NULL,
    region     TEXT NOT NULL,
    created_at REAL NOT NULL
) STRICT, WITHOUT ROWID;

-- One row per part of a bucket's configuration: versioning, policy, notification, tagging, ...
CREATE TABLE configurations (
    bucket   TEXT NOT NULL,
    kind     TEXT NOT NULL,
    document TEXT NOT NULL,          -- JSON
    PRIMARY KEY (bucket, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE objects (
    sequence      INTEGER PRIMARY KEY AUTOINCREMENT,  -- later is newer
    bucket        TEXT NOT NULL,
    key           TEXT NOT NULL,
    version_id    TEXT NOT NULL,     -- 'null' when written without versioning
    is_latest     INTEGER NOT NULL,
    delete_marker INTEGER NOT NULL,
    modified_at   REAL NOT NULL,
    superseded_at REAL,              -- when it became noncurrent
    size          INTEGER NOT NULL,
    etag          TEXT NOT NULL,     -- without quotes
    storage_class TEXT NOT NULL,
    headers       TEXT NOT NULL,     -- JSON: ContentType, CacheControl, ... by their member names
    metadata      TEXT NOT NULL,     -- JSON
    tags          TEXT NOT NULL,     -- JSON
    checksum      TEXT NOT NULL,     -- JSON: algorithm, value, type; {} for none
    UNIQUE (bucket, key, version_id)
) STRICT;
CREATE UNIQUE INDEX current_objects ON objects (bucket, key) WHERE is_latest;
CREATE INDEX object_versions ON objects (bucket, key, sequence DESC);

-- An object's bytes: its segments in order. One for a PutObject, one per part for an upload.
CREATE TABLE segments (
    sequence INTEGER NOT NULL REFERENCES objects (sequence) ON DELETE CASCADE,
    number   INTEGER NOT NULL,       -- the part's number
    size     INTEGER NOT NULL,
    digest   TEXT NOT NULL,
    checksum TEXT NOT NULL,
    PRIMARY KEY (sequence, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX segments_by_digest ON segments (digest);

CREATE TABLE uploads (
    upload_id    TEXT PRIMARY KEY,
    bucket       TEXT NOT NULL,
    key          TEXT NOT NULL,
    initiated_at REAL NOT NULL,
    initiator    TEXT NOT NULL,
    attributes   TEXT NOT NULL       -- JSON: what the completed object will have
) STRICT, WITHOUT ROWID;
CREATE INDEX uploads_by_key ON uploads (bucket, key, initiated_at);

CREATE TABLE parts (
    upload_id   TEXT NOT NULL REFERENCES uploads (upload_id) ON DELETE CASCADE,
    number      INTEGER NOT NULL,
    modified_at REAL NOT NULL,
    size        INTEGER NOT NULL,
    etag        TEXT NOT NULL,
    digest      TEXT NOT NULL,
    checksum    TEXT NOT NULL,
    PRIMARY KEY (upload_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX parts_by_digest ON parts (digest);
