"""Projects: rows of `projects`, each a JSON body as BatchGetProjects describes it."""

from __future__ import annotations

from typing import Any

import orjson

from cloudarium.core.context import Context
from cloudarium.services.codebuild import errors

Project = dict[str, Any]


def arn(ctx: Context, name: str) -> str:
    """Return a project's ARN."""
    return ctx.arn(f"project/{name}")


def lookup(ctx: Context, name: str) -> Project | None:
    """Return the project called `name` (or with that ARN), if there is one."""
    row = ctx.db.execute(
        "SELECT body FROM projects WHERE account = ? AND region = ? AND name = ?",
        (ctx.account, ctx.region, name.rpartition("/")[2]),
    ).fetchone()
    project: Project | None = orjson.loads(row["body"]) if row else None
    return project


def find(ctx: Context, name: str) -> Project:
    """Return the project called `name`. Raises ResourceNotFoundException."""
    project = lookup(ctx, name)
    if project is None:
        raise errors.ProjectNotFound(arn=arn(ctx, name))
    return project


def put(ctx: Context, project: Project) -> None:
    """Make or change a project."""
    ctx.db.execute(
        "INSERT INTO projects (account, region, name, body) VALUES (?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET body = excluded.body",
        (ctx.account, ctx.region, project["name"], orjson.dumps(project).decode()),
    )


def delete(ctx: Context, name: str) -> None:
    """Remove a project, if it is there."""
    ctx.db.execute(
        "DELETE FROM projects WHERE account = ? AND region = ? AND name = ?",
        (ctx.account, ctx.region, name),
    )


def names(ctx: Context, *, descending: bool) -> list[str]:
    """Return the names of all projects."""
    order = "DESC" if descending else "ASC"
    rows = ctx.db.execute(
        f"SELECT name FROM projects WHERE account = ? AND region = ? ORDER BY name {order}",
        (ctx.account, ctx.region),
    )
    return [row["name"] for row in rows]


def next_number(ctx: Context, name: str) -> int:
    """Count one more build of a project; return its number."""
    row = ctx.db.execute(
        "UPDATE projects SET builds = builds + 1 WHERE account = ? AND region = ? AND name = ?"
        " RETURNING builds",
        (ctx.account, ctx.region, name),
    ).fetchone()
    return int(row["builds"])
