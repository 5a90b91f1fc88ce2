"""The resources of stacks: all their SQL."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from cloudarium.core.context import Context
from cloudarium.services.cloudformation.template.plan import Deployed

_JSON = ("properties", "attributes", "declared", "needs")


@dataclass(frozen=True)
class StackResource:
    """A row of `resources`; `updated_at` is epoch seconds."""

    stack_id: str
    logical_id: str
    type: str
    physical_id: str
    status: str
    reason: str | None
    updated_at: float
    properties: dict[str, Any]
    attributes: Mapping[str, Any]
    declared: Mapping[str, Any]
    needs: list[str]

    @property
    def exists(self) -> bool:
        """Whether there is a physical resource."""
        return bool(self.physical_id) and not self.gone

    @property
    def gone(self) -> bool:
        """Whether the stack has let go of it."""
        return self.status in ("DELETE_COMPLETE", "DELETE_SKIPPED")

    @property
    def deletion_policy(self) -> str:
        """What becomes of the physical resource when this one goes."""
        return str(self.declared.get("DeletionPolicy", "Delete"))

    def to_json(self) -> str:
        """Return this row as a step keeps it."""
        return json.dumps(asdict(self))

    def deployed(self) -> Deployed:
        """Return what the planner needs to know of it."""
        return Deployed(
            self.type, self.physical_id, self.properties, self.attributes, self.declared
        )


def from_json(text: str) -> StackResource:
    """Return the row a step kept."""
    return StackResource(**json.loads(text))


def _resource(row: sqlite3.Row) -> StackResource:
    values = dict(row)
    return StackResource(**{**values, **{name: json.loads(values[name]) for name in _JSON}})


def of_stack(ctx: Context, stack_id: str) -> dict[str, StackResource]:
    """Return a stack's resources by logical id."""
    rows = ctx.db.execute("SELECT * FROM resources WHERE stack_id = ?", (stack_id,))
    return {row["logical_id"]: _resource(row) for row in rows}


def find(ctx: Context, stack_id: str, logical_id: str) -> StackResource | None:
    """Return one resource of a stack, if it is there."""
    row = ctx.db.execute(
        "SELECT * FROM resources WHERE stack_id = ? AND logical_id = ?", (stack_id, logical_id)
    ).fetchone()
    return None if row is None else _resource(row)


def stack_of(ctx: Context, physical_id: str) -> str | None:
    """Return the ARN of the stack a physical resource belongs to, if it belongs to one."""
    row = ctx.db.execute(
        "SELECT stack_id FROM resources JOIN stacks USING (stack_id)"
        " WHERE physical_id = ? AND account = ? AND region = ?",
        (physical_id, ctx.account, ctx.region),
    ).fetchone()
    return None if row is None else str(row["stack_id"])


def put(ctx: Context, resource: StackResource) -> None:
    """Write a resource, in place of an earlier one with its logical id."""
    values = asdict(replace(resource, updated_at=ctx.now))
    for name in _JSON:
        values[name] = json.dumps(values[name])
    names = ", ".join(values)
    marks = ", ".join(f":{name}" for name in values)
    ctx.db.execute(f"INSERT OR REPLACE INTO resources ({names}) VALUES ({marks})", values)


def remove(ctx: Context, stack_id: str, logical_id: str) -> None:
    """Forget a resource."""
    ctx.db.execute(
        "DELETE FROM resources WHERE stack_id = ? AND logical_id = ?", (stack_id, logical_id)
    )


def set_status(
    ctx: Context, stack_id: str, logical_id: str, status: str, reason: str | None = None
) -> None:
    """Write a resource's status."""
    ctx.db.execute(
        "UPDATE resources SET status = ?, reason = ?, updated_at = ?"
        " WHERE stack_id = ? AND logical_id = ?",
        (status, reason, ctx.now, stack_id, logical_id),
    )
