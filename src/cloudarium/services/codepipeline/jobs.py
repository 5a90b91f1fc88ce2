"""What Lambda functions are asked to do for actions, as rows."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from cloudarium.core.context import Context
from cloudarium.services.codepipeline import errors


@dataclass(frozen=True)
class Job:
    """A job: `details` are the API's JobDetails, `status` InProgress, Succeeded or Failed."""

    id: str
    action_id: str
    account: str
    status: str
    details: dict[str, Any]


def insert(ctx: Context, job_id: str, action_id: str, details: dict[str, Any]) -> None:
    """Record a new job."""
    ctx.db.execute(
        "INSERT INTO jobs VALUES (?, ?, ?, 'InProgress', ?)",
        (job_id, action_id, ctx.account, json.dumps(details)),
    )


def find(ctx: Context, job_id: str) -> Job:
    """Return a job of this account, or raise."""
    row = ctx.db.execute(
        "SELECT * FROM jobs WHERE id = ? AND account = ?", (job_id, ctx.account)
    ).fetchone()
    if row is None:
        raise errors.JobNotFound(id=job_id)
    return Job(**{**dict(row), "details": json.loads(row["details"])})


def under_way(ctx: Context, job_id: str) -> Job:
    """Return a job without a result so far, or raise."""
    job = find(ctx, job_id)
    if job.status != "InProgress":
        raise errors.InvalidJobState(id=job_id, status=job.status)
    return job


def set_status(ctx: Context, job: Job, status: str) -> None:
    """Record the job's result."""
    ctx.db.execute("UPDATE jobs SET status = ? WHERE id = ?", (status, job.id))
