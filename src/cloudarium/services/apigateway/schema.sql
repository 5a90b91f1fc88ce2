CREATE TABLE rest_apis (
    id         TEXT PRIMARY KEY,
    account    TEXT NOT NULL,
    region     TEXT NOT NULL,
    created_at REAL NOT NULL,
    root_id    TEXT NOT NULL,
    settings   TEXT NOT NULL
) STRICT;

CREATE INDEX rest_apis_of_account ON rest_apis (account, region, id);

CREATE TABLE resources (
    api_id    TEXT NOT NULL,
    id        TEXT NOT NULL,
    parent_id TEXT,
    path_part TEXT NOT NULL,
    methods   TEXT NOT NULL,
    PRIMARY KEY (api_id, id)
) STRICT, WITHOUT ROWID;

-- Models, request validators, authorizers and gateway responses: named parts of an API.
CREATE TABLE parts (
    api_id   TEXT NOT NULL,
    kind     TEXT NOT NULL,
    key      TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (api_id, kind, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE deployments (
    api_id      TEXT NOT NULL,
    id          TEXT NOT NULL,
    created_at  REAL NOT NULL,
    description TEXT,
    snapshot    TEXT NOT NULL,
    PRIMARY KEY (api_id, id)
) STRICT;

CREATE TABLE stages (
    api_id        TEXT NOT NULL,
    name          TEXT NOT NULL,
    deployment_id TEXT NOT NULL,
    document      TEXT NOT NULL,
    PRIMARY KEY (api_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE accounts (
    account  TEXT NOT NULL,
    region   TEXT NOT NULL,
    role_arn TEXT,
    PRIMARY KEY (account, region)
) STRICT, WITHOUT ROWID;

-- Throttles that Service Quotas changed, by the quota's code.
CREATE TABLE throttle_limits (
    account TEXT NOT NULL,
    region  TEXT NOT NULL,
    quota   TEXT NOT NULL,
    value   REAL NOT NULL,
    PRIMARY KEY (account, region, quota)
) STRICT, WITHOUT ROWID;

-- What an account has besides APIs: API keys (`lookup` is their value), usage plans, domain
-- names.
CREATE TABLE holdings (
    account  TEXT NOT NULL,
    region   TEXT NOT NULL,
    kind     TEXT NOT NULL,
    id       TEXT NOT NULL,
    lookup   TEXT,
    document TEXT NOT NULL,
    PRIMARY KEY (account, region, kind, id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX holdings_by_lookup ON holdings (account, region, kind, lookup);
CREATE INDEX holdings_by_id ON holdings (kind, id);

CREATE TABLE usage_plan_keys (
    plan_id TEXT NOT NULL,
    key_id  TEXT NOT NULL,
    PRIMARY KEY (plan_id, key_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX usage_plans_of_key ON usage_plan_keys (key_id);

-- Requests of a key under a plan by day (UTC); `extra` is what UpdateUsage granted for that day.
CREATE TABLE usage (
    plan_id TEXT NOT NULL,
    key_id  TEXT NOT NULL,
    day     TEXT NOT NULL,
    used    INTEGER NOT NULL DEFAULT 0,
    extra   INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (plan_id, key_id, day)
) STRICT, WITHOUT ROWID;
