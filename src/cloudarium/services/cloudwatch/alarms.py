"""Alarms: rows of `alarms`, and which metrics they watch."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson

from cloudarium.core.context import Context
from cloudarium.services.cloudwatch import series
from cloudarium.services.cloudwatch.series import Metric

METRIC, COMPOSITE = "MetricAlarm", "CompositeAlarm"
_ACTIONS = {
    "OK": "OKActions",
    "ALARM": "AlarmActions",
    "INSUFFICIENT_DATA": "InsufficientDataActions",
}


@dataclass(frozen=True)
class Alarm:
    """An alarm; `configuration` is what it was put with, times are epoch seconds."""

    id: int
    account: str
    region: str
    name: str
    type: str
    configuration: dict[str, Any]
    configured_at: float
    tags: dict[str, str]
    state: str
    reason: str
    reason_data: str | None
    state_updated_at: float
    state_transitioned_at: float
    evaluate_at: float | None

    @property
    def arn(self) -> str:
        """The alarm's ARN."""
        return f"arn:aws:cloudwatch:{self.region}:{self.account}:alarm:{self.name}"

    @property
    def acts(self) -> bool:
        """Whether its actions are enabled."""
        return bool(self.configuration.get("ActionsEnabled", True))

    @property
    def queries(self) -> list[dict[str, Any]]:
        """What it watches, as metric data queries."""
        if "Metrics" in self.configuration:
            found: list[dict[str, Any]] = self.configuration["Metrics"]
            return found
        return [{"Id": "m1", "MetricStat": metric_stat(self.configuration), "ReturnData": True}]

    @property
    def period(self) -> int:
        """The seconds each of its data points covers."""
        if "Period" in self.configuration:
            return int(self.configuration["Period"])
        periods = [
            query["MetricStat"]["Period"] if "MetricStat" in query else query.get("Period", 0)
            for query in self.queries
        ]
        return int(max(periods, default=60)) or 60

    def actions(self, state: str) -> list[str]:
        """Return the ARNs to act on when the alarm goes to `state`."""
        found: list[str] = self.configuration.get(_ACTIONS[state], [])
        return found


def metric_stat(configuration: dict[str, Any]) -> dict[str, Any]:
    """Return the `MetricStat` of an alarm on one metric."""
    stat = {
        "Metric": {
            "Namespace": configuration["Namespace"],
            "MetricName": configuration["MetricName"],
            "Dimensions": configuration.get("Dimensions", []),
        },
        "Period": configuration["Period"],
        "Stat": configuration.get("Statistic") or configuration["ExtendedStatistic"],
    }
    if "Unit" in configuration:
        stat["Unit"] = configuration["Unit"]
    return stat


def put(
    ctx: Context, name: str, kind: str, configuration: dict[str, Any], tags: dict[str, str]
) -> Alarm:
    """Make an alarm, or give one a new configuration; its state and tags stay."""
    row = ctx.db.execute(
        "INSERT INTO alarms (account, region, name, type, configuration, configured_at, tags,"
        " state, reason, state_updated_at, state_transitioned_at) VALUES (:account, :region, :name,"
        " :type, :configuration, :now, :tags, 'INSUFFICIENT_DATA', :reason, :now, :now)"
        " ON CONFLICT DO UPDATE SET configuration = excluded.configuration,"
        " configured_at = excluded.configured_at RETURNING *",
        {
            "account": ctx.account,
            "region": ctx.region,
            "name": name,
            "type": kind,
            "configuration": _json(configuration),
            "now": ctx.now,
            "tags": _json(tags),
            "reason": "Unchecked: Initial alarm creation",
        },
    ).fetchone()
    alarm = _alarm(row)
    _watch(ctx, alarm)
    return alarm


def _watch(ctx: Context, alarm: Alarm) -> None:
    ctx.db.execute("DELETE FROM watches WHERE alarm = ?", (alarm.id,))
    if alarm.type == METRIC:
        ctx.db.executemany(
            "INSERT OR IGNORE INTO watches VALUES (?, ?)",
            [(metric.key, alarm.id) for metric in metrics(alarm)],
        )


def metrics(alarm: Alarm) -> list[Metric]:
    """Return the metrics an alarm reads."""
    stats = [query["MetricStat"] for query in alarm.queries if "MetricStat" in query]
    return [series.of_request(stat["Metric"]) for stat in stats]


def watch_alarms(ctx: Context, alarm: Alarm, names: Iterable[str]) -> None:
    """Note which alarms a composite alarm's rule names."""
    ctx.db.executemany(
        "INSERT OR IGNORE INTO watches VALUES (?, ?)",
        [(_watched(name), alarm.id) for name in names],
    )


def depending_on(ctx: Context, name: str) -> list[Alarm]:
    """Return the composite alarms whose rules name the alarm `name`."""
    return _of_watches(ctx, [_watched(name)])


def _watched(name: str) -> str:
    return f"alarm:{name}"


def named(ctx: Context, name: str) -> Alarm | None:
    """Return the alarm called `name`, if there is one."""
    row = ctx.db.execute(
        "SELECT * FROM alarms WHERE account = ? AND region = ? AND name = ?",
        (ctx.account, ctx.region, name),
    ).fetchone()
    return _alarm(row) if row else None


def listed(ctx: Context, after: str = "") -> list[Alarm]:
    """Return the alarms in name order, after the name `after`."""
    rows = ctx.db.execute(
        "SELECT * FROM alarms WHERE account = ? AND region = ? AND name > ? ORDER BY name",
        (ctx.account, ctx.region, after),
    )
    return [_alarm(row) for row in rows]


def watching(ctx: Context, found: Iterable[Metric]) -> list[Alarm]:
    """Return the alarms that watch any of the metrics."""
    return _of_watches(ctx, [metric.key for metric in found])


def _of_watches(ctx: Context, keys: Iterable[str]) -> list[Alarm]:
    alarms: dict[int, Alarm] = {}
    for key in keys:
        rows = ctx.db.execute(
            "SELECT alarms.* FROM watches JOIN alarms ON alarms.id = watches.alarm"
            " WHERE watches.watched = ? AND account = ? AND region = ?",
            (key, ctx.account, ctx.region),
        )
        alarms.update((row["id"], _alarm(row)) for row in rows)
    return list(alarms.values())


def set_state(ctx: Context, alarm: Alarm, state: str, reason: str, data: str | None) -> None:
    """Note a state and why."""
    moved = ctx.now if state != alarm.state else alarm.state_transitioned_at
    ctx.db.execute(
        "UPDATE alarms SET state = ?, reason = ?, reason_data = ?, state_updated_at = ?,"
        " state_transitioned_at = ? WHERE id = ?",
        (state, reason, data, ctx.now, moved, alarm.id),
    )


def set_configuration(ctx: Context, alarm: Alarm, configuration: dict[str, Any]) -> None:
    """Replace the configuration."""
    ctx.db.execute(
        "UPDATE alarms SET configuration = ?, configured_at = ? WHERE id = ?",
        (_json(configuration), ctx.now, alarm.id),
    )


def set_evaluation(ctx: Context, alarm: Alarm, at: float | None) -> None:
    """Note when the next evaluation is scheduled."""
    ctx.db.execute("UPDATE alarms SET evaluate_at = ? WHERE id = ?", (at, alarm.id))


def set_tags(ctx: Context, alarm: Alarm, tags: dict[str, str]) -> None:
    """Replace the tags."""
    ctx.db.execute("UPDATE alarms SET tags = ? WHERE id = ?", (_json(tags), alarm.id))


def delete(ctx: Context, alarm: Alarm) -> None:
    """Remove an alarm."""
    ctx.db.execute("DELETE FROM alarms WHERE id = ?", (alarm.id,))


def _alarm(row: sqlite3.Row) -> Alarm:
    fields = dict(row)
    fields["configuration"] = orjson.loads(fields["configuration"])
    fields["tags"] = orjson.loads(fields["tags"])
    return Alarm(**fields)


def _json(value: dict[str, Any]) -> str:
    return orjson.dumps(value).decode()
