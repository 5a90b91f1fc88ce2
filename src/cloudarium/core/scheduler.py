"""Durable work and timers: rows of each service's `_jobs`, run when the clock reaches them."""

from __future__ import annotations

import asyncio
import inspect
import logging
import sqlite3
from typing import TYPE_CHECKING, Any

import orjson

from cloudarium.core.clock import Clock
from cloudarium.core.identity import service_principal

if TYPE_CHECKING:
    from cloudarium.core.context import Context
    from cloudarium.core.kernel import Kernel
    from cloudarium.core.runtime import ServiceRuntime

log = logging.getLogger(__name__)
_LONGEST_RETRY = 300.0


def add(ctx: Context, job: str, payload: dict[str, Any], at: float | None, key: str | None) -> None:
    """Write a job in the present transaction; one with the same `key` is replaced."""
    runtime = ctx.runtime
    if job not in runtime.service.jobs:
        raise KeyError(f"{runtime.service.name} has no job {job}")
    if key is not None:
        remove(ctx, job, key)
    due = ctx.now if at is None else at
    ctx.db.execute(
        "INSERT INTO _jobs (job, key, account, region, due, payload) VALUES (?, ?, ?, ?, ?, ?)",
        (job, key, ctx.account, ctx.region, due, orjson.dumps(payload)),
    )
    runtime.store.after_commit(lambda: runtime.kernel.scheduler.poke(runtime, due))


def remove(ctx: Context, job: str, key: str) -> None:
    """Remove the job with `key` in the present transaction."""
    ctx.db.execute(
        "DELETE FROM _jobs WHERE job = ? AND account = ? AND region = ? AND key = ?",
        (job, ctx.account, ctx.region, key),
    )


class Scheduler:
    """Runs every service's jobs when they are due."""

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self._next: dict[str, float] = {}
        self._running: dict[tuple[str, int], asyncio.Task[None]] = {}
        self._wake = asyncio.Event()
        self._loop_task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to run jobs."""
        self._loop_task = asyncio.ensure_future(self._run())

    async def stop(self) -> None:
        """Stop; jobs under way are cancelled and run again at the next start."""
        tasks = [*self._running.values(), *([self._loop_task] if self._loop_task else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def poke(self, runtime: ServiceRuntime, due: float) -> None:
        """Note that `runtime` has a job due at `due`."""
        name = runtime.service.name
        if due < self._next.get(name, float("inf")):
            self._next[name] = due
            self._wake.set()

    def adopt(self, runtime: ServiceRuntime) -> None:
        """Take up what `runtime`'s database holds from an earlier run."""
        row = runtime.store.connection.execute("SELECT min(due) AS due FROM _jobs").fetchone()
        if row["due"] is not None:
            self.poke(runtime, row["due"])

    @property
    def next_due(self) -> float | None:
        """When the next job is due, if there is one."""
        return min(self._next.values(), default=None)

    @property
    def idle(self) -> bool:
        """Whether nothing runs and nothing is due."""
        due = self.next_due
        return not self._running and (due is None or due > self._kernel.clock.now())

    async def _run(self) -> None:
        clock = self._kernel.clock
        while True:
            self._wake.clear()
            self._launch_due()
            await self._next_change(clock)

    async def _next_change(self, clock: Clock) -> None:
        """Wait until a job is added or the next one is due."""
        waits: set[asyncio.Future[Any]] = {asyncio.ensure_future(self._wake.wait())}
        if (due := self.next_due) is not None:
            waits.add(asyncio.ensure_future(clock.wait_until(due)))
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    def _launch_due(self) -> None:
        now = self._kernel.clock.now()
        for name in [name for name, due in self._next.items() if due <= now]:
            runtime = self._kernel.runtime(name)
            for row in _due(runtime, now):
                if (name, row["id"]) not in self._running:
                    self._launch(runtime, row)
            self._forget_until_next(runtime, now)

    def _forget_until_next(self, runtime: ServiceRuntime, now: float) -> None:
        row = runtime.store.connection.execute(
            "SELECT min(due) AS due FROM _jobs WHERE due > ?", (now,)
        ).fetchone()
        self._next.pop(runtime.service.name, None)
        if row["due"] is not None:
            self._next[runtime.service.name] = row["due"]

    def _launch(self, runtime: ServiceRuntime, row: sqlite3.Row) -> None:
        key = (runtime.service.name, row["id"])
        task = asyncio.ensure_future(self._execute(runtime, row))
        self._running[key] = task
        task.add_done_callback(lambda _: self._running.pop(key))

    async def _execute(self, runtime: ServiceRuntime, row: sqlite3.Row) -> None:
        try:
            await _perform(runtime, row)
            await runtime.store.durable()
        except Exception:
            log.exception("job %s of %s failed", row["job"], runtime.service.name)
            delay = min(0.5 * 4.0 ** row["attempts"], _LONGEST_RETRY)
            due = self._kernel.clock.now() + delay
            with runtime.store.transaction() as db:
                db.execute(
                    "UPDATE _jobs SET due = ?, attempts = attempts + 1 WHERE id = ?",
                    (due, row["id"]),
                )
            self.poke(runtime, due)


def _due(runtime: ServiceRuntime, now: float) -> list[sqlite3.Row]:
    return runtime.store.connection.execute(
        "SELECT * FROM _jobs WHERE due <= ? ORDER BY due, id", (now,)
    ).fetchall()


async def _perform(runtime: ServiceRuntime, row: sqlite3.Row) -> None:
    handler = runtime.load(runtime.service.jobs[row["job"]])
    account, region = row["account"], row["region"]
    principal = service_principal(runtime.service.principal, account)
    ctx = runtime.context(account, region, principal)
    payload = orjson.loads(row["payload"])
    if not inspect.iscoroutinefunction(handler):
        with runtime.store.transaction():
            if _take(runtime, row):
                handler(ctx, payload)
        return
    if _stands(runtime, row):
        await handler(ctx, payload)
        with runtime.store.transaction():
            _take(runtime, row)


def _stands(runtime: ServiceRuntime, row: sqlite3.Row) -> bool:
    """Tell whether nothing that ran since the row was read cancelled or replaced the job."""
    found = runtime.store.connection.execute("SELECT 1 FROM _jobs WHERE id = ?", (row["id"],))
    return found.fetchone() is not None


def _take(runtime: ServiceRuntime, row: sqlite3.Row) -> bool:
    """Remove the job; tell whether it still stood."""
    removed = runtime.store.connection.execute("DELETE FROM _jobs WHERE id = ?", (row["id"],))
    return removed.rowcount == 1
