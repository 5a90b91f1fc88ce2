-- Users, groups and roles in one table: what they share (names, paths, policies, tags) is written once.
CREATE TABLE entities (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('user', 'group', 'role')),
    name TEXT NOT NULL COLLATE NOCASE,
    path TEXT NOT NULL,
    created_at REAL NOT NULL,
    boundary TEXT,
    trust_policy TEXT,
    description TEXT,
    max_session_duration INTEGER,
    last_used_at REAL,
    last_used_region TEXT,
    UNIQUE (account, kind, name)
) STRICT;

CREATE TABLE memberships (
    group_id TEXT NOT NULL REFERENCES entities (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL REFERENCES entities (id) ON DELETE CASCADE,
    PRIMARY KEY (group_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX memberships_of_user ON memberships (user_id);

-- What lends an EC2 instance a role; it holds one at most.
CREATE TABLE instance_profiles (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    name TEXT NOT NULL COLLATE NOCASE,
    path TEXT NOT NULL,
    created_at REAL NOT NULL,
    role_id TEXT REFERENCES entities (id),
    UNIQUE (account, name)
) STRICT;
CREATE INDEX instance_profiles_of_role ON instance_profiles (role_id);

-- That a user has a password for the AWS Management Console; the password itself is not kept.
CREATE TABLE login_profiles (
    user_id TEXT PRIMARY KEY REFERENCES entities (id) ON DELETE CASCADE,
    created_at REAL NOT NULL,
    reset_required INTEGER NOT NULL
) STRICT;

CREATE TABLE password_policies (
    account TEXT PRIMARY KEY,
    policy TEXT NOT NULL
) STRICT;

CREATE TABLE inline_policies (
    entity_id TEXT NOT NULL REFERENCES entities (id) ON DELETE CASCADE,
    name TEXT NOT NULL COLLATE NOCASE,
    document TEXT NOT NULL,
    PRIMARY KEY (entity_id, name)
) STRICT, WITHOUT ROWID;

-- Customer managed policies; AWS's own are in aws_managed/.
CREATE TABLE policies (
    arn TEXT PRIMARY KEY,
    id TEXT NOT NULL,
    account TEXT NOT NULL,
    name TEXT NOT NULL COLLATE NOCASE,
    path TEXT NOT NULL,
    description TEXT,
    created_at REAL NOT NULL,
    updated_at REAL NOT NULL,
    default_version INTEGER NOT NULL,
    next_version INTEGER NOT NULL,
    UNIQUE (account, name)
) STRICT;

CREATE TABLE policy_versions (
    arn TEXT NOT NULL REFERENCES policies (arn) ON DELETE CASCADE,
    version INTEGER NOT NULL,
    document TEXT NOT NULL,
    created_at REAL NOT NULL,
    PRIMARY KEY (arn, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE attachments (
    entity_id TEXT NOT NULL REFERENCES entities (id) ON DELETE CASCADE,
    policy_arn TEXT NOT NULL,
    PRIMARY KEY (entity_id, policy_arn)
) STRICT, WITHOUT ROWID;
CREATE INDEX attachments_of_policy ON attachments (policy_arn);

-- `owner` is the id of a user, role or policy.
CREATE TABLE tags (
    owner TEXT NOT NULL,
    key TEXT NOT NULL COLLATE NOCASE,
    value TEXT NOT NULL,
    PRIMARY KEY (owner, key)
) STRICT;

-- The secret is needed to check signatures, so it is kept as it is; it is answered only once.
CREATE TABLE access_keys (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES entities (id) ON DELETE CASCADE,
    secret TEXT NOT NULL,
    status TEXT NOT NULL,
    created_at REAL NOT NULL,
    last_used_at REAL,
    last_used_service TEXT,
    last_used_region TEXT
) STRICT;
CREATE INDEX access_keys_of_user ON access_keys (user_id);

CREATE TABLE ssh_keys (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES entities (id) ON DELETE CASCADE,
    body TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    status TEXT NOT NULL,
    created_at REAL NOT NULL,
    UNIQUE (user_id, fingerprint)
) STRICT;

-- Passwords are kept as a salted hash.
CREATE TABLE service_credentials (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES entities (id) ON DELETE CASCADE,
    service TEXT NOT NULL,
    service_user_name TEXT NOT NULL UNIQUE,
    salt BLOB NOT NULL,
    password_hash BLOB NOT NULL,
    status TEXT NOT NULL,
    created_at REAL NOT NULL
) STRICT;

CREATE TABLE account_aliases (
    alias TEXT PRIMARY KEY,
    account TEXT NOT NULL UNIQUE
) STRICT;

-- The key that seals session tokens.
CREATE TABLE secrets (
    name TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT;
