"""The phases that delete resources: of a stack, of a failed create, after an update."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cloudarium.services.cloudformation import deployments, events, stack_resources
from cloudarium.services.cloudformation.deployment.handlers import Failed, NotYet, invoke
from cloudarium.services.cloudformation.deployment.run import Run
from cloudarium.services.cloudformation.deployment.waits import put_off
from cloudarium.services.cloudformation.deployment.walk import Status, walk
from cloudarium.services.cloudformation.deployments import Step
from cloudarium.services.cloudformation.stack_resources import StackResource

_RETAINED = ("Retain", "RetainExceptOnCreate")


@dataclass(frozen=True)
class Doomed:
    """A physical resource to delete.

    `owned` says that the stack's row of it goes the same way, `retained` that it is left alone.
    """

    resource: StackResource
    owned: bool
    retained: bool


async def delete(run: Run) -> dict[str, Status]:
    """Delete all of a stack's resources but those its template retains."""

    def retained(resource: StackResource) -> bool:
        asked = resource.logical_id in run.deployment.options.retain_resources
        return asked or resource.deletion_policy in _RETAINED

    return await _remove(run, "delete", _present(run, retained))


async def rollback(run: Run) -> dict[str, Status]:
    """Delete what a failed create made."""
    return await _remove(run, "rollback", _present(run, lambda r: _kept_when_new(run, r)))


def _kept_when_new(run: Run, resource: StackResource) -> bool:
    if run.deployment.options.retain_except_on_create:
        return False
    return resource.deletion_policy == "Retain"


def _present(run: Run, retained: Callable[[StackResource], bool]) -> dict[str, Doomed]:
    with run.ctx.transaction():
        rows = stack_resources.of_stack(run.ctx, run.stack_id)
    return {
        name: Doomed(row, owned=True, retained=retained(row))
        for name, row in rows.items()
        if not row.gone
    }


async def cleanup(run: Run) -> dict[str, Status]:
    """Delete what an update removed or replaced."""
    with run.ctx.transaction():
        rows = stack_resources.of_stack(run.ctx, run.stack_id)
        present = run.evaluator.graph()
        steps = deployments.steps(run.ctx, run.deployment.deployment_id, "apply")
    doomed = {
        name: Doomed(row, owned=True, retained=row.deletion_policy in _RETAINED)
        for name, row in rows.items()
        if name not in present
    }
    for name, step in steps.items():
        if step.action == "replace" and step.before is not None:
            old = stack_resources.from_json(step.before)
            policy = rows[name].declared.get("UpdateReplacePolicy", "Delete")
            doomed[name] = Doomed(old, owned=False, retained=policy == "Retain")
    return await _remove(run, "cleanup", doomed)


async def revert_cleanup(run: Run) -> dict[str, Status]:
    """Delete what an update made before it was rolled back."""
    with run.ctx.transaction():
        rows = stack_resources.of_stack(run.ctx, run.stack_id)
        steps = deployments.steps(run.ctx, run.deployment.deployment_id, "apply")
    doomed = {}
    for name, step in steps.items():
        if step.before is None and name in rows:
            row = rows[name]
            doomed[name] = Doomed(row, owned=True, retained=_kept_when_new(run, row))
        elif step.made is not None:
            made = stack_resources.from_json(step.made)
            doomed[name] = Doomed(made, owned=False, retained=False)
    return await _remove(run, "revert_cleanup", doomed)


async def _remove(run: Run, phase: str, doomed: Mapping[str, Doomed]) -> dict[str, Status]:
    """Delete resources, each after those that were made after it."""
    with run.ctx.transaction():
        begun = deployments.steps(run.ctx, run.deployment.deployment_id, phase)
    graph = {
        name: [other for other, d in doomed.items() if name in d.resource.needs] for name in doomed
    }

    async def step(name: str) -> Status:
        kept = begun.get(name)
        if kept is not None and kept.status != "running":
            return Status(kept.status)
        return await _Removal(run, phase, doomed[name]).done(begun=kept is not None)

    return await walk(graph, step, lambda name, ended: True)


class _Removal:
    """The deletion of one physical resource."""

    def __init__(self, run: Run, phase: str, doomed: Doomed) -> None:
        self.run = run
        self.phase = phase
        self.doomed = doomed
        self.resource = doomed.resource

    async def done(self, *, begun: bool) -> Status:
        """Delete it, or go on deleting it, and tell how that ended."""
        if not begun:
            with self.run.ctx.transaction():
                finished = self._begin()
            if finished:
                return Status.DONE
        request = self.run.request(
            self.phase,
            self.resource.logical_id,
            self.resource.type,
            dict(self.resource.properties),
        )
        request.physical_id = self.resource.physical_id
        try:
            await invoke(request, self.run.type(self.resource.type).delete)
        except NotYet:
            return put_off(self.run, self.phase, self.resource.logical_id, self._fail)
        except Failed as failure:
            with self.run.ctx.transaction():
                self._fail(failure.reason)
            return Status.FAILED
        with self.run.ctx.transaction():
            self._end("DELETE_COMPLETE")
        return Status.DONE

    def _begin(self) -> bool:
        """Record that the deletion begins; tell whether there is nothing to delete."""
        if not self.resource.physical_id:
            self._put("done")
            self._settle_row("DELETE_COMPLETE", None)
            return True
        if self.doomed.retained:
            self._end("DELETE_SKIPPED")
            return True
        self._put("running")
        self._settle_row("DELETE_IN_PROGRESS", None)
        self._event("DELETE_IN_PROGRESS")
        return False

    def _end(self, status: str) -> None:
        self._put("done")
        self._settle_row(status, None)
        self._event(status)

    def _fail(self, reason: str) -> None:
        self._put("failed")
        self._settle_row("DELETE_FAILED", reason)
        self._event("DELETE_FAILED", reason)

    def _settle_row(self, status: str, reason: str | None) -> None:
        """Bring the stack's row of the resource up to date; after an update it goes away."""
        if not self.doomed.owned:
            return
        ctx, name = self.run.ctx, self.resource.logical_id
        if "cleanup" in self.phase and status != "DELETE_IN_PROGRESS":
            stack_resources.remove(ctx, self.run.stack_id, name)
        else:
            stack_resources.set_status(ctx, self.run.stack_id, name, status, reason)

    def _put(self, status: str) -> None:
        step = Step(
            self.run.deployment.deployment_id,
            self.phase,
            self.resource.logical_id,
            "delete",
            status,
        )
        deployments.put_step(self.run.ctx, step)

    def _event(self, status: str, reason: str | None = None) -> None:
        resource = self.resource
        event = events.ResourceEvent(
            resource.logical_id,
            resource.type,
            resource.physical_id,
            status,
            reason,
            None if "cleanup" in self.phase else resource.properties,
        )
        events.resource_changed(self.run.ctx, self.run.stack, event, self.run.deployment.token)
