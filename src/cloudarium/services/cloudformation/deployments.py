"""Deployments, one per create, update or delete of a stack, and their steps: all their SQL."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from cloudarium.core.context import Context
from cloudarium.core.identity import Principal
from cloudarium.services.cloudformation.configs import Config
from cloudarium.services.cloudformation.errors import TokenAlreadyExists
from cloudarium.services.cloudformation.stacks import Stack

DONE = "done"


@dataclass(frozen=True)
class Options:
    """How a deployment goes about its work: request members of its API call.

    `policy` stands in the stack policy's place while it runs, `policy_after` once it is done.
    """

    on_failure: str = "ROLLBACK"
    retain_except_on_create: bool = False
    retain_resources: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    attempt: int = 0
    timeout_minutes: int | None = None
    policy: str | None = None
    policy_after: str | None = None


@dataclass(frozen=True)
class Previous:
    """The stack as it was before an update, to come back to."""

    config: Config
    outputs: list[dict[str, Any]]
    imports: list[str]


@dataclass(frozen=True)
class Deployment:
    """A row of `deployments`; `started_at` is epoch seconds."""

    deployment_id: str
    stack_id: str
    kind: str
    phase: str
    principal: Principal
    role_arn: str | None
    token: str | None
    options: Options
    previous: Previous | None
    cancelled: bool
    started_at: float


@dataclass(frozen=True)
class Step:
    """A row of `steps`: what one phase of a deployment does to one resource."""

    deployment_id: str
    phase: str
    logical_id: str
    action: str
    status: str
    before: str | None = None
    made: str | None = None
    polls: int = 0


@dataclass(frozen=True)
class Order:
    """What an API call asks a deployment to do."""

    kind: str
    phase: str
    principal: Principal
    role_arn: str | None = None
    token: str | None = None
    options: Options = field(default_factory=Options)
    previous: Previous | None = None


def start(ctx: Context, stack: Stack, order: Order) -> str:
    """Write a deployment and have it run; returns its id."""
    deployment_id = ctx.ids.uuid()
    previous = None
    if order.previous is not None:
        config = json.loads(order.previous.config.to_json())
        previous = {**_plain(order.previous), "config": config}
    ctx.db.execute(
        "INSERT INTO deployments (deployment_id, stack_id, kind, phase, principal, role_arn,"
        " token, options, previous, started_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            deployment_id, stack.stack_id, order.kind, order.phase,
            _principal(order.principal), order.role_arn, order.token,
            json.dumps(asdict(order.options)), json.dumps(previous), ctx.now,
        ),
    )  # fmt: skip
    wake(ctx, deployment_id)
    return deployment_id


def _principal(principal: Principal) -> str:
    """Return who asks, as kept in a row: without what a subclass knows of the request's key."""
    kept = {field.name: getattr(principal, field.name) for field in fields(Principal)}
    return json.dumps({**kept, "tags": dict(principal.tags)})


def _plain(previous: Previous) -> dict[str, Any]:
    return {name: value for name, value in vars(previous).items() if name != "config"}


def wake(ctx: Context, deployment_id: str, at: float | None = None) -> None:
    """Have a deployment go on at `at`, now if None."""
    ctx.schedule("deploy", {"deployment_id": deployment_id}, at=at, key=deployment_id)


def by_id(ctx: Context, deployment_id: str) -> Deployment:
    """Return a deployment."""
    row = ctx.db.execute(
        "SELECT * FROM deployments WHERE deployment_id = ?", (deployment_id,)
    ).fetchone()
    return _deployment(row)


def latest(ctx: Context, stack_id: str, kind: str) -> Deployment:
    """Return a stack's last deployment of one kind."""
    row = ctx.db.execute(
        "SELECT * FROM deployments WHERE stack_id = ? AND kind = ?"
        " ORDER BY started_at DESC LIMIT 1",
        (stack_id, kind),
    ).fetchone()
    return _deployment(row)


def _deployment(row: sqlite3.Row) -> Deployment:
    values = dict(row)
    principal = json.loads(values["principal"])
    principal["session_policies"] = tuple(principal["session_policies"])
    options = json.loads(values["options"])
    for name in ("retain_resources", "skip"):
        options[name] = tuple(options[name])
    values["principal"] = Principal(**principal)
    values["options"] = Options(**options)
    values["previous"] = _previous(json.loads(values["previous"]))
    values["cancelled"] = bool(values["cancelled"])
    return Deployment(**values)


def _previous(kept: Mapping[str, Any] | None) -> Previous | None:
    if kept is None:
        return None
    return Previous(**{**kept, "config": Config.from_json(json.dumps(kept["config"]))})


def repeated(ctx: Context, token: str | None, kind: str, name: str) -> str | None:
    """Return the ARN of the stack a request with this client token already acted upon.

    Raises TokenAlreadyExistsException if it was another action or another stack.
    """
    if token is None:
        return None
    row = ctx.db.execute(
        "SELECT kind, stacks.stack_id, name FROM deployments JOIN stacks USING (stack_id)"
        " WHERE token = ? AND account = ? AND region = ?",
        (token, ctx.account, ctx.region),
    ).fetchone()
    if row is None:
        return None
    if row["kind"] != kind or name not in (row["name"], row["stack_id"]):
        raise TokenAlreadyExists(token=token)
    return str(row["stack_id"])


def begun(ctx: Context, token: str, stack_name: str) -> bool:
    """Tell whether a request with this client token began a deployment of the stack."""
    row = ctx.db.execute(
        "SELECT 1 FROM deployments JOIN stacks USING (stack_id)"
        " WHERE token = ? AND account = ? AND region = ? AND ? IN (name, stack_id)",
        (token, ctx.account, ctx.region, stack_name),
    ).fetchone()
    return row is not None


def set_phase(ctx: Context, deployment_id: str, phase: str) -> None:
    """Note how far a deployment is."""
    ctx.db.execute(
        "UPDATE deployments SET phase = ? WHERE deployment_id = ?", (phase, deployment_id)
    )


def set_options(ctx: Context, deployment_id: str, options: Options) -> None:
    """Change how a deployment goes about its work."""
    ctx.db.execute(
        "UPDATE deployments SET options = ? WHERE deployment_id = ?",
        (json.dumps(asdict(options)), deployment_id),
    )


def cancel(ctx: Context, deployment_id: str) -> None:
    """Have a deployment stop at its next step."""
    ctx.db.execute("UPDATE deployments SET cancelled = 1 WHERE deployment_id = ?", (deployment_id,))


def steps(ctx: Context, deployment_id: str, phase: str) -> dict[str, Step]:
    """Return what a phase has done or begun, by logical id."""
    rows = ctx.db.execute(
        "SELECT * FROM steps WHERE deployment_id = ? AND phase = ?", (deployment_id, phase)
    )
    return {row["logical_id"]: Step(**row) for row in rows}


def put_step(ctx: Context, step: Step) -> None:
    """Write a step, in place of its earlier row."""
    ctx.db.execute(
        "INSERT OR REPLACE INTO steps VALUES (:deployment_id, :phase, :logical_id, :action,"
        " :status, :before, :made, :polls)",
        asdict(step),
    )


def forget_failures(ctx: Context, deployment_id: str, phase: str) -> None:
    """Forget the failed steps of a phase, to try them again."""
    ctx.db.execute(
        "DELETE FROM steps WHERE deployment_id = ? AND phase = ? AND status = 'failed'",
        (deployment_id, phase),
    )
