"""What a stack's policy keeps an update from doing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from cloudarium.services.cloudformation import (
    deployments,
    events,
    stack_policies,
    stack_resources,
)
from cloudarium.services.cloudformation.deployment.run import Run
from cloudarium.services.cloudformation.deployments import Step
from cloudarium.services.cloudformation.stack_policies import DELETE, MODIFY, REPLACE
from cloudarium.services.cloudformation.stack_resources import StackResource

DENIED = "denied"

_ACTIONS = {"update": MODIFY, "replace": REPLACE}


def denial(run: Run, before: StackResource | None, action: str) -> str | None:
    """Return why a step of an update may not be, None if it may."""
    if before is None or action not in _ACTIONS:
        return None
    return _denial(run, before, _ACTIONS[action])


def _denial(run: Run, resource: StackResource, action: str) -> str | None:
    if run.deployment.kind != "UPDATE":
        return None
    policy = run.deployment.options.policy
    if policy is None:
        policy = stack_policies.of_stack(run.ctx, run.stack_id)
    return stack_policies.denial(policy, action, resource.logical_id, resource.type)


def denied_removals(run: Run, phase: str, begun: Mapping[str, Step]) -> list[str]:
    """Return the resources that an update takes out of the template and may not; note why."""
    denied = []
    present = run.evaluator.graph()
    for name, row in stack_resources.of_stack(run.ctx, run.stack_id).items():
        reason = _denial(run, row, DELETE) if row.exists and name not in present else None
        if reason is not None or (name in begun and name not in present):
            denied.append(name)
        if reason is not None and name not in begun:
            _note(run, phase, row, reason)
    return denied


def _note(run: Run, phase: str, row: StackResource, reason: str) -> None:
    failed = replace(row, status="UPDATE_FAILED", reason=reason)
    stack_resources.put(run.ctx, failed)
    step = Step(
        run.deployment.deployment_id, phase, row.logical_id, DENIED, "failed", row.to_json()
    )
    deployments.put_step(run.ctx, step)
    event = events.ResourceEvent(
        row.logical_id, row.type, row.physical_id, failed.status, reason, row.properties
    )
    events.resource_changed(run.ctx, run.stack, event, run.deployment.token)
