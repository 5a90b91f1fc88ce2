"""Dashboards: rows of `dashboards`; they belong to an account, not to a region."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

import orjson

from cloudarium.core.context import Context
from cloudarium.services.cloudwatch import errors


@dataclass(frozen=True)
class Dashboard:
    """A dashboard; `body` is JSON text, `modified_at` epoch seconds."""

    account: str
    name: str
    body: str
    modified_at: float

    @property
    def arn(self) -> str:
        """The dashboard's ARN."""
        return f"arn:aws:cloudwatch::{self.account}:dashboard/{self.name}"


def check(body: str) -> None:
    """Raise InvalidDashboard unless `body` is a JSON object with a list of widgets.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
    """
    try:
        document: Any = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise _invalid("/", "The field DashboardBody must be a valid JSON object") from None
    if not isinstance(document, dict):
        raise _invalid("/", "The field DashboardBody must be a valid JSON object")
    widgets = document.get("widgets")
    if not isinstance(widgets, list):
        raise _invalid("/widgets", "Should have property widgets, an array")
    for place, widget in enumerate(widgets):
        if not isinstance(widget, dict) or "type" not in widget:
            raise _invalid(f"/widgets/{place}", "Should have required property type")


def _invalid(path: str, message: str) -> Exception:
    problem = {"DataPath": path, "Message": message}
    return errors.InvalidDashboard(
        members={"dashboardValidationMessages": [problem]},
        count=1,
        errors=orjson.dumps(problem).decode(),
    )


def put(ctx: Context, name: str, body: str) -> None:
    """Make or replace a dashboard."""
    ctx.db.execute(
        "INSERT OR REPLACE INTO dashboards VALUES (?, ?, ?, ?)", (ctx.account, name, body, ctx.now)
    )


def named(ctx: Context, name: str) -> Dashboard:
    """Return the dashboard called `name`. Raises DashboardNotFound."""
    row = ctx.db.execute(
        "SELECT * FROM dashboards WHERE account = ? AND name = ?", (ctx.account, name)
    ).fetchone()
    if row is None:
        raise errors.DashboardNotFound(name=name)
    return _dashboard(row)


def listed(ctx: Context, prefix: str, after: str) -> list[Dashboard]:
    """Return dashboards in name order whose names start with `prefix`, after the name `after`."""
    rows = ctx.db.execute(
        "SELECT * FROM dashboards WHERE account = ? AND substr(name, 1, ?) = ? AND name > ?"
        " ORDER BY name",
        (ctx.account, len(prefix), prefix, after),
    )
    return [_dashboard(row) for row in rows]


def delete(ctx: Context, name: str) -> None:
    """Remove a dashboard."""
    ctx.db.execute("DELETE FROM dashboards WHERE account = ? AND name = ?", (ctx.account, name))


def _dashboard(row: sqlite3.Row) -> Dashboard:
    return Dashboard(row["account"], row["name"], row["body"], row["modified_at"])
