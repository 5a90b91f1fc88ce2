-- The quotas that were changed.
CREATE TABLE quotas (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    service_code TEXT NOT NULL,
    quota_code TEXT NOT NULL,
    value REAL NOT NULL,
    PRIMARY KEY (account, region, service_code, quota_code)
) WITHOUT ROWID;
