"""Waiting and giving up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from cloudarium.services.cloudformation import deployments
from cloudarium.services.cloudformation.deployment.handlers import handler_message
from cloudarium.services.cloudformation.deployment.run import Run
from cloudarium.services.cloudformation.deployment.walk import Status
from cloudarium.services.cloudformation.limits import POLL_SECONDS, POLLS

_CANCELLED = {"CREATE": "Resource creation cancelled", "UPDATE": "Resource update cancelled"}
TIMED_OUT = "Stack creation time exceeded the specified timeout."


def expired(run: Run) -> bool:
    """Tell whether a stack's creation takes longer than its `TimeoutInMinutes`."""
    minutes = run.deployment.options.timeout_minutes
    return minutes is not None and run.ctx.now >= run.deployment.started_at + minutes * 60


def may_go_on(run: Run) -> bool:
    """Tell whether a further step may begin: nobody cancelled, time is left."""
    with run.ctx.transaction():
        cancelled = deployments.by_id(run.ctx, run.deployment.deployment_id).cancelled
    return not cancelled and not expired(run)


def put_off(run: Run, phase: str, logical_id: str, fail: Callable[[str], None]) -> Status:
    """Note that a step waits; have it fail, in a transaction, if it waited for too long."""
    go_on = phase != "apply" or may_go_on(run)
    with run.ctx.transaction():
        step = deployments.steps(run.ctx, run.deployment.deployment_id, phase)[logical_id]
        if not go_on:
            fail(_CANCELLED[run.deployment.kind])
            return Status.FAILED
        if step.polls >= POLLS:
            token = run.ctx.ids.uuid()
            fail(handler_message("Exceeded attempts to wait", token, "NotStabilized"))
            return Status.FAILED
        deployments.put_step(run.ctx, replace(step, polls=step.polls + 1))
    return Status.WAITING


def next_look(run: Run) -> float:
    """Return when to look at waiting steps again: soon at first, then more and more seldom."""
    first, most = POLL_SECONDS
    with run.ctx.transaction():
        steps = deployments.steps(run.ctx, run.deployment.deployment_id, run.deployment.phase)
    polls = min((s.polls for s in steps.values() if s.status == "running"), default=0)
    return run.ctx.now + min(first * 1.3**polls, most)
