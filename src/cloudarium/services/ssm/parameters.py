"""Parameters and their versions: all the SQL."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from typing import Any

from cloudarium.core.context import Context
from cloudarium.services.ssm import errors, labels, limits, names

SECURE = "SecureString"
_DATA_TYPE = "text"


@dataclass(frozen=True)
class Parameter:
    """One version of a parameter. `sealed` and `key_id` are of a SecureString, else empty."""

    name: str
    version: int
    type: str
    value: str
    sealed: str
    key_id: str
    description: str
    allowed_pattern: str
    tier: str
    modified_at: float
    modified_by: str

    def shown(self, ctx: Context, *, decrypted: bool, selector: str = "") -> dict[str, Any]:
        """Return it as the API's `Parameter`."""
        return {
            "Name": self.name,
            "Type": self.type,
            "Value": self.visible(decrypted=decrypted),
            "Version": self.version,
            "Selector": f":{selector}" if selector else None,
            "LastModifiedDate": self.modified_at,
            "ARN": names.arn_of(ctx, self.name),
            "DataType": _DATA_TYPE,
        }

    def visible(self, *, decrypted: bool) -> str:
        """Return the value, or what a SecureString shows to who does not ask for decryption."""
        return self.value if decrypted or self.type != SECURE else self.sealed

    def metadata(self) -> dict[str, Any]:
        """Return what the API's `ParameterMetadata` and `ParameterHistory` have in common."""
        return {
            "Name": self.name,
            "Type": self.type,
            "KeyId": self.key_id or None,
            "LastModifiedDate": self.modified_at,
            "LastModifiedUser": self.modified_by,
            "Description": self.description or None,
            "AllowedPattern": self.allowed_pattern or None,
            "Version": self.version,
            "Tier": self.tier,
            "Policies": [],
            "DataType": _DATA_TYPE,
        }


_COLUMNS = tuple(field.name for field in fields(Parameter))


def _of(row: sqlite3.Row) -> Parameter:
    return Parameter(**{name: row[name] for name in _COLUMNS})


def versions(ctx: Context, name: str) -> list[Parameter]:
    """Return the kept versions of `name`, oldest first. Raises ParameterNotFound."""
    rows = ctx.db.execute(
        "SELECT * FROM versions WHERE account = ? AND region = ? AND name = ? ORDER BY version",
        (ctx.account, ctx.region, name),
    ).fetchall()
    if not rows:
        raise errors.ParameterNotFound()
    return [_of(row) for row in rows]


def current(ctx: Context, name: str) -> Parameter | None:
    """Return the newest version of `name`, or None."""
    row = ctx.db.execute(
        "SELECT * FROM versions WHERE account = ? AND region = ? AND name = ?"
        " ORDER BY version DESC LIMIT 1",
        (ctx.account, ctx.region, name),
    ).fetchone()
    return _of(row) if row else None


def selected(ctx: Context, given: str) -> tuple[Parameter, str]:
    """Return the parameter a reader's `Name` means, and the selector in it.

    Raises ParameterNotFound and ParameterVersionNotFound.
    """
    name, selector = names.parsed(ctx, given)
    if not selector:
        return versions(ctx, name)[-1], ""
    number = int(selector) if selector.isdecimal() else labels.of(ctx, name).get(selector)
    return version(ctx, name, selector if number is None else number), selector


def version(ctx: Context, name: str, number: int | str) -> Parameter:
    """Return a version of `name` by its number; what is no number is the number of none.

    Raises ParameterNotFound and ParameterVersionNotFound.
    """
    for each in versions(ctx, name):
        if each.version == number:
            return each
    raise errors.ParameterVersionNotFound(version=number, name=name)


def under(ctx: Context, path: str, *, recursive: bool) -> list[Parameter]:
    """Return the parameters below `path` (with its last slash), by name."""
    found = [each for each in everything(ctx) if each.name.startswith(path)]
    return [each for each in found if recursive or "/" not in each.name[len(path) :]]


def everything(ctx: Context) -> list[Parameter]:
    """Return the newest version of every parameter, by name."""
    rows = ctx.db.execute(
        "SELECT *, MAX(version) FROM versions WHERE account = ? AND region = ?"
        " GROUP BY name ORDER BY name",
        (ctx.account, ctx.region),
    )
    return [_of(row) for row in rows.fetchall()]


def put(ctx: Context, parameter: Parameter) -> None:
    """Keep a version, and drop the oldest of more than a hundred.

    Raises ParameterMaxVersionLimitExceeded if that one has a label.
    """
    oldest = parameter.version - limits.VERSIONS
    if labels.on(ctx, parameter.name, oldest):
        raise errors.OldestLabelled(name=parameter.name, version=oldest)
    marks = ", ".join("?" * (len(_COLUMNS) + 2))
    ctx.db.execute(
        f"INSERT INTO versions (account, region, {', '.join(_COLUMNS)}) VALUES ({marks})",
        (ctx.account, ctx.region, *astuple(parameter)),
    )
    ctx.db.execute(
        "DELETE FROM versions WHERE account = ? AND region = ? AND name = ? AND version <= ?",
        (ctx.account, ctx.region, parameter.name, oldest),
    )


def delete(ctx: Context, name: str) -> bool:
    """Remove `name` with its versions, labels and tags; tell whether it was there."""
    labels.detach(ctx, name)
    where = (ctx.account, ctx.region, name)
    ctx.db.execute("DELETE FROM tags WHERE account = ? AND region = ? AND name = ?", where)
    gone = ctx.db.execute(
        "DELETE FROM versions WHERE account = ? AND region = ? AND name = ?", where
    )
    return gone.rowcount > 0


def tags(ctx: Context, name: str) -> dict[str, str]:
    """Return the tags of `name`."""
    row = ctx.db.execute(
        "SELECT tags FROM tags WHERE account = ? AND region = ? AND name = ?",
        (ctx.account, ctx.region, name),
    ).fetchone()
    return dict(json.loads(row["tags"])) if row else {}


def tag(ctx: Context, name: str, added: dict[str, str], removed: Iterable[str] = ()) -> None:
    """Change the tags of `name`. Raises TooManyTagsError."""
    gone = set(removed)
    kept = {key: value for key, value in tags(ctx, name).items() if key not in gone} | added
    if len(kept) > limits.TAGS:
        raise errors.TooManyTags()
    ctx.db.execute(
        "INSERT OR REPLACE INTO tags VALUES (?, ?, ?, ?)",
        (ctx.account, ctx.region, name, json.dumps(kept)),
    )
