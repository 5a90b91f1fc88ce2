-- Stacks. `config` is the Config (configs.py) in force, `outputs` the values of its outputs.
CREATE TABLE stacks (
    stack_id TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    status TEXT NOT NULL,
    reason TEXT,
    created_at REAL NOT NULL,
    updated_at REAL,
    deleted_at REAL,
    protected INTEGER NOT NULL DEFAULT 0,
    change_set_id TEXT,
    parent_id TEXT,
    config TEXT NOT NULL,
    outputs TEXT NOT NULL DEFAULT '[]'
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX stacks_name ON stacks (account, region, name)
    WHERE status != 'DELETE_COMPLETE';

-- What updates may not do to a stack's resources, as it was set.
CREATE TABLE stack_policies (
    stack_id TEXT PRIMARY KEY REFERENCES stacks,
    policy TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Resources of a stack. `properties` are resolved, `declared` is the template's body of it,
-- `needs` the logical ids it was made after.
CREATE TABLE resources (
    stack_id TEXT NOT NULL REFERENCES stacks,
    logical_id TEXT NOT NULL,
    type TEXT NOT NULL,
    physical_id TEXT NOT NULL,
    status TEXT NOT NULL,
    reason TEXT,
    updated_at REAL NOT NULL,
    properties TEXT NOT NULL,
    attributes TEXT NOT NULL,
    declared TEXT NOT NULL,
    needs TEXT NOT NULL,
    PRIMARY KEY (stack_id, logical_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX resources_physical_id ON resources (physical_id);

CREATE TABLE events (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    stack_id TEXT NOT NULL REFERENCES stacks,
    event_id TEXT NOT NULL,
    logical_id TEXT NOT NULL,
    physical_id TEXT NOT NULL,
    type TEXT NOT NULL,
    status TEXT NOT NULL,
    reason TEXT,
    properties TEXT,
    token TEXT,
    at REAL NOT NULL
) STRICT;
CREATE INDEX events_stack ON events (stack_id, sequence);

-- One row per create, update or delete of a stack; `phase` says how far it is.
CREATE TABLE deployments (
    deployment_id TEXT PRIMARY KEY,
    stack_id TEXT NOT NULL REFERENCES stacks,
    kind TEXT NOT NULL,
    phase TEXT NOT NULL,
    principal TEXT NOT NULL,
    role_arn TEXT,
    token TEXT,
    options TEXT NOT NULL,
    previous TEXT NOT NULL,
    cancelled INTEGER NOT NULL DEFAULT 0,
    started_at REAL NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX deployments_stack ON deployments (stack_id);

-- What a deployment did to a resource in one of its phases. `before` is the resource's row as it
-- was (null: there was none), `made` the new physical resource of a replacement.
CREATE TABLE steps (
    deployment_id TEXT NOT NULL REFERENCES deployments,
    phase TEXT NOT NULL,
    logical_id TEXT NOT NULL,
    action TEXT NOT NULL,
    status TEXT NOT NULL,
    before TEXT,
    made TEXT,
    polls INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (deployment_id, phase, logical_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE exports (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    stack_id TEXT NOT NULL REFERENCES stacks,
    PRIMARY KEY (account, region, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE imports (
    stack_id TEXT NOT NULL REFERENCES stacks,
    name TEXT NOT NULL,
    PRIMARY KEY (stack_id, name)
) STRICT, WITHOUT ROWID;

-- `request` is what DescribeChangeSet repeats, `config` what executing it puts in force.
CREATE TABLE change_sets (
    change_set_id TEXT PRIMARY KEY,
    stack_id TEXT NOT NULL REFERENCES stacks,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    reason TEXT,
    execution TEXT NOT NULL,
    created_at REAL NOT NULL,
    description TEXT,
    on_failure TEXT,
    token TEXT,
    config TEXT NOT NULL,
    changes TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX change_sets_stack ON change_sets (stack_id, name);

-- What custom resources answered, by the secret in the address they were given.
CREATE TABLE responses (
    secret TEXT PRIMARY KEY,
    body TEXT NOT NULL,
    at REAL NOT NULL
) STRICT, WITHOUT ROWID;
