"""The phase that makes and changes resources, until the stack is what its template says.

Event texts and their order: what DescribeStackEvents shows of such updates.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cloudarium.core.errors import AwsError
from cloudarium.core.resources import Resource
from cloudarium.services.cloudformation import deployments, events, stack_resources
from cloudarium.services.cloudformation.deployment.handlers import (
    Failed,
    NotYet,
    Request,
    invoke,
)
from cloudarium.services.cloudformation.deployment.protection import (
    DENIED,
    denial,
    denied_removals,
)
from cloudarium.services.cloudformation.deployment.run import Run
from cloudarium.services.cloudformation.deployment.waits import may_go_on, put_off
from cloudarium.services.cloudformation.deployment.walk import Status, walk
from cloudarium.services.cloudformation.deployments import Step
from cloudarium.services.cloudformation.stack_resources import StackResource
from cloudarium.services.cloudformation.template import properties
from cloudarium.services.cloudformation.template.plan import changed_properties, replaces

PHASE = "apply"

# Steps that no event tells the beginning of.
_QUIET = ("none", DENIED)

_INITIATED = "Resource creation Initiated"
_REPLACING = (
    "Requested update requires the creation of a new physical resource; hence creating one."
)


async def apply(run: Run) -> dict[str, Status]:
    """Make and change resources; return how each step ended."""
    with run.ctx.transaction():
        graph = run.evaluator.graph()
        begun = deployments.steps(run.ctx, run.deployment.deployment_id, PHASE)
        denied = denied_removals(run, PHASE, begun)
    if denied:
        return dict.fromkeys(denied, Status.FAILED)
    failed = any(step.status == "failed" for step in begun.values())

    async def step(name: str) -> Status:
        return await _Work(run, name, begun.get(name)).done()

    def may_begin(name: str, ended: Mapping[str, Status]) -> bool:
        if name in begun:
            return True
        return not failed and Status.FAILED not in ended.values() and may_go_on(run)

    return await walk(graph, step, may_begin)


class _Work:
    """What the phase does to one resource."""

    def __init__(self, run: Run, logical_id: str, step: Step | None) -> None:
        self.run = run
        self.logical_id = logical_id
        self.step = step
        self.declared = run.config.template.resources[logical_id]
        self.type = run.type(self.declared.type)

    async def done(self) -> Status:
        """Do it, or go on with it, and tell how it ended."""
        ctx = self.run.ctx
        with ctx.transaction():
            step = self.step or self._begin()
        if step.status != "running":
            return Status(step.status)
        try:
            resource = await self._carried_out(step)
        except NotYet:
            return put_off(self.run, PHASE, self.logical_id, self._fail)
        except Failed as failure:
            with ctx.transaction():
                self._fail(failure.reason, failure.physical_id)
            return Status.FAILED
        with ctx.transaction():
            self._finish(step, resource)
        return Status.DONE

    def _begin(self) -> Step:
        """Decide what is to be done and record that it is under way, or why it cannot be."""
        before = stack_resources.find(self.run.ctx, self.run.stack_id, self.logical_id)
        if before is not None and not before.exists:
            before = None
        action, reason = "create" if before is None else "update", None
        try:
            wanted = self.run.evaluator.property(dict(self.declared.properties))
            action = self._action(before, wanted)
            reason = denial(self.run, before, action)
            if reason is not None:
                action = DENIED
            else:
                reason = self._refusal(before, action, wanted)
        except AwsError as error:
            wanted, reason = {}, error.message
        self.step = self._put(
            action,
            "done" if action == "none" else "running",
            before=None if before is None else before.to_json(),
        )
        self._record(before, action, wanted)
        if reason is not None:
            self._fail(reason)
        return self.step

    def _action(self, before: StackResource | None, wanted: Mapping[str, Any]) -> str:
        if before is None:
            return "create"
        changed = changed_properties(before.properties, wanted)
        if any(replaces(self.type, name) for name in changed):
            return "replace"
        previous = self.run.deployment.previous
        retagged = previous is not None and previous.config.tags != self.run.config.tags
        return "update" if changed or (retagged and self.type.update is not None) else "none"

    def _refusal(
        self, before: StackResource | None, action: str, wanted: Mapping[str, Any]
    ) -> str | None:
        if action == "none":
            return None
        if action == "replace" and before is not None:
            name = properties.kept_custom_name(
                self.type, before.physical_id, before.properties, wanted
            )
            if name is not None:
                return (
                    "CloudFormation cannot update a stack when a custom-named resource requires "
                    f"replacing. Rename {name} and update the stack again."
                )
        return properties.violation(self.type, wanted)

    def _record(self, before: StackResource | None, action: str, wanted: dict[str, Any]) -> None:
        """Write the resource's row as it is to be, and the event that work on it begins."""
        run = self.run
        in_progress = "CREATE_IN_PROGRESS" if before is None else "UPDATE_IN_PROGRESS"
        body = run.config.document["Resources"][self.logical_id]
        stack_resources.put(
            run.ctx,
            StackResource(
                run.stack_id,
                self.logical_id,
                self.declared.type,
                before.physical_id if before else "",
                before.status if before and action in _QUIET else in_progress,
                None,
                run.ctx.now,
                wanted,
                before.attributes if before else {},
                body,
                run.evaluator.graph()[self.logical_id],
            ),
        )
        if action not in _QUIET:
            reason = _REPLACING if action == "replace" else None
            self._event(in_progress, before.physical_id if before else "", wanted, reason)

    async def _carried_out(self, step: Step) -> Resource:
        request = self._request(step)
        if step.action == "update" and self.type.update is not None:
            return await invoke(request, self.type.update)
        return await invoke(request, self.type.create)

    def _request(self, step: Step) -> Request:
        with self.run.ctx.transaction():
            row = stack_resources.find(self.run.ctx, self.run.stack_id, self.logical_id)
        assert row is not None
        request = self.run.request(PHASE, self.logical_id, row.type, row.properties)
        if step.action == "update" and step.before is not None:
            request.previous = stack_resources.from_json(step.before).properties
            previous = self.run.deployment.previous
            request.tags_before = previous.config.tags if previous is not None else None
            request.physical_id = row.physical_id
        return request

    def _finish(self, step: Step, resource: Resource) -> None:
        run = self.run
        row = stack_resources.find(run.ctx, run.stack_id, self.logical_id)
        assert row is not None
        verb = "CREATE" if step.action == "create" else "UPDATE"
        complete = replace(
            row,
            physical_id=resource.physical_id,
            attributes=dict(resource.attributes),
            status=f"{verb}_COMPLETE",
        )
        stack_resources.put(run.ctx, complete)
        action = step.action
        if action == "update" and resource.physical_id != row.physical_id:
            action = "replace"
        if action != "update":
            self._event(f"{verb}_IN_PROGRESS", resource.physical_id, row.properties, _INITIATED)
        self._event(f"{verb}_COMPLETE", resource.physical_id, row.properties)
        made = complete.to_json() if action == "replace" else None
        self._put(action, "done", before=step.before, made=made)

    def _fail(self, reason: str, physical_id: str = "") -> None:
        run, step = self.run, self.step
        assert step is not None
        row = stack_resources.find(run.ctx, run.stack_id, self.logical_id)
        assert row is not None
        failed = replace(
            row,
            status="CREATE_FAILED" if step.before is None else "UPDATE_FAILED",
            reason=reason,
            physical_id=physical_id or row.physical_id,
        )
        stack_resources.put(run.ctx, failed)
        made = failed.to_json() if step.action == "replace" and physical_id else None
        self.step = self._put(step.action, "failed", before=step.before, made=made)
        self._event(failed.status, failed.physical_id, row.properties, reason)

    def _put(
        self, action: str, status: str, *, before: str | None = None, made: str | None = None
    ) -> Step:
        step = Step(
            self.run.deployment.deployment_id, PHASE, self.logical_id, action, status, before, made
        )
        deployments.put_step(self.run.ctx, step)
        return step

    def _event(
        self, status: str, physical_id: str, wanted: Mapping[str, Any], reason: str | None = None
    ) -> None:
        event = events.ResourceEvent(
            self.logical_id, self.declared.type, physical_id, status, reason, wanted
        )
        events.resource_changed(self.run.ctx, self.run.stack, event, self.run.deployment.token)
