CREATE TABLE targets (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    namespace TEXT NOT NULL,
    resource TEXT NOT NULL,
    dimension TEXT NOT NULL,
    id TEXT NOT NULL,
    least INTEGER NOT NULL,
    most INTEGER NOT NULL,
    suspended TEXT NOT NULL,   -- JSON: SuspendedState
    tags TEXT NOT NULL,        -- JSON object
    created_at REAL NOT NULL,
    PRIMARY KEY (account, region, namespace, resource, dimension)
) STRICT, WITHOUT ROWID;

CREATE TABLE policies (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    namespace TEXT NOT NULL,
    resource TEXT NOT NULL,
    dimension TEXT NOT NULL,
    name TEXT NOT NULL,
    id TEXT NOT NULL,
    configuration TEXT NOT NULL, -- JSON: TargetTrackingScalingPolicyConfiguration
    alarms TEXT NOT NULL,        -- JSON object: names by what they watch
    created_at REAL NOT NULL,
    scaled_out_at REAL,
    scaled_in_at REAL,
    PRIMARY KEY (account, region, namespace, resource, dimension, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE scheduled_actions (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    namespace TEXT NOT NULL,
    resource TEXT NOT NULL,
    dimension TEXT NOT NULL,
    name TEXT NOT NULL,
    id TEXT NOT NULL,
    settings TEXT NOT NULL,    -- JSON: Schedule, Timezone, StartTime, EndTime, ScalableTargetAction
    created_at REAL NOT NULL,
    PRIMARY KEY (account, region, namespace, resource, dimension, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE activities (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    namespace TEXT NOT NULL,
    resource TEXT NOT NULL,
    dimension TEXT NOT NULL,
    body TEXT NOT NULL,        -- JSON: Description, Cause, StatusCode, StatusMessage, EndTime
    started_at REAL NOT NULL
) STRICT;
CREATE INDEX activities_by_resource ON activities (account, region, namespace, started_at);
