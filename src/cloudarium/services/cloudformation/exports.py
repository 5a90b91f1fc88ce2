"""Exports and who imports them: all their SQL."""

from __future__ import annotations

from collections.abc import Mapping

from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.services.cloudformation.errors import invalid
from cloudarium.services.cloudformation.stacks import Stack


def value(ctx: Context, name: str) -> str:
    """Return what is exported as `name`. Raises `No export named … found`."""
    row = ctx.db.execute(
        "SELECT value FROM exports WHERE account = ? AND region = ? AND name = ?",
        (ctx.account, ctx.region, name),
    ).fetchone()
    if row is None:
        raise invalid(f"No export named {name} found.")
    return str(row["value"])


def listed(ctx: Context) -> list[dict[str, str]]:
    """Return ListExports' `Exports`, by name."""
    rows = ctx.db.execute(
        "SELECT * FROM exports WHERE account = ? AND region = ? ORDER BY name",
        (ctx.account, ctx.region),
    )
    return [
        {"ExportingStackId": row["stack_id"], "Name": row["name"], "Value": row["value"]}
        for row in rows
    ]


def importers(ctx: Context, name: str) -> list[str]:
    """Return the names of the stacks that import `name`."""
    rows = ctx.db.execute(
        "SELECT stacks.name AS name FROM imports JOIN stacks USING (stack_id)"
        " WHERE account = ? AND region = ? AND imports.name = ? ORDER BY 1",
        (ctx.account, ctx.region, name),
    )
    return [row["name"] for row in rows]


def of_stack(ctx: Context, stack_id: str) -> dict[str, str]:
    """Return what a stack exports: name to value."""
    rows = ctx.db.execute("SELECT name, value FROM exports WHERE stack_id = ?", (stack_id,))
    return {row["name"]: row["value"] for row in rows}


def note_import(ctx: Context, stack_id: str, name: str) -> None:
    """Record that a stack imports `name`."""
    ctx.db.execute("INSERT OR IGNORE INTO imports VALUES (?, ?)", (stack_id, name))


def replace_imports(ctx: Context, stack_id: str, names: list[str]) -> None:
    """Record that a stack imports exactly `names`."""
    ctx.db.execute("DELETE FROM imports WHERE stack_id = ?", (stack_id,))
    for name in names:
        note_import(ctx, stack_id, name)


def imports_of(ctx: Context, stack_id: str) -> list[str]:
    """Return the names a stack imports."""
    rows = ctx.db.execute("SELECT name FROM imports WHERE stack_id = ?", (stack_id,))
    return [row["name"] for row in rows]


def refuse_deletion(ctx: Context, stack: Stack) -> str | None:
    """Return why `stack` cannot be deleted: somebody imports from it; None if nobody does."""
    for name in of_stack(ctx, stack.stack_id):
        if users := importers(ctx, name):
            return str(_in_use(name, users).message)
    return None


def _in_use(name: str, users: list[str]) -> AwsError:
    listing = " and ".join(filter(None, [", ".join(users[:-1]), users[-1]]))
    return invalid(f"Delete canceled. Cannot delete export {name} as it is in use by {listing}.")


def replace(ctx: Context, stack: Stack, wanted: Mapping[str, str]) -> None:
    """Make `wanted` what `stack` exports.

    Raises when another stack exports a name, or a stack imports what would change or go.
    """
    current = of_stack(ctx, stack.stack_id)
    for name, old in current.items():
        users = importers(ctx, name)
        if users and name not in wanted:
            raise _in_use(name, users)
        if users and wanted[name] != old:
            raise invalid(f"Export {name} cannot be updated as it is in use by {users[0]}")
    for name in wanted:
        owner = _owner(ctx, name)
        if owner is not None and owner != stack.stack_id:
            raise invalid(
                f"Export with name {name} is already exported by stack {owner.split('/')[1]}."
            )
    ctx.db.execute("DELETE FROM exports WHERE stack_id = ?", (stack.stack_id,))
    for name, exported in wanted.items():
        ctx.db.execute(
            "INSERT INTO exports VALUES (?, ?, ?, ?, ?)",
            (ctx.account, ctx.region, name, exported, stack.stack_id),
        )


def _owner(ctx: Context, name: str) -> str | None:
    row = ctx.db.execute(
        "SELECT stack_id FROM exports WHERE account = ? AND region = ? AND name = ?",
        (ctx.account, ctx.region, name),
    ).fetchone()
    return None if row is None else str(row["stack_id"])


def forget(ctx: Context, stack_id: str) -> None:
    """Forget what a deleted stack exported and imported."""
    ctx.db.execute("DELETE FROM exports WHERE stack_id = ?", (stack_id,))
    ctx.db.execute("DELETE FROM imports WHERE stack_id = ?", (stack_id,))
