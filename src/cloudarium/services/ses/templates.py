"""E-mail templates."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass

from cloudarium.core.context import Context
from cloudarium.services.ses import errors, limits, rendering

_PARTS = ("SubjectPart", "TextPart", "HtmlPart")


@dataclass(frozen=True)
class Template:
    """A template; `parts` are those given: SubjectPart, TextPart, HtmlPart."""

    name: str
    created_at: float
    parts: dict[str, str]

    @property
    def shown(self) -> dict[str, str]:
        """The API's Template."""
        return {"TemplateName": self.name, **self.parts}


def _template(row: sqlite3.Row) -> Template:
    return Template(row["name"], row["created_at"], json.loads(row["parts"]))


def lookup(ctx: Context, name: str) -> Template | None:
    """Return the template `name`, or None."""
    row = ctx.db.execute(
        "SELECT * FROM templates WHERE account = ? AND region = ? AND name = ?",
        (ctx.account, ctx.region, name),
    ).fetchone()
    return _template(row) if row else None


def find(ctx: Context, name: str) -> Template:
    """Return the template `name`. Raises TemplateDoesNotExist."""
    found = lookup(ctx, name)
    if found is None:
        raise errors.TemplateDoesNotExist(members={"TemplateName": name}, name=name)
    return found


def of_account(ctx: Context) -> list[Template]:
    """Return this account's and region's templates, the newest first."""
    rows = ctx.db.execute(
        "SELECT * FROM templates WHERE account = ? AND region = ? ORDER BY created_at DESC, name",
        (ctx.account, ctx.region),
    )
    return [_template(row) for row in rows]


def parts_of(given: dict[str, str]) -> dict[str, str]:
    """Return a template's parts. Raises InvalidTemplate for what cannot be rendered."""
    parts = {name: given[name] for name in _PARTS if given.get(name) is not None}
    name = given.get("TemplateName", "")
    if not parts.get("SubjectPart"):
        raise errors.InvalidTemplate(
            members={"TemplateName": name}, message="The subject must be specified."
        )
    if sum(len(part.encode()) for part in parts.values()) > limits.TEMPLATE_BYTES:
        raise errors.InvalidTemplate(
            members={"TemplateName": name}, message="Template exceeds 500 KB."
        )
    for part in parts.values():
        rendering.parsed(part)
    return parts


def put(ctx: Context, name: str, parts: dict[str, str], created_at: float) -> None:
    """Keep a template, in place of an older one of that name."""
    ctx.db.execute(
        "INSERT OR REPLACE INTO templates VALUES (?, ?, ?, ?, ?)",
        (ctx.account, ctx.region, name, created_at, json.dumps(parts)),
    )


def delete(ctx: Context, name: str) -> None:
    """Remove a template, if it is there."""
    ctx.db.execute(
        "DELETE FROM templates WHERE account = ? AND region = ? AND name = ?",
        (ctx.account, ctx.region, name),
    )
