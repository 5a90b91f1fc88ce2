"""The state machine of a deployment: which phase follows which, and what the stack then is.

A deployment is a job. Its phase and its steps are rows, so that it goes on wherever it was when
the process ended. Statuses: "Stack status codes", User Guide.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.services.cloudformation import (
    deployments,
    events,
    exports,
    stack_policies,
    stacks,
)
from cloudarium.services.cloudformation.deployment import outputs, removal
from cloudarium.services.cloudformation.deployment.apply import apply
from cloudarium.services.cloudformation.deployment.revert import revert
from cloudarium.services.cloudformation.deployment.run import Run, opened
from cloudarium.services.cloudformation.deployment.waits import TIMED_OUT, expired, next_look
from cloudarium.services.cloudformation.deployment.walk import Status

Statuses = Mapping[str, Status]


async def deploy(ctx: Context, payload: dict[str, Any]) -> None:
    """Carry a deployment on, phase by phase, until it is done or has to wait."""
    deployment_id = payload["deployment_id"]
    while (run := await _opened(ctx, deployment_id)) is not None:
        carry_out, conclude = _PHASES[run.deployment.phase]
        statuses = await carry_out(run)
        if Status.WAITING in statuses.values():
            at = next_look(run)
            with ctx.transaction():
                deployments.wake(ctx, deployment_id, at)
            return
        with ctx.transaction():
            conclude(run, statuses)


async def _opened(ctx: Context, deployment_id: str) -> Run | None:
    """Open a deployment; one whose role cannot be assumed any more ends where it is."""
    try:
        return await opened(ctx, deployment_id)
    except AwsError as error:
        with ctx.transaction():
            _strand(ctx, deployment_id, error.message)
        return None


def _strand(ctx: Context, deployment_id: str, reason: str) -> None:
    deployment = deployments.by_id(ctx, deployment_id)
    status = _STRANDED.get(deployment.phase, f"{deployment.kind}_FAILED")
    if deployment.kind == "UPDATE" and deployment.phase == "apply":
        begin_revert(ctx, deployment_id)
        status = _STRANDED["revert"]
    deployments.set_phase(ctx, deployment_id, deployments.DONE)
    stack = stacks.by_id(ctx, deployment.stack_id)
    events.stack_changed(ctx, stack, status, reason, deployment.token)


def _become(run: Run, status: str, phase: str, reason: str | None = None) -> None:
    deployments.set_phase(run.ctx, run.deployment.deployment_id, phase)
    events.stack_changed(run.ctx, run.stack, status, reason, run.deployment.token)


def _failed(statuses: Statuses) -> list[str]:
    return [name for name, status in statuses.items() if status is Status.FAILED]


def _applied(run: Run, statuses: Statuses) -> None:
    reason = _failure(run, statuses)
    if reason is None:
        try:
            outputs.publish(run)
        except AwsError as error:
            reason = f"{error.message.removesuffix('.')}. "
    if reason is not None:
        _give_up(run, reason)
    elif run.deployment.kind == "CREATE":
        _become(run, "CREATE_COMPLETE", deployments.DONE)
    else:
        _become(run, "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "cleanup")


def _failure(run: Run, statuses: Statuses) -> str | None:
    """Return why the stack cannot become what it is to be; None if it did."""
    steps = deployments.steps(run.ctx, run.deployment.deployment_id, "apply")
    failed = [steps[name] for name in _failed(statuses)]
    created = [step.logical_id for step in failed if step.before is None]
    updated = [step.logical_id for step in failed if step.before is not None]
    reason = ""
    if created:
        reason += f"The following resource(s) failed to create: [{', '.join(created)}]. "
    if updated:
        reason += f"The following resource(s) failed to update: [{', '.join(updated)}]. "
    if expired(run) and (failed or len(statuses) < len(run.evaluator.graph())):
        return f"{TIMED_OUT} "
    if deployments.by_id(run.ctx, run.deployment.deployment_id).cancelled:
        return reason or "User Initiated"
    return reason or None


def _give_up(run: Run, reason: str) -> None:
    kind, on_failure = run.deployment.kind, run.deployment.options.on_failure
    if on_failure == "DO_NOTHING":
        _become(run, f"{kind}_FAILED", deployments.DONE, reason)
    elif kind == "UPDATE":
        begin_revert(run.ctx, run.deployment.deployment_id)
        _become(run, "UPDATE_ROLLBACK_IN_PROGRESS", "revert", reason)
    elif on_failure == "DELETE":
        _become(run, "DELETE_IN_PROGRESS", "delete", f"{reason}Delete requested by user.")
    else:
        _become(run, "ROLLBACK_IN_PROGRESS", "rollback", f"{reason}Rollback requested by user.")


def begin_revert(ctx: Context, deployment_id: str) -> None:
    """Put in force again what was before an update."""
    deployment = deployments.by_id(ctx, deployment_id)
    previous, stack = deployment.previous, stacks.by_id(ctx, deployment.stack_id)
    assert previous is not None
    stacks.set_config(ctx, stack.stack_id, previous.config)
    stacks.set_outputs(ctx, stack.stack_id, previous.outputs)
    exports.replace_imports(ctx, stack.stack_id, previous.imports)


def _rolled_back(run: Run, statuses: Statuses) -> None:
    if failed := _failed(statuses):
        _become(run, "ROLLBACK_FAILED", deployments.DONE, _undeleted(failed))
    else:
        exports.forget(run.ctx, run.stack_id)
        _become(run, "ROLLBACK_COMPLETE", deployments.DONE)


def _cleaned_up(run: Run, statuses: Statuses) -> None:
    stack_policies.put(run.ctx, run.stack_id, run.deployment.options.policy_after)
    _become(run, "UPDATE_COMPLETE", deployments.DONE)


def _reverted(run: Run, statuses: Statuses) -> None:
    if failed := _failed(statuses):
        reason = f"The following resource(s) failed to update: [{', '.join(failed)}]. "
        _become(run, "UPDATE_ROLLBACK_FAILED", deployments.DONE, reason)
    else:
        _become(run, "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", "revert_cleanup")


def _reversal_cleaned_up(run: Run, statuses: Statuses) -> None:
    _become(run, "UPDATE_ROLLBACK_COMPLETE", deployments.DONE)


def _deleted(run: Run, statuses: Statuses) -> None:
    if failed := _failed(statuses):
        _become(run, "DELETE_FAILED", deployments.DONE, _undeleted(failed))
        return
    exports.forget(run.ctx, run.stack_id)
    _become(run, "DELETE_COMPLETE", deployments.DONE)


def _undeleted(failed: list[str]) -> str:
    return f"The following resource(s) failed to delete: [{', '.join(failed)}]. "


_STRANDED = {
    "rollback": "ROLLBACK_FAILED",
    "revert": "UPDATE_ROLLBACK_FAILED",
    "cleanup": "UPDATE_COMPLETE",
    "revert_cleanup": "UPDATE_ROLLBACK_COMPLETE",
}
_PHASES: Mapping[
    str, tuple[Callable[[Run], Awaitable[dict[str, Status]]], Callable[[Run, Statuses], None]]
] = {
    "apply": (apply, _applied),
    "rollback": (removal.rollback, _rolled_back),
    "cleanup": (removal.cleanup, _cleaned_up),
    "revert": (revert, _reverted),
    "revert_cleanup": (removal.revert_cleanup, _reversal_cleaned_up),
    "delete": (removal.delete, _deleted),
}
