"""Schedules: rows of `schedules`."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

import orjson

from cloudarium.core.context import Context
from cloudarium.services.scheduler import errors

Settings = dict[str, Any]


@dataclass(frozen=True)
class Schedule:
    """A schedule. Times are epoch seconds; `settings` has the members of CreateSchedule."""

    account: str
    region: str
    group: str
    name: str
    id: str
    settings: Settings
    created_at: float
    modified_at: float

    @property
    def arn(self) -> str:
        """The schedule's ARN."""
        return f"arn:aws:scheduler:{self.region}:{self.account}:schedule/{self.group}/{self.name}"

    @property
    def group_arn(self) -> str:
        """The ARN of its group, which is what its role's trust policy may ask for."""
        return f"arn:aws:scheduler:{self.region}:{self.account}:schedule-group/{self.group}"

    @property
    def enabled(self) -> bool:
        """Whether it fires."""
        return bool(self.settings["State"] == "ENABLED")

    @property
    def target(self) -> dict[str, Any]:
        """What it calls."""
        target: dict[str, Any] = self.settings["Target"]
        return target


def lookup(ctx: Context, group: str, name: str) -> Schedule | None:
    """Return a group's schedule called `name`, if there is one."""
    row = ctx.db.execute(
        "SELECT * FROM schedules WHERE account = ? AND region = ? AND group_name = ? AND name = ?",
        (ctx.account, ctx.region, group, name),
    ).fetchone()
    return _schedule(row) if row else None


def find(ctx: Context, group: str, name: str) -> Schedule:
    """Return a group's schedule called `name`. Raises ResourceNotFoundException."""
    schedule = lookup(ctx, group, name)
    if schedule is None:
        raise errors.ScheduleNotFound(name=name)
    return schedule


def listed(
    ctx: Context,
    *,
    group: str | None = None,
    prefix: str = "",
    state: str | None = None,
    after: str = "",
    limit: int = -1,
) -> list[Schedule]:
    """Return at most `limit` schedules by `group/name`, those behind `after`."""
    rows = ctx.db.execute(
        "SELECT * FROM schedules WHERE account = ? AND region = ?"
        " AND (? IS NULL OR group_name = ?) AND substr(name, 1, ?) = ?"
        " AND (? IS NULL OR settings ->> 'State' = ?)"
        " AND group_name || '/' || name > ? ORDER BY group_name || '/' || name LIMIT ?",
        (
            *(ctx.account, ctx.region, group, group, len(prefix), prefix),
            *(state, state, after, limit),
        ),
    )
    return [_schedule(row) for row in rows]


def put(ctx: Context, schedule: Schedule) -> None:
    """Make or replace a schedule."""
    ctx.db.execute(
        "INSERT OR REPLACE INTO schedules VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            schedule.account,
            schedule.region,
            schedule.group,
            schedule.name,
            schedule.id,
            orjson.dumps(schedule.settings).decode(),
            schedule.created_at,
            schedule.modified_at,
        ),
    )


def delete(ctx: Context, schedule: Schedule) -> None:
    """Remove a schedule; its next moment is the caller's to cancel."""
    ctx.db.execute(
        "DELETE FROM schedules WHERE account = ? AND region = ? AND group_name = ? AND name = ?",
        (schedule.account, schedule.region, schedule.group, schedule.name),
    )


def _schedule(row: sqlite3.Row) -> Schedule:
    return Schedule(
        row["account"],
        row["region"],
        row["group_name"],
        row["name"],
        row["id"],
        orjson.loads(row["settings"]),
        row["created_at"],
        row["modified_at"],
    )
