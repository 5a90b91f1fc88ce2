"""Stack policies: what updates may not do to a stack's resources. All their SQL, and their rules.

Source: "Prevent updates to stack resources", User Guide; where AWS does otherwise than that says
(LocalStack's tests recorded against AWS, api/test_stack_policies), as AWS does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cloudarium.core.context import Context, Request
from cloudarium.core.documents import json_object
from cloudarium.core.matching import wildcards
from cloudarium.services.cloudformation import sources
from cloudarium.services.cloudformation.errors import PolicyInvalid, PolicyResourceUnknown, invalid

MODIFY, REPLACE, DELETE = "Update:Modify", "Update:Replace", "Update:Delete"

_ACTIONS = ("Update:*", MODIFY, REPLACE, DELETE)
_RESOURCE = re.compile(r"\*|LogicalResourceId/.+")
_OPERATORS = ("StringEquals", "StringLike")


@dataclass(frozen=True)
class _Statement:
    """A statement; `scope` is all of it but the effect."""

    denies: bool
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    scope: Mapping[str, Any]

    def covers(self, action: str, logical_id: str, type_name: str) -> bool:
        """Tell whether the statement is about what an update is to do to a resource."""
        acts = any(each in ("Update:*", action) for each in self.actions)
        named = any(
            wildcards(each).fullmatch(f"LogicalResourceId/{logical_id}") for each in self.resources
        )
        return (
            acts != ("NotAction" in self.scope)
            and named != ("NotResource" in self.scope)
            and self._holds(type_name)
        )

    def _holds(self, type_name: str) -> bool:
        for operator, keys in self.scope.get("Condition", {}).items():
            patterns = _texts(keys["ResourceType"])
            if operator == "StringEquals" and type_name not in patterns:
                return False
            if not any(wildcards(pattern).fullmatch(type_name) for pattern in patterns):
                return False
        return True


def denial(policy: str | None, action: str, logical_id: str, type_name: str) -> str | None:
    """Return why a policy forbids what an update is to do to a resource, None if it does not.

    A denial counts more than permissions, but for those after it of the very same scope, as AWS
    was seen to have it. A policy without statements forbids nothing.
    """
    statements = [] if policy is None else _statements(policy)
    if not statements:
        return None
    covering = [
        (number, statement)
        for number, statement in enumerate(statements, start=1)
        if statement.covers(action, logical_id, type_name)
    ]
    for number, statement in covering:
        taken_back = any(
            later > number and not other.denies and other.scope == statement.scope
            for later, other in covering
        )
        if statement.denies and not taken_back:
            return (
                f"Action denied by stack policy: Statement [#{number}] does not allow "
                f"[{', '.join(statement.actions)}] for resource "
                f"[{', '.join(statement.resources)}];"
            )
    return None if covering else "Action not allowed by stack policy"


def _statements(policy: str) -> list[_Statement]:
    """Return what a policy says. Raises `Error validating stack policy`."""
    document = json_object(policy)
    if document is None:
        raise PolicyInvalid()
    given = document.get("Statement", [])
    return [_statement(each) for each in (given if isinstance(given, list) else [given])]


def _statement(given: Any) -> _Statement:
    if not isinstance(given, dict) or given.get("Effect") not in ("Allow", "Deny"):
        raise PolicyInvalid()
    if given.get("Principal") != "*":
        raise PolicyInvalid()
    statement = _Statement(
        denies=given["Effect"] == "Deny",
        actions=_one_of(given, "Action", "NotAction"),
        resources=_one_of(given, "Resource", "NotResource"),
        scope={name: value for name, value in given.items() if name not in ("Effect", "Sid")},
    )
    conditions = given.get("Condition", {})
    known = isinstance(conditions, dict) and all(
        operator in _OPERATORS
        and isinstance(keys, dict)
        and list(keys) == ["ResourceType"]
        and _texts(keys["ResourceType"])
        for operator, keys in conditions.items()
    )
    if not (
        known
        and set(statement.actions) <= set(_ACTIONS)
        and all(_RESOURCE.fullmatch(each) for each in statement.resources)
    ):
        raise PolicyInvalid()
    return statement


def _one_of(given: Mapping[str, Any], name: str, other: str) -> tuple[str, ...]:
    found = _texts(given.get(name)) or _texts(given.get(other))
    if not found or (name in given and other in given):
        raise PolicyInvalid()
    return found


def _texts(given: Any) -> tuple[str, ...]:
    listed = given if isinstance(given, list) else [given]
    return tuple(listed) if all(isinstance(each, str) for each in listed) else ()


async def submitted(ctx: Context, request: Request, member: str = "StackPolicy") -> str | None:
    """Return the policy a request brings in `…Body` or by `…URL`, checked; None if it has none."""
    body, url = request.get(f"{member}Body"), request.get(f"{member}URL")
    if body is not None and url is not None:
        raise invalid(f"You cannot specify both {member}URL and {member}Body")
    policy = body if url is None else await sources.fetched(ctx, url, ctx.principal)
    if policy is not None:
        _statements(policy)
    return policy


def check_resources(policy: str | None, logical_ids: Iterable[str], which: str = "") -> None:
    """Raise if a policy names a resource there is not. `which` is "existing " for a stack's own."""
    if policy is None:
        return
    known = {f"LogicalResourceId/{name}" for name in logical_ids}
    for statement in _statements(policy):
        for name in statement.resources:
            if not {"*", "?"} & set(name) and name not in known:
                raise PolicyResourceUnknown(which=which, name=name)


def of_stack(ctx: Context, stack_id: str) -> str | None:
    """Return a stack's policy as it was set, None if none was."""
    row = ctx.db.execute(
        "SELECT policy FROM stack_policies WHERE stack_id = ?", (stack_id,)
    ).fetchone()
    return None if row is None else str(row["policy"])


def put(ctx: Context, stack_id: str, policy: str | None) -> None:
    """Give a stack a policy; None leaves it the one it has."""
    if policy is not None:
        ctx.db.execute("INSERT OR REPLACE INTO stack_policies VALUES (?, ?)", (stack_id, policy))
