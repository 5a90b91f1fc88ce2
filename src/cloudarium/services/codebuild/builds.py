"""Builds: rows of `builds`, each a JSON body as BatchGetBuilds describes it."""

from __future__ import annotations

from typing import Any

import orjson

from cloudarium.contracts.events import AwsEvent
from cloudarium.core.context import Context
from cloudarium.services.codebuild import errors

Build = dict[str, Any]


def insert(ctx: Context, build: Build, token: str | None) -> None:
    """Make a build."""
    ctx.db.execute(
        "INSERT INTO builds (account, region, id, project, token, body) VALUES (?, ?, ?, ?, ?, ?)",
        (
            ctx.account,
            ctx.region,
            build["id"],
            build["projectName"],
            token,
            orjson.dumps(build).decode(),
        ),
    )


def save(ctx: Context, build: Build) -> None:
    """Record a build's present state."""
    ctx.db.execute(
        "UPDATE builds SET body = ? WHERE account = ? AND region = ? AND id = ?",
        (orjson.dumps(build).decode(), ctx.account, ctx.region, build["id"]),
    )


def lookup(ctx: Context, identifier: str) -> Build | None:
    """Return the build with an id (or ARN), if there is one."""
    row = ctx.db.execute(
        "SELECT body FROM builds WHERE account = ? AND region = ? AND id = ?",
        (ctx.account, ctx.region, identifier.rpartition("build/")[2]),
    ).fetchone()
    build: Build | None = orjson.loads(row["body"]) if row else None
    return build


def find(ctx: Context, identifier: str) -> Build:
    """Return the build with an id. Raises ResourceNotFoundException."""
    build = lookup(ctx, identifier)
    if build is None:
        raise errors.BuildNotFound(id=identifier)
    return build


def with_token(ctx: Context, project: str, token: str) -> Build | None:
    """Return the build of a project that was started with an idempotency token, if any."""
    row = ctx.db.execute(
        "SELECT body FROM builds WHERE account = ? AND region = ? AND project = ? AND token = ?",
        (ctx.account, ctx.region, project, token),
    ).fetchone()
    build: Build | None = orjson.loads(row["body"]) if row else None
    return build


def ids(ctx: Context, project: str | None, *, descending: bool) -> list[str]:
    """Return the ids of all builds, or of a project's."""
    order = "DESC" if descending else "ASC"
    clause, values = (" AND project = ?", (project,)) if project else ("", ())
    rows = ctx.db.execute(
        f"SELECT id FROM builds WHERE account = ? AND region = ?{clause} ORDER BY sequence {order}",
        (ctx.account, ctx.region, *values),
    )
    return [row["id"] for row in rows]


def request_stop(ctx: Context, build: Build) -> None:
    """Note that a build is to stop."""
    ctx.db.execute(
        "UPDATE builds SET stopping = 1 WHERE account = ? AND region = ? AND id = ?",
        (ctx.account, ctx.region, build["id"]),
    )


def stopping(ctx: Context, build: Build) -> bool:
    """Tell whether a build is to stop."""
    row = ctx.db.execute(
        "SELECT stopping FROM builds WHERE account = ? AND region = ? AND id = ?",
        (ctx.account, ctx.region, build["id"]),
    ).fetchone()
    return bool(row["stopping"])


def delete(ctx: Context, build: Build) -> None:
    """Remove a build."""
    ctx.db.execute(
        "DELETE FROM builds WHERE account = ? AND region = ? AND id = ?",
        (ctx.account, ctx.region, build["id"]),
    )


def announce_state(ctx: Context, build: Build) -> None:
    """Tell the event bus the build's status."""
    detail = {
        "build-status": build["buildStatus"],
        "project-name": build["projectName"],
        "build-id": build["arn"],
        "current-phase": build["currentPhase"],
        "current-phase-context": "[]",
        "version": "1",
        "additional-information": {
            "build-number": build["buildNumber"],
            "initiator": build["initiator"],
            "build-complete": build["buildComplete"],
            "logs": build.get("logs", {}),
        },
    }
    ctx.emit(AwsEvent("aws.codebuild", "CodeBuild Build State Change", detail, [build["arn"]]))


def announce_phase(ctx: Context, build: Build, phase: dict[str, Any]) -> None:
    """Tell the event bus that a phase has ended."""
    contexts = [f"{each['statusCode']}: {each['message']}" for each in phase.get("contexts", [])]
    detail = {
        "completed-phase": phase["phaseType"],
        "completed-phase-status": phase["phaseStatus"],
        "completed-phase-duration-seconds": phase["durationInSeconds"],
        "completed-phase-context": f"[{', '.join(contexts)}]",
        "project-name": build["projectName"],
        "build-id": build["arn"],
        "version": "1",
    }
    ctx.emit(AwsEvent("aws.codebuild", "CodeBuild Build Phase Change", detail, [build["arn"]]))
