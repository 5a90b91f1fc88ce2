-- Times are epoch seconds.
CREATE TABLE series (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    namespace TEXT NOT NULL,
    name TEXT NOT NULL,
    dimensions TEXT NOT NULL,           -- JSON list of [name, value], sorted
    last_at INTEGER NOT NULL,
    UNIQUE (account, region, namespace, name, dimensions)
) STRICT;

-- What a metric was in `period` seconds from `at`. `counts` is a JSON list of [value, count], or
-- NULL when the values themselves are not known (statistic sets).
CREATE TABLE points (
    series INTEGER NOT NULL REFERENCES series (id) ON DELETE CASCADE,
    period INTEGER NOT NULL,
    at INTEGER NOT NULL,
    unit TEXT NOT NULL,
    samples REAL NOT NULL,
    total REAL NOT NULL,
    minimum REAL NOT NULL,
    maximum REAL NOT NULL,
    counts TEXT,
    PRIMARY KEY (series, period, at, unit)
) STRICT, WITHOUT ROWID;

CREATE TABLE alarms (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    type TEXT NOT NULL,                 -- MetricAlarm, CompositeAlarm
    configuration TEXT NOT NULL,        -- JSON object: what PutMetricAlarm was given
    configured_at REAL NOT NULL,
    tags TEXT NOT NULL,                 -- JSON object
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    reason_data TEXT,
    state_updated_at REAL NOT NULL,
    state_transitioned_at REAL NOT NULL,
    evaluate_at REAL,                   -- when the next evaluation is scheduled
    UNIQUE (account, region, name)
) STRICT;

-- What alarms watch: a metric (JSON list: namespace, name, dimensions) or an alarm (`alarm:name`).
CREATE TABLE watches (
    watched TEXT NOT NULL,
    alarm INTEGER NOT NULL REFERENCES alarms (id) ON DELETE CASCADE,
    PRIMARY KEY (watched, alarm)
) STRICT, WITHOUT ROWID;
CREATE INDEX watches_of_alarm ON watches (alarm);

CREATE TABLE history (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    alarm TEXT NOT NULL,
    alarm_type TEXT NOT NULL,
    at REAL NOT NULL,
    type TEXT NOT NULL,
    summary TEXT NOT NULL,
    data TEXT NOT NULL
) STRICT;
CREATE INDEX history_of_alarm ON history (account, region, alarm, at);

CREATE TABLE dashboards (
    account TEXT NOT NULL,
    name TEXT NOT NULL,
    body TEXT NOT NULL,
    modified_at REAL NOT NULL,
    PRIMARY KEY (account, name)
) STRICT, WITHOUT ROWID;
