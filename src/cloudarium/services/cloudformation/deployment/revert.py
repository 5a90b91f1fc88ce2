"""The phase that brings changed resources back to what they were before a failed update."""

from __future__ import annotations

from dataclasses import replace

from cloudarium.core.resources import Resource
from cloudarium.services.cloudformation import deployments, events, stack_resources
from cloudarium.services.cloudformation.deployment.handlers import Failed, NotYet, invoke
from cloudarium.services.cloudformation.deployment.run import Run
from cloudarium.services.cloudformation.deployment.waits import put_off
from cloudarium.services.cloudformation.deployment.walk import Status, walk
from cloudarium.services.cloudformation.deployments import Step

PHASE = "revert"


async def revert(run: Run) -> dict[str, Status]:
    """Bring back what the update changed; what it made goes in the phase after this one."""
    with run.ctx.transaction():
        applied = deployments.steps(run.ctx, run.deployment.deployment_id, "apply")
        begun = deployments.steps(run.ctx, run.deployment.deployment_id, PHASE)
    changed = {name: step for name, step in applied.items() if step.before is not None}
    graph = {name: _needs(step) for name, step in changed.items()}

    async def step(name: str) -> Status:
        kept = begun.get(name)
        if kept is not None and kept.status != "running":
            return Status(kept.status)
        return await _Reversal(run, changed[name]).done(begun=kept is not None)

    return await walk(graph, step, lambda name, ended: True)


def _needs(step: Step) -> list[str]:
    return [] if step.before is None else stack_resources.from_json(step.before).needs


class _Reversal:
    """The way back of one resource."""

    def __init__(self, run: Run, applied: Step) -> None:
        assert applied.before is not None
        self.run = run
        self.applied = applied
        self.logical_id = applied.logical_id
        self.before = stack_resources.from_json(applied.before)

    async def done(self, *, begun: bool) -> Status:
        """Bring it back, or go on with that, and tell how it ended."""
        ctx = self.run.ctx
        skipped = self.logical_id in self.run.deployment.options.skip
        if self.applied.action != "update" or skipped:
            with ctx.transaction():
                self._restore(None)
            return Status.DONE
        with ctx.transaction():
            if not begun:
                self._put("running")
                self._status("UPDATE_IN_PROGRESS")
            attempted = stack_resources.find(ctx, self.run.stack_id, self.logical_id)
        assert attempted is not None
        before = self.before
        request = self.run.request(PHASE, self.logical_id, before.type, before.properties)
        request.previous, request.physical_id = attempted.properties, self.before.physical_id
        update = self.run.type(self.before.type).update
        assert update is not None
        try:
            resource = await invoke(request, update)
        except NotYet:
            return put_off(self.run, PHASE, self.logical_id, self._fail)
        except Failed as failure:
            with ctx.transaction():
                self._fail(failure.reason)
            return Status.FAILED
        with ctx.transaction():
            self._restore(resource)
        return Status.DONE

    def _restore(self, resource: Resource | None) -> None:
        row = replace(self.before, reason=None)
        if resource is not None:
            row = replace(
                row, physical_id=resource.physical_id, attributes=dict(resource.attributes)
            )
        if self.applied.action != "none":
            row = replace(row, status="UPDATE_COMPLETE")
        stack_resources.put(self.run.ctx, row)
        self._put("done")
        if self.applied.action != "none":
            self._event("UPDATE_COMPLETE")

    def _fail(self, reason: str) -> None:
        self._put("failed")
        self._status("UPDATE_FAILED", reason)

    def _put(self, status: str) -> None:
        step = Step(self.run.deployment.deployment_id, PHASE, self.logical_id, "update", status)
        deployments.put_step(self.run.ctx, step)

    def _status(self, status: str, reason: str | None = None) -> None:
        stack_resources.set_status(self.run.ctx, self.run.stack_id, self.logical_id, status, reason)
        self._event(status, reason)

    def _event(self, status: str, reason: str | None = None) -> None:
        before = self.before
        event = events.ResourceEvent(
            self.logical_id, before.type, before.physical_id, status, reason, before.properties
        )
        events.resource_changed(self.run.ctx, self.run.stack, event, self.run.deployment.token)
