CREATE TABLE functions (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    last_version INTEGER NOT NULL DEFAULT 0,
    reserved_concurrency INTEGER,
    tags TEXT NOT NULL DEFAULT '{}',
    PRIMARY KEY (account, region, name)
) WITHOUT ROWID;

CREATE INDEX functions_reserved ON functions (account, region, reserved_concurrency)
    WHERE reserved_concurrency IS NOT NULL;

-- `$LATEST` and the published versions.
CREATE TABLE versions (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    configuration TEXT NOT NULL,
    digest TEXT NOT NULL,
    code_size INTEGER NOT NULL,
    revision_id TEXT NOT NULL,
    modified REAL NOT NULL,
    PRIMARY KEY (account, region, name, version),
    FOREIGN KEY (account, region, name) REFERENCES functions ON DELETE CASCADE
) WITHOUT ROWID;

CREATE INDEX versions_by_code ON versions (digest);

-- The functions that were updated since their last version was published.
CREATE TABLE unpublished (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (account, region, name)
) WITHOUT ROWID;

CREATE TABLE aliases (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    alias TEXT NOT NULL,
    version TEXT NOT NULL,
    description TEXT NOT NULL,
    weights TEXT NOT NULL,
    revision_id TEXT NOT NULL,
    PRIMARY KEY (account, region, name, alias)
) WITHOUT ROWID;

-- Concurrent executions of an account in a region, where the quota was changed.
CREATE TABLE concurrency_limits (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    executions INTEGER NOT NULL,
    PRIMARY KEY (account, region)
) WITHOUT ROWID;

-- Provisioned concurrency. `qualifier` is a version or an alias; `modified` epoch seconds.
CREATE TABLE provisioned (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    qualifier TEXT NOT NULL,
    requested INTEGER NOT NULL,
    allocated INTEGER NOT NULL DEFAULT 0,
    status TEXT NOT NULL DEFAULT 'IN_PROGRESS',
    reason TEXT NOT NULL DEFAULT '',
    modified REAL NOT NULL,
    PRIMARY KEY (account, region, name, qualifier)
) WITHOUT ROWID;

-- The resource policies' statements. `qualifier` is empty for the function itself, `revision_id`
-- always: a policy has the revision of the version or alias it belongs to.
CREATE TABLE statements (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    qualifier TEXT NOT NULL,
    sid TEXT NOT NULL,
    position INTEGER NOT NULL,
    statement TEXT NOT NULL,
    revision_id TEXT NOT NULL,
    PRIMARY KEY (account, region, name, qualifier, sid)
) WITHOUT ROWID;

-- What a policy that was put as a whole says beside its statements, as JSON.
CREATE TABLE policy_heads (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    qualifier TEXT NOT NULL,
    head TEXT NOT NULL,
    PRIMARY KEY (account, region, name, qualifier)
) WITHOUT ROWID;

CREATE TABLE event_invoke_configs (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    qualifier TEXT NOT NULL,
    retries INTEGER,
    age INTEGER,
    destinations TEXT NOT NULL,
    modified REAL NOT NULL,
    PRIMARY KEY (account, region, name, qualifier)
) WITHOUT ROWID;

-- Asynchronous invocations that have not ended yet.
CREATE TABLE events (
    id TEXT PRIMARY KEY,
    function_arn TEXT NOT NULL,
    qualifier TEXT NOT NULL,
    payload BLOB NOT NULL,
    client_context TEXT NOT NULL,
    trace_id TEXT NOT NULL,
    accepted REAL NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

-- Event source mappings. `configuration` is JSON, as the API shows it.
CREATE TABLE mappings (
    uuid TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    qualifier TEXT NOT NULL,
    source_arn TEXT NOT NULL,
    configuration TEXT NOT NULL,
    tags TEXT NOT NULL,
    enabled INTEGER NOT NULL,
    modified REAL NOT NULL,
    result TEXT NOT NULL
) WITHOUT ROWID;

CREATE INDEX mappings_by_source ON mappings (source_arn);

-- How far a mapping has read a shard: the last sequence number, or before any was read the
-- iterator it started with at `started`. `gather_until` is the end of a batching window.
CREATE TABLE shards (
    mapping TEXT NOT NULL REFERENCES mappings ON DELETE CASCADE,
    shard TEXT NOT NULL,
    position TEXT NOT NULL DEFAULT '',
    iterator TEXT NOT NULL DEFAULT '',
    started REAL NOT NULL,
    gather_until REAL,
    PRIMARY KEY (mapping, shard)
) WITHOUT ROWID;

-- What was read and has not been processed yet, in the order of `first`. A lane is processed in
-- order, and lanes side by side. Nothing happens before `due`.
CREATE TABLE batches (
    mapping TEXT NOT NULL REFERENCES mappings ON DELETE CASCADE,
    shard TEXT NOT NULL,
    lane INTEGER NOT NULL,
    first TEXT NOT NULL,
    records BLOB NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    throttles INTEGER NOT NULL DEFAULT 0,
    due REAL NOT NULL,
    PRIMARY KEY (mapping, shard, lane, first)
) WITHOUT ROWID;

-- Tumbling windows: a lane's open one. `state` is JSON.
CREATE TABLE windows (
    mapping TEXT NOT NULL REFERENCES mappings ON DELETE CASCADE,
    shard TEXT NOT NULL,
    lane INTEGER NOT NULL,
    start REAL NOT NULL,
    state BLOB NOT NULL,
    ends_early INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    due REAL NOT NULL,
    PRIMARY KEY (mapping, shard, lane)
) WITHOUT ROWID;

-- Function URLs. `qualifier` is empty or an alias; `cors` is JSON, as the API shows it.
CREATE TABLE urls (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    qualifier TEXT NOT NULL,
    auth TEXT NOT NULL,
    cors TEXT NOT NULL,
    mode TEXT NOT NULL,
    created REAL NOT NULL,
    modified REAL NOT NULL,
    UNIQUE (account, region, name, qualifier)
) WITHOUT ROWID;

-- Layer versions. A deleted one stays for the functions that have it. Lists are JSON.
CREATE TABLE layers (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    description TEXT NOT NULL,
    digest TEXT NOT NULL,
    code_size INTEGER NOT NULL,
    runtimes TEXT NOT NULL,
    architectures TEXT NOT NULL,
    license TEXT NOT NULL,
    statements TEXT NOT NULL DEFAULT '[]',
    revision_id TEXT NOT NULL,
    created REAL NOT NULL,
    deleted INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (account, region, name, version)
) WITHOUT ROWID;

CREATE INDEX layers_by_code ON layers (digest);

-- Code signing configurations. `publishers` is JSON.
CREATE TABLE code_signing_configs (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    id TEXT NOT NULL,
    description TEXT NOT NULL,
    publishers TEXT NOT NULL,
    policy TEXT NOT NULL,
    modified REAL NOT NULL,
    PRIMARY KEY (account, region, id)
) WITHOUT ROWID;

CREATE TABLE code_signing_tags (
    arn TEXT PRIMARY KEY,
    tags TEXT NOT NULL
) WITHOUT ROWID;

-- What is only kept and shown, as JSON: recursion and runtime management configurations, and
-- which code signing configuration a function has.
CREATE TABLE function_settings (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    qualifier TEXT NOT NULL,
    setting TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (account, region, name, qualifier, setting)
) WITHOUT ROWID;
