-- `document` is the reference's Api without what the columns say.
CREATE TABLE apis (
    id         TEXT PRIMARY KEY,
    account    TEXT NOT NULL,
    region     TEXT NOT NULL,
    created_at REAL NOT NULL,
    document   TEXT NOT NULL
) STRICT;

CREATE INDEX apis_of_account ON apis (account, region, id);

-- Routes, integrations, authorizers, models; responses with the route or integration as `parent`.
CREATE TABLE parts (
    api_id   TEXT NOT NULL,
    kind     TEXT NOT NULL,
    parent   TEXT NOT NULL,
    id       TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (api_id, kind, parent, id)
) STRICT, WITHOUT ROWID;

-- `snapshot` is everything that decides how requests are served.
CREATE TABLE deployments (
    api_id     TEXT NOT NULL,
    id         TEXT NOT NULL,
    created_at REAL NOT NULL,
    document   TEXT NOT NULL,
    snapshot   TEXT NOT NULL,
    PRIMARY KEY (api_id, id)
) STRICT;

CREATE TABLE stages (
    api_id        TEXT NOT NULL,
    name          TEXT NOT NULL,
    deployment_id TEXT,
    document      TEXT NOT NULL,
    PRIMARY KEY (api_id, name)
) STRICT, WITHOUT ROWID;

-- What an account has besides APIs: domain names (with their mappings), VPC links.
CREATE TABLE holdings (
    account  TEXT NOT NULL,
    region   TEXT NOT NULL,
    kind     TEXT NOT NULL,
    id       TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (account, region, kind, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX holdings_by_id ON holdings (kind, id);

-- Throttles that Service Quotas changed, by the quota's code.
CREATE TABLE throttle_limits (
    account TEXT NOT NULL,
    region  TEXT NOT NULL,
    quota   TEXT NOT NULL,
    value   REAL NOT NULL,
    PRIMARY KEY (account, region, quota)
) STRICT, WITHOUT ROWID;
